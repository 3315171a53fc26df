"""When the time for a review has run out; and what became forbidden while it was in hand."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from qa.organizations.models import Agent, Membership, Team
from qa.reviews import queue
from qa.reviews.models import Decision, Review
from qa.sampling import exclusions
from qa.tenancy.context import tenant
from tests.reviews.steps import Desk, address, take
from tests.world import calibrate, make_calibration, make_interaction
from transcripts.models import Interaction

pytestmark = pytest.mark.django_db
SignIn = Callable[[Membership | None], Client]
ANGER, WORRY = 1, 3


@pytest.fixture
def desk(signed_in: SignIn, dana: Membership) -> Desk:
    make_interaction(dana.organization)
    return take(signed_in(dana), dana)


def runs(desk: Desk) -> bool:
    return desk.review.lease_until > timezone.now()


def test_no_sign_of_life_brings_back_a_lease_that_ran_out(desk: Desk) -> None:
    desk.expire()
    presence = desk.client.post(address("review-presence", desk.member, pk=desk.pk))
    assert presence.status_code == 409
    assert presence.json() == {"code": "lease_ended"}
    assert desk.page
    assert not runs(desk)


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("accept", {"cue_turn": ANGER}),
        ("accept-all", {}),
        ("reject", {"cue_turn": ANGER}),
        ("answer", {"q-let_finish": "yes"}),
        ("note", {"turn": 2, "kind": "praise", "text": "Well said."}),
        ("proposals", {}),
    ],
)
@pytest.mark.parametrize("htmx", [False, True])
def test_the_first_step_after_it_is_refused_and_hands_the_review_back(
    desk: Desk, action: str, data: dict[str, object], *, htmx: bool
) -> None:
    desk.expire()
    answer = desk.send(action, htmx=htmx, **data)
    assert answer.status_code == 409
    assert "ran out" in answer.content.decode()
    assert {moment.decision for moment in desk.moments.values()} == {Decision.PENDING}
    assert desk.review.answers == {}
    assert runs(desk), "it is theirs again"
    assert desk.send(action, **data).status_code == 302


def test_words_are_kept_though_the_lease_ran_out_and_do_not_bring_it_back(desk: Desk) -> None:
    desk.expire()
    answer = desk.client.post(
        address("review-summary-keep", desk.member, pk=desk.pk),
        {"summary": "A good call.", "summary_was": ""},
    )
    assert answer.json() == {"kept": True}
    assert desk.review.summary == "A good call."
    assert not runs(desk)
    assert desk.send("accept", cue_turn=ANGER).status_code == 409


def test_the_words_of_a_note_that_is_refused_are_there_again(desk: Desk) -> None:
    desk.expire()
    desk.send("note", turn=2, kind="praise", text="Said by name.")
    assert "Said by name." in desk.page
    assert desk.send("note", turn=2, kind="praise", text="Said by name.").status_code == 302


def test_words_for_what_somebody_has_taken_meanwhile_are_refused_in_words(
    desk: Desk, signed_in: SignIn, sam: Membership
) -> None:
    desk.expire()
    browser = desk.client
    with tenant(sam.organization_id):
        queue.claim(desk.review.interaction_id, by=sam)
    answer = browser.post(
        address("review-summary-keep", desk.member, pk=desk.pk), {"summary": "A good call."}
    )
    assert answer.status_code == 409
    assert "released or taken over" in answer.json()["message"]


def test_what_ran_out_can_be_put_back_and_gone_on_with_from_the_queue(desk: Desk) -> None:
    desk.send("accept", cue_turn=ANGER)
    desk.expire()
    again = take(desk.client, desk.member)
    assert again.pk == desk.pk
    assert runs(desk)
    desk.expire()
    assert desk.send("release").status_code == 302


def test_a_reading_for_a_calibration_has_no_lease(
    signed_in: SignIn, dana: Membership, sam: Membership, mona: Membership
) -> None:
    session = make_calibration(mona, [dana, sam], make_interaction(mona.organization))
    with tenant(dana.organization_id):
        reading = Review.objects.visible_to(dana).get(specialist=dana)
    desk = Desk(signed_in(dana), dana, reading.pk)
    desk.expire()
    assert desk.client.post(address("review-presence", dana, pk=desk.pk)).status_code == 204
    desk.expire()
    added = desk.send("add", cue_turn=ANGER, emotion="anger", choice="missed")
    assert added.status_code == 302
    calibrate(session, sam)


def exclude(by: Membership, member: Membership, *, team: bool) -> None:
    with tenant(by.organization_id):
        what = Team.objects.visible_to(by).get() if team else None
        agent = None if team else Agent.objects.visible_to(by).get()
        exclusions.exclude(by=by, member=member, agent=agent, team=what)


@pytest.mark.parametrize("team", [False, True])
def test_who_was_excluded_meanwhile_submits_nothing(
    desk: Desk, mona: Membership, *, team: bool
) -> None:
    desk.send("accept-all")
    desk.answer_all()
    exclude(mona, desk.member, team=team)
    assert "Return it to the queue" in desk.page
    answer = desk.send("confirm")
    assert answer.status_code == 422
    assert "You’re excluded" in answer.content.decode()
    assert desk.review.status == Review.Status.OPEN
    assert desk.send("release").status_code == 302


def test_who_turned_out_to_be_its_agent_submits_nothing(desk: Desk) -> None:
    desk.send("accept-all")
    desk.answer_all()
    with tenant(desk.member.organization_id):
        rows = Membership.objects.visible_to(desk.member).filter(pk=desk.member.pk)
        rows.update(agent=Interaction.objects.visible_to(desk.member).get().agent)
    answer = desk.send("confirm")
    assert answer.status_code == 422
    assert "This is your own conversation" in answer.content.decode()
    assert desk.review.status == Review.Status.OPEN


def test_who_is_excluded_does_not_read_it_for_a_calibration(
    signed_in: SignIn, dana: Membership, sam: Membership, mona: Membership
) -> None:
    call = make_interaction(mona.organization)
    session = make_calibration(mona, [dana, sam], call)
    exclude(mona, dana, team=False)
    with tenant(dana.organization_id):
        reading = Review.objects.visible_to(dana).get(specialist=dana)
    desk = Desk(signed_in(dana), dana, reading.pk)
    desk.answer_all()
    answer = desk.send("confirm")
    assert answer.status_code == 422
    assert "You’re excluded" in answer.content.decode()
    assert session.is_reading
    other = make_interaction(mona.organization, external_id="other")
    sent = {
        "name": "Next",
        "due": "",
        "members": [str(dana.pk), str(sam.pk)],
        "interactions": [str(other.pk)],
    }
    refused = signed_in(mona).post(address("calibration-add", mona), sent)
    assert refused.status_code == 422
    assert "Dana is excluded from reviewing an agent or team" in refused.content.decode()
