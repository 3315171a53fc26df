"""Intake, measured in one run on one core: REST, the command, and a raw COPY of the same rows.

    python -m benchmarks.intake [--interactions 1000] [--rounds 9]

For short calls of single sentences and for long ones of 30 turns of 139 characters (talks.py),
then what each part of taking one in costs (intake_parts.py).

Starts its own PostgreSQL and Redis, which are gone afterwards; they and this process share one
core. Each round pushes new interactions one by one, in bulk and from a file; all of that checks,
redacts, hashes, looks for duplicates, stores under row-level security and rings the bell. COPY
gets the finished rows of the command, into tables with the same columns and indexes but without
row-level security, which PostgreSQL's COPY cannot pass: once bare, once with the same foreign
keys, which each row is checked against. Times are processor time of this process and its servers,
so that other work on the machine counts as little as it can; the median round is shown, for each
ratio the median of the rounds' own, in which both stood side by side.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO, StringIO
from operator import truediv
from pathlib import Path
from statistics import median
from typing import Any

import django
import psycopg2

from benchmarks import intake_parts
from benchmarks.spent import seconds
from benchmarks.talks import Interactions, long, short
from devstack.servers import throw_away_stack

ROOT = Path(__file__).resolve().parent.parent
API = "/api/v1/interactions/"
TABLES = ("transcripts_interaction", "transcripts_transcript")


@contextmanager
def servers() -> Iterator[str]:
    """Throw-away servers and Django on them; gives the owner's address of the database."""
    stack = throw_away_stack()
    try:
        found = stack.start({})
        os.environ.update(found, SECRET_KEY="only-for-benchmarks", SECURE="false")
        os.environ["DJANGO_SETTINGS_MODULE"] = "qa.settings"
        owner = {**os.environ, "DATABASE_URL": found["DATABASE_OWNER_URL"]}
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(migrate, cwd=ROOT, env=owner, check=True)
        django.setup()
        yield found["DATABASE_OWNER_URL"]
    finally:
        stack.stop()


def client() -> Any:
    """A REST client of a new organization, in a process that has loaded what a server's has."""
    from django.test import Client

    from qa.organizations import actions, invitations
    from qa.organizations.models import Membership, Organization, Role, Scope
    from qa.site.startup import load_for_good
    from qa.tenancy.base import System
    from qa.tenancy.context import tenant

    organization: Organization = actions.create_organization(name="Measured", slug="measured")
    with tenant(organization.pk):
        admin: Membership = invitations.admit(
            by=System(organization.pk),
            email="a@example.com",
            name="A",
            role=Role.ADMIN,
            password="never used",
        )
        scopes = [Scope.INTERACTIONS_WRITE.value]
        _, secret = actions.create_key(by=admin, name="benchmark", scopes=scopes)
    made = Client(headers={"Authorization": f"Bearer {secret}", "Host": "localhost"})
    made.get("/healthz")
    load_for_good()
    return made


def single(rest: Any, talks: Interactions, count: int, prefix: str) -> float:
    """Interactions a second, pushed one by one."""
    bodies = [json.dumps(interaction) for interaction in talks(count, prefix)]

    def push_all() -> None:
        for body in bodies:
            answer = rest.post(API, body, content_type="application/json")
            assert answer.status_code == 201, answer.content

    return count / seconds(push_all)


def bulk(rest: Any, talks: Interactions, count: int, prefix: str) -> float:
    """Interactions a second, pushed as lines of one request."""
    body = "\n".join(json.dumps(interaction) for interaction in talks(count, prefix))

    def push() -> None:
        answer = rest.post(f"{API}bulk/", body, content_type="application/x-ndjson")
        assert answer.json()["accepted"] == count, answer.content[:1000]

    return count / seconds(push)


def command(talks: Interactions, count: int, prefix: str) -> float:
    """Interactions a second, imported from a file of lines."""
    from django.core.management import call_command

    with tempfile.TemporaryDirectory(prefix="heard-") as folder:
        with Path(folder, "lines.jsonl").open("w") as file:
            file.writelines(f"{json.dumps(interaction)}\n" for interaction in talks(count, prefix))
        silent = {"stdout": StringIO(), "stderr": StringIO()}
        return count / seconds(
            lambda: call_command("import", folder, organization="measured", **silent)
        )


def copy(owner_url: str, count: int, prefix: str, *, keys: bool) -> float:
    """Interactions a second of a COPY of what the command has stored, with foreign keys or not."""
    from django.db import connection

    from qa.organizations.models import Organization
    from qa.tenancy.context import directory, tenant

    with directory():
        organization = Organization.objects.get(slug="measured")
    stored: dict[str, tuple[str, BytesIO]] = {}
    with tenant(organization.pk), connection.cursor() as cursor:
        for table in TABLES:
            columns = _columns(cursor, table)
            rows = BytesIO()
            cursor.copy_expert(f"COPY ({_imported(table, columns, prefix)}) TO STDOUT", rows)
            stored[table] = (columns, rows)
    with psycopg2.connect(owner_url) as raw, raw.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"CREATE TABLE copy_{table} (LIKE {table} INCLUDING ALL)")
            for constraint in _foreign_keys(cursor, table) if keys else ():
                cursor.execute(f"ALTER TABLE copy_{table} ADD {constraint}")
        raw.commit()

        def copy_all() -> None:
            for table, (columns, rows) in stored.items():
                rows.seek(0)
                cursor.copy_expert(f"COPY copy_{table} ({columns}) FROM STDIN", rows)
                assert cursor.rowcount == count, (table, cursor.rowcount)
            raw.commit()

        speed = count / seconds(copy_all)
        for table in TABLES:
            cursor.execute(f"DROP TABLE copy_{table}")
        return speed


def _columns(cursor: Any, table: str) -> str:
    cursor.execute(
        "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns "
        "WHERE table_name = %s AND is_generated = 'NEVER'",
        [table],
    )
    return str(cursor.fetchone()[0])


def _foreign_keys(cursor: Any, table: str) -> list[str]:
    cursor.execute(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE conrelid = %s::regclass AND contype = 'f'",
        [table],
    )
    return [str(definition) for (definition,) in cursor.fetchall()]


def _imported(table: str, columns: str, prefix: str) -> str:
    mine = f"SELECT id FROM transcripts_interaction WHERE external_id LIKE '{prefix}-%'"
    key = "id" if table == TABLES[0] else "interaction_id"
    return f"SELECT {columns} FROM {table} WHERE {key} IN ({mine})"


def one_core() -> None:
    """Keep this process, and the servers it will start, on one core."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def rounds(rest: Any, owner_url: str, talks: Interactions, count: int, times: int) -> None:
    """Run all of it on one kind of talk and print the speeds beside each other."""
    speeds: dict[str, list[float]] = {}
    kind = talks.__name__
    for number in range(times):
        name = f"{kind}{number}"
        for door, measured in (
            ("REST", single(rest, talks, count // 10, f"one-{name}")),
            ("REST bulk", bulk(rest, talks, count, f"bulk-{name}")),
            ("command", command(talks, count, f"command-{name}")),
            ("COPY, keys", copy(owner_url, count, f"command-{name}", keys=True)),
            ("COPY", copy(owner_url, count, f"command-{name}", keys=False)),
        ):
            speeds.setdefault(door, []).append(measured)
    print(f"\n{talks.__doc__}")
    print(f"{count:,} interactions a round ({count // 10:,} by single REST), {times} rounds")
    print(f"{'':12}{'interactions/s':>16}{'of COPY, keys':>16}{'of COPY':>10}")
    for door, found in speeds.items():
        parts = [median(map(truediv, found, speeds[copied])) for copied in ("COPY, keys", "COPY")]
        print(f"{door:12}{median(found):>16,.0f}{parts[0]:>16.1%}{parts[1]:>10.1%}")


def main() -> None:
    """Measure both kinds of talk."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--interactions", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=9)
    given = parser.parse_args()
    one_core()
    with servers() as owner_url:
        rest = client()
        for talks in (short, long):
            rounds(rest, owner_url, talks, given.interactions, given.rounds)
            intake_parts.show(talks, given.interactions)


if __name__ == "__main__":
    main()
