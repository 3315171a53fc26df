"""The environment: a bad value stops the program with a message that names the variable."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from qa.core import env

ROOT = Path(__file__).resolve().parents[2]
GOOD = {
    "SECRET_KEY": "k" * 50,
    "DATABASE_URL": "postgres://app:word@127.0.0.1:1/heard",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}
# The addresses that `make run` leaves for a second terminal are not part of these tests.
ALONE = "from qa.core import env; env.load_file = lambda path: None; "
PASSING = ("PATH", "HOME", "LANG", "VIRTUAL_ENV")


def python(code: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run Python with this environment and nothing else of ours."""
    kept = {name: os.environ[name] for name in PASSING if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", ALONE + code],
        cwd=ROOT,
        env={**kept, **GOOD, **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def complaint(**variables: str) -> str:
    """The last line with which loading the settings fails."""
    done = python("import qa.settings", **variables)
    assert done.returncode == 1, "the settings took the value"
    return done.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "maybe"),
        ("SECURE", "2"),
        ("MAX_FILE_MB", "many"),
        ("MAX_FILE_MB", "0"),
        ("MAX_FILE_MB", "501"),
        ("MAX_FILE_INTERACTIONS", "0"),
        ("MAX_BODY_MB", "1.5"),
        ("MAX_BODY_MB", "101"),
        ("REQUEST_SECONDS", "0"),
        ("STATEMENT_SECONDS", "0"),
        ("LOCK_SECONDS", "for ever"),
        ("IDLE_TRANSACTION_SECONDS", "-1"),
        ("SWEEP_SECONDS", "0"),
        ("SWEEP_SECONDS", "a minute"),
        ("LOG_LEVEL", "LOUD"),
        ("DATABASE_URL", "mysql://app:hunter2@127.0.0.1/heard"),
        ("DATABASE_URL", "postgres://app:hunter2@127.0.0.1"),
        ("DATABASE_URL", "postgres://app:hunter2@127.0.0.1:port/heard"),
        ("DATABASE_URL", "postgres://app:hunter2@127.0.0.1:99999/heard"),
        ("DATABASE_URL", "postgres://app:hunter2@[::1/heard"),
        ("REDIS_URL", "http://:hunter2@127.0.0.1"),
        ("REDIS_URL", "redis://:hunter2@127.0.0.1:port/0"),
        ("REDIS_URL", "127.0.0.1:6379"),
        ("EMAIL_URL", "mail.example.com"),
        ("EMAIL_URL", "https://heard:hunter2@mail.example.com"),
        ("EMAIL_URL", "smtps://heard:hunter2@mail.example.com:port"),
        ("SITE_URL", "heard.example.com"),
        ("SITE_URL", "https://heard.example.com/path"),
        ("DIGEST_HOUR", "24"),
    ],
)
def test_a_bad_value_is_refused_by_name_and_not_quoted(name: str, value: str) -> None:
    message = complaint(**{name: value})
    assert message.startswith(f"django.core.exceptions.ImproperlyConfigured: {name} ")
    assert "hunter2" not in message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "No"),
        ("SECURE", " TRUE "),
        ("MAX_FILE_MB", "500"),
        ("SWEEP_SECONDS", ""),
        ("LOG_LEVEL", "debug"),
        ("LOG_LEVEL", ""),
        ("DATABASE_URL", "postgresql://app:p%40ss@db.example.com/heard"),
        ("DATABASE_URL", ""),
        ("REDIS_URL", "rediss://:p%40ss@redis.example.com:6380/1"),
        ("REDIS_URL", "unix:///run/redis.sock"),
        ("REDIS_URL", ""),
        ("EMAIL_URL", "smtps://heard:p%40ss@mail.example.com"),
        ("EMAIL_URL", ""),
        ("SITE_URL", "https://heard.example.com/"),
        ("SITE_URL", ""),
        ("DIGEST_HOUR", "0"),
        ("ALLOWED_HOSTS", ""),
        ("SECRET_KEY_FALLBACKS", "old, older"),
    ],
)
def test_a_good_value_is_taken(name: str, value: str) -> None:
    done = python("import qa.settings", **{name: value})
    assert (done.returncode, done.stderr) == (0, "")


def test_a_password_may_hold_any_letter() -> None:
    code = "from qa.settings import DATABASES as d; print(d['default']['PASSWORD'])"
    done = python(code, DATABASE_URL="postgres://app:p%40ss%2Fw%C3%B6rd@127.0.0.1/heard")
    assert done.stdout.strip() == "p@ss/wörd"


OPTIONS = "from django.conf import settings; print(settings.DATABASES['default']['OPTIONS'])"
COMMAND = f"import runpy, sys; sys.argv = ['manage.py', 'shell', '-c', {OPTIONS!r}]; "
COMMAND += "runpy.run_path('manage.py', run_name='__main__')"
AS_WEB = f"import os; os.environ['HEARD_PROCESS'] = 'web'; {OPTIONS}"


@pytest.mark.parametrize(
    ("code", "limits"),
    [(AS_WEB, (7, 3, 9)), (OPTIONS, (120, 60, 9)), (COMMAND, (0, 0, 0))],
    ids=["web", "worker", "command"],
)
def test_the_database_gives_up_soon_only_where_people_wait(
    code: str, limits: tuple[int, int, int]
) -> None:
    chosen = {"STATEMENT_SECONDS": "7", "LOCK_SECONDS": "3", "IDLE_TRANSACTION_SECONDS": "9"}
    done = python(code, DJANGO_SETTINGS_MODULE="qa.settings", **chosen)
    names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
    expected = [f"-c {name}={value}s" for name, value in zip(names, limits, strict=True)]
    assert " ".join(expected) in done.stdout, done.stderr


MAIL = "from qa.settings import *; print(EMAIL_BACKEND.split('.')[4], EMAIL_HOST, EMAIL_PORT, "
MAIL += "EMAIL_HOST_PASSWORD, EMAIL_USE_TLS, EMAIL_USE_SSL, DIGESTS)"


@pytest.mark.parametrize(
    ("url", "site", "said"),
    [
        ("", "https://heard.example.com", "console localhost 25  False False False"),
        ("smtp://mail.example.com", "", "smtp mail.example.com 25  False False False"),
        (
            "smtp+starttls://heard:p%40ss@mail.example.com",
            "https://heard.example.com",
            "smtp mail.example.com 587 p@ss True False True",
        ),
        (
            "smtps://heard:word@mail.example.com:2465",
            "https://heard.example.com",
            "smtp mail.example.com 2465 word False True True",
        ),
    ],
)
def test_mail_is_off_until_a_server_and_the_site_are_named(url: str, site: str, said: str) -> None:
    assert python(MAIL, EMAIL_URL=url, SITE_URL=site).stdout.rstrip("\n") == said


def test_without_a_key_nothing_that_signs_runs() -> None:
    code = "from django.conf import settings; print(settings.SECRET_KEY)"
    done = python(code, SECRET_KEY="", DJANGO_SETTINGS_MODULE="qa.settings")
    assert done.returncode == 1
    assert "SECRET_KEY" in done.stderr.strip().splitlines()[-1]


def test_commands_on_files_need_no_variables() -> None:
    code = "from django.core.management import call_command as c; import django; django.setup(); "
    done = python(
        code + "c('check')",
        SECRET_KEY="",
        DATABASE_URL="",
        REDIS_URL="",
        DJANGO_SETTINGS_MODULE="qa.settings",
    )
    assert done.returncode == 0, done.stderr
    for name in GOOD:
        assert f"{name} is not set." in done.stderr


def test_secure_is_the_default_outside_debug() -> None:
    code = "from qa import settings as s; print(s.SECURE, s.SESSION_COOKIE_SECURE, s.DEBUG)"
    assert python(code).stdout.split() == ["True", "True", "False"]
    assert python(code, DEBUG="true").stdout.split() == ["False", "False", "True"]


def test_a_secret_may_stand_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "secret"
    secret.write_text("from a file\n")
    monkeypatch.setenv("HEARD_TEST_FILE", str(secret))
    assert env.text("HEARD_TEST", "default") == "from a file"
    monkeypatch.setenv("HEARD_TEST", "from the variable")
    assert env.text("HEARD_TEST") == "from the variable"


def test_a_secret_file_that_cannot_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe\xff")
    for place, reason in ((tmp_path / "missing", "No such file"), (binary, "UTF-8")):
        monkeypatch.setenv("HEARD_TEST_FILE", str(place))
        with pytest.raises(ImproperlyConfigured, match=f"HEARD_TEST_FILE .*{reason}"):
            env.text("HEARD_TEST")


def test_the_running_servers_addresses_are_read_and_a_variable_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    addresses = tmp_path / "stack.env"
    addresses.write_text("# left by make run\nHEARD_A=1\n HEARD_B = two=2 \nnonsense\n")
    monkeypatch.setattr(os, "environ", {"HEARD_A": "mine"})
    env.load_file(addresses)
    env.load_file(tmp_path / "missing")
    assert os.environ == {"HEARD_A": "mine", "HEARD_B": "two=2"}
