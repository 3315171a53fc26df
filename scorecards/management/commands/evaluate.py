"""`manage.py evaluate GOLD.jsonl`: how accurate is the pre-scorer on labelled pairs?"""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from scorecards.empathy import DEFAULT_ENGINE, ENGINES, PackError, load_pack
from scorecards.empathy.evaluate import Figure, Report, evaluate
from scorecards.empathy.gold import GoldError, read_pairs


class Command(BaseCommand):
    """Needs no database, broker or secret key."""

    help = "Print the accuracy of the pre-scorer on labelled pairs, with 95 % intervals and n."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("gold", type=Path, metavar="GOLD.jsonl")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--engine", choices=sorted(ENGINES), default=DEFAULT_ENGINE)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            pack = load_pack()
            pairs = list(read_pairs(options["gold"], [emotion.value for emotion in pack.emotions]))
        except (GoldError, PackError) as error:
            raise CommandError(str(error)) from error
        if not pairs:
            raise CommandError(f"{options['gold']}: holds no labelled pairs")
        report = evaluate(pairs, pack, ENGINES[options["engine"]])
        if options["json"]:
            self.stdout.write(json.dumps(report.to_dict()))
        else:
            known_as = f"Engine {options['engine']}, definitions {pack.id}"
            self.stdout.write("\n".join(lines_of(report, known_as)))


def lines_of(report: Report, known_as: str) -> list[str]:
    """The report for people; the parts by channel follow the whole."""
    lines = [f"{known_as}, 95 % intervals in brackets, n cases", ""]
    lines += _section("All", report)
    for channel, part in report.channels.items():
        lines += ["", *_section(f"Channel {channel}", part)]
    return lines


def _section(title: str, report: Report) -> list[str]:
    lines = [f"{title}: {report.pairs} pairs"]
    for name, found in report.labels.items():
        lines.append(f"  {name:<17} precision {_shown(found.precision)}")
        lines.append(f"  {'':<17} recall    {_shown(found.recall)}")
        lines.append(f"  {'':<17} F1        {_shown(found.f1)}")
    for name, found in report.emotions.items():
        if found.f1.n:
            lines.append(f"  {name:<17} F1        {_shown(found.f1)}")
    lines.append(f"  twelve-way emotion, kappa          {_shown(report.emotion_kappa)}")
    lines.append(f"  outcome of the reply, kappa        {_shown(report.outcome_kappa)}")
    lines.append(f"  outcome with its cue, kappa        {_shown(report.moment_kappa)}")
    lines += _table(report)
    lines.append("  expected calibration error")
    for kind, error in report.calibration_error.items():
        lines.append(f"    {kind:<10} {_shown(error)}")
        lines += [
            f"      sure {held.low:.1f} and more: {held.said:.2f} on average, "
            f"right {held.right:.2f}, n={held.n}"
            for held in report.reliability[kind]
        ]
    return lines


def _table(report: Report) -> list[str]:
    values = report.outcomes.values
    head = "".join(f"{value:>15}" for value in values)
    lines = [f"  {'labelled / found':<16}{head}"]
    for value, counts in zip(values, report.outcomes.counts, strict=True):
        lines.append(f"  {value:<16}" + "".join(f"{count:>15}" for count in counts))
    return lines


def _shown(figure: Figure) -> str:
    if figure.value is None:
        return f"none   n={figure.n}"
    if figure.low is None:
        return f"{figure.value:.3f}  n={figure.n}"
    return f"{figure.value:.3f} [{figure.low:.3f}, {figure.high:.3f}]  n={figure.n}"
