"""Events in words: who did what, about which row, and what it changed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from qa.audit.models import AuditEvent
from qa.organizations.actors import names_of
from qa.organizations.models import Membership
from qa.trail.entries import Entry, Value
from qa.trail.names import Key, Name, NamesFound
from qa.trail.sentences.registry import ENTRIES
from qa.trail.values import Named

CHANGES = "changes"  # as `audit.changes` writes them


@dataclass(frozen=True, slots=True)
class Deed:
    """One line of the trail."""

    number: int
    at: datetime
    who: str
    actor: str
    what: str
    action: str
    about: Name
    target: str  # the model and id that it is about, for a filter
    changes: Sequence[str]


def read(events: Sequence[AuditEvent], *, by: Membership) -> list[Deed]:
    """Put events into words; as many queries for one as for many of a kind."""
    names = NamesFound({key for event in events for key in _keys(event)}, by=by)
    actors = names_of({event.actor for event in events}, by=by)
    return [_deed(event, actors[event.actor], names) for event in events]


def _deed(event: AuditEvent, who: str, names: NamesFound) -> Deed:
    entry = ENTRIES.get(event.action)
    about = names.of(event.target_type, event.target_id)
    told = [] if names.is_hidden(about) else list(_changes(event.data, entry, names))
    return Deed(
        number=event.number,
        at=event.at,
        who=who,
        actor=event.actor,
        what=str(entry.said) if entry else event.action.replace(".", ": ").replace("_", " "),
        action=event.action,
        about=about,
        target=f"{event.target_type}:{event.target_id}",
        changes=told,
    )


def _changes(data: Mapping[str, Any], entry: Entry | None, names: NamesFound) -> Iterator[str]:
    """What was and is, then the other values; of an action without a sentence as they are kept."""
    if entry is None:
        yield from (f"{key}: {value}" for key, value in data.items() if value not in (None, ""))
        return
    for key, (before, after) in data.get(CHANGES, {}).items():
        if value := entry.values.get(key):
            yield _changed(value, before, after, names)
    for before_key, after_key, value in entry.moves:
        before, after = data.get(before_key), data.get(after_key)
        if (before, after) != (None, None) and before != after:
            yield _changed(value, before, after, names)
    for key, value in entry.values.items():
        held = data.get(key)
        if isinstance(held, dict) and {"from", "to"} <= held.keys():
            yield _changed(value, held["from"], held["to"], names)
        elif held not in (None, "", [], {}):
            said = value.words(held, names)
            yield _("%(label)s: %(value)s") % {"label": value.label, "value": said}


def _changed(value: Value, before: Any, after: Any, names: NamesFound) -> str:
    return _("%(label)s: %(before)s → %(after)s") % {
        "label": value.label,
        "before": value.words(before, names),
        "after": value.words(after, names),
    }


def _keys(event: AuditEvent) -> Iterator[Key]:
    """Every row that an event names, by its model and id."""
    yield event.target_type, event.target_id
    entry, data = ENTRIES.get(event.action), event.data
    if entry is None:
        return
    named = [(value, data.get(key)) for key, value in entry.values.items()]
    named += [(value, data.get(key)) for *keys, value in entry.moves for key in keys]
    for key, pair in data.get(CHANGES, {}).items():
        if value := entry.values.get(key):
            named += [(value, one) for one in pair]
    for value, held in named:
        if isinstance(value.words, Named) and held:
            for pk in held if isinstance(held, list) else [held]:
                yield value.words.model, str(pk)
