"""Rescoring beside other work, on real connections."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest

from qa import dispatch, pipeline, rescoring, tasks
from qa.organizations.models import Membership, Organization, Role
from qa.reviews.models import Review
from qa.reviews.queue import claim_next
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from scorecards.empathy import load_pack
from scorecards.in_use import EngineConfig
from scorecards.models import PreScore
from tests.commands.rescoring import prescores, strict_pack
from tests.pipeline.steps import CALM, agree_with_a_rebuild, process, replace, stored
from tests.pipeline.test_races import at_once
from tests.world import (
    confirm_review,
    interaction_json,
    make_interaction,
    make_member,
    make_organization,
    make_review,
)
from transcripts.formats import validate
from transcripts.models import Interaction

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def larkfield(transactional_db: None) -> Organization:
    return make_organization("Larkfield")


@pytest.fixture
def run(larkfield: Organization, tmp_path: Path) -> Callable[[], rescoring.Summary]:
    maker = EngineConfig(pack=load_pack(strict_pack(tmp_path)))
    by = System(larkfield.id)

    def run() -> rescoring.Summary:
        rescoring.begin(larkfield, by=by, maker=maker)
        return rescoring.rescore(by=by, maker=maker, batch=3)

    return run


def test_two_that_rescore_at_once_make_each_once(
    larkfield: Organization, run: Callable[[], rescoring.Summary]
) -> None:
    for n in range(8):
        make_interaction(larkfield, external_id=f"c-{n}")
    first, other = at_once(run, run)
    assert first.rescored + other.rescored == 8
    assert len(prescores(larkfield)) == 16
    assert agree_with_a_rebuild(larkfield)


def test_workers_go_on_beside_it(
    larkfield: Organization, run: Callable[[], rescoring.Summary], monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[UUID] = []
    monkeypatch.setattr(dispatch, "enqueue_many", lambda *args: True)
    monkeypatch.setattr(dispatch, "enqueue", lambda organization, pk, *args: rung.append(pk))
    for n in range(6):
        make_interaction(larkfield, external_id=f"c-{n}")
    by = System(larkfield.id)
    new = [validate(interaction_json(external_id=f"n-{n}")) for n in range(6)]
    with tenant(larkfield.id):
        ids = [str(pushed.id) for pushed in pipeline.submit(new, by=by)]
    at_once(run, lambda: tasks.process_many(str(larkfield.id), ids))
    for pk in rung:  # was read under the definitions in use before
        process(stored(larkfield, pk))
    with tenant(larkfield.id):
        current = PreScore.objects.visible_to(by).current()
        assert list(current.values_list("definitions", flat=True)) == ["strict-1"] * 12
        prescored = Interaction.objects.visible_to(by).filter(status="prescored")
        assert prescored.count() == 12
    assert agree_with_a_rebuild(larkfield)


def test_a_review_that_is_confirmed_meanwhile_is_counted_once(
    larkfield: Organization, run: Callable[[], rescoring.Summary]
) -> None:
    dana = make_member(larkfield, "Dana", Role.SPECIALIST)
    drafts = [
        make_review(dana, make_interaction(larkfield, external_id=f"c-{n}")) for n in range(4)
    ]

    def confirm() -> None:
        for draft in drafts:
            confirm_review(draft, dana)

    at_once(run, confirm)
    with tenant(larkfield.id):
        assert Review.objects.visible_to(dana).confirmed().count() == 4
    assert agree_with_a_rebuild(larkfield)


def test_a_draft_is_opened_on_one_pre_score_or_the_other_never_on_both(
    larkfield: Organization, run: Callable[[], rescoring.Summary]
) -> None:
    people: list[Membership] = [
        make_member(larkfield, name, Role.SPECIALIST) for name in ("Dana", "Sam", "Kim")
    ]
    for n in range(6):
        make_interaction(larkfield, external_id=f"c-{n}")

    def taking(member: Membership) -> Callable[[], object]:
        def take() -> object:
            with tenant(larkfield.id):
                return claim_next(by=member)

        return take

    at_once(run, *[taking(member) for member in people])
    with tenant(larkfield.id):
        for review in Review.objects.visible_to(people[0]):
            moments = review.moments.select_related("moment")
            assert {moment.moment.prescore_id for moment in moments if moment.moment} == {
                review.prescore_id
            }


def test_what_is_replaced_while_the_engine_reads_is_left_alone(
    larkfield: Organization,
    run: Callable[[], rescoring.Summary],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    interaction = make_interaction(larkfield, external_id="c-1")
    whole = pipeline.rescore

    def late(*args: object, **options: object) -> bool:
        replace(larkfield, interaction.pk, external_id="c-1", turns=CALM)
        return whole(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(dispatch, "enqueue_many", lambda *args: True)
    monkeypatch.setattr(pipeline, "rescore", late)
    summary = run()
    assert (summary.rescored, summary.overtaken) == (0, 1)
    assert prescores(larkfield) == []
    process(stored(larkfield, interaction.pk))
    assert [prescore.definitions for prescore in prescores(larkfield)] == ["strict-1"]
    assert agree_with_a_rebuild(larkfield)
