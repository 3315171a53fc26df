"""Row-level security as migration operations: `operations += protect("reviews_review")`.

FORCE makes the policies hold for the owner of the table too, so even a set-up
with one database role keeps the wall.
"""

from typing import Any

from django.db import migrations
from django.db.migrations.operations.base import Operation

Statements = list[str | tuple[str, dict[str, Any] | list[Any] | tuple[Any, ...] | None]]


def setting(name: str) -> str:
    """SQL for a setting of this transaction (see context.py); NULL where it is not set."""
    return f"nullif(current_setting('heard.{name}', true), '')"


OWN = f"organization_id = {setting('organization')}::uuid"


def protect(*tables: str) -> list[Operation]:
    """Rows of these tables are seen and written in their own organization's transactions only."""
    return [
        _run(table, [f"CREATE POLICY tenant ON {table} USING ({OWN}) WITH CHECK ({OWN})"])
        for table in tables
    ]


def protect_with(table: str, *, own: str = OWN, also_readable: str) -> list[Operation]:
    """Like `protect`, for the few tables that are read before the organization is known."""
    return [
        _run(
            table,
            [
                f"CREATE POLICY tenant ON {table} USING ({own}) WITH CHECK ({own})",
                f"CREATE POLICY before_tenant ON {table} FOR SELECT USING ({also_readable})",
            ],
        )
    ]


def _run(table: str, policies: list[str]) -> Operation:
    forward: Statements = [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        *policies,
    ]
    backward: Statements = [
        f"DROP POLICY IF EXISTS before_tenant ON {table}",
        f"DROP POLICY IF EXISTS tenant ON {table}",
        f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
    ]
    return migrations.RunSQL(forward, backward)


def refuse(table: str, *, changes: str = "UPDATE OR DELETE", when: str = "true") -> Operation:
    """A trigger that refuses these changes to rows for which `when` holds (OLD is the row)."""
    name = f"{table}_immutable"
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} BEFORE {changes} ON {table} FOR EACH ROW "
        f"WHEN ({when}) EXECUTE FUNCTION heard_refuse_change()",
        f"DROP TRIGGER IF EXISTS {name} ON {table}",
    )


REFUSE_CHANGE = migrations.RunSQL(
    """
    CREATE FUNCTION heard_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'rows of % are immutable', TG_TABLE_NAME USING ERRCODE = '23001';
    END $$
    """,
    "DROP FUNCTION IF EXISTS heard_refuse_change()",
)
