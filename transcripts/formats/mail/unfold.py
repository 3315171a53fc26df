"""Whose words stand in a mail, once it is known who of its people are agents.

An agent's reply often comes alone, with the customer's mail quoted below it: that mail is the turn
before, if none of the conversation has its words. A mail that one side forwards to the other is
the turn of whoever wrote it. Both are dated as the mail says, and named in `metadata`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from transcripts.formats.chats.messages import note_by
from transcripts.formats.mail.addresses import address_of
from transcripts.formats.mail.quoted import read_forward, read_quoted
from transcripts.formats.model import CanonicalInteraction, CanonicalTurn, Json

SHINGLE: Final = 4  # words in a row by which texts are compared
KNOWN: Final = 0.5  # share of them that another turn has where it is the same mail
MOST: Final = 0.8  # share of another turn's words, where that is not very short
FEW: Final = 3
MINUTE: Final = 60  # seconds
FORWARDED: Final = "Fwd: "

IsOurs = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class _Found:
    """A turn that stands inside another one, and what is left of that one."""

    turn: CanonicalTurn
    left: CanonicalTurn | None
    rest: str  # what the found mail quotes itself


def unfold(interaction: CanonicalInteraction, is_ours: IsOurs) -> CanonicalInteraction:
    """The interaction with the turns that were hidden in others; unchanged where there are none."""
    found: dict[int, _Found] = {}
    for entry in _entries(interaction, "quoted"):
        place = entry["turn"]
        if interaction.turns[place].role == "agent" and isinstance(entry.get("text"), str):
            one = None if place in found else _quoted(interaction, entry, is_ours)
            found |= {place: one} if one else {}
    for entry in _entries(interaction, "forwards"):
        one = _forwarded(interaction, entry, is_ours)
        found |= {entry["turn"]: one} if one else {}
    return _with(interaction, found) if found else interaction


def writer_of(interaction: CanonicalInteraction, is_ours: IsOurs) -> str:
    """The role of who wrote the only turn under no name: whoever it quotes is the other side.

    Nothing where the quoted mail gives no address.
    """
    entries = _entries(interaction, "quoted")
    turns = interaction.turns
    if len(turns) != 1 or turns[0].speaker or turns[0].role != "unknown" or not entries:
        return ""
    by = read_quoted(str(entries[0].get("text") or "")).by
    if not address_of(by):
        return ""
    return "customer" if is_ours(by) else "agent"


def _quoted(
    interaction: CanonicalInteraction, entry: dict[str, Any], is_ours: IsOurs
) -> _Found | None:
    """The customer's mail that an agent's reply quotes, where no turn has it."""
    place = entry["turn"]
    mail = read_quoted(entry["text"])
    by = _known_person(mail.by, interaction, is_ours)
    if mail.by and not by:
        return None
    if not _words(mail.text) or (by and is_ours(by)) or _role_of(by, interaction) == "unknown":
        return None
    sent = _moment(entry.get("sent_at"))
    turn = CanonicalTurn("customer", mail.text, speaker=by or None, sent_at=sent)
    if _is_known(turn, interaction, place):
        return None
    return _Found(turn, interaction.turns[place], mail.rest)


def _forwarded(
    interaction: CanonicalInteraction, entry: dict[str, Any], is_ours: IsOurs
) -> _Found | None:
    """The mail that one of ours forwards, or that somebody forwards of ours."""
    turn = interaction.turns[entry["turn"]]
    found = read_forward(turn.text, FORWARDED)
    if found is None or turn.role not in ("agent", "customer", "unknown"):
        return None
    by, ours = found.mail.by, is_ours(found.mail.by)
    if ours == (turn.role == "agent") or _same(by, turn.speaker or ""):
        return None
    role = "agent" if ours else _role_of(by, interaction)
    sent = _moment(entry.get("sent_at"))
    inner = CanonicalTurn(role, found.mail.text, speaker=by, sent_at=sent)
    if _is_known(inner, interaction, entry["turn"]):
        return None
    left = _note(turn, found.note, entry.get("to"), is_ours)
    return _Found(inner, left, found.mail.rest)


def _note(turn: CanonicalTurn, words: str, to: Any, is_ours: IsOurs) -> CanonicalTurn | None:
    """What stands above a forwarded mail; if it is for colleagues alone, it is a note of theirs."""
    if not _words(words):
        return None
    named = [person for person in to if isinstance(person, str)] if isinstance(to, list) else []
    if turn.role == "agent" and named and all(map(is_ours, named)):
        return replace(turn, role="system", speaker=note_by(turn.speaker or ""), text=words)
    return replace(turn, text=words)


def _with(interaction: CanonicalInteraction, found: dict[int, _Found]) -> CanonicalInteraction:
    """The turns with those found before the ones they stood in, and metadata that names them."""
    turns: list[CanonicalTurn] = []
    moved: dict[int, int] = {}
    inside: list[Json] = []
    for place, turn in enumerate(interaction.turns):
        one = found.get(place)
        if one is None:
            moved[place] = len(turns)
            turns.append(turn)
            continue
        inside.append(len(turns))
        turns.append(one.turn)
        moved[place] = len(turns) if one.left else len(turns) - 1
        turns += [one.left] if one.left else []
    metadata = {**interaction.metadata}
    for key in ("quoted", "attachments", "set_aside", "forwards"):
        if key in metadata:
            metadata[key] = [_moved(entry, moved) for entry in _listed(metadata[key])]
    for key in ("quoted", "forwards"):
        there = _listed(metadata.get(key))
        metadata[key] = [entry for entry in there if not _is_of(entry, found, moved)]
    rests: list[Json] = [
        {"turn": moved[place] - bool(one.left), "text": one.rest}
        for place, one in found.items()
        if one.rest
    ]
    metadata |= {"quoted": [*_listed(metadata["quoted"]), *rests], "quoted_turns": inside}
    kept: dict[str, Json] = {key: value for key, value in metadata.items() if value}
    dated = [turn.sent_at for turn in turns if turn.sent_at] + [interaction.started_at]
    started = min((moment for moment in dated if moment), default=None)
    return replace(interaction, turns=tuple(turns), metadata=kept, started_at=started)


def _is_of(entry: Json, found: dict[int, _Found], moved: dict[int, int]) -> bool:
    """True if what an entry holds is a turn now."""
    places = {moved[place] for place in found}
    return isinstance(entry, dict) and entry.get("turn") in places


def _moved(entry: Json, moved: dict[int, int]) -> Json:
    place = entry.get("turn") if isinstance(entry, dict) else None
    if not isinstance(entry, dict) or not isinstance(place, int):
        return entry
    return {**entry, "turn": moved.get(place, place)}


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _entries(interaction: CanonicalInteraction, key: str) -> list[dict[str, Any]]:
    """What metadata holds of single turns, as the readers of mail write it."""
    return [
        entry
        for entry in _listed(interaction.metadata.get(key))
        if isinstance(entry, dict)
        and isinstance(entry.get("turn"), int)
        and 0 <= entry["turn"] < len(interaction.turns)  # type: ignore[operator]
    ]


def _moment(value: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(value)).astimezone(UTC) if value else None
    except (ValueError, OverflowError):
        return None


def _known_person(by: str, interaction: CanonicalInteraction, is_ours: IsOurs) -> str:
    """The author as the conversation names them; nothing where a bare name is nobody's here.

    A colleague who is quoted without an address must not be taken for the customer.
    """
    other = _other_side(interaction, is_ours)
    if not by or address_of(by):
        return by or other
    people = _listed(interaction.metadata.get("participants"))
    names = [str(one) for one in people] + [turn.speaker or "" for turn in interaction.turns]
    names += [interaction.customer.name or ""] if interaction.customer else []
    same = next((name for name in names if _same(name, by)), "")
    if same or (other and not _name(other).replace(address_of(other), "")):
        return same or by
    return by if not any(names) else ""


def _other_side(interaction: CanonicalInteraction, is_ours: IsOurs) -> str:
    """The one person beside ours, where a quote names nobody."""
    people = interaction.metadata.get("participants")
    named = [str(person) for person in people] if isinstance(people, list) else []
    others = [person for person in named if not is_ours(person)]
    speakers = [turn.speaker or "" for turn in interaction.turns if turn.role == "customer"]
    customer = interaction.customer.name if interaction.customer else None
    found = dict.fromkeys(filter(None, [*others, *speakers, *([customer] if customer else [])]))
    return next(iter(found)) if len(found) == 1 else ""


def _role_of(by: str, interaction: CanonicalInteraction) -> str:
    """The customer's, unless another customer speaks here."""
    others = {turn.speaker for turn in interaction.turns if turn.role == "customer"}
    return (
        "customer" if not others or any(_same(by, other or "") for other in others) else "unknown"
    )


def _same(one: str, other: str) -> bool:
    address = address_of(one)
    if address and address == address_of(other):
        return True
    name, second = (_name(label) for label in (one, other))
    return bool(name) and name == second


def _name(label: str) -> str:
    return " ".join(label.partition("<")[0].casefold().split())


def _is_known(turn: CanonicalTurn, interaction: CanonicalInteraction, place: int) -> bool:
    """True if another turn is this mail: has most of its words, or the other way round.

    So is one of the same person at the same minute, however the words were changed meanwhile.
    """
    said = set(_shingles(turn.text))
    for at, other in enumerate(interaction.turns):
        if at == place:
            continue
        there = set(_shingles(other.text))
        both = len(said & there)
        if both >= KNOWN * len(said) or (len(there) > FEW and both >= MOST * len(there)):
            return True
        apart = (turn.sent_at - other.sent_at) if turn.sent_at and other.sent_at else None
        same_time = apart is not None and abs(apart.total_seconds()) < MINUTE
        if same_time and _same(turn.speaker or "", other.speaker or ""):
            return True
    return False


def _shingles(text: str) -> Iterator[tuple[str, ...]]:
    words = _words(text)
    for at in range(max(1, len(words) - SHINGLE + 1)):
        yield tuple(words[at : at + SHINGLE])


def _words(text: str) -> list[str]:
    return "".join(sign if sign.isalnum() else " " for sign in text.casefold()).split()
