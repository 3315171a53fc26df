"""Intake, measured in one run: REST, the import command, and a raw COPY of the same stored rows.

    python -m benchmarks.intake [--interactions 2000]

Starts its own PostgreSQL and Redis, which are gone afterwards. REST is called in this process,
one request after the other; the command reads JSON lines. Both redact, hash, look for duplicates,
store under row-level security and ring the bell. COPY gets the finished rows, into tables with
the same columns and indexes but without row-level security, which PostgreSQL's COPY cannot pass.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import django
import psycopg2

from qa.stack import throw_away_stack

ROOT = Path(__file__).resolve().parent.parent
A_FILE = 500  # interactions in one file of the command's
TABLES = ("transcripts_interaction", "transcripts_transcript")
SAID = {
    "customer": (
        "This is the third time I've called about order 88{n} and nobody helps me.",
        "I'm worried that the parcel {n} will not be here before my daughter's birthday.",
        "It was meant to come on Tuesday between nine and one, and I stayed at home for it.",
        "My number is 020 7946 0{n} and my e-mail address is customer{n}@example.com.",
        "The card ending in 42 was charged twice, 31.{n} pounds each time, as far as I can see.",
        "Yes. No, the other one, with the blue label on it.",
        "Thank you, that is a weight off my mind.",
    ),
    "agent": (
        "Thank you for calling, you are through to customer care. How can I help you today?",
        "I'm sorry about that. Can I have the number of the order, please?",
        "I can see why that is upsetting, after you stayed at home for it a whole morning.",
        "Let me look into that for you, it will only take a moment, please stay on the line.",
        "I have asked the depot to call you on Thursday before ten, reference RX-{n}.",
        "Is there anything else that I can do for you?",
    ),
}


def interactions(count: int, prefix: str) -> Iterator[dict[str, Any]]:
    """Calls of 6 to 20 turns; the same ones on each run."""
    chance = random.Random(prefix)
    for number in range(count):
        agent = chance.randrange(40)
        turns = [
            {
                "role": role,
                "text": chance.choice(SAID[role]).format(n=chance.randrange(100, 1000)),
                "started_s": 6.0 * index,
                "ended_s": 6.0 * index + 5.5,
            }
            for index, role in enumerate(["agent", "customer"] * chance.randrange(3, 11))
        ]
        yield {
            "external_id": f"{prefix}-{number}",
            "source": "benchmark",
            "channel": "call",
            "started_at": f"2026-10-{1 + number % 28:02}T09:{number % 60:02}:00Z",
            "agent": {"external_id": f"a-{agent}", "name": f"Agent {agent}", "team": "Care"},
            "customer": {"external_id": f"u-{number}", "name": "Robin Example"},
            "metadata": {"queue": "deliveries"},
            "turns": turns,
        }


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


def rest(count: int) -> float:
    """Seconds for pushing `count` interactions, one request each."""
    from django.test import Client

    from qa.organizations import actions
    from qa.organizations.models import Membership, Organization, Role, Scope
    from qa.tenancy.base import System
    from qa.tenancy.context import tenant

    organization: Organization = actions.create_organization(name="Measured", slug="measured")
    with tenant(organization.pk):
        admin: Membership = actions.add_member(
            by=System(organization.pk), email="a@example.com", name="A", role=Role.ADMIN
        )
        scopes = [Scope.INTERACTIONS_WRITE.value]
        _, secret = actions.create_key(by=admin, name="benchmark", scopes=scopes)
    client = Client(headers={"Authorization": f"Bearer {secret}", "Host": "localhost"})
    bodies = [json.dumps(one) for one in interactions(count, "rest")]
    client.get("/healthz")  # the first request of a process loads the whole site

    def push_all() -> None:
        for body in bodies:
            answer = client.post("/api/v1/interactions/", body, content_type="application/json")
            assert answer.status_code == 201, answer.content

    return seconds(push_all)


def command(count: int) -> float:
    """Seconds for importing `count` interactions from files."""
    from django.core.management import call_command

    with tempfile.TemporaryDirectory(prefix="heard-") as folder:
        lines = [json.dumps(one) for one in interactions(count, "command")]
        for start in range(0, count, A_FILE):
            Path(folder, f"{start:06}.jsonl").write_text("\n".join(lines[start : start + A_FILE]))
        return seconds(
            lambda: call_command(
                "import", folder, organization="measured", stdout=StringIO(), stderr=StringIO()
            )
        )


def copy(owner_url: str) -> tuple[float, int]:
    """Seconds for a COPY of what the command has stored, and how many interactions that are."""
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
            cursor.copy_expert(f"COPY ({_imported(table, columns)}) TO STDOUT", rows)
            stored[table] = (columns, rows)
    with psycopg2.connect(owner_url) as raw, raw.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"CREATE TABLE copy_{table} (LIKE {table} INCLUDING ALL)")
        raw.commit()

        def copy_all() -> None:
            for table, (columns, rows) in stored.items():
                rows.seek(0)
                cursor.copy_expert(f"COPY copy_{table} ({columns}) FROM STDIN", rows)
            raw.commit()

        taken = seconds(copy_all)
        cursor.execute(f"SELECT count(*) FROM copy_{TABLES[0]}")
        return taken, cursor.fetchone()[0]


def _columns(cursor: Any, table: str) -> str:
    cursor.execute(
        "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns "
        "WHERE table_name = %s AND is_generated = 'NEVER'",
        [table],
    )
    return str(cursor.fetchone()[0])


def _imported(table: str, columns: str) -> str:
    mine = "SELECT id FROM transcripts_interaction WHERE received_from = 'import'"
    key = "id" if table == TABLES[0] else "interaction_id"
    return f"SELECT {columns} FROM {table} WHERE {key} IN ({mine})"


def seconds(work: Callable[[], object]) -> float:
    """How long it takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    """Run all three and print their speeds beside each other."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--interactions", type=int, default=2000)
    count = parser.parse_args().interactions
    with servers() as owner_url:
        pushed = count / 4
        speeds = {"REST": pushed / rest(int(pushed)), "command": count / command(count)}
        taken, copied = copy(owner_url)
        assert copied == count, (copied, count)
        raw = count / taken
    print(f"{count:,} interactions by the command, {int(pushed):,} by REST")
    print(f"{'':12}{'interactions/s':>16}{'of COPY':>12}")
    for name, speed in {**speeds, "COPY": raw}.items():
        print(f"{name:12}{speed:>16,.0f}{speed / raw:>12.1%}")


if __name__ == "__main__":
    main()
