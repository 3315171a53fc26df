"""New interactions into rows: a batch is one statement, whatever its size.

Row-level security holds as for every INSERT. A row that is here already, by its source's id or
its content, is left as it is, and its transcript with it.
"""

import json
from collections.abc import Sequence
from functools import cache
from operator import attrgetter
from typing import Any, Final
from uuid import UUID

from django.db import connection, models
from django.utils import timezone

from transcripts.models import Interaction

_INSERT: Final = """
WITH incoming AS MATERIALIZED (
    SELECT * FROM unnest({arrays}, %s::jsonb[]) AS pushed ({columns}, turns)
), kept AS (
    INSERT INTO transcripts_interaction ({columns}) SELECT {columns} FROM incoming
    ON CONFLICT DO NOTHING RETURNING id
), told AS (
    INSERT INTO transcripts_transcript (id, organization_id, interaction_id, turns)
    SELECT id, organization_id, id, turns FROM incoming JOIN kept USING (id)
)
SELECT id FROM kept
"""


def insert(rows: Sequence[Interaction], turns: Sequence[str]) -> set[UUID]:
    """Insert rows, in this order, with their turns as JSON; answers with the ids that are new."""
    now = timezone.now()
    for row in rows:
        row.received_at = row.rung_at = now
    fields = Interaction._meta.concrete_fields
    values = zip(*map(attrgetter(*(field.attname for field in fields)), rows), strict=True)
    arrays = [_array(field, column) for field, column in zip(fields, values, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_statement(), [*arrays, list(turns)])
        return {pk for (pk,) in cursor.fetchall()}


@cache
def _statement() -> str:
    fields = Interaction._meta.concrete_fields
    columns = ", ".join(str(field.column) for field in fields)
    # Without its length: a value that is too long is to be refused, and a cast would cut it.
    kinds = [str(field.db_type(connection)).partition("(")[0] for field in fields]
    return _INSERT.format(columns=columns, arrays=", ".join(f"%s::{kind}[]" for kind in kinds))


def _array(field: "models.Field[Any, Any]", column: Sequence[Any]) -> list[Any]:
    """A column's values as the driver sends them."""
    if isinstance(field, models.JSONField):
        return [json.dumps(value) for value in column]
    return [str(value) if isinstance(value, UUID) else value for value in column]
