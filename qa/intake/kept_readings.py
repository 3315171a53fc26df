"""Interactions as they are kept while their file asks: redacted, as plain JSON.

Speakers are numbered turn by turn, for two addresses are one mark once they are redacted. Times
without a zone stand as their clock showed them, and are named, so that a zone can be told later.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from qa.core.errors import Fault
from qa.organizations.queries import own_words, redacted_kinds
from qa.tenancy.base import Actor
from transcripts.formats import (
    CanonicalInteraction,
    CanonicalTurn,
    LineError,
    Pushed,
    validate,
)
from transcripts.names_model import redact_each
from transcripts.redaction.marks import MARK
from transcripts.rows import content_hash

CLOCK: Final = ZoneInfo("UTC")  # read in it, a time without a zone is what its clock showed
BESIDE: Final = ZoneInfo("Etc/GMT-1")  # and in this one it is an hour earlier
APART: Final = timedelta(hours=1)
_MAIL_IN_MAIL: Final = ("quoted", "forwards")  # told apart by addresses, which are redacted


class FileNeededError(Exception):
    """An answer that what is kept can't take: the file itself is asked for, for this reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Zoneless:
    """Which times of an interaction had no zone: its start, and those of turns by index."""

    start: bool = False
    turns: tuple[int, ...] = ()


def redacted(
    interactions: Sequence[CanonicalInteraction], *, by: Actor, but: Collection[str] = ()
) -> list[tuple[CanonicalInteraction, dict[str, int]]]:
    """Redact as intake would, `but` for kinds that are left in."""
    kinds = [kind for kind in redacted_kinds(by) if kind not in but]
    return redact_each(list(interactions), kinds, own_words(by))


def to_json(
    pushed: Sequence[Pushed], speakers: Sequence[str], zoneless: Sequence[Zoneless], *, by: Actor
) -> list[dict[str, Any]]:
    """Write interactions out, redacted, each as settled and, where that differs, as stated."""
    settled = redacted([each.as_settled for each in pushed], by=by)
    stated = redacted([each.as_stated for each in pushed], by=by)
    numbers = {label: number for number, label in enumerate(speakers)}
    return [
        {
            "settled": clean.to_dict(),
            "stated": None if before == clean else before.to_dict(),
            "redacted": dict(Counter(each.redacted) + Counter(counts)),
            "content_hash": each.content_hash,
            "voices": [_voice(turn, numbers) for turn in each.as_settled.turns],
            "start_zoneless": none.start,
            "turns_zoneless": list(none.turns),
        }
        for each, (clean, counts), (before, _), none in zip(
            pushed, settled, stated, zoneless, strict=True
        )
    ]


def from_json(kept: Mapping[str, Any], zone: str | None) -> Pushed:
    """Read an interaction back, its times in the zone that was told."""
    none = Zoneless(kept["start_zoneless"], tuple(kept["turns_zoneless"]))
    settled = _in_zone(validate(kept["settled"]), none, zone)
    stated = _in_zone(validate(kept["stated"]), none, zone) if kept["stated"] else settled
    return Pushed(stated, settled, kept["redacted"], kept["content_hash"])


def with_pieces_apart(pushed: Pushed, *, by: Actor) -> Pushed:
    """Take out of the pieces of a text what each may be the answer to, whoever turns out to speak.

    Which interaction it is stays what the text alone says.
    """
    turns = pushed.as_stated.turns
    apart = tuple(replace(turn, speaker=str(at)) for at, turn in enumerate(turns))
    (clean, counts), (plain, _) = redacted(
        [replace(pushed.as_stated, turns=apart), pushed.as_stated], by=by
    )
    cut = tuple(replace(turn, speaker=None) for turn in clean.turns)
    return replace(
        pushed,
        as_stated=replace(pushed.as_stated, turns=cut),
        as_settled=replace(pushed.as_settled, turns=cut),
        redacted=counts,
        content_hash=content_hash(plain),
    )


def marked(pushed: Pushed) -> Pushed:
    """Count the marks in a conversation that was redacted before it was read."""
    found = Counter(
        mark.strip("[]") for turn in pushed.as_settled.turns for mark in re.findall(MARK, turn.text)
    )
    return replace(pushed, redacted=found)


def with_roles(pushed: Pushed, voices: Sequence[int | None], roles: Sequence[str]) -> Pushed:
    """Give turns whose speaker has no role the one that was told, by the speaker's number."""
    turns = tuple(
        replace(turn, role=roles[voice]) if voice is not None and turn.role == "unknown" else turn
        for turn, voice in zip(pushed.as_settled.turns, voices, strict=True)
    )
    return replace(pushed, as_settled=replace(pushed.as_settled, turns=turns))


def errors_to_json(errors: Iterable[LineError]) -> list[list[Any]]:
    """Write out what could not be read."""
    return [[one.line, [[fault.path, fault.message] for fault in one.faults]] for one in errors]


def errors_from_json(kept: Iterable[Sequence[Any]]) -> tuple[LineError, ...]:
    """Read back what could not be read."""
    return tuple(
        LineError(line, tuple(Fault(path, message) for path, message in faults))
        for line, faults in kept
    )


def zoneless_of(pushed: Sequence[Pushed], beside: Sequence[Pushed]) -> list[Zoneless]:
    """Find the times that a zone moves, by reading a file in two zones an hour apart.

    FileNeededError where a zone changes anything else.
    """
    if len(pushed) != len(beside):
        raise FileNeededError("zone")
    found = []
    for one, other in zip(pushed, beside, strict=True):
        none = _zoneless(one.as_settled, other.as_settled)
        if none.turns and len(one.as_stated.turns) != len(one.as_settled.turns):
            raise FileNeededError("zone")
        found.append(none)
    return found


def refuse_mail_in_mail(interactions: Iterable[CanonicalInteraction]) -> None:
    """FileNeededError where roles decide whose words stand inside a mail."""
    if any(key in each.metadata for each in interactions for key in _MAIL_IN_MAIL):
        raise FileNeededError("mail")


def _voice(turn: CanonicalTurn, numbers: Mapping[str, int]) -> int | None:
    return numbers.get((turn.speaker or "").strip()) if turn.role == "unknown" else None


def _zoneless(one: CanonicalInteraction, other: CanonicalInteraction) -> Zoneless:
    if len(one.turns) != len(other.turns):
        raise FileNeededError("zone")
    turns = tuple(
        at
        for at, (turn, moved) in enumerate(zip(one.turns, other.turns, strict=True))
        if _moved(turn.sent_at, moved.sent_at)
    )
    start = _moved(one.started_at, other.started_at)
    if _without_times(one) != _without_times(other):
        raise FileNeededError("zone")
    return Zoneless(start, turns)


def _moved(moment: datetime | None, beside: datetime | None) -> bool:
    if moment == beside:
        return False
    if moment is None or beside is None or moment - beside != APART:
        raise FileNeededError("zone")
    return True


def _without_times(interaction: CanonicalInteraction) -> CanonicalInteraction:
    turns = tuple(replace(turn, sent_at=None) for turn in interaction.turns)
    return replace(interaction, started_at=None, turns=turns)


def _in_zone(
    interaction: CanonicalInteraction, none: Zoneless, zone: str | None
) -> CanonicalInteraction:
    """Put the times that had no zone into this one; the clocks may not change in between."""
    if not none.start and not none.turns:
        return interaction
    if zone is None:
        return _untimed(interaction, none)
    there = ZoneInfo(zone)
    shown = [interaction.started_at] if none.start else []
    shown += [interaction.turns[at].sent_at for at in none.turns]
    offsets = {moment.replace(tzinfo=there).utcoffset() for moment in shown if moment}
    if len(offsets) > 1:
        raise FileNeededError("clocks")
    turns = list(interaction.turns)
    for at in none.turns:
        turns[at] = replace(turns[at], sent_at=_told(turns[at].sent_at, there))
    start = interaction.started_at
    return replace(
        interaction, turns=tuple(turns), started_at=_told(start, there) if none.start else start
    )


def _told(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    return moment.replace(tzinfo=zone).astimezone(UTC) if moment else None


def _untimed(interaction: CanonicalInteraction, none: Zoneless) -> CanonicalInteraction:
    """Leave out times that nobody has told the zone of, to show what was said."""
    turns = list(interaction.turns)
    for at in none.turns:
        turns[at] = replace(turns[at], sent_at=None)
    return replace(
        interaction,
        turns=tuple(turns),
        started_at=None if none.start else interaction.started_at,
    )
