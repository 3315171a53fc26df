"""New interactions into rows: redacted, then inserted as one statement a batch, whatever its size.

Row-level security holds as for every INSERT. A row that is here already, by its source's id or
its content, is left as it is, and its transcript with it.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, TypeAlias
from uuid import UUID

from django.db import connection
from django.utils import timezone

from qa.organizations.actions import find_or_add_agents
from qa.organizations.merging import hold_survivors
from qa.organizations.models import Agent
from qa.organizations.queries import own_words, redacted_kinds
from qa.tenancy.base import Actor, new_id
from transcripts.compact_json import compact
from transcripts.formats import Agent as NamedAgent
from transcripts.formats import CanonicalInteraction, Pushed, parts_of
from transcripts.models import Interaction, UploadedFile
from transcripts.names_model import redact, redact_each

BATCH: Final = 500

Columns: TypeAlias = dict[str, Any]  # of an interaction's row, by their names
Identity: TypeAlias = tuple[str, str | None]

# One JSON document carries the batch: a literal for each value costs the server several times that.
_INSERT: Final = """
WITH incoming AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%s) AS pushed ({typed}, parts json, turns jsonb)
), kept AS (
    INSERT INTO transcripts_interaction ({columns}) SELECT {columns} FROM incoming
    ON CONFLICT DO NOTHING RETURNING id
), told AS (
    INSERT INTO transcripts_transcript (id, organization_id, interaction_id, turns)
    SELECT id, organization_id, id, turns FROM incoming JOIN kept USING (id)
), shared AS (
    INSERT INTO transcripts_participation
        (id, organization_id, interaction_id, position, agent_id, team_id, turns)
    SELECT part.id, organization_id, kept.id, part.position, part.agent_id, part.team_id, part.turns
    FROM incoming JOIN kept USING (id), json_to_recordset(parts)
        AS part (id uuid, position smallint, agent_id uuid, team_id uuid, turns jsonb)
)
SELECT id FROM kept
"""


@dataclass(frozen=True, slots=True)
class NewRow:
    """A redacted interaction on its way into a row, its turns as JSON.

    `parts` are the columns of its participations, where several agents handled it.
    """

    identity: Identity
    columns: Columns
    turns: str
    parts: Sequence[Columns] = ()


def identity(source: str, external_id: str | None, content_hash: str) -> Identity:
    """Say what makes an interaction the same one: its source's id, else its content."""
    return (f"content:{content_hash}", None) if external_id is None else (source, external_id)


def prepare(
    pushed: Sequence[Pushed], *, by: Actor, file: UploadedFile | None = None
) -> Iterator[list[NewRow]]:
    """Redact interactions and make rows of them, batch by batch; adds agents that are new."""
    kinds, own = redacted_kinds(by), own_words(by)
    agents = find_or_add_agents(
        [agent for each in pushed for agent in _named(each.as_settled)], by=by
    )
    for start in range(0, len(pushed), BATCH):
        batch = pushed[start : start + BATCH]
        redacted = redact_each([each.as_settled for each in batch], kinds, own)
        rows = []
        for each, (clean, counts) in zip(batch, redacted, strict=True):
            parts = _parts(each.as_settled, agents)
            digest, turns = _digest(clean)
            if each.content_hash:
                digest = each.content_hash
            elif each.as_stated != each.as_settled:  # it is the same one whoever speaks in it
                digest, _ = _digest(redact(each.as_stated, kinds, own)[0])
            agent = agents[clean.main_agent] if clean.main_agent else None
            taken_out = dict(Counter(each.redacted) + Counter(counts))
            columns = _columns(clean, taken_out, digest, agent, by=by, file=file)
            known_as = identity(columns["source"], columns["external_id"], digest)
            rows.append(NewRow(known_as, columns, turns, parts))
        yield rows


def keep_agents(rows: Sequence[NewRow], *, by: Actor) -> None:
    """Keep the agents of rows from being merged meanwhile; who just was is who counts for them.

    Between `prepare`, which found them, and the rows' way into the database.
    """
    places = [row.columns for row in rows] + [part for row in rows for part in row.parts]
    named = {place["agent_id"] for place in places if place["agent_id"]}
    counts = hold_survivors(named, by=by)
    for place in places:
        place["agent_id"] = counts.get(place["agent_id"])


def insert(rows: Iterable[NewRow]) -> set[UUID]:
    """Insert rows in this order; answers with the ids that are new."""
    now = timezone.now().isoformat()
    documents = [
        f"{compact(row.columns | {'received_at': now, 'rung_at': now, 'parts': row.parts})[:-1]},"
        f'"turns":{row.turns}}}'
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.execute(_statement(), [f"[{','.join(documents)}]"])
        return {pk for (pk,) in cursor.fetchall()}


def _named(interaction: CanonicalInteraction) -> list[NamedAgent]:
    main = [interaction.agent] if interaction.agent else []
    return main + [each.agent for each in interaction.agents]


def _parts(
    interaction: CanonicalInteraction, agents: Mapping[NamedAgent, Agent | None]
) -> list[Columns]:
    """Columns of its participations; two names of one person are one."""
    turns: dict[Agent | None, list[int]] = {}
    for part in parts_of(interaction):
        agent = agents[part.agent] if part.agent else None
        turns.setdefault(agent, []).extend(part.turns)
    if len(turns) < 2:
        return []
    return [
        {
            "id": new_id(),
            "position": position,
            "agent_id": agent.pk if agent else None,
            "team_id": agent.team_id if agent else None,
            "turns": sorted(theirs),
        }
        for position, (agent, theirs) in enumerate(turns.items())
    ]


def content_hash(clean: CanonicalInteraction) -> str:
    """Hash an interaction's content, once it is redacted."""
    return _digest(clean)[0]


def _digest(clean: CanonicalInteraction) -> tuple[str, str]:
    """Hash the redacted content with SHA-256, so that nothing redacted can be guessed back.

    Returns the turns as JSON too: they are the last key and most of the content, written out once.
    """
    content = clean.to_dict()
    turns = compact(content.pop("turns"))
    text = f'{compact(content)[:-1]},"turns":{turns}}}'
    return hashlib.sha256(text.encode()).hexdigest(), turns


def _columns(
    clean: CanonicalInteraction,
    redacted: dict[str, int],
    digest: str,
    agent: Agent | None,
    *,
    by: Actor,
    file: UploadedFile | None,
) -> Columns:
    """Fill in a row's columns; those that are not given have the model's defaults."""
    fixed, made = _defaults()
    return {
        **fixed,
        **{name: make() for name, make in made.items()},
        "organization_id": by.organization_id,
        "source": clean.source or "",
        "external_id": clean.external_id,
        "content_hash": digest,
        "channel": clean.channel,
        "started_at": clean.started_at or timezone.now(),
        "started_at_known": clean.started_at is not None,
        "duration_s": clean.duration_s,
        "language": clean.language or "",
        "subject": clean.subject or "",
        "agent_id": agent.pk if agent else None,
        "team_id": agent.team_id if agent else None,
        "customer_external_id": (clean.customer and clean.customer.external_id) or "",
        "customer_name": (clean.customer and clean.customer.name) or "",
        "metadata": clean.metadata,
        "redacted": redacted,
        "turn_count": len(clean.turns),
        "received_from": by.actor_label,
        "file_id": file.pk if file else None,
        "status": Interaction.Status.RECEIVED,
    }


@cache
def _defaults() -> tuple[Columns, dict[str, Callable[[], Any]]]:
    """Tell defaults that are the same for every row from those that each row has its own of."""
    fields = _written()
    made = {
        field.attname: field.get_default
        for field in fields
        if field.has_default() and callable(field.default)
    }
    same = {field.attname: field.get_default() for field in fields if field.attname not in made}
    return same, made


def _written() -> list[Any]:
    """The columns that are given: PostgreSQL makes the others of them."""
    return [field for field in Interaction._meta.concrete_fields if not field.generated]


@cache
def _statement() -> str:
    fields = [field for field in Interaction._meta.concrete_fields if not field.generated]
    # Without its length: a value that is too long is to be refused, and a cast would cut it.
    kinds = [str(field.db_type(connection)).partition("(")[0] for field in fields]
    names = [str(field.column) for field in fields]
    typed = ", ".join(f"{name} {kind}" for name, kind in zip(names, kinds, strict=True))
    return _INSERT.format(columns=", ".join(names), typed=typed)
