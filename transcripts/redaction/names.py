"""Names, where the source gives them or the talk introduces them, wherever they are said.

A full name goes in any case; so does each of its words, except that a word which is also an
everyday one ("Will", "Grace", "May") goes only where it is written and placed like a name.
"""

import re
from collections.abc import Iterable
from functools import cached_property
from typing import Final

from transcripts.formats.vocabulary import ROLES_BY_WORD
from transcripts.redaction.marks import MARK, Finds, contains
from transcripts.redaction.vocabulary import COMMON, words

NAME: Final = "NAME"
MAX_NAMES: Final = 200  # of one interaction; a table of contacts in metadata is not searched for

_MARK: Final = re.compile(MARK)
_WORD: Final = re.compile(r"[^\W\d_]+(?:[.'\u2019-][^\W\d_]+)*\.?")
# Without blanks between words: a name is found inside a longer run of letters.
_UNSPACED: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")
_NOT_NAMES: Final = frozenset(ROLES_BY_WORD) | words("not_names")


_EVERYDAY: Final = COMMON | words("words_and_names")
# Behind one of these an everyday word with a capital is a name.
_IN_FRONT: Final = (
    "hi", "hello", "hey", "dear", "thanks", "thank you", "sorry", "mr", "mrs", "ms", "miss", "mr.",
    "mrs.", "ms.", "dr", "dr.", "called", "named", "morning", "afternoon", "evening", "name is",
    "i'm", "i am", "this is", "signed", "regards", "welcome", "goodbye", "bye", "am", "of course",
    "okay", "ok", "great", "perfect", "and is that", "speak to", "speak with", "spoke to",
)  # fmt: skip


_BETWEEN: Final = " .,-'\u2019\u0307"  # also the dot of a Turkish capital I


class Names:
    """Finds people's names in texts; words of `keep` (the agent's name) stay."""

    def __init__(self, names: Iterable[str], keep: Iterable[str] = ()) -> None:
        self._kept = kept = {word.casefold() for name in keep for word in words_of(name)}
        self._names = [words_of(name) for name in dict.fromkeys(names)][:MAX_NAMES]
        self._names = [
            name for name in self._names if not self._kept.issuperset(map(str.casefold, name))
        ]
        words = {word for name in self._names for word in name}
        self._singles = {word for word in words if word.casefold() not in kept and _telling(word)}
        self._hints = tuple({_squeezed(word) for word in words})

    @cached_property
    def _in_text(self) -> re.Pattern[str] | None:
        """Compiled when a text holds a word of a name; most hold none."""
        everyday = {word for word in self._singles if word.casefold() in _EVERYDAY}
        return _pattern(self._names, self._singles - everyday, everyday)

    @cached_property
    def _in_label(self) -> re.Pattern[str] | None:
        return _pattern(self._names, self._singles, set())

    def keeps(self, name: str) -> bool:
        """True if a name is nobody's but the agent's."""
        return all(word.casefold() in self._kept for word in words_of(name))

    def redact(self, text: str, finds: Finds) -> str:
        """What is said, with [NAME] in place of each name."""
        return _replaced(self._in_text, text, finds) if self.may_be_in(text) else text

    def may_be_in(self, text: str) -> bool:
        """True if a word of a name stands in a text, or in one of those that it joins."""
        return contains(_squeezed(text), self._hints)

    def redact_label(self, label: str, finds: Finds) -> str:
        """A speaker's label or a name's field, in which an everyday word is a name too."""
        return _replaced(self._in_label, label, finds) if self.may_be_in(label) else label


def words_of(name: str) -> list[str]:
    """The words of a name that can be looked for: no titles, roles or marks."""
    found = [word.rstrip(".") for word in _WORD.findall(_MARK.sub(" ", name))]
    return [word for word in found if word.casefold() not in _NOT_NAMES]


def _telling(word: str) -> bool:
    """True if a word alone points at somebody; an initial doesn't."""
    return len(word) > 1 or _UNSPACED.search(word) is not None


def _pattern(
    names: list[list[str]], singles: set[str], everyday: set[str]
) -> re.Pattern[str] | None:
    wholes = {r"\s{1,3}".join(map(_spelt, name)) for name in names if len(name) > 1}
    unspaced = {word for word in singles if _UNSPACED.search(word)}
    spaced = {_spelt(word) for word in singles - unspaced} | wholes
    spaced |= {_letter_by_letter(word) for word in (singles | everyday) - unspaced if len(word) > 2}
    parts = [rf"(?<!\w)(?i:{_any_of(spaced)})(?!\w)"] if spaced else []
    if unspaced:
        parts.append(_any_of(_spelt(word) for word in unspaced))
    if everyday:
        cased = _any_of(_spelt(form) for word in everyday for form in _as_written(word))
        parts += [
            rf"(?:(?<=, )|(?<=,))(?:{cased})(?=\s*(?:[,.!?;\n]|$))",  # "Thank you, May."
            rf"(?<![^\n])(?:{cased})(?=\s?(?:[,:!]|$|\n))",  # "May, I have looked": a line begins
            rf"(?<=[.!?] )(?:{cased})(?=,)",
            *(
                rf"(?<=\b{_either_case(lead)}[ ])(?:{cased})(?!\w)(?! [A-Z])(?!['\u2019-]\w{{2}})"
                for lead in _IN_FRONT
            ),
            rf"(?<!\w)(?:{cased})(?= (?:here|speaking|calling)\b)",
        ]
    return re.compile(rf"(?P<mark>{MARK})|{'|'.join(parts)}") if parts else None


def _replaced(pattern: re.Pattern[str] | None, text: str, finds: Finds) -> str:
    if pattern is None:
        return text
    return pattern.sub(lambda f: f[0] if f.lastgroup == "mark" else finds.mark(NAME, f[0]), text)


def _squeezed(text: str) -> str:
    """Without case and what may stand between letters: "H-U-G-H-E-S" is as "Hughes" is."""
    squeezed = text.casefold().replace("\u0131", "i")
    for between in _BETWEEN:
        squeezed = squeezed.replace(between, "")
    return squeezed


def _either_case(words: str) -> str:
    """Words in lower case or with a capital in front; case elsewhere tells names from words."""
    first = words[0]
    return f"[{first}{first.upper()}]{re.escape(words[1:])}"


def _as_written(word: str) -> set[str]:
    return {word.capitalize(), word} - {word.lower()}


def _spelt(word: str) -> str:
    return re.sub("['\u2019]", "['\u2019]", re.escape(word))


def _letter_by_letter(word: str) -> str:
    """How a name sounds that is spelt out: "H U G H E S", "h-u-g-h-e-s"."""
    return "[ .,-]{1,2}".join(re.escape(letter) for letter in word if letter.isalpha())


def _any_of(alternatives: Iterable[str]) -> str:
    return "|".join(sorted(alternatives, key=lambda word: (-len(word), word)))
