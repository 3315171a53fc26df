"""`manage.py evaluate GOLD.jsonl`: how accurate is the pre-scorer on what people have judged?

The file holds labelled pairs (scorecards/empathy/gold.py) or confirmed reviews that were exported
from Heard (scorecards/empathy/reviewed.py).
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from scorecards.empathy import DEFAULT_ENGINE, ENGINES, Engine, Pack, PackError, load_pack
from scorecards.empathy.evaluate import Report, evaluate
from scorecards.empathy.evaluate_moments import (
    MomentReport,
    ReviewsReport,
    evaluate_reviews,
    evaluate_whole,
)
from scorecards.empathy.gold import GoldError, read_pairs
from scorecards.empathy.reviewed import holds_reviews, read_reviews, read_whole
from scorecards.management.accuracy import pairs_lines, reviews_lines


class Command(BaseCommand):
    """Needs no database, broker or secret key."""

    help = (
        "Print the accuracy of the pre-scorer on labelled pairs, or on confirmed reviews that "
        "were exported from Heard, with 95 % intervals and n."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("gold", type=Path, metavar="GOLD.jsonl")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--engine", choices=sorted(ENGINES), default=DEFAULT_ENGINE)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            pack = load_pack()
            found = measured(options["gold"], pack, ENGINES[options["engine"]])
        except (GoldError, PackError) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(found.to_dict()))
        else:
            known_as = f"Engine {options['engine']}, definitions {pack.id}"
            self.stdout.write("\n".join(found.lines(known_as)))


@dataclass(frozen=True, slots=True)
class OnLabels:
    """The accuracy on labelled pairs, and on the moments of whole interactions among them."""

    report: Report
    whole: MomentReport | None

    def to_dict(self) -> dict[str, Any]:
        whole = asdict(self.whole) if self.whole else None
        return {**self.report.to_dict(), "whole_interactions": whole}

    def lines(self, known_as: str) -> Iterator[str]:
        return pairs_lines(self.report, self.whole, known_as)


@dataclass(frozen=True, slots=True)
class OnReviews:
    """The accuracy on confirmed reviews."""

    report: ReviewsReport

    def to_dict(self) -> dict[str, Any]:
        return self.report.to_dict()

    def lines(self, known_as: str) -> Iterator[str]:
        return reviews_lines(self.report, known_as)


def measured(path: Path, pack: Pack, engine: Engine) -> OnLabels | OnReviews:
    """The accuracy on a file of either kind. Raises GoldError."""
    emotions = [emotion.value for emotion in pack.emotions]
    if holds_reviews(path):
        return OnReviews(evaluate_reviews(read_reviews(path, emotions), pack, engine))
    pairs = read_pairs(path, emotions)
    first = next(pairs, None)
    if first is None:
        raise GoldError(f"{path}: holds no labelled pairs")
    report = evaluate(chain([first], pairs), pack, engine)
    return OnLabels(report, evaluate_whole(read_whole(path, emotions), pack, engine))
