"""IETF vCon, plain or signed: text dialogs are turns, recordings speak through their transcripts.

Every version of the draft is read. Encrypted ones are refused; sound is never looked at; where
several analyses transcribe one dialog, one of them is taken.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from qa.core.texts import gettext as _
from qa.core.texts import gettext_noop
from transcripts.formats.attribution import with_agents
from transcripts.formats.chats import messages as chat
from transcripts.formats.chats.messages import ChatLog, WordlessError
from transcripts.formats.conversations.vcon_bodies import is_mail, media_type, opened, words_of
from transcripts.formats.conversations.vcon_compact import compact
from transcripts.formats.conversations.vcon_parties import Party, read_parties, speaker_of
from transcripts.formats.conversations.vcon_transcripts import Transcript, transcripts
from transcripts.formats.format import Format, Likeness
from transcripts.formats.json_values import mapping, text
from transcripts.formats.model import (
    Agent,
    CanonicalInteraction,
    CanonicalTurn,
    Customer,
    Parsed,
)
from transcripts.formats.source import Source
from transcripts.formats.speech import talk
from transcripts.formats.stamps import Stamp

NAME: Final = "vcon"
_SIGNED: Final = ("payload", "signatures"), ("payload", "protected", "signature")
_SOUND: Final = ("recording", "video", "audio")


@dataclass(frozen=True, slots=True)
class _Piece:
    """The turns of one dialog and what is known of it."""

    turns: tuple[CanonicalTurn, ...]
    channel: str
    stamp: Stamp
    duration_s: float | None = None
    language: str | None = None


def recognise(source: Source) -> Likeness | None:
    if compact(source):
        return Likeness(
            0.95, gettext_noop("three base64url parts, as vCons in a compact signature have")
        )
    for vcon in chat.first_objects(chat.document_of(source)):
        if any(all(key in vcon for key in keys) for keys in _SIGNED):
            return Likeness(0.9, gettext_noop("JSON of a signed payload, as signed vCons are"))
        if "ciphertext" in vcon and ("recipients" in vcon or "protected" in vcon):
            return Likeness(0.9, gettext_noop("JSON with ciphertext, as encrypted vCons are"))
        marked = any(key in vcon for key in ("vcon", "dialog", "analysis", "uuid"))
        if isinstance(vcon.get("parties"), list) and marked:
            return Likeness(0.95, gettext_noop("JSON with parties and dialog, as vCons have"))
        if "vcon" in vcon and ("uuid" in vcon or "dialog" in vcon):
            return Likeness(0.9, gettext_noop("JSON with the keys vcon and uuid"))
    return None


def parse(source: Source) -> Parsed:
    reading = ChatLog(source)
    signed = compact(source)
    records = ((None, vcon) for vcon in signed) if signed else chat.records_of(source)
    return chat.gathered(NAME, reading, records, lambda vcon: _read(vcon, reading))


def _read(value: Any, reading: ChatLog) -> CanonicalInteraction:
    vcon = opened(value, reading)
    parties = read_parties(vcon.get("parties"))
    pieces = _pieces(vcon, parties, reading)
    if not pieces:
        raise WordlessError(_why_wordless(vcon))
    stamps = chat.settled([piece.stamp for piece in pieces], reading)
    ordered = _ordered(pieces, stamps)
    moments = [stamp.moment for stamp in stamps if stamp.moment and not stamp.naive]
    lengths = [piece.duration_s for piece in pieces if piece.duration_s is not None]
    found = CanonicalInteraction(
        channel=_channel(pieces, reading),
        turns=ordered,
        external_id=chat.name_of(vcon.get("uuid")) or None,
        source=NAME,
        started_at=min(moments, default=None),
        duration_s=lengths[0] if len(pieces) == 1 and lengths else None,
        language=next((piece.language for piece in pieces if piece.language), None),
        subject=chat.name_of(vcon.get("subject")) or None,
        agent=_agent(parties),
        customer=_customer(parties),
    )
    return with_agents(found, _agents(parties))


def _pieces(vcon: dict[str, Any], parties: Sequence[Party], reading: ChatLog) -> list[_Piece]:
    """What was said in each dialog; a transcript of no dialog stands for the whole."""
    dialogs = [mapping(dialog) for dialog in _listed(vcon.get("dialog"))]
    stamps = [chat.stamp_of(dialog.get("start")) for dialog in dialogs]
    starts = [stamp.moment.timestamp() if stamp.moment else None for stamp in stamps]
    found = transcripts(vcon, parties, starts)
    pieces: list[_Piece] = []
    for index, dialog in enumerate(dialogs):
        piece = _piece(index, dialog, found, parties, reading)
        if piece is not None:
            pieces.append(piece)
    if not pieces and found:
        channel = reading.source.channel or "call"
        first = min(found[0].dialogs, default=0)
        place = first if first < len(dialogs) else 0
        stamp, length = (stamps[place], _length(dialogs)) if dialogs else (Stamp(), None)
        pieces.append(_of_sound(found[0], channel, stamp, length))
    return pieces


def _length(dialogs: Sequence[dict[str, Any]]) -> float | None:
    """How long the only dialog took; of several, pauses between them are not known."""
    return talk.length(dialogs[0].get("duration")) if len(dialogs) == 1 else None


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if isinstance(value, dict) else []


def _piece(
    index: int,
    dialog: dict[str, Any],
    found: Sequence[Transcript],
    parties: Sequence[Party],
    reading: ChatLog,
) -> _Piece | None:
    kind = text(dialog.get("type")).casefold()
    stamp = chat.stamp_of(dialog.get("start"))
    if kind in _SOUND:
        ours = next((transcript for transcript in found if index in transcript.dialogs), None)
        if ours is None and found and not any(transcript.dialogs for transcript in found):
            ours = found[0] if index == 0 else None
        if ours is None or min(ours.dialogs, default=index) != index:
            return None
        seen = kind == "video" or media_type(dialog).casefold().startswith("video/")
        length = talk.length(dialog.get("duration"))
        return _of_sound(ours, "video" if seen else "call", stamp, length)
    said = words_of(dialog, reading) if kind == "text" else ""
    if not said:
        return None
    who = speaker_of(dialog, parties)
    role = who.role if who.role != "unknown" else ""
    turn = talk.turn(said, speaker=who.name, role=role)
    return _Piece((turn,), "email" if is_mail(dialog) else "chat", stamp)


def _of_sound(found: Transcript, channel: str, stamp: Stamp, length: float | None) -> _Piece:
    duration = length or found.duration_s
    return _Piece(found.turns, channel, stamp, duration, found.language)


def _ordered(pieces: Sequence[_Piece], stamps: Sequence[Stamp]) -> tuple[CanonicalTurn, ...]:
    """The turns by the start of their dialogs; words written in one bear its time."""
    keys: list[float] = []
    for stamp in stamps:
        known = stamp.sort_key
        keys.append(known if known is not None else keys[-1] if keys else float("-inf"))
    origin = min((key for key in keys if key != float("-inf")), default=0.0)
    turns: list[CanonicalTurn] = []
    for index in sorted(range(len(pieces)), key=keys.__getitem__):
        turns += _timed(pieces[index], stamps[index], origin, alone=len(pieces) == 1)
    return tuple(turns)


def _timed(piece: _Piece, stamp: Stamp, origin: float, *, alone: bool) -> list[CanonicalTurn]:
    if piece.channel in ("call", "video"):
        key = stamp.sort_key
        later = 0.0 if alone or key is None else key - origin
        return [_later(turn, later) for turn in piece.turns]
    if stamp.moment and not stamp.naive:
        return [replace(turn, sent_at=stamp.moment) for turn in piece.turns]
    if stamp.sort_key is None:
        return list(piece.turns)
    started = round(stamp.sort_key - origin, 3)
    return [replace(turn, started_s=started) for turn in piece.turns]


def _later(turn: CanonicalTurn, by: float) -> CanonicalTurn:
    """A turn of a recording that began so many seconds after the conversation."""
    started, ended = (
        None if at is None else round(at + by, 3) for at in (turn.started_s, turn.ended_s)
    )
    return replace(turn, started_s=started, ended_s=ended)


def _channel(pieces: Sequence[_Piece], reading: ChatLog) -> str:
    """The channel of the first recording, else of the mails, else a chat."""
    found = [piece.channel for piece in pieces]
    spoken = [kind for kind in found if kind in ("call", "video")]
    if spoken:
        return spoken[0]
    if "email" in found:
        return "email"
    return reading.source.channel or "chat"


def _agent(parties: Sequence[Party]) -> Agent | None:
    return chat.sole_agent(_agents(parties))


def _agents(parties: Sequence[Party]) -> list[tuple[str, str]]:
    """Ids and names."""
    return [(party.identity, party.name) for party in parties if party.role == "agent"]


def _customer(parties: Sequence[Party]) -> Customer | None:
    found = [party for party in parties if party.role == "customer"]
    if len(found) != 1:
        return None
    return Customer(found[0].identity or None, found[0].name or None)


def _why_wordless(vcon: dict[str, Any]) -> str:
    kinds = {text(mapping(dialog).get("type")) for dialog in _listed(vcon.get("dialog"))}
    if kinds & set(_SOUND):
        return _("holds a recording without a transcript, so there is nothing to import")
    if not kinds and (mapping(vcon.get("redacted")) or mapping(vcon.get("amended"))):
        return _("only points to another vCon, so there is nothing to import")
    return _("holds no words, so there is nothing to import")


FORMAT: Final = Format(
    name=NAME,
    title="vCon",
    extensions=("vcon",),
    recognise=recognise,
    parse=parse,
)
