"""How often is the engine "cues" right when it says something? Kept beside the pack.

    python -m scorecards.empathy.calibrate GOLD.jsonl… [--pack PACK.toml] [--dry-run]

counts, on labelled pairs (gold.py), how often each rule of the engine was right, and writes
`PACK.calibration.json`, from which every confidence is read. Shares of rules that were seen
seldom lean on the share of their value, and that on the share of its kind. Prints the expected
calibration error: cross-validated in ten folds, whole conversations kept together.

The folds keep the table honest, not the phrases: those of "codebook-1" were written with the same
pairs in view, so that on texts of other writers the engine is right less often than it says.
"""

import argparse
import dataclasses
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

from scorecards.empathy import DEFAULT_PACK, load_pack
from scorecards.empathy.cues_v1 import NAME, VERSION, prescore
from scorecards.empathy.gold import GoldError, Pair, read_pairs
from scorecards.empathy.model import OUTCOMES, PreScore
from scorecards.empathy.moments import deciding_rule, marks_of, outcome_of
from scorecards.empathy.pack import MARKS, Calibration, Pack, PackError

FOLDS = 10
BINS = 10
LEAN = 15.0  # a rule seen so often weighs as much as all that is known of its value
FIRST_GUESS = 0.8  # of a kind that was never seen, and worth one observation


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing the engine said, why, and whether it was right."""

    value: str
    rule: str
    right: bool

    @property
    def kind(self) -> str:
        return self.value.partition(":")[0]


def claims_of(found: PreScore, pair: Pair, pack: Pack) -> Iterator[Claim]:
    """What the engine said of a pair's message and reply."""
    cue, response, gold = found.turns[-2].cue, found.turns[-1].response, pair.labels
    if cue is not None:
        yield Claim("cue:1", cue.rule, gold.cue)
        yield Claim(f"emotion:{cue.emotion}", cue.rule, cue.emotion == gold.emotion)
    if response is None:
        return
    for name in MARKS:
        mark = getattr(response, name)
        yield Claim(f"{name}:{mark.level}", mark.rule, mark.level == getattr(gold, name))
    outcome = outcome_of([marks_of(response)], same_turn=pack.same_turn)
    if gold.cue:
        rule = deciding_rule([response], outcome)
        yield Claim(f"outcome:{outcome}", rule, outcome == gold.outcome)


def values_of(pack: Pack) -> list[str]:
    """Every value whose confidence the engine may ask for."""
    levels = [f"{mark}:{level}" for mark in MARKS for level in (0, 1)]
    emotions = [f"emotion:{emotion.value}" for emotion in pack.emotions]
    outcomes = [f"outcome:{outcome}" for outcome in OUTCOMES]
    return ["cue:1", *emotions, *levels, "empathy:2", *outcomes]


def learn(claims: Iterable[Claim], values: Sequence[str]) -> Calibration:
    """Shares of right claims, by rule and by value."""
    seen: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for claim in claims:
        for key in (claim.kind, claim.value, f"{claim.value}|{claim.rule}"):
            seen[key] += 1
            right[key] += claim.right
    by_value = {}
    for value in values:
        kind = value.partition(":")[0]
        of_kind = (right[kind] + FIRST_GUESS) / (seen[kind] + 1)
        by_value[value] = (right[value] + LEAN * of_kind) / (seen[value] + LEAN)
    by_rule = {
        key: (right[key] + LEAN * by_value[key.partition("|")[0]]) / (seen[key] + LEAN)
        for key in sorted(seen)
        if "|" in key
    }
    return Calibration(_rounded(by_rule), _rounded(by_value))


def _rounded(shares: dict[str, float]) -> dict[str, float]:
    return {key: round(share, 3) for key, share in shares.items()}


def calibration_error(said: Sequence[float], right: Sequence[bool]) -> float:
    """Expected calibration error: mean distance of confidence and share right, in ten bins."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for confidence, correct in zip(said, right, strict=True):
        bins.setdefault(min(int(confidence * BINS), BINS - 1), []).append((confidence, correct))
    distances = (
        abs(sum(confidence for confidence, _ in held) - sum(correct for _, correct in held))
        for held in bins.values()
    )
    return sum(distances) / len(said) if said else 0.0


def cross_validated(
    groups: Sequence[tuple[str, list[Claim]]], values: Sequence[str]
) -> dict[str, float]:
    """The error of each kind of claim, every claim judged by a table made without its fold."""
    said: dict[str, list[float]] = {}
    right: dict[str, list[bool]] = {}
    folds = [crc32(conversation.encode()) % FOLDS for conversation, _ in groups]
    for fold in range(FOLDS):
        away = [g for at, (_, held) in zip(folds, groups, strict=True) if at != fold for g in held]
        table = learn(away, values)
        for at, (_, held) in zip(folds, groups, strict=True):
            for claim in held if at == fold else ():
                said.setdefault(claim.kind, []).append(table.confidence(claim.value, claim.rule))
                right.setdefault(claim.kind, []).append(claim.right)
    return {kind: round(calibration_error(said[kind], right[kind]), 4) for kind in sorted(said)}


def calibrate(files: Sequence[Path], pack: Pack) -> dict[str, Any]:
    """The content of a calibration file. Raises GoldError."""
    plain = dataclasses.replace(pack, calibration=Calibration())
    emotions = [emotion.value for emotion in pack.emotions]
    groups: list[tuple[str, list[Claim]]] = []
    made_from = []
    for path in files:
        pairs = list(read_pairs(path, emotions))
        made_from.append({"file": path.name, "pairs": len(pairs)})
        for pair in pairs:
            found = prescore(pair.turns, pack=plain)
            groups.append((pair.conversation, list(claims_of(found, pair, pack))))
    values = values_of(pack)
    table = learn((claim for _, held in groups for claim in held), values)
    return {
        "engine": f"{NAME}-{VERSION}",
        "definitions": pack.id,
        "made_from": made_from,
        "calibration_error": cross_validated(groups, values),
        "values": table.values,
        "rules": table.rules,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; 1 where a file cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m scorecards.empathy.calibrate")
    parser.add_argument("gold", nargs="+", type=Path)
    parser.add_argument("--pack", type=Path, default=DEFAULT_PACK)
    parser.add_argument("--dry-run", action="store_true", help="print the errors, write nothing")
    options = parser.parse_args(arguments)
    try:
        made = calibrate(options.gold, load_pack(options.pack))
    except (GoldError, PackError) as error:
        print(error, file=sys.stderr)
        return 1
    for kind, measured in made["calibration_error"].items():
        print(f"{kind:<10} expected calibration error {measured:.3f} (ten-fold)")
    if not options.dry_run:
        target = options.pack.with_suffix(".calibration.json")
        target.write_text(json.dumps(made, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        print(f"written: {target.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
