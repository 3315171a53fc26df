"""The sorry ledger in words: what became of each apology of an interaction.

Pure. A stored pre-score holds the three numbers, and for each turn whether it shows sympathy and
why, but not which sympathy is an apology. That is read off the reasons, by the same rule as
`count_apologies` counts; where the result does not add up to the numbers, no turn gets a word.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from scorecards.reading import scored_turns

MEANINGS = {
    "completed": "empathy stands in the same turn or follows in the same moment",
    "bare": "the first that stays by itself",
    "repeated": "each later one that stays by itself",
}
# Which reasons for sympathy make it an apology: all of these, else the first alone.
APOLOGIES = (("apolog", "condolence"), ("apolog",))


def ledger(result: Mapping[str, Any] | None) -> str:
    """In words: "1 completed, 1 bare, 2 repeated". What there is none of is left out."""
    counts = (result or {}).get("apologies") or {}
    return ", ".join(f"{counts[kind]} {kind}" for kind in MEANINGS if counts.get(kind))


def explained(kinds: Iterable[str] = tuple(MEANINGS)) -> str:
    """What these words mean, on one line."""
    said = "; ".join(f"{kind}: {MEANINGS[kind]}" for kind in kinds)
    return said[:1].upper() + said[1:] + "."


def apologies_by_turn(result: Mapping[str, Any] | None) -> dict[int, str]:
    """Of each turn that apologizes: completed, bare or repeated."""
    counts = {kind: n for kind, n in ((result or {}).get("apologies") or {}).items() if n}
    for words in APOLOGIES:
        found = _classified(result or {}, words)
        if Counter(found.values()) == counts:
            return found
    return {}


def _classified(result: Mapping[str, Any], words: Sequence[str]) -> dict[int, str]:
    """Empathy in the turn or later in the moment completes; of the others the first is bare."""
    turns = scored_turns(result)
    rest = {
        at: [later for later in moment["response_turns"] if later >= at]
        for moment in result.get("moments", [])
        for at in moment["response_turns"]
    }
    found: dict[int, str] = {}
    for at, turn in sorted(turns.items()):
        if not _apologizes(turn, words):
            continue
        if any(_level(turns.get(later), "empathy") for later in rest.get(at, [at])):
            found[at] = "completed"
        else:
            found[at] = "repeated" if "bare" in found.values() else "bare"
    return found


def _apologizes(turn: Mapping[str, Any], words: Sequence[str]) -> bool:
    if not _level(turn, "sympathy"):
        return False
    reasons = turn["response"]["sympathy"].get("reasons", [])
    return any(word in reason.lower() for reason in reasons for word in words)


def _level(turn: Mapping[str, Any] | None, mark: str) -> int:
    response = (turn or {}).get("response") or {}
    return int(response.get(mark, {}).get("level", 0))
