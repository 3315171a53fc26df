"""`manage.py rescore --organization SLUG`: new pre-scores beside the old ones.

Puts another engine (--engine) or definition pack (--pack) to use, for what comes in as well as for
what is there; without, Heard's own, as after an upgrade. Stop it anywhere and run it again: it does
what is left.

Exit status: 0; 1 if the engine failed on some; 2 for wrong arguments; 130 if stopped by Ctrl-C.
"""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from qa import rescoring
from qa.core.errors import Refused
from qa.management.organization import organization_of
from qa.rescoring import NO_MOMENT, Mean, Summary
from qa.tenancy.base import System
from scorecards import empathy
from scorecards.choices import CHOICE_WORDS
from scorecards.in_use import EngineConfig, OtherDefinitions, Version

STOPPED = 130
IDS_SHOWN = 20
WORDS = {**CHOICE_WORDS, NO_MOMENT: "no moment"}


class Command(BaseCommand):
    """The rows written say of themselves by what they were made; the audit trail says by whom."""

    help = (
        "Put an engine and a definition pack to use (Heard's own, unless others are named), for "
        "what comes in and for what is here, which gets new pre-scores beside the old ones."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", required=True, metavar="SLUG")
        parser.add_argument("--engine", default=empathy.DEFAULT_ENGINE, metavar="NAME")
        parser.add_argument(
            "--pack", type=Path, metavar="FILE", help="a definition pack; default: Heard's own"
        )
        parser.add_argument(
            "--since",
            metavar="DATE",
            help="only interactions that began on this day (UTC) or later",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="print what would change; store nothing"
        )
        parser.add_argument(
            "--batch", type=int, default=rescoring.BATCH, metavar="N", help="how many at a time"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["batch"] < 1:
            raise CommandError("--batch must be 1 or more.", returncode=2)
        since, maker = _day(options["since"]), _maker(options["engine"], options["pack"])
        organization = organization_of(options["organization"])
        by = System(organization.pk, actor_label="rescore")
        summary, how = Summary(), {"since": since, "dry_run": options["dry_run"]}
        try:
            begun = rescoring.begin(organization, by=by, maker=maker, **how)
        except Refused as error:
            raise CommandError(error.message, returncode=2) from error
        if begun.before:
            self.stderr.write(_put_to_use(begun.before, maker, dry_run=options["dry_run"]))
        number = begun.interactions
        if not number:
            self.stdout.write(f"Nothing to do: all are by {_name(maker)} already.")
            return
        try:
            rescoring.rescore(
                by=by,
                maker=maker,
                **how,
                batch=options["batch"],
                summary=summary,
                on_progress=lambda done: self.stderr.write(f"{done:,} of {number:,}"),
            )
        except KeyboardInterrupt:
            self.tell(summary, maker, dry_run=options["dry_run"])
            self.stderr.write("Stopped. Run the same command again to do what is left.")
            raise SystemExit(STOPPED) from None
        except OtherDefinitions as error:
            self.tell(summary, maker, dry_run=options["dry_run"])
            raise CommandError(f"{error.message} Nothing more was rescored.") from error
        self.tell(summary, maker, dry_run=options["dry_run"])
        if summary.failed:
            raise SystemExit(1)

    def tell(self, summary: Summary, maker: EngineConfig, *, dry_run: bool) -> None:
        """The summary on standard output, what the engine failed on with the errors."""
        self.stdout.write("\n".join(lines_of(summary, maker, dry_run=dry_run)))
        if summary.failed:
            ids = ", ".join(str(pk) for pk in summary.failed[:IDS_SHOWN])
            more = len(summary.failed) - IDS_SHOWN
            self.stderr.write(
                f"The engine failed on {len(summary.failed):,}, which keep what they have: {ids}"
                + (f" and {more:,} more" if more > 0 else "")
            )


def lines_of(summary: Summary, maker: EngineConfig, *, dry_run: bool) -> list[str]:
    """The summary for people."""
    singular = summary.rescored == 1
    verb = "would be" if dry_run else "was" if singular else "were"
    what = "interaction" if singular else "interactions"
    lines = [f"{summary.rescored:,} {what} {verb} rescored by {_name(maker)}"]
    for number, words in (
        (summary.restored, "by a pre-score of an earlier run, which counts again"),
        (summary.reviewed, "reviewed: the review and the person's word stand"),
        (summary.drafts, "in review: the draft stays on the pre-score it was opened on"),
    ):
        lines += [f"  {number:,} {words}"] if number else []
    if summary.overtaken:
        lines.append(
            f"{summary.overtaken:,} were changed by somebody else meanwhile, left as they are"
        )
    if summary.rescored:
        lines.append(f"Mean score: {_mean(summary.before)} before, {_mean(summary.after)} after")
        lines += _outcomes(summary)
    return lines


def _outcomes(summary: Summary) -> list[str]:
    """How many moments became what, the most frequent change first."""
    same = sum(n for (was, now), n in summary.outcomes.items() if was == now)
    changed = [(n, was, now) for (was, now), n in summary.outcomes.items() if was != now]
    lines = [f"Moments: {same:,} as before, {sum(n for n, _, _ in changed):,} changed"]
    order = list(WORDS)
    for n, was, now in sorted(changed, key=lambda c: (-c[0], order.index(c[1]), order.index(c[2]))):
        lines.append(f"  {n:>6,}  {WORDS[was]} → {WORDS[now]}")
    return lines


def _mean(scores: Mean) -> str:
    return "none" if scores.value is None else f"{scores.value:.1f} (n {scores.n:,})"


def _name(maker: EngineConfig) -> str:
    return _version(maker.version_key)


def _version(made: Version) -> str:
    return f"{made['engine_version']} under {made['definitions']}"


def _put_to_use(before: Version, maker: EngineConfig, *, dry_run: bool) -> str:
    verb = "would be" if dry_run else "is"
    return f"{_name(maker)} {verb} in use for what comes in; it was {_version(before)}."


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise CommandError(f"--since {text}: write a day as 2026-11-02.", returncode=2) from error


def _maker(engine: str, pack: Path | None) -> EngineConfig:
    if engine not in empathy.ENGINES:
        known = ", ".join(sorted(empathy.ENGINES))
        raise CommandError(f"There is no engine {engine}. Known: {known}.", returncode=2)
    try:
        return EngineConfig(engine, empathy.load_pack(pack))
    except empathy.PackError as error:
        raise CommandError(f"--pack can't be used. {error}", returncode=2) from error
