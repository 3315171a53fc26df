"""Web and worker refuse to start where organizations could read each other's rows."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.core.checks import Tags, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from pytest_django import Settings

from devstack.pytest_plugin import connect_as, process_environment
from devstack.servers import throw_away_stack
from qa.site import checks
from qa.site.startup import refuse_unsafe_start
from qa.tenancy.base import TenantQuerySet
from transcripts.models import Interaction

ROOT = Path(__file__).resolve().parents[2]
DEFAULT = ["default"]
WEB = [sys.executable, "-c", "import qa.wsgi"]
WORKER = [sys.executable, "-m", "celery", "-A", "qa", "worker", "--pool", "solo"]


def start(command: list[str], **variables: str) -> subprocess.CompletedProcess[str]:
    """Start a process on the test database that is expected to end by itself."""
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**process_environment(), **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def as_owner(statement: str) -> None:
    """Change a table as only its owner may."""
    connect_as("DATABASE_OWNER_URL")
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connect_as("DATABASE_URL")


@contextmanager
def open_wall(table: str, change: str, back: str) -> Iterator[None]:
    """A table's wall taken down, and put up again."""
    as_owner(f"ALTER TABLE {table} {change} ROW LEVEL SECURITY")
    try:
        yield
    finally:
        as_owner(f"ALTER TABLE {table} {back} ROW LEVEL SECURITY")


def test_the_database_of_the_tests_is_safe(db: None) -> None:
    assert run_checks(tags=[Tags.database], databases=DEFAULT) == []
    refuse_unsafe_start()


def test_the_other_checks_find_nothing_and_ask_no_database() -> None:
    assert [fault for fault in run_checks() if str(fault.id).startswith("heard.")] == []


@pytest.fixture(scope="module")
def superuser() -> Iterator[str]:
    """The address of a superuser, on a server of its own: the tests' roles cannot make one."""
    stack = throw_away_stack()
    try:
        application = urlsplit(stack.start({"REDIS_URL": "redis://127.0.0.1:1/0"})["DATABASE_URL"])
        password = stack.state.secret("postgres-superuser")
        place = f"postgres:{password}@127.0.0.1:{application.port}"
        yield application._replace(netloc=place).geturl()
    finally:
        stack.stop()


@pytest.mark.django_db(transaction=True)
def test_a_role_that_passes_by_the_wall_is_refused(superuser: str) -> None:
    with psycopg2.connect(superuser) as cluster, cluster.cursor() as cursor:
        cursor.execute("CREATE ROLE passes LOGIN BYPASSRLS PASSWORD 'word'")
    parts = urlsplit(superuser)
    bypassing = parts._replace(netloc=f"passes:word@127.0.0.1:{parts.port}").geturl()
    for address in (superuser, bypassing):
        done = start(WEB, DATABASE_URL=address)
        assert done.returncode != 0
        assert "could read every organization's rows" in done.stderr


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", ["transcripts_interaction", "organizations_organization"])
@pytest.mark.parametrize(("change", "back"), [("NO FORCE", "FORCE"), ("DISABLE", "ENABLE")])
def test_a_table_without_its_wall_is_refused(table: str, change: str, back: str) -> None:
    with open_wall(table, change, back):
        (fault,) = checks.tenant_tables_are_walled(DEFAULT)
        assert (fault.id, table in str(fault.msg)) == ("heard.E002", True)
        with pytest.raises(ImproperlyConfigured, match=table):
            refuse_unsafe_start()
    refuse_unsafe_start()


@pytest.mark.django_db(transaction=True)
def test_neither_web_nor_worker_starts_on_an_unsafe_database() -> None:
    with open_wall("transcripts_transcript", "NO FORCE", "FORCE"):
        for command in (WEB, WORKER):
            done = start(command)
            assert done.returncode != 0, command
            assert "transcripts_transcript" in done.stderr.strip().splitlines()[-1]


@pytest.mark.django_db(transaction=True)
def test_the_web_server_starts_on_a_safe_database() -> None:
    done = start(WEB)
    assert done.returncode == 0, done.stderr


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("command", "name"), [(WEB, "DATABASE_URL"), (WORKER, "REDIS_URL")], ids=["web", "worker"]
)
def test_neither_web_nor_worker_starts_without_its_servers(command: list[str], name: str) -> None:
    done = start(command, **{name: ""})
    assert done.returncode != 0
    assert f"{name} is not set" in done.stderr.strip().splitlines()[-1]


def test_a_tenant_model_with_another_queryset_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "TenantQuerySet", type("Another", (TenantQuerySet,), {}))
    faults = checks.tenant_models_start_with_visible_to(None)
    assert f"{Interaction._meta.label} needs a TenantQuerySet." in [fault.msg for fault in faults]


def test_a_message_that_comes_again_before_its_task_is_dead_is_an_error(
    settings: Settings,
) -> None:
    settings.CELERY_TASK_TIME_LIMIT = 10_000
    assert [fault.id for fault in checks.time_limits_agree(None)] == ["heard.E004"]
