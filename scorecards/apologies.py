"""The sorry ledger in words: what became of each apology of an interaction.

Pure. The engine keeps the ledger (`apologies_of` in empathy/moments.py); here it is read.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from scorecards.reading import scored_turns

MEANINGS = {
    "completed": "empathy stands in the same turn or follows in the same moment",
    "bare": "the first that stays by itself",
    "repeated": "each later one that stays by itself",
}


def ledger(result: Mapping[str, Any] | None) -> str:
    """In words: "1 completed, 1 bare, 2 repeated". What there is none of is left out."""
    counts = (result or {}).get("apologies") or {}
    return ", ".join(f"{counts[kind]} {kind}" for kind in MEANINGS if counts.get(kind))


def explained(kinds: Iterable[str] = tuple(MEANINGS)) -> str:
    """What these words mean, on one line."""
    said = "; ".join(f"{kind}: {MEANINGS[kind]}" for kind in kinds)
    return said[:1].upper() + said[1:] + "."


def apologies_by_turn(result: Mapping[str, Any] | None) -> dict[int, str] | None:
    """Of each turn that apologizes: completed, bare or repeated.

    None where that is not known: pre-scores that were stored before each response said it have
    the numbers alone.
    """
    responses = (
        (at, turn.get("response") or {}) for at, turn in sorted(scored_turns(result).items())
    )
    found = {at: response["apology"] for at, response in responses if response.get("apology")}
    counts = {kind: n for kind, n in ((result or {}).get("apologies") or {}).items() if n}
    return found if result and Counter(found.values()) == counts else None
