"""New interactions into rows: a batch is one statement, whatever its size.

Row-level security holds as for every INSERT. A row that is here already, by its source's id or
its content, is left as it is, and its transcript with it.
"""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, Final, TypeAlias
from uuid import UUID

from django.db import connection
from django.utils import timezone

from transcripts.compact_json import compact
from transcripts.models import Interaction

Columns: TypeAlias = dict[str, Any]  # of an interaction's row, by their names

# One JSON document carries the batch: a literal for each value costs the server several times that.
_INSERT: Final = """
WITH incoming AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%s) AS pushed ({typed}, turns jsonb)
), kept AS (
    INSERT INTO transcripts_interaction ({columns}) SELECT {columns} FROM incoming
    ON CONFLICT DO NOTHING RETURNING id
), told AS (
    INSERT INTO transcripts_transcript (id, organization_id, interaction_id, turns)
    SELECT id, organization_id, id, turns FROM incoming JOIN kept USING (id)
)
SELECT id FROM kept
"""


def new_row(**columns: Any) -> Columns:
    """A row's columns; those that are not given have the model's defaults."""
    fixed, made = _defaults()
    return fixed | {name: make() for name, make in made.items()} | columns


def insert(rows: Iterable[tuple[Columns, str]]) -> set[UUID]:
    """Insert rows, in this order, with their turns as JSON; answers with the ids that are new."""
    now = timezone.now().isoformat()
    documents = [
        f'{compact(columns | {"received_at": now, "rung_at": now})[:-1]},"turns":{turns}}}'
        for columns, turns in rows
    ]
    with connection.cursor() as cursor:
        cursor.execute(_statement(), [f"[{','.join(documents)}]"])
        return {pk for (pk,) in cursor.fetchall()}


@cache
def _defaults() -> tuple[Columns, dict[str, Callable[[], Any]]]:
    """The defaults that are the same for every row, and those that each row has its own of."""
    fields = Interaction._meta.concrete_fields
    made = {
        one.attname: one.get_default
        for one in fields
        if one.has_default() and callable(one.default)
    }
    same = {one.attname: one.get_default() for one in fields if one.attname not in made}
    return same, made


@cache
def _statement() -> str:
    fields = Interaction._meta.concrete_fields
    # Without its length: a value that is too long is to be refused, and a cast would cut it.
    kinds = [str(field.db_type(connection)).partition("(")[0] for field in fields]
    names = [str(field.column) for field in fields]
    typed = ", ".join(f"{name} {kind}" for name, kind in zip(names, kinds, strict=True))
    return _INSERT.format(columns=", ".join(names), typed=typed)
