"""New pre-scores beside the old ones, under another engine or another definition pack.

    begun = begin(organization, by=by, maker=EngineConfig("cues-1.0", pack))
    summary = rescore(by=by, maker=maker, batch=200)

First the engine and the definitions are put to use, so that whatever comes in is scored by them
too. Then it goes through the interactions by id. The engine works outside any transaction, each
interaction is then written in a short one of its own, so that workers and people go on beside it;
whoever stops it runs it again, and it does what is left.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from itertools import chain
from typing import Any
from uuid import UUID

from qa import pipeline
from qa.audit import actions as audit
from qa.core.errors import Refused
from qa.organizations.models import Organization
from qa.reviews.models import Review
from qa.tenancy.base import Actor
from qa.tenancy.context import tenant
from scorecards import in_use
from scorecards.actions import Result, run_engine_many
from scorecards.in_use import EngineConfig, Version
from scorecards.models import PreScore, PreScoreQuerySet
from transcripts.models import Interaction

BATCH = 200
NO_MOMENT = "none"  # a moment that the other pre-score does not have


@dataclass(slots=True)
class Mean:
    """The mean of the scores there are."""

    total: float = 0.0
    n: int = 0

    def add(self, score: float | None) -> None:
        if score is not None:
            self.total += score
            self.n += 1

    @property
    def value(self) -> float | None:
        return self.total / self.n if self.n else None


@dataclass(slots=True)
class Summary:
    """What has changed, or would."""

    rescored: int = 0
    restored: int = 0  # of those: were here already from an earlier run, and hold again
    overtaken: int = 0  # replaced, deleted or rescored by somebody else meanwhile
    failed: list[UUID] = field(default_factory=list)
    reviewed: int = 0  # of those rescored: a person's confirmed word stands
    drafts: int = 0  # of those rescored: in review now, on the earlier pre-score
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    before: Mean = field(default_factory=Mean)
    after: Mean = field(default_factory=Mean)

    def add(self, old: Result, new: Result) -> None:
        self.before.add(old["score"]["value"])
        self.after.add(new["score"]["value"])
        was, now = _outcomes(old), _outcomes(new)
        for cue in was.keys() | now.keys():
            self.outcomes[was.get(cue, NO_MOMENT), now.get(cue, NO_MOMENT)] += 1


@dataclass(frozen=True, slots=True)
class _Step:
    """One interaction: its current pre-score, and the one that takes its place."""

    old: PreScore
    new: Result | None
    restored: bool = False


def waiting(by: Actor, maker: EngineConfig, since: date | None = None) -> PreScoreQuerySet:
    """Current pre-scores that another maker made, of interactions since this day (UTC)."""
    rows: PreScoreQuerySet = PreScore.objects.visible_to(by).current()
    rows = rows.exclude(**maker.version_key)
    if since is not None:
        rows = rows.filter(interaction__started_at__gte=_midnight(since))
    return rows


@dataclass(frozen=True, slots=True)
class Begun:
    """What there is to do, and what was in use before; None where nothing else was."""

    interactions: int
    before: Version | None


def begin(
    organization: Organization,
    *,
    by: Actor,
    maker: EngineConfig,
    since: date | None = None,
    dry_run: bool = False,
) -> Begun:
    """Put the maker to use, and count what there is to do; the audit trail learns of both.

    A dry run puts nothing to use, and refuses what can't be.
    """
    with tenant(organization.pk):
        if since is not None and not dry_run:
            _refuse_two_definitions(by, maker, since)
        before = _would_change(maker, by) if dry_run else in_use.put_to_use(maker, by=by)
    with tenant(organization.pk):  # counting may take a while: nobody waits for it
        number = waiting(by, maker, since).count()
        if number and not dry_run:
            told = {**maker.version_key, "since": str(since or ""), "interactions": number}
            audit.record(by, "rescore.begun", organization, told)
    return Begun(number, before)


def _would_change(maker: EngineConfig, by: Actor) -> Version | None:
    in_use.refuse_unfit(maker, by=by)
    now = in_use.version_in_use(by)
    return None if now == maker.version_key else now


def _refuse_two_definitions(by: Actor, maker: EngineConfig, since: date) -> None:
    """Refuse to leave what began earlier under other definitions than what came later."""
    now, wanted = in_use.version_in_use(by)["definitions"], maker.pack.id
    earlier = PreScore.objects.visible_to(by).current().exclude(definitions=wanted)
    if now != wanted or earlier.filter(interaction__started_at__lt=_midnight(since)).exists():
        raise Refused(
            f"--since would leave what began before {since} under other definitions than {wanted}, "
            "and figures would mix the two. Leave --since away, or keep it with --dry-run to see "
            "what would change."
        )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def rescore(
    *,
    by: Actor,
    maker: EngineConfig,
    since: date | None = None,
    batch: int = BATCH,
    dry_run: bool = False,
    summary: Summary | None = None,
    on_progress: Callable[[int], None] = lambda done: None,
) -> Summary:
    """Rescore what waits, batch by batch. `on_progress` is told after each how many are done.

    Then it looks once more: a worker of an earlier release, which an upgrade stops last, may have
    written under what was in use before. Raises OtherDefinitions where others are put to use.
    """
    summary = summary or Summary()
    done = 0
    looks = [_batches(by, maker, since, batch) for _ in range(1 if dry_run else 2)]
    for found in chain(*looks):
        rows = [row for row in found if row.interaction_id not in summary.failed]
        if not rows:
            continue
        drafts = _drafts(by, rows)
        for step in _steps(by, maker, rows):
            _take(step, by, summary, drafts=drafts, dry_run=dry_run)
        done += len(rows)
        on_progress(done)
    return summary


def _batches(
    by: Actor, maker: EngineConfig, since: date | None, size: int
) -> Iterator[list[PreScore]]:
    """By the interactions' ids, so that what fails is not met again in this run."""
    last: UUID | None = None
    while True:
        with tenant(by.organization_id):
            rows = waiting(by, maker, since).select_related("interaction__transcript")
            rows = rows.defer("interaction__transcript__search").order_by("interaction_id")
            found = list((rows.filter(interaction_id__gt=last) if last else rows)[:size])
        if not found:
            return
        last = found[-1].interaction_id
        yield found


def _steps(by: Actor, maker: EngineConfig, rows: list[PreScore]) -> Iterator[_Step]:
    olds = {row.interaction_id: row for row in rows}
    with tenant(by.organization_id):
        here = PreScore.objects.visible_to(by).filter(interaction__in=olds, **maker.version_key)
        kept = dict(here.values_list("interaction_id", "result"))
    new = [row.interaction for row in rows if row.interaction_id not in kept]
    for pk, result in kept.items():
        yield _Step(olds[pk], result, restored=True)
    for interaction, found in run_engine_many(new, maker):
        yield _Step(olds[interaction.pk], found)


def _take(step: _Step, by: Actor, summary: Summary, *, drafts: set[UUID], dry_run: bool) -> None:
    interaction = step.old.interaction
    if step.new is None:
        summary.failed.append(interaction.pk)
        return
    if not dry_run and not pipeline.rescore(interaction, step.new, by=by):
        summary.overtaken += 1
        return
    summary.rescored += 1
    summary.restored += step.restored
    summary.reviewed += interaction.status == Interaction.Status.REVIEWED
    summary.drafts += interaction.pk in drafts
    summary.add(step.old.result, step.new)


def _drafts(by: Actor, rows: list[PreScore]) -> set[UUID]:
    with tenant(by.organization_id):
        reviews = Review.objects.visible_to(by).open()
        ids = [row.interaction_id for row in rows]
        return set(reviews.filter(interaction__in=ids).values_list("interaction_id", flat=True))


def _outcomes(result: Mapping[str, Any]) -> dict[int, str]:
    """What became of each cue, by its turn; empathy with its strength."""
    return {
        moment["cue_turn"]: f"empathy_{moment['strength']}"
        if moment["outcome"] == "empathy"
        else moment["outcome"]
        for moment in result["moments"]
    }
