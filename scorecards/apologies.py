"""The sorry ledger in words: what became of each apology of an interaction.

Pure. The engine keeps the ledger (empathy/ledger.py); here it is read.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy, ngettext_lazy

from scorecards.reading import scored_turns

MEANINGS = {
    "completed": gettext_lazy("completed: comes with empathy, in the same turn or the same moment"),
    "bare": gettext_lazy("bare: the first apology without empathy"),
    "repeated": gettext_lazy("repeated: every later apology without empathy"),
}
COUNTED = {
    "completed": ngettext_lazy("%(n)s completed", "%(n)s completed", "n"),
    "bare": ngettext_lazy("%(n)s bare", "%(n)s bare", "n"),
    "repeated": ngettext_lazy("%(n)s repeated", "%(n)s repeated", "n"),
}


def ledger(result: Mapping[str, Any] | None) -> str:
    """In words: "1 completed, 1 bare, 2 repeated". What there is none of is left out."""
    return in_words((result or {}).get("apologies") or {})


def in_words(counts: Mapping[str, int]) -> str:
    """So many of each kind, in words."""
    return ", ".join(COUNTED[kind] % {"n": counts[kind]} for kind in COUNTED if counts.get(kind))


def explained(kinds: Iterable[str] = tuple(MEANINGS)) -> str:
    """What these words mean, on one line."""
    said = "; ".join(str(MEANINGS[kind]) for kind in kinds)
    return said[:1].upper() + said[1:] + "."


@dataclass(frozen=True, slots=True)
class Apology:
    """One apology of an agent: its turn, what became of it, and its words (none: not known)."""

    turn: int
    kind: str
    start: int = 0
    end: int = 0


def apologies(result: Mapping[str, Any] | None) -> list[Apology] | None:
    """Every apology, in the order of the conversation.

    None where that is not known: pre-scores that were stored before each response said it have
    the numbers alone.
    """
    found = [
        apology
        for at, turn in sorted(scored_turns(result).items())
        for apology in _of_turn(at, turn.get("response") or {})
    ]
    counts = {kind: n for kind, n in ((result or {}).get("apologies") or {}).items() if n}
    return found if result and Counter(one.kind for one in found) == counts else None


def judged_otherwise(found: Iterable[Apology], outcomes: Mapping[int, str]) -> list[Apology]:
    """The apologies where people call some moments otherwise than the pre-score.

    `outcomes` are theirs, by the turns that answer. Of what stays by itself the first is bare.
    """
    kinds = []
    for one in found:
        met = outcomes[one.turn] == "empathy" if one.turn in outcomes else one.kind == "completed"
        alone = "repeated" if "bare" in kinds else "bare"
        kinds.append("completed" if met else alone)
    return [replace(one, kind=kind) for one, kind in zip(found, kinds, strict=True)]


def _of_turn(at: int, response: Mapping[str, Any]) -> list[Apology]:
    """A turn's apologies; pre-scores that are older than the list count each turn as one."""
    if "apologies" in response:
        return [_apology(at, one["kind"], one["evidence"]) for one in response["apologies"]]
    kind = response.get("apology")
    return [_apology(at, kind, response["sympathy"]["evidence"])] if kind else []


def _apology(at: int, kind: str, evidence: Sequence[Sequence[int]]) -> Apology:
    return Apology(at, kind, *(evidence[0] if evidence else ()))
