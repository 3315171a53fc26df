"""Text without speaker labels, cut into pieces of which a person says who speaks in each.

    pieces = cut(text)                           # lines; long ones, or the only one, in sentences
    turns = turns_of(pieces, ["agent", "customer", "joined", "out"])

Nothing is guessed: a text whose pieces nobody has told apart has no turns.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from qa.core.texts import gettext as _
from qa.core.texts import gettext_noop
from transcripts.formats.answers import Question
from transcripts.formats.errors import FormatError
from transcripts.formats.model import CanonicalTurn
from transcripts.formats.talk import with_breaks

MOST: Final = 400  # pieces that a person can be asked to tell apart
LONG: Final = 200  # characters of a line that is cut into sentences
WRAPPED: Final = (45, 120)  # characters of the lines of a paragraph that was wrapped
JOINED: Final = "joined"  # goes on where the piece before ends
LEFT_OUT: Final = "out"

EXPECTED: Final = gettext_noop('lines such as "Agent: …" and "Customer: …"')
OR_TOLD: Final = gettext_noop(
    'lines such as "Agent: …" and "Customer: …"; or send the file by itself on the upload page and '
    "say who speaks"
)

_PARAGRAPH: Final = re.compile(r"\n[ \t]*\n")
_RULE: Final = re.compile(r"[-=_*~#.\s]{3,}")
_NO_BLANK: Final = re.compile(r"(?<=[a-z\d][.?!])(?=[A-Z][a-z'\u2019 ])")  # `accident?No, I`
_SENTENCE: Final = re.compile(
    r"(?<=[.!?\u2026])(?<!\bMr\.)(?<!\bMrs\.)(?<!\bMs\.)(?<!\bDr\.)(?<!\bSt\.)(?<!\bNo\.)\s+(?=\S)"
    r"|(?<=[\u3002\uff01\uff1f])(?=\S)"
)
_ENDS: Final = ".!?\u2026\"'\u201d\u2019)"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a text, and the line they stand in, counted from 0 among those with words."""

    text: str
    line: int


def cut(text: str) -> tuple[Piece, ...]:
    """The pieces of a text, at most one more than can be told apart."""
    lines = list(_lines(with_breaks(text)))
    numbered = enumerate(lines)
    found = (Piece(part, number) for number, line in numbered for part in _parts(line))
    pieces = tuple(islice(found, MOST + 1))
    if len(pieces) == 1:  # a whole talk in one short line
        return tuple(Piece(part, 0) for part in _SENTENCE.split(pieces[0].text))
    return pieces


def turns_of(pieces: Sequence[Piece], told: Sequence[str]) -> tuple[CanonicalTurn, ...]:
    """The turns of a text: for each piece a role, `joined` or `out`.

    Neighbours in one line with one speaker are one turn, as they are in the text.
    """
    turns: list[tuple[str, str]] = []
    above, before = LEFT_OUT, -1
    for piece, who in zip(pieces, told, strict=True):
        role = above if who == JOINED else who
        same_line = piece.line == before
        if role != LEFT_OUT:
            if role == above and (who == JOINED or same_line):
                said = turns.pop()[1]
                turns.append((role, f"{said}{' ' if same_line else chr(10)}{piece.text}"))
            else:
                turns.append((role, piece.text))
        above, before = role, piece.line
    return tuple(CanonicalTurn(role, text) for role, text in turns)


def told_apart(
    text: str, told: Sequence[str], *, field: str | None = None
) -> tuple[CanonicalTurn, ...]:
    """The turns of a text without labels, of whose pieces a person has told who speaks.

    FormatError asks where nobody has; `field` is where the text stands in its file.
    """
    pieces = cut(text)
    if len(pieces) > MOST:
        message = _(
            "has no speaker labels, and more than the %(most)s lines or sentences that a person "
            "can tell apart on the upload page"
        )
        raise FormatError(message % {"most": MOST}, field=field, expected=_(EXPECTED))
    if len(pieces) < 2:  # whoever speaks, nobody answers
        raise FormatError(_("has no speaker labels"), field=field, expected=_(EXPECTED))
    if len(told) != len(pieces):
        raise FormatError(
            _("has no speaker labels"), field=field, expected=_(OR_TOLD), question=Question.PIECES
        )
    turns = turns_of(pieces, told)
    if not turns:
        raise FormatError(_("has had every piece left out, so there is nothing to import"))
    return turns


def _lines(text: str) -> Iterator[str]:
    """The lines with words; the lines of a wrapped paragraph as one."""
    for paragraph in _PARAGRAPH.split(text):
        lines = [" ".join(line.split()) for line in paragraph.split("\n")]
        lines = [line for line in lines if line and not _RULE.fullmatch(line)]
        yield from [" ".join(lines)] if _is_wrapped(lines) else lines


def _is_wrapped(lines: Sequence[str]) -> bool:
    """True if lines end where a column ends: of like length, mostly in the middle of a sentence."""
    full = lines[:-1]
    least, most = WRAPPED
    if not full or not all(least <= len(line) <= most for line in full):
        return False
    ended = sum(line[-1] in _ENDS for line in full)
    sentences = any(line[-1] in _ENDS or _SENTENCE.search(line) for line in lines)
    return sentences and ended * 2 < len(full)


def _parts(line: str) -> Iterator[str]:
    for part in _NO_BLANK.split(line):
        yield from _SENTENCE.split(part) if len(line) > LONG else (part,)
