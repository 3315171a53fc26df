"""Labelled pairs: a customer's message with the agent's reply, as accuracy is measured on them.

`{"id", "channel", "context": ["customer: …"], "customer", "agent", "labels"}`; each pair becomes a
short interaction of its context, the message and the reply. The labels themselves are left out.
"""

from typing import Any, Final

from qa.core.errors import Fault
from qa.core.texts import gettext as _
from qa.core.texts import gettext_noop
from transcripts.formats.errors import FormatError
from transcripts.formats.format import Format, Likeness
from transcripts.formats.labels import stated_role
from transcripts.formats.model import CanonicalInteraction, Parsed
from transcripts.formats.records import parse_records
from transcripts.formats.source import Source
from transcripts.formats.validation import validate

NAME: Final = "labelled_pairs"
_NEEDED: Final = ("id", "channel", "customer", "agent")


def recognise(source: Source) -> Likeness | None:
    record = source.first_record if source.starts_like_json else None
    if record is None or not all(isinstance(record.get(key), str) for key in _NEEDED):
        return None
    return Likeness(0.9, gettext_noop("JSON with the keys id, channel, customer and agent"))


def parse(source: Source) -> Parsed:
    return parse_records(source, NAME, read_pair)


def read_pair(record: object) -> CanonicalInteraction:
    """One pair as an interaction; FormatError names the fields at fault."""
    if not isinstance(record, dict):
        raise FormatError(_("must be a JSON object"))
    faults = [
        Fault(key, _("is missing or not text"))
        for key in _NEEDED
        if not isinstance(record.get(key), str)
    ]
    context = record.get("context") or []
    if not isinstance(context, list) or not all(isinstance(line, str) for line in context):
        faults.append(Fault("context", _("must be a list of texts")))
    if faults:
        raise FormatError(faults=faults)
    turns = [_context_turn(line) for line in context]
    turns += [{"role": role, "text": record[role]} for role in ("customer", "agent")]
    return validate({"external_id": record["id"], "channel": record["channel"], "turns": turns})


def _context_turn(line: str) -> dict[str, Any]:
    label, colon, text = line.partition(":")
    role = stated_role(label) if colon else "unknown"
    return {"role": role, "text": text.strip() if role != "unknown" else line}


FORMAT: Final = Format(
    name=NAME,
    title=gettext_noop("Labelled pairs (JSON lines)"),
    extensions=("jsonl",),
    recognise=recognise,
    parse=parse,
    read_record=read_pair,
)
