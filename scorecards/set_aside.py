"""What of a conversation is shown and not scored, turn by turn, in words for people.

Pure. The readers of mail tell of it in the interaction's metadata (`quoted`, `quoted_turns`,
`set_aside`); signatures and the like stand in the turns, where the engine leaves them out too.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from scorecards.boilerplate import BANNER, SIGNATURE, SMALL_PRINT, SURVEY, asides, closings

QUOTED: Final = gettext_lazy("quoted e-mail")
FOUND: Final = "found"  # not said of a turn by itself: see `title`
HIDDEN: Final = gettext_lazy("hidden text")
AUTOMATIC: Final = gettext_lazy("automatic reply")
CLOSING: Final = gettext_lazy("recurring closing lines")
_WORDS: Final = {
    BANNER: gettext_lazy("mail system warning"),
    SIGNATURE: gettext_lazy("signature"),
    SMALL_PRINT: gettext_lazy("small print"),
    SURVEY: gettext_lazy("survey"),
    "hidden": HIDDEN,
}


@dataclass(frozen=True, slots=True)
class SetAside:
    """One thing that was not scored; `text` holds words that the turn itself does not show."""

    what: str
    text: str = ""

    @property
    def title(self) -> str:
        """What people read above it, or instead of it."""
        if self.what == FOUND:
            return _("Taken from a quote in a later e-mail")
        return _("Not scored: %(what)s") % {"what": self.what}


def set_aside(
    turns: Sequence[Mapping[str, Any]], metadata: Mapping[str, Any], channel: str = ""
) -> dict[int, tuple[SetAside, ...]]:
    """What was set aside, by the turn's index; only those turns where something was."""
    found: dict[int, list[SetAside]] = {}
    for index, one in (*_of_metadata(metadata), *_of_turns(turns, channel)):
        if 0 <= index < len(turns):
            found.setdefault(index, []).append(one)
    return {index: tuple(dict.fromkeys(each)) for index, each in found.items()}


def in_words(found: Mapping[int, Sequence[SetAside]]) -> list[str]:
    """Each kind once: "quoted e-mail (2 turns)", "signature"."""
    counts: dict[str, int] = {}
    for each in found.values():
        for what in dict.fromkeys(one.what for one in each if one.what != FOUND):
            counts[what] = counts.get(what, 0) + 1
    return [what if count == 1 else _in_turns(what, count) for what, count in counts.items()]


def _in_turns(what: str, count: int) -> str:
    said = ngettext("%(what)s (%(n)s turn)", "%(what)s (%(n)s turns)", count)
    return said % {"what": what, "n": count}


def _of_metadata(metadata: Mapping[str, Any]) -> Iterator[tuple[int, SetAside]]:
    quoted_turns = metadata.get("quoted_turns")
    for index in quoted_turns if isinstance(quoted_turns, list) else ():
        if isinstance(index, int):
            yield index, SetAside(FOUND)
    for key in ("quoted", "set_aside"):
        entries = metadata.get(key)
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict) and isinstance(entry.get("turn"), int):
                what = str(QUOTED if key == "quoted" else _WORDS.get(str(entry.get("kind")), ""))
                if what:
                    yield entry["turn"], SetAside(what, str(entry.get("text") or ""))


def _of_turns(turns: Sequence[Mapping[str, Any]], channel: str) -> Iterator[tuple[int, SetAside]]:
    ends: dict[int, int] = {}
    for places in _by_agent(turns).values():
        if len(places) > 1:
            ends |= zip(places, closings([turns[at]["text"] for at in places]), strict=True)
    for index, turn in enumerate(turns):
        text = turn["text"]
        end = ends.get(index, len(text))
        for aside in asides(text[:end], turn["role"]):
            yield index, SetAside(str(_WORDS[aside.kind]))
        if end < len(text):
            yield index, SetAside(str(CLOSING))
        if channel == "email" and turn["role"] == "bot":
            yield index, SetAside(str(AUTOMATIC))


def _by_agent(turns: Sequence[Mapping[str, Any]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for index, turn in enumerate(turns):
        if turn["role"] == "agent":
            found.setdefault(turn.get("speaker") or "", []).append(index)
    return found
