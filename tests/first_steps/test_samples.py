"""Sample conversations: in by one button, marked everywhere, out again with everything of them."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from qa import pipeline
from qa.audit.models import AuditEvent
from qa.coaching import actions as coaching
from qa.coaching.models import Acknowledgement, CoachingNote
from qa.core.errors import Conflict
from qa.dashboards.actions import rebuild
from qa.dashboards.models import DailyInteractions, DailyMoments
from qa.disputes import actions as disputes
from qa.disputes.models import Dispute
from qa.first_steps import samples
from qa.notices.models import Notice
from qa.organizations.models import Agent, Membership, Role
from qa.reviews.corrections import Correction
from qa.reviews.models import Review, ReviewMoment
from qa.sampling.models import QueueEntry
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from scorecards.models import Moment, PreScore
from tests.first_steps.steps import address, count, load, page_of, review_of
from tests.world import (
    calibrate,
    confirm_review,
    make_calibration,
    make_interaction,
    make_member,
    make_review,
)
from transcripts.models import Channel, Interaction

pytestmark = pytest.mark.django_db
CORRECTED = {"emotion": "fear", "outcome": "empathy", "strength": 1}
SignIn = Callable[[Membership | None], Client]


def agent_of(one: Interaction) -> Agent:
    with tenant(one.organization_id):
        return Agent.objects.visible_to(System(one.organization_id)).get(pk=one.agent_id)


def test_one_button_brings_them_in(mona: Membership, signed_in: SignIn) -> None:
    answer = signed_in(mona).post(address("first-steps/samples/"), follow=True)
    assert "8 sample conversations are in." in answer.content.decode()
    assert count(Interaction, mona) == 8
    with tenant(mona.organization_id):
        deed = AuditEvent.objects.visible_to(mona).get(action="samples.loaded")
    assert (deed.actor, deed.data) == (mona.actor_label, {"conversations": 8})


def test_they_show_every_channel_every_outcome_and_both_kinds_of_feelings(mona: Membership) -> None:
    loaded = load(mona)
    assert {one.channel for one in loaded} == set(Channel.values)
    with tenant(mona.organization_id):
        found = Moment.objects.visible_to(mona).current()
        outcomes = set(found.values_list("outcome", "strength"))
        emotions = set(found.values_list("emotion", flat=True))
    assert outcomes >= {
        ("empathy", 2),
        ("empathy", 1),
        ("sympathy_only", 0),
        ("missed", 0),
        ("dismissed", 0),
    }
    assert emotions >= {"happiness", "relief", "anger", "fear", "sadness"}
    assert {agent_of(one).name for one in loaded} == {"Noor Haddad (sample)", "Piet Lang (sample)"}


def test_they_are_marked_wherever_they_are_listed(mona: Membership, signed_in: SignIn) -> None:
    load(mona)
    make_interaction(mona.organization, external_id="real")
    pages = ("interactions/", "queue/", "moments/")
    marks = [page_of(signed_in(mona), page).count(">Sample</span>") for page in pages]
    assert marks == [8, 8, 13]
    dashboard = page_of(signed_in(mona), "dashboard/")
    assert "Sample conversations are counted in these figures." in dashboard


def test_the_page_of_one_and_its_review_say_so(mona: Membership, signed_in: SignIn) -> None:
    one = load(mona)[0]
    assert ">Sample</span>" in page_of(signed_in(mona), f"interactions/{one.pk}/")
    review = make_review(mona, one)
    assert ">Sample</span>" in page_of(signed_in(mona), f"reviews/{review.pk}/")


def test_they_come_in_once(mona: Membership, signed_in: SignIn) -> None:
    load(mona)
    with tenant(mona.organization_id), pytest.raises(Conflict):
        samples.load(by=mona)
    answer = signed_in(mona).post(address("first-steps/samples/"), follow=True)
    assert "The sample conversations are here already." in answer.content.decode()
    assert count(Interaction, mona) == 8


def test_a_client_cannot_call_its_conversations_samples(mona: Membership) -> None:
    own = make_interaction(mona.organization, source="sample", external_id="sample-1")
    assert not own.is_sample
    with tenant(mona.organization_id):
        done = samples.take_out(by=mona)
    assert done.conversations == 0
    assert count(Interaction, mona) == 1


def test_specialists_and_agents_can_neither_load_nor_remove_them(
    dana: Membership, alex: Membership, signed_in: SignIn
) -> None:
    for member in (dana, alex):
        for page in ("first-steps/samples/", "first-steps/samples/remove/"):
            assert signed_in(member).post(address(page)).status_code == 403


def go_all_the_way(one: Interaction, mona: Membership, dana: Membership) -> Membership:
    """Review it with a note, let its agent read and dispute it, and correct it; gives the agent."""
    noor = make_member(mona.organization, "Noor", Role.AGENT, agent_of(one))
    review = make_review(dana, one)
    with tenant(dana.organization_id):
        coaching.write_note(review, by=dana, turn=2, kind="praise", text="Well said.")
        confirm_review(review, dana)
        review.refresh_from_db()
        coaching.acknowledge(review, by=noor)
        for target, upheld in (("moment:1", True), ("answer:what_next", False)):
            dispute = disputes.open_dispute(review, by=noor, target=target, words="I see it so.")
            change = Correction(1, CORRECTED) if upheld else None
            pipeline.decide_dispute(
                dispute, by=mona, upheld=upheld, reason="Looked at.", change=change
            )
    return noor


def test_everything_of_them_goes_and_nothing_else(
    mona: Membership, dana: Membership, alex: Membership, signed_in: SignIn
) -> None:
    own = review_of(dana, make_interaction(mona.organization, external_id="real"))
    before = {model: count(model, mona) for model in (PreScore, Moment, Review, ReviewMoment)}
    loaded = load(mona)
    go_all_the_way(loaded[0], mona, dana)
    make_review(dana, loaded[1])  # a draft
    answer = signed_in(mona).post(address("first-steps/samples/remove/"), follow=True)
    text = answer.content.decode()
    assert "8 sample conversations were taken out, with everything made of them." in text
    assert "1 sample agent stays" in text  # Noor has a log-in
    assert {model: count(model, mona) for model in before} == before
    assert count(Interaction, mona) == 1
    for model in (Dispute, CoachingNote, Acknowledgement):
        assert count(model, mona) == 0, model
    with tenant(mona.organization_id):
        system = System(mona.organization_id)
        places = QueueEntry.objects.visible_to(system).exclude(interaction=own.interaction_id)
        assert not places.exists()
        about = Notice.objects.visible_to(system).exclude(address__contains=str(own.pk))
        assert not about.filter(address__contains="/feedback/").exists()
        deed = AuditEvent.objects.visible_to(mona).get(action="samples.taken_out")
        assert deed.data == {"conversations": 8, "reviews": 1, "kept": 0}


def figures(of: Membership) -> list[list[tuple[object, ...]]]:
    """The daily tables, without rows that count nothing."""
    tables = (
        (DailyMoments, ("day", "agent", "emotion", "outcome", "strength", "count"), "count"),
        (DailyInteractions, ("day", "agent", "interactions", "reviewed"), "interactions"),
    )
    with tenant(of.organization_id):
        return [
            sorted(
                model.objects.visible_to(of).exclude(**{number: 0}).values_list(*columns), key=str
            )
            for model, columns, number in tables
        ]


def test_figures_are_as_if_they_had_never_been_there(mona: Membership, dana: Membership) -> None:
    review_of(dana, make_interaction(mona.organization, external_id="real"))
    before = figures(mona)
    loaded = load(mona)
    assert figures(mona) != before
    review_of(dana, loaded[3])
    with tenant(mona.organization_id):
        samples.take_out(by=mona)
    assert figures(mona) == before
    with tenant(mona.organization_id):
        rebuild(by=System(mona.organization_id))
    assert figures(mona) == before


def test_they_can_be_loaded_again(mona: Membership) -> None:
    load(mona)
    with tenant(mona.organization_id):
        samples.take_out(by=mona)
    assert count(Agent, mona) == 0
    assert len(load(mona)) == 8


def test_what_a_calibration_reads_stays(
    mona: Membership, dana: Membership, sam: Membership
) -> None:
    loaded = load(mona)
    calibrate(make_calibration(mona, [dana, sam], loaded[0]), dana)
    with tenant(mona.organization_id):
        done = samples.take_out(by=mona)
    assert (done.conversations, done.kept, done.agents_kept) == (7, 1, 1)
    assert count(Interaction, mona) == 1


@pytest.mark.parametrize("model", [Review, ReviewMoment, CoachingNote, Acknowledgement])
def test_the_database_still_refuses_to_delete_any_other_review(
    model: type[Review], dana: Membership, alex: Membership
) -> None:
    review = make_review(dana)
    with tenant(dana.organization_id):
        coaching.write_note(review, by=dana, turn=2, kind="praise", text="Well said.")
        confirm_review(review, dana)
        review.refresh_from_db()
        coaching.acknowledge(review, by=alex)
        rows = model.objects.visible_to(System(dana.organization_id))
        with pytest.raises(DatabaseError), transaction.atomic():
            rows._raw_delete(rows.db)
        assert rows.exists()


def test_a_submitted_review_of_a_sample_never_changes(mona: Membership, dana: Membership) -> None:
    review = review_of(dana, load(mona)[0])
    with tenant(dana.organization_id), pytest.raises(DatabaseError), transaction.atomic():
        Review.objects.visible_to(dana).filter(pk=review.pk).update(score=100)
