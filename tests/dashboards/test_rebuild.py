"""The daily tables, added up step by step, equal what a rebuild computes from nothing."""

import random
import threading
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from qa import pipeline, tasks
from qa.dashboards import actions as dashboards
from qa.dashboards.models import DailyInteractions, DailyMoments, Gesture
from qa.organizations.models import Membership, Organization
from qa.reviews import actions as reviews
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from scorecards import actions as scorecards
from scorecards.choices import Emotion, Outcome
from tests.scored import ago, found, scored
from tests.world import confirm_review, interaction_json, make_organization, make_review
from transcripts.formats import validate
from transcripts.models import Interaction

pytestmark = pytest.mark.usefixtures("engine")

MOMENT = ("day", "agent", "team", "channel", "emotion", "outcome", "strength", "count")
GESTURE = ("interaction", "started_at", "turn", "kind", "spans")
WORK = ("day", "agent", "team", "channel", "interactions", "scorable", "reviewed")


def tables(organization: Organization) -> tuple[Counter[Any], Counter[Any], Counter[str]]:
    """All tables; rows that have come down to nothing count as absent."""
    by = System(organization.id)
    with tenant(organization.id):
        moments = DailyMoments.objects.visible_to(by).exclude(count=0)
        work = DailyInteractions.objects.visible_to(by).exclude(interactions=0)
        gestures = map(str, Gesture.objects.visible_to(by).values_list(*GESTURE))
        return (
            Counter(moments.values_list(*MOMENT)),
            Counter(work.values_list(*WORK)),
            Counter(gestures),
        )


def some_moments(chance: random.Random) -> Iterable[tuple[str, str, int]]:
    for _ in range(chance.randrange(4)):
        outcome = chance.choice(Outcome.values)
        strength = chance.choice([1, 2]) if outcome == "empathy" else 0
        yield chance.choice(Emotion.values) + chance.choice(["", "?"]), outcome, strength


def some_words(chance: random.Random) -> list[str]:
    said = ["Volunteers 1: kind", "Sorry bare repeated: so sorry", "Outcome missed 0: a fact"]
    return [chance.choice(said) for _ in range(chance.randrange(3))]


def submit(organization: Organization, chance: random.Random, number: int) -> Interaction:
    return scored(
        organization,
        *some_moments(chance),
        days_ago=chance.choice([0.5, 1.5, 9, 40]),
        agent=chance.choice(["a-1", "a-2", ""]),
        team=chance.choice(["Billing", "Sales", None]),
        channel=chance.choice(["call", "chat"]),
        subject=chance.choice(["", "", "unfit"]),
        said=some_words(chance),
        source="test",
        external_id=f"x-{number}",
    )


def review(kept: Interaction, by: Membership, chance: random.Random) -> None:
    draft = make_review(by, kept)
    with tenant(by.organization_id):
        for moment in draft.moments.select_related("review", "moment"):
            if chance.random() < 0.3:
                reviews.reject(moment, by=by)
            elif chance.random() < 0.5:
                reviews.change(
                    moment, by=by, emotion="relief", outcome="empathy", strength=2, reason="tone"
                )
    if chance.random() < 0.7:
        confirm_review(draft, by)


def replace(kept: Interaction, chance: random.Random) -> None:
    by = System(kept.organization_id)
    turns = [
        {"role": "customer", "text": f"Feeling {chance.choice(Emotion.values)}: other words"},
        {"role": "agent", "text": "Outcome missed 0: other words"},
    ]
    pushed = validate(
        interaction_json(
            source="test",
            external_id=kept.external_id,
            started_at=ago(chance.choice([2.5, 20])).isoformat(),
            channel="email",
            turns=turns,
        )
    )
    with tenant(by.organization_id):
        pipeline.replace(pushed, by=by, interaction_id=kept.pk)
        if chance.random() < 0.8:
            tasks.process(str(by.organization_id), str(kept.pk))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_step_by_step_equals_from_nothing(
    larkfield: Organization, elsewhere: Organization, dana: Membership, seed: int
) -> None:
    chance = random.Random(seed)
    kept: list[Interaction] = []
    for number in range(24):
        fresh = [
            interaction
            for interaction in kept
            if interaction.status == Interaction.Status.PRESCORED
        ]
        step = chance.choice(["submit", "submit", "review", "replace"]) if fresh else "submit"
        if step == "submit":
            kept.append(submit(larkfield, chance, number))
        elif step == "review":
            review(chance.choice(fresh), dana, chance)
        else:
            replace(chance.choice(fresh), chance)
        with tenant(larkfield.id):
            for interaction in kept:
                interaction.refresh_from_db()
    scored(elsewhere, ("fear", "missed", 0))
    step_by_step, foreign = tables(larkfield), tables(elsewhere)
    assert sum(step_by_step[0].values()) > 5
    assert step_by_step[2]
    call_command("rebuild_dashboards", organization="larkfield")
    assert tables(larkfield) == step_by_step
    assert tables(elsewhere) == foreign


def test_rebuild_mends_what_was_wrong(
    larkfield: Organization, elsewhere: Organization, capsys: pytest.CaptureFixture[str]
) -> None:
    for organization in (larkfield, elsewhere):
        said = ["Volunteers 2: kind", "Sorry bare: so sorry"]
        scored(organization, ("fear", "missed", 0), ("relief", "empathy", 2), said=said)
    before = tables(larkfield), tables(elsewhere)
    for organization in (larkfield, elsewhere):
        with tenant(organization.id):
            DailyMoments.objects.visible_to(System(organization.id)).update(count=99)
            Gesture.objects.visible_to(System(organization.id)).delete()
    call_command("rebuild_dashboards", all=True)
    assert (tables(larkfield), tables(elsewhere)) == before
    assert capsys.readouterr().out.splitlines() == ["elsewhere: rebuilt", "larkfield: rebuilt"]


def test_rebuild_needs_an_organization_that_exists(larkfield: Organization) -> None:
    with pytest.raises(CommandError, match="no such organization"):
        call_command("rebuild_dashboards", organization="nowhere")
    with pytest.raises(CommandError, match="required"):
        call_command("rebuild_dashboards")


@pytest.mark.django_db(transaction=True)
def test_what_is_counted_during_a_rebuild_is_counted_once(transactional_db: None) -> None:
    organization = make_organization("Larkfield")
    scored(organization, ("fear", "missed", 0))
    by = System(organization.id)
    late = scored(organization, ("relief", "empathy", 2), prescored=False)
    counted = threading.Event()

    def count() -> None:
        with tenant(organization.id):
            kept = Interaction.objects.visible_to(by).select_related("transcript").get(pk=late.pk)
            prescore = scorecards.keep_prescore(kept, found(kept), by=by)
            assert prescore is not None
            dashboards.count(prescore, by=by)
            counted.set()
            assert rebuild_waits(), "a rebuild must not start before this is committed"
        connection.close()

    def rebuild() -> None:
        assert counted.wait(10)
        with tenant(organization.id):
            dashboards.rebuild(by=by)
        connection.close()

    with ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(count), pool.submit(rebuild)]:
            future.result(timeout=30)
    moments, work, _ = tables(organization)
    assert sorted(row[4:] for row in moments) == [
        ("fear", "missed", 0, 1),
        ("relief", "empathy", 2, 1),
    ]
    assert sum(row[4] for row in work) == 2


def rebuild_waits() -> bool:
    """Whether, within ten seconds, another transaction waits for its turn."""
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    until = time.monotonic() + 10
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(waiting)
            if cursor.fetchone()[0]:
                return True
        time.sleep(0.02)
    return False
