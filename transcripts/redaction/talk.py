"""What a talk holds besides names, turn after turn: each in the light of what was said before it.

A turn is read with what it was asked for (dialogue.py), together with the turns that go on with it
(continued.py), and for what it repeats (echoes.py).
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from transcripts.formats.model import CanonicalTurn
from transcripts.redaction.continued import chains
from transcripts.redaction.dialogue import Dialogue
from transcripts.redaction.echoes import Echoes
from transcripts.redaction.marks import BREAK, Finds
from transcripts.redaction.texts import redact_text


@dataclass(frozen=True, slots=True)
class Heard:
    """A talk without its personal data but names; what each turn was asked for; what goes on."""

    said: list[str]
    asked: list[str]
    chains: tuple[tuple[int, ...], ...]


def hear(
    turns: Sequence[CanonicalTurn],
    words: Sequence[frozenset[str]],
    counts: Counter[str],
    kinds: Collection[str],
) -> Heard:
    """Read a talk from its first turn to its last; `words` are those of each turn."""
    heard = Heard([], [], tuple(chains(turns)))
    begins = {chain[0]: chain for chain in heard.chains}
    pieces: dict[int, str] = {}
    dialogue, echoes = Dialogue(), Echoes()
    for index, (turn, held) in enumerate(zip(turns, words, strict=True)):
        asked = dialogue.expected(turn)
        finds = Finds(counts, kinds, asked=asked, words=held, role=turn.role, heard=[])
        if chain := begins.get(index):
            pieces.update(
                zip(chain, _together([turns[each].text for each in chain], finds), strict=True)
            )
        text = echoes.redact(pieces.get(index, turn.text), finds)
        clean = echoes.redact(_clean(text, turn.text, finds), finds)
        echoes.learn(finds.heard or [])
        dialogue.heard(turn, clean, held)
        heard.said.append(clean)
        heard.asked.append(asked)
    return heard


def _clean(text: str, whole: str, finds: Finds) -> str:
    words = finds.words if text is whole else None
    return redact_text(
        text,
        finds.counts,
        kinds=finds.wanted,
        asked=finds.asked,
        words=words,
        role=finds.role,
        heard=finds.heard,
    )


def _together(texts: list[str], finds: Finds) -> list[str]:
    """What is left of turns that are read as one."""
    left = _clean(BREAK.join(texts), "", finds).split(BREAK)
    return left if len(left) == len(texts) else texts
