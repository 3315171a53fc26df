"""What each turn is expected to hold: what was asked for, as long as the answer goes on.

An answer may run over turns: the other side says "yes" or reads back what it heard, asks for "the
next four" or to hear it again. What it says is heard as stored, marks and all, so that reading a
redacted talk expects no less.
"""

import re
from typing import Final

from transcripts.formats.model import CanonicalTurn
from transcripts.redaction.marks import MARK
from transcripts.redaction.questions import GOES_ON, asked_by

_TURNS_TO_ANSWER: Final = 4  # turns after which a question is taken as answered
_TURNS_TO_GO_ON: Final = 6  # and after which nobody goes on with a number
_MARK: Final = re.compile(MARK)
_NEW_MATTER: Final = re.compile(
    r"\b(?:how (?:many|much|long|old)|when|why|which|where|what)\b[^?]*\?"
)
_SHORT: Final = 60


class Dialogue:
    """Follows a talk turn by turn."""

    def __init__(self) -> None:
        self._asked = ""
        self._asker: tuple[str, str | None] | None = None
        self._age = 0

    def expected(self, turn: CanonicalTurn) -> str:
        """What the speaker of a turn was asked for; empty if for nothing."""
        self._age += 1
        if not self._asked or (turn.role, turn.speaker) == self._asker:
            return ""
        limit = 1 if self._asked == "name" else _TURNS_TO_ANSWER
        return self._asked if self._age <= limit else ""

    def heard(self, turn: CanonicalTurn, said: str, words: frozenset[str]) -> None:
        """Take in a turn as it is stored."""
        who = (turn.role, turn.speaker)
        if turn.role != "customer" and (question := asked_by(said, words, self._asked)):
            self._asked, self._asker, self._age = question, who, 0
            return
        if not self._asked:
            return
        if who != self._asker:
            if "[" in said and _MARK.search(said):
                self._age = min(self._age, 1)
            return
        if self._age > _TURNS_TO_GO_ON:
            self._asked = ""
        elif "?" in said or len(said) <= _SHORT:
            if GOES_ON.search(said.lower()):
                self._age = 0
            elif _NEW_MATTER.search(said.lower()):
                self._asked = ""
