"""Words that an organization wants always taken out, and words that always stay.

They go before any rule looks, and what stays is out of the rules' sight until they are done: so
"Mr. Muscle" stays although a name stands behind a title, and whatever else is known of it.
"""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from qa.core.texts import gettext as _
from transcripts.formats.model import CanonicalInteraction, Json
from transcripts.redaction.marks import MARK

WORD: Final = "WORD"
MOST: Final = 500  # words of each list
LONGEST: Final = 80  # characters of a word
MOST_DIGITS: Final = 3  # of a word that stays: no card or account number hides in it
_HIDDEN: Final = 0xF0000  # the first of the private signs that stand for what stays
_SIGNS: Final = 0xFFFD
_LAST: Final = chr(_HIDDEN + _SIGNS)
_PRIVATE: Final = re.compile(f"[{chr(_HIDDEN)}-{_LAST}]")
_BLANKS: Final = re.compile(r"\s+")


@dataclass(frozen=True)
class OwnWords:
    """One organization's lists; words may be several, "Blue Heron House"."""

    removed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.removed or self.kept)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Whole words in any case, the longest first; a mark is read over."""
        each = [(word, "removed") for word in self.removed] + [(w, "kept") for w in self.kept]
        each.sort(key=lambda pair: -len(pair[0]))
        groups = "|".join(
            rf"(?P<{kind}{index}>{_spelt(word)})" for index, (word, kind) in enumerate(each)
        )
        return re.compile(rf"{MARK}|(?<!\w)(?:{groups})(?!\w)", re.IGNORECASE)


class Curtain:
    """Takes an organization's own words out of an interaction, and what stays out of sight."""

    def __init__(self, own: OwnWords) -> None:
        self._own = own
        self._hidden: list[str] = []
        self.removed = 0

    def hide(self, interaction: CanonicalInteraction) -> CanonicalInteraction:
        """The interaction as the rules are to read it."""
        return _changed(interaction, self._hide)

    def show(self, interaction: CanonicalInteraction) -> CanonicalInteraction:
        """The interaction with what stays in its place again."""
        return _changed(interaction, self._show) if self._hidden else interaction

    def _hide(self, text: str) -> str:
        if _PRIVATE.search(text):
            return text
        return self._own.pattern.sub(self._instead, text)

    def _instead(self, found: re.Match[str]) -> str:
        if found.lastgroup is None:
            return found[0]
        if found.lastgroup.startswith("removed"):
            self.removed += 1
            return f"[{WORD}]"
        if len(self._hidden) >= _SIGNS:
            return found[0]
        self._hidden.append(found[0])
        return chr(_HIDDEN + len(self._hidden) - 1)

    def _show(self, text: str) -> str:
        return _PRIVATE.sub(self._shown, text)

    def _shown(self, found: re.Match[str]) -> str:
        place = ord(found[0]) - _HIDDEN
        return self._hidden[place] if place < len(self._hidden) else found[0]


def plain(words: Iterable[str]) -> tuple[str, ...]:
    """Words as they are kept: blanks made one, each once whatever its case, in their order."""
    spaced = (_BLANKS.sub(" ", word).strip() for word in words)
    return tuple({word.casefold(): word for word in spaced if word}.values())


def fault_of(words: Collection[str], *, kept: bool) -> str | None:
    """What is wrong with a list, in words that say the way out; None if nothing is."""
    if len(words) > MOST:
        message = _("There are %(n)s entries; at most %(most)s are allowed. Take some out.")
        return message % {"n": len(words), "most": MOST}
    for word in words:
        shown = f"“{word[:40]}{'…' if len(word) > 40 else ''}”"
        if len(word) > LONGEST:
            message = _(
                "%(words)s is longer than %(most)s characters. Enter a word or a short phrase."
            )
            return message % {"words": shown, "most": LONGEST}
        if not any(character.isalnum() for character in word):
            return _("%(words)s has no letter or digit in it. Enter words.") % {"words": shown}
        if len(word) < 2:
            message = _("%(words)s is a single character, which would match far too much.")
            return message % {"words": shown}
        if kept and sum(character.isdecimal() for character in word) > MOST_DIGITS:
            message = _(
                "%(words)s has more than %(most)s digits. Numbers can't be kept this way: card and "
                "account numbers would be among them."
            )
            return message % {"words": shown, "most": MOST_DIGITS}
    return None


def _spelt(word: str) -> str:
    return r"\s+".join(re.escape(part) for part in word.split())


def _changed(
    interaction: CanonicalInteraction, change: Callable[[str], str]
) -> CanonicalInteraction:
    """The interaction with each of its texts changed; speakers' labels and ids stay."""
    customer = interaction.customer
    if customer and customer.name:
        customer = replace(customer, name=change(customer.name))
    return replace(
        interaction,
        customer=customer,
        subject=change(interaction.subject) if interaction.subject else interaction.subject,
        metadata={key: _value(value, change) for key, value in interaction.metadata.items()},
        turns=tuple(
            turn if (text := change(turn.text)) == turn.text else replace(turn, text=text)
            for turn in interaction.turns
        ),
    )


def _value(value: Json, change: Callable[[str], str]) -> Json:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_value(inner, change) for inner in value]
    if isinstance(value, dict):
        return {key: _value(inner, change) for key, inner in value.items()}
    return value
