"""The embedded servers: roles, privileges, what survives a restart, what a stop leaves."""

import contextlib
import os
import socket
import stat
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest
import redis
from psycopg2 import errors, extensions

from devstack.ports import port_is_free
from devstack.servers import Stack
from devstack.state import open_state

Variables = dict[str, str]


@pytest.fixture(scope="module")
def directory(new_directory: Callable[[str], Path]) -> Path:
    return new_directory("servers")


@pytest.fixture(scope="module")
def stack(directory: Path) -> Iterator[Stack]:
    stack = Stack(directory, durable=False)
    yield stack
    stack.stop()


@pytest.fixture(scope="module")
def servers(stack: Stack) -> Variables:
    return stack.start({})


@contextlib.contextmanager
def connected(url: str, **options: str) -> Iterator[extensions.cursor]:
    connection = psycopg2.connect(url, **options)
    connection.autocommit = True
    try:
        yield connection.cursor()
    finally:
        connection.close()


@pytest.mark.parametrize("variable", ["DATABASE_URL", "DATABASE_OWNER_URL"])
def test_no_role_can_pass_by_row_level_security(servers: Variables, variable: str) -> None:
    with connected(servers[variable]) as cursor:
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname=current_user"
        )
        assert cursor.fetchone() == (False, False, False)


def test_application_uses_what_the_owner_creates_and_cannot_change_it(servers: Variables) -> None:
    with connected(servers["DATABASE_OWNER_URL"]) as cursor:
        cursor.execute("CREATE TABLE note (id bigserial PRIMARY KEY, word citext)")
    with connected(servers["DATABASE_URL"]) as cursor:
        cursor.execute("INSERT INTO note (word) VALUES ('Heard') RETURNING id")
        assert cursor.fetchone() == (1,)
        cursor.execute("UPDATE note SET word = 'heard!' WHERE word = 'HEARD'")
        cursor.execute("DELETE FROM note")
        cursor.execute("TRUNCATE note")  # the test runner's, in servers that are not durable
        for statement in ("ALTER TABLE note ADD a int", "DROP TABLE note", "CREATE TABLE t ()"):
            with pytest.raises(errors.InsufficientPrivilege):
                cursor.execute(statement)


def test_a_database_made_by_the_test_runner_has_extensions_and_privileges(
    servers: Variables,
) -> None:
    owner, application = servers["DATABASE_OWNER_URL"], servers["DATABASE_URL"]
    with connected(owner) as cursor:
        cursor.execute("CREATE DATABASE another")
    with connected(owner, dbname="another") as cursor:
        cursor.execute("SELECT extname FROM pg_extension")
        found = {name for (name,) in cursor.fetchall()}
        assert found >= {"pg_trgm", "btree_gin", "citext", "unaccent", "pg_stat_statements"}
        cursor.execute("CREATE TABLE note (id int)")
    with connected(application, dbname="another") as cursor:
        cursor.execute("INSERT INTO note VALUES (1)")
        assert cursor.rowcount == 1


def test_servers_ask_for_a_password(servers: Variables) -> None:
    with (
        pytest.raises(psycopg2.OperationalError, match="password"),
        connected(servers["DATABASE_URL"], password="wrong"),
    ):
        pass
    port = urlsplit(servers["REDIS_URL"]).port
    with socket.create_connection(("127.0.0.1", port or 0), timeout=5) as connection:
        connection.sendall(b"PING\r\n")
        assert connection.recv(256).startswith(b"-NOAUTH")
    assert redis.Redis.from_url(servers["REDIS_URL"]).ping()


def test_secrets_are_readable_by_their_owner_only(servers: Variables, directory: Path) -> None:
    secrets = [*directory.glob("*.secret"), directory / "valkey" / "valkey.conf"]
    assert len(secrets) >= 5
    assert {stat.S_IMODE(path.stat().st_mode) for path in secrets} == {0o600}


def test_a_second_start_on_the_same_data_is_told(servers: Variables, directory: Path) -> None:
    with pytest.raises(SystemExit, match=rf"runs already .*process {os.getpid()}"):
        open_state(directory)


def test_servers_of_the_environment_are_used_as_they_are(
    new_directory: Callable[[str], Path],
) -> None:
    named = {"DATABASE_URL": "postgres://a@db/heard", "REDIS_URL": "redis://elsewhere/0"}
    stack = Stack(new_directory("unused"), durable=False)
    try:
        assert stack.start(named) == named
        assert stack.processes.children == []
    finally:
        stack.stop()


def test_restart_keeps_data_and_ports_and_stop_leaves_nothing(
    new_directory: Callable[[str], Path],
) -> None:
    directory = new_directory("servers")
    first = Stack(directory)
    before = first.start({})
    with connected(before["DATABASE_OWNER_URL"]) as cursor:
        cursor.execute("CREATE TABLE kept AS SELECT 7 AS number")
    redis.Redis.from_url(before["REDIS_URL"]).set("kept", "7")
    groups = [child.process.pid for child in first.processes.children]
    first.stop()
    for group in groups:
        with pytest.raises(ProcessLookupError):
            os.killpg(group, 0)
    assert all(port_is_free(int(path.read_text())) for path in directory.glob("*.port"))

    second = Stack(directory)
    (data,) = directory.glob("pgdata-*")
    other = subprocess.Popen(["/bin/sleep", "600"], user=data.stat().st_uid)
    # What a server that was killed leaves behind; its number is another program's by now.
    (data / "postmaster.pid").write_text(f"{other.pid}\n{data}\n")
    second.state.give(data / "postmaster.pid")
    try:
        after = second.start({})
        assert after == before
        with connected(after["DATABASE_URL"]) as cursor:
            cursor.execute("SELECT number FROM kept")
            assert cursor.fetchone() == (7,)
            with pytest.raises(errors.InsufficientPrivilege):  # durable: no TRUNCATE
                cursor.execute("TRUNCATE kept")
        assert redis.Redis.from_url(after["REDIS_URL"]).get("kept") == b"7"
    finally:
        other.kill()
        other.wait()
        second.stop()
