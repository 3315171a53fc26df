"""Canonical JSON, checked against the outer contract.

Every fault is gathered with the path of its field, so that a caller can mend all of them at once.
All importers pass through here too: what is stored has been checked by one and the same code.
"""

import json
import math
import re
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from typing import Any, Final, TypeGuard, TypeVar

from qa.core.texts import gettext as _
from qa.core.texts import grouped
from transcripts.formats.errors import FormatError, shortened, with_plain_breaks
from transcripts.formats.faults import Faults, kind_of, not_of
from transcripts.formats.model import (
    CHANNELS,
    ROLES,
    Agent,
    CanonicalInteraction,
    CanonicalTurn,
    Customer,
    Json,
    SpeakingAgent,
)

MAX_TURNS: Final = 20_000
MAX_TEXT: Final = 100_000  # characters in one turn
MAX_NAME: Final = 200  # characters in an id, a source or a name
MAX_SUBJECT: Final = 1_000
MAX_LANGUAGE: Final = 35
MAX_SECONDS: Final = 1e9
MAX_AGENTS: Final = 100  # in one interaction, and labels of each
MAX_METADATA: Final = 64 * 1024  # bytes of JSON
MAX_DEPTH: Final = 8
MAX_BITS: Final = 4096  # of an integer in metadata

INTERACTION_KEYS: Final = (
    "external_id",
    "source",
    "channel",
    "started_at",
    "duration_s",
    "language",
    "subject",
    "agent",
    "agents",
    "customer",
    "metadata",
    "turns",
)
TURN_KEYS: Final = ("role", "speaker", "text", "started_s", "ended_s", "sent_at")
_QUICK_KEYS: Final = frozenset(TURN_KEYS) - {"sent_at"}
AGENT_KEYS: Final = ("external_id", "name", "team")
CUSTOMER_KEYS: Final = ("external_id", "name")
Part = TypeVar("Part", Agent, Customer)
_written: Final = json.JSONEncoder(ensure_ascii=False).encode
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8})*")


def validate(obj: object) -> CanonicalInteraction:
    """Turn one decoded JSON object into an interaction.

    Raises FormatError whose `faults` name every field at fault.
    """
    faults = Faults()
    interaction = _interaction(obj, faults)
    if faults.found or interaction is None:
        raise FormatError(faults=faults.found)
    return interaction


def _interaction(obj: object, faults: Faults) -> CanonicalInteraction | None:
    if not isinstance(obj, Mapping):
        faults.add("", not_of(_("must be a JSON object, not %(kind)s"), obj))
        return None
    _unknown_keys(obj, INTERACTION_KEYS, "", faults)
    channel = _choice(obj, "channel", CHANNELS, "", faults)
    turns = _turns(obj, faults)
    read = _Reader(obj, "", faults)
    return CanonicalInteraction(
        external_id=read.text("external_id", MAX_NAME),
        source=read.text("source", MAX_NAME),
        channel=channel,
        started_at=read.moment("started_at"),
        duration_s=read.seconds("duration_s"),
        language=_language(read),
        subject=read.text("subject", MAX_SUBJECT),
        agent=_part(obj, "agent", AGENT_KEYS, Agent, faults),
        customer=_part(obj, "customer", CUSTOMER_KEYS, Customer, faults),
        metadata=_metadata(obj.get("metadata"), faults),
        agents=_agents(obj.get("agents"), faults),
        turns=turns,
    )


def _turns(obj: Mapping[Any, object], faults: Faults) -> tuple[CanonicalTurn, ...]:
    turns = obj.get("turns")
    if "turns" not in obj:
        faults.add("turns", _("is missing; expected a list of at least one turn"))
    elif not isinstance(turns, list):
        faults.add("turns", not_of(_("must be a list of turns, not %(kind)s"), turns))
    elif not turns:
        faults.add("turns", _("is empty; expected at least one turn"))
    elif len(turns) > MAX_TURNS:
        message = _("has %(n)s turns; at most %(most)s are taken")
        faults.add("turns", message % {"n": grouped(len(turns)), "most": grouped(MAX_TURNS)})
    else:
        return tuple(
            _faultless_turn(turn) or _turn(turn, f"turns[{index}]", faults)
            for index, turn in enumerate(turns)
        )
    return ()


def _faultless_turn(obj: Any) -> CanonicalTurn | None:
    """A turn as nearly all are, read at once; None where `_turn` has to look closer."""
    if type(obj) is not dict or not obj.keys() <= _QUICK_KEYS:
        return None
    role, text, speaker = obj.get("role"), obj.get("text"), obj.get("speaker")
    started_s, ended_s = obj.get("started_s"), obj.get("ended_s")
    if role not in ROLES or not _is_plain(text, MAX_TEXT):
        return None
    if speaker is not None and not _is_plain(speaker, MAX_NAME):
        return None
    if started_s is None and ended_s is None:
        return CanonicalTurn(role, with_plain_breaks(text), speaker)
    if type(started_s) is not float or type(ended_s) is not float:
        return None
    if not 0 <= started_s <= ended_s <= MAX_SECONDS:
        return None
    return CanonicalTurn(role, with_plain_breaks(text), speaker, started_s, ended_s)


def _is_plain(value: Any, limit: int) -> TypeGuard[str]:
    """Whether a value is text of the right length, not blank and with nothing unfit in it."""
    return (
        type(value) is str
        and len(value) <= limit
        and "\x00" not in value
        and (value.isascii() or unfit_character(value) is None)
        and value.strip() != ""
    )


def _turn(obj: object, path: str, faults: Faults) -> CanonicalTurn:
    if not isinstance(obj, Mapping):
        faults.add(path, not_of(_("must be an object, not %(kind)s"), obj))
        return CanonicalTurn("unknown", "")
    prefix = f"{path}."
    _unknown_keys(obj, TURN_KEYS, prefix, faults)
    read = _Reader(obj, prefix, faults)
    started_s, ended_s = read.seconds("started_s"), read.seconds("ended_s")
    if started_s is not None and ended_s is not None and ended_s < started_s:
        faults.add(f"{prefix}ended_s", _("is before started_s"))
    return CanonicalTurn(
        role=_choice(obj, "role", ROLES, prefix, faults),
        speaker=read.text("speaker", MAX_NAME),
        text=_spoken(obj, read),
        started_s=started_s,
        ended_s=ended_s,
        sent_at=read.moment("sent_at"),
    )


def _spoken(obj: Mapping[Any, object], read: "_Reader") -> str:
    if obj.get("text") is None:
        read.fault("text", _("is missing") if "text" not in obj else _("must be text, not null"))
        return ""
    text = read.text("text", MAX_TEXT)
    if text is None and isinstance(obj["text"], str) and not obj["text"].strip():
        read.fault("text", _("is empty"))
    return with_plain_breaks(text or "")


class _Reader:
    """Reads optional fields of one object; a fault is noted with its path and reads as None."""

    def __init__(self, obj: Mapping[Any, object], prefix: str, faults: Faults) -> None:
        self._obj = obj
        self._prefix = prefix
        self._faults = faults

    def fault(self, key: str, message: str) -> None:
        self._faults.add(f"{self._prefix}{key}", message)

    def text(self, key: str, limit: int) -> str | None:
        """A string of at most `limit` characters; a blank one counts as absent."""
        value = self._obj.get(key)
        if value is None:
            return None
        if not isinstance(value, str):
            self.fault(key, not_of(_("must be text, not %(kind)s"), value))
        elif len(value) > limit:
            message = _("has %(n)s characters; at most %(most)s are taken")
            self.fault(key, message % {"n": grouped(len(value)), "most": grouped(limit)})
        elif unfit := unfit_character(value):
            self.fault(key, unfit)
        else:
            return value if value.strip() else None
        return None

    def seconds(self, key: str) -> float | None:
        value = self._obj.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.fault(key, not_of(_("must be a number of seconds, not %(kind)s"), value))
        elif not 0 <= value <= MAX_SECONDS:  # refuses NaN and the infinities too
            message = _("must be a number of seconds from 0 to %(most)s")
            self.fault(key, message % {"most": grouped(int(MAX_SECONDS))})
        else:
            return float(value)
        return None

    def moment(self, key: str) -> datetime | None:
        """An ISO 8601 time with its zone, as UTC."""
        value = self._obj.get(key)
        if value is None:
            return None
        if not isinstance(value, str):
            self.fault(key, not_of(_("must be text, not %(kind)s"), value))
            return None
        try:
            moment = datetime.fromisoformat(value)
            if moment.tzinfo is not None:
                return moment.astimezone(UTC)
            self.fault(key, _("has no time zone; expected one, as in 2026-11-02T10:15:00Z"))
        except (ValueError, OverflowError):
            self.fault(key, _("is not an ISO 8601 time such as 2026-11-02T10:15:00Z"))
        return None


def unfit_character(value: str) -> str | None:
    """Why the text can't be stored, or None: PostgreSQL refuses U+0000, UTF-8 lone surrogates."""
    if "\x00" in value:
        return _("contains the character U+0000, which cannot be stored")
    try:
        value.encode()
    except UnicodeEncodeError:
        return _("contains half a surrogate pair, which is not a character")
    return None


def _language(read: _Reader) -> str | None:
    value = read.text("language", MAX_LANGUAGE)
    if value is not None and not _LANGUAGE.fullmatch(value):
        read.fault("language", _("is not a language tag such as en or en-GB"))
        return None
    return value.replace("_", "-") if value else None


def _part(
    obj: Mapping[Any, object],
    key: str,
    keys: Collection[str],
    make: Callable[..., Part],
    faults: Faults,
) -> Part | None:
    value = obj.get(key)
    if value is None:
        return None
    if not isinstance(value, Mapping):
        faults.add(key, not_of(_("must be an object, not %(kind)s"), value))
        return None
    _unknown_keys(value, keys, f"{key}.", faults)
    read = _Reader(value, f"{key}.", faults)
    return make(**{name: read.text(name, MAX_NAME) for name in keys})


def _agents(value: object, faults: Faults) -> tuple[SpeakingAgent, ...]:
    listed = _listed(value, "agents", MAX_AGENTS, faults)
    agents = [_speaking_agent(one, f"agents[{index}]", faults) for index, one in enumerate(listed)]
    _labels_of_one(agents, faults)
    return tuple(agents)


def _speaking_agent(obj: object, path: str, faults: Faults) -> SpeakingAgent:
    if not isinstance(obj, Mapping):
        faults.add(path, not_of(_("must be an object, not %(kind)s"), obj))
        return SpeakingAgent(Agent())
    _unknown_keys(obj, (*AGENT_KEYS, "speakers"), f"{path}.", faults)
    read = _Reader(obj, f"{path}.", faults)
    before = len(faults.found)
    agent = Agent(**{name: read.text(name, MAX_NAME) for name in AGENT_KEYS})
    if not (agent.external_id or agent.name) and len(faults.found) == before:
        faults.add(path, _("names nobody; expected external_id or name"))
    labels = _listed(obj.get("speakers"), f"{path}.speakers", MAX_AGENTS, faults)
    told = _Reader({f"[{at}]": one for at, one in enumerate(labels)}, f"{path}.speakers", faults)
    kept = (told.text(f"[{at}]", MAX_NAME) for at in range(len(labels)))
    return SpeakingAgent(agent, tuple(label for label in kept if label))


def _listed(value: object, path: str, limit: int, faults: Faults) -> list[object]:
    if value is None:
        return []
    if not isinstance(value, list):
        faults.add(path, not_of(_("must be a list, not %(kind)s"), value))
    elif len(value) > limit:
        message = _("has %(n)s entries; at most %(most)s are taken")
        faults.add(path, message % {"n": grouped(len(value)), "most": limit})
    else:
        return value
    return []


def _labels_of_one(agents: list[SpeakingAgent], faults: Faults) -> None:
    """A label that two agents share would leave open whose turns they are."""
    owners: dict[str, int] = {}
    for index, each in enumerate(agents):
        for label in each.speakers:
            if owners.setdefault(label.strip().casefold(), index) != index:
                faults.add(
                    f"agents[{index}].speakers", _("has a label that also belongs to another agent")
                )


def _metadata(value: object, faults: Faults) -> dict[str, Json]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        faults.add("metadata", not_of(_("must be an object, not %(kind)s"), value))
        return {}
    before = len(faults.found)
    _free_value(value, "metadata", MAX_DEPTH, faults)
    if len(faults.found) > before:
        return {}
    size = len(_written(value).encode())
    if size > MAX_METADATA:
        message = _("has %(n)s bytes of JSON; at most %(most)s are taken")
        faults.add("metadata", message % {"n": grouped(size), "most": grouped(MAX_METADATA)})
    return value


def _free_value(value: object, path: str, depth: int, faults: Faults) -> None:
    """Check what a caller put in metadata; never deeper than `depth`, so recursion is bounded."""
    if not isinstance(value, dict | list):
        if unfit := _unfit_value(value):
            faults.add(path, unfit)
    elif depth == 0:
        faults.add(
            shortened(path), _("is nested deeper than %(most)s levels") % {"most": MAX_DEPTH}
        )
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            _free_value(inner, f"{path}[{index}]", depth - 1, faults)
    else:
        for key, inner in value.items():
            if not isinstance(key, str) or unfit_character(key):
                faults.add(path, _("has a key that is not storable text"))
            else:
                _free_value(inner, f"{path}.{shortened(key)}", depth - 1, faults)


def _unfit_value(value: object) -> str | None:
    """Why a value without parts can't be stored as JSON, or None."""
    if isinstance(value, str):
        return unfit_character(value)
    if isinstance(value, float):
        return None if math.isfinite(value) else _("must be a finite number")
    if isinstance(value, int):
        return _("is too large a number") if value.bit_length() > MAX_BITS else None
    return None if value is None else not_of(_("must be plain JSON, not %(kind)s"), value)


def _choice(
    obj: Mapping[Any, object], key: str, choices: Collection[str], prefix: str, faults: Faults
) -> str:
    value = obj.get(key)
    if isinstance(value, str) and value in choices:
        return value
    told = {"choices": ", ".join(choices)}
    if key not in obj:
        faults.add(f"{prefix}{key}", _("is missing; expected one of %(choices)s") % told)
    elif isinstance(value, str):
        faults.add(f"{prefix}{key}", _("is not known; expected one of %(choices)s") % told)
    else:
        message = _("must be text, not %(kind)s; expected one of %(choices)s")
        faults.add(f"{prefix}{key}", message % {**told, "kind": kind_of(value)})
    return ""


def _unknown_keys(
    obj: Mapping[Any, object], known: Collection[str], prefix: str, faults: Faults
) -> None:
    for key in obj:
        if key not in known:
            message = _("is not a known key; expected only %(keys)s") % {"keys": ", ".join(known)}
            faults.add(f"{prefix}{shortened(str(key))}", message)
