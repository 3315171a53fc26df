"""`make run`: the whole of Heard on one machine, until Ctrl-C.

    PORT=8000 python -m devstack.run

Servers, migrations, web and worker come up in that order; the first time, the demo
organization is then loaded through the running worker. Whatever ends this process, also
`kill -9`, ends all that it started (devstack/processes.py).
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType

from devstack.failures import in_one_sentence
from devstack.ports import DEFAULT, hold_port
from devstack.servers import Stack

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / ".data"
MANAGE = (sys.executable, str(ROOT / "manage.py"))
WEB_PATIENCE = 60.0  # seconds until the first page must have answered
# Celery warns root at every start; on one's own machine that is noise.
AS_ROOT = "ignore:You're running the worker with superuser"
DEMO_FAILED = """
  The demo organization is not loaded; the lines above say why. Heard runs without it.
  To try again: `.venv/bin/python manage.py demo` in a second terminal, or `make run` anew.
"""
# What a second terminal needs for `python manage.py …` while this runs.
SHARED = (
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "SECURE",
    "DEBUG",
    "ALLOWED_HOSTS",
)


class StopRequested(BaseException):
    """Somebody asked to stop: Ctrl-C, a signal, or `make` itself has gone."""


class Run:
    """One run, from the first server to the last."""

    def __init__(self) -> None:
        self.asked_to_stop = False
        self.maker = os.getppid() if "MAKELEVEL" in os.environ else None
        self.stack = Stack(DATA, pulse=self.pulse)
        self.shared_file = DATA / "stack.env"

    def listen_to_signals(self) -> None:
        """Ctrl-C, `kill` and a closed terminal stop the run; `nohup` keeps its meaning."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if number is signal.SIGINT or signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self.ask_to_stop)

    def ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        """Only note it: the next pulse acts on it, so that no half-started child is lost."""
        self.asked_to_stop = True

    def pulse(self) -> None:
        """Called while anything is waited for."""
        if self.asked_to_stop or (self.maker is not None and os.getppid() != self.maker):
            raise StopRequested

    def start(self, listeners: Sequence[socket.socket]) -> None:
        """Bring everything up and say where it is."""
        port = listeners[0].getsockname()[1]
        self.shared_file.unlink(missing_ok=True)  # left by a run that was killed
        environment = self.environment()
        self.migrate(environment)
        self.share(environment)
        (DATA / "static").mkdir(exist_ok=True)  # WhiteNoise warns without; it serves from source
        self.start_web(environment, listeners)
        self.start_worker(environment)
        self.wait_for_web(port)
        say(f"\n  Heard answers at http://localhost:{port}\n")
        if self.manage(environment, "demo", "--if-empty"):
            say(DEMO_FAILED)
        say(f"\n  Ctrl-C stops everything. The data stays in {self.stack.state.path}\n")

    def environment(self) -> dict[str, str]:
        """The variables for web, worker and commands; what is set already is kept."""
        environment = {
            "DEBUG": "false",
            "SECURE": "false",  # plain http on localhost: no secure cookies, no redirect
            "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
            "SECRET_KEY": os.environ.get("SECRET_KEY") or self.secret_key(),
        } | dict(os.environ)
        # Compiled modules halve the time of the next start.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        # A shell may name the settings of another project.
        named = {"DJANGO_SETTINGS_MODULE": "qa.settings"}
        return environment | named | self.stack.start(os.environ)

    def secret_key(self) -> str:
        """Made once; it stays, so that sessions live through a restart."""
        return self.stack.state.secret("secret-key")

    def migrate(self, environment: Mapping[str, str]) -> None:
        """Bring the tables up to date, as their owner."""
        owner = environment.get("DATABASE_OWNER_URL") or environment["DATABASE_URL"]
        as_owner = {**environment, "DATABASE_URL": owner}
        if status := self.manage(as_owner, "migrate", "--noinput", "--verbosity=0"):
            raise SystemExit(f"`manage.py migrate` failed (status {status}): see the lines above.")

    def manage(self, environment: Mapping[str, str], *arguments: str) -> int:
        """Run one command of manage.py to its end; returns its exit status."""
        return self.stack.processes.run(
            arguments[0], [*MANAGE, *arguments], environment=environment, directory=ROOT
        )

    def share(self, environment: Mapping[str, str]) -> None:
        """Write .data/stack.env for commands in a second terminal (qa/core/env.py reads it)."""
        lines = [f"{name}={environment[name]}\n" for name in SHARED if name in environment]
        self.stack.state.write(self.shared_file, "".join(lines))

    def start_web(self, environment: Mapping[str, str], listeners: Sequence[socket.socket]) -> None:
        """The web server, on the loopback interface only."""
        files = [listener.fileno() for listener in listeners]
        command = web_command(*(f"fd://{file}" for file in files))
        self.stack.processes.spawn(
            "web", command, environment=environment, directory=ROOT, files=files
        )
        for listener in listeners:
            listener.close()  # the web server's now: should it end, nobody answers in its place

    def start_worker(self, environment: Mapping[str, str]) -> None:
        """The worker, with the scheduler inside: on one machine there is one of each."""
        schedule = self.stack.state.path / "celerybeat-schedule"
        command = [sys.executable, "-W", AS_ROOT, "-m", "celery", "--quiet", "-A", "qa", "worker"]
        command += ["--beat", "--schedule", str(schedule), "--concurrency", "2"]
        command += ["--loglevel", "warning"]
        command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        self.stack.processes.spawn("worker", command, environment=environment, directory=ROOT)

    def wait_for_web(self, port: int) -> None:
        """Return once the site answers."""

        def answers() -> bool:
            self.fail_if_ended()
            return health(port)

        if not self.stack.processes.wait_until(answers, seconds=WEB_PATIENCE):
            raise SystemExit(f"The web server did not answer within {WEB_PATIENCE:.0f} s.")

    def watch(self) -> None:
        """Stay until asked to stop, or until a process ends that should not."""
        while True:
            self.pulse()
            self.fail_if_ended()
            time.sleep(0.2)

    def fail_if_ended(self) -> None:
        """All or nothing: half a Heard would only look alive."""
        if ended := self.stack.processes.ended():
            raise SystemExit(f"Ended unexpectedly: {'; '.join(ended)}. Stopping the rest.")

    def stop(self) -> None:
        """Stop everything; a second Ctrl-C meanwhile changes nothing."""
        self.shared_file.unlink(missing_ok=True)
        self.stack.stop()


def web_command(*binds: str) -> list[str]:
    """The web server, listening there."""
    command = [sys.executable, "-m", "gunicorn", "qa.wsgi:application"]
    command += [part for bind in binds for part in ("--bind", bind)]
    command += ["--worker-class", "qa.core.patient_worker.PatientWorker"]
    command += ["--workers", "2", "--threads", "4", "--graceful-timeout", "10"]
    return [*command, "--no-control-socket", "--log-level", "warning"]


def health(port: int) -> bool:
    """True if /healthz answers 200; asked directly, whatever proxy the environment names."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def main() -> None:
    """Run until asked to stop. Exit status 1 if something failed, with a sentence."""
    with in_one_sentence(ROOT):
        run = Run()
        run.listen_to_signals()
        try:
            run.start(hold_port(os.environ.get("PORT") or str(DEFAULT)))
            run.watch()
        except StopRequested:
            say("\n  Stopping …")
        except subprocess.CalledProcessError as error:
            raise SystemExit(f"{error.cmd[0]} failed with status {error.returncode}.") from error
        finally:
            run.stop()
    say("  Stopped.")


def say(line: str) -> None:
    """Print, unless the terminal is gone."""
    try:
        print(line, flush=True)
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
