"""A calibration from its beginning to the agreed result, through the pages."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import InternalError, transaction
from django.db.utils import IntegrityError
from django.test import Client

from qa.audit.models import AuditEvent
from qa.calibration.drift import lines
from qa.calibration.models import Agreed, Session
from qa.dashboards.models import DailyInteractions
from qa.notices.models import Notice
from qa.organizations.models import Membership
from qa.reviews.models import Embargo, Review
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.calibration.steps import (
    ANGER,
    FEAR,
    act,
    address,
    begin,
    hold,
    items_of,
    session_of,
    text_of,
)
from tests.reviews.steps import Desk
from tests.world import calibrate, make_calibration, make_interaction, make_review
from transcripts.models import Interaction

pytestmark = pytest.mark.django_db

SignIn = Callable[[Membership | None], Client]


def test_an_invited_specialist_reads_and_waits_for_the_others(
    signed_in: SignIn, dana: Membership, sam: Membership, mona: Membership
) -> None:
    call = make_interaction(mona.organization)
    answer = begin(signed_in(mona), mona, [dana, sam], [call])
    session = session_of(mona)
    assert answer["Location"] == address("calibration", mona, pk=session.pk)
    with tenant(dana.organization_id):
        told = Notice.objects.visible_to(dana).get(kind="calibration")
    assert told.address == address("calibration", dana, pk=session.pk)

    browser = signed_in(dana)
    assert "to score for a calibration" in text_of(browser.get(address("queue", dana)))
    place = act(browser, "calibration-read", dana, session)["Location"]
    desk = Desk(browser, dana, UUID(place.rstrip("/").rpartition("/")[2]))
    assert "Calibration" in desk.page
    desk.send("add", cue_turn=1, emotion="anger", choice="sympathy_only")
    desk.answer_all()
    answer = desk.send("confirm", next="1")
    assert answer["Location"] == address("calibration", dana, pk=session.pk)
    assert "You're done." in text_of(browser.get(answer["Location"]))
    assert "to score for a calibration" not in text_of(browser.get(address("queue", dana)))


def test_after_the_last_reading_they_discuss_and_agree(
    signed_in: SignIn, dana: Membership, sam: Membership, mona: Membership
) -> None:
    session = make_calibration(mona, [dana, sam], make_interaction(mona.organization))
    calibrate(session, dana, ANGER)
    calibrate(session, sam, ANGER, FEAR, instead={"most_met": "no"})
    assert session_of(mona).is_discussed
    item = items_of(session, mona)[0]
    browser = signed_in(dana)
    shown = text_of(browser.get(address("calibration-item", dana, pk=item.pk)))
    assert "Split: no majority" in shown
    said = {"text": "I would not call that fear.", "target": "moment:3"}
    assert browser.post(address("calibration-say", dana, pk=item.pk), said).status_code == 302
    browser = signed_in(sam)
    assert said["text"] in text_of(browser.get(address("calibration-item", sam, pk=item.pk)))

    browser = signed_in(mona)
    shown = text_of(browser.get(address("calibration", mona, pk=session.pk)))
    assert "still missing" in shown
    assert act(browser, "calibration-agree", mona, session).status_code == 422
    held = held_of(browser, mona, item.pk) | {"moment:3": "none", "answer:most_met": "yes"}
    assert hold(browser, mona, item, held).status_code == 302
    assert act(browser, "calibration-agree", mona, session).status_code == 302
    assert session_of(mona).is_agreed
    with tenant(dana.organization_id):
        assert Notice.objects.visible_to(sam).filter(facts__event="calibration.agreed").exists()


def test_drift_is_how_often_the_blind_word_is_what_was_agreed_on(
    signed_in: SignIn, dana: Membership, sam: Membership, mona: Membership
) -> None:
    session = make_calibration(mona, [dana, sam], make_interaction(mona.organization))
    calibrate(session, dana, ANGER)
    calibrate(session, sam, ANGER, FEAR, instead={"most_met": "no"})
    item, browser = items_of(session, mona)[0], signed_in(mona)
    held = held_of(browser, mona, item.pk) | {"moment:3": "none", "answer:most_met": "yes"}
    hold(browser, mona, item, held)
    with tenant(dana.organization_id):
        assert lines(mona) == [], "not before it is agreed on"
    act(browser, "calibration-agree", mona, session)
    with tenant(dana.organization_id):
        assert [line.member.pk for line in lines(dana)] == [dana.pk]
        points = {line.member.pk: line.points[0] for line in lines(mona)}
    assert (points[dana.pk].outcome.count, points[dana.pk].outcome.n) == (2, 2)
    assert (points[sam.pk].outcome.count, points[sam.pk].outcome.n) == (1, 2)
    assert (points[sam.pk].feeling.count, points[sam.pk].feeling.n) == (1, 1)
    assert points[sam.pk].answers.n - points[sam.pk].answers.count == 1
    assert "matched the final answer" in text_of(
        signed_in(sam).get(address("calibration-drift", sam))
    )


def held_of(client: Client, manager: Membership, item: UUID) -> dict[str, str]:
    """What the form of the result is filled in with."""
    form = client.get(address("calibration-item", manager, pk=item)).context["form"]
    return {name: field.initial for name, field in form.fields.items()}


def test_what_most_say_is_filled_in_and_holds_only_once_saved(
    signed_in: SignIn, dana: Membership, sam: Membership, mona: Membership
) -> None:
    session = make_calibration(mona, [dana, sam], make_interaction(mona.organization))
    calibrate(session, dana, ANGER)
    calibrate(session, sam, ANGER, FEAR)
    item = items_of(session, mona)[0]
    browser = signed_in(mona)
    filled = held_of(browser, mona, item.pk)
    assert (filled["moment:1"], filled["moment:1:feeling"]) == ("sympathy_only", "anger")
    assert filled["moment:3"] == ""
    with tenant(mona.organization_id):
        assert not Agreed.objects.visible_to(mona).exists()
    answer = hold(browser, mona, item, filled)
    assert answer.status_code == 302
    with tenant(mona.organization_id):
        held = Agreed.objects.visible_to(mona)
        assert not held.filter(target="moment:3").exists()
        assert held.get(target="moment:1").emotion == "anger"


def test_two_feelings_of_which_none_has_a_majority_are_not_alike(
    signed_in: SignIn, dana: Membership, sam: Membership, mona: Membership
) -> None:
    session = make_calibration(mona, [dana, sam], make_interaction(mona.organization))
    calibrate(session, dana, (1, "anger", "missed", 0))
    calibrate(session, sam, (1, "fear", "missed", 0))
    shown = text_of(
        signed_in(mona).get(address("calibration-item", mona, pk=items_of(session, mona)[0].pk))
    )
    moment = shown.partition('id="moment-1"')[2].partition("</section>")[0]
    assert "no majority on the feeling" in moment
    assert "All agree" not in moment
    listed = text_of(signed_in(mona).get(address("calibration", mona, pk=session.pk)))
    assert " differ" in listed


def test_a_reading_counts_for_no_agent_and_is_no_review(
    signed_in: SignIn, dana: Membership, sam: Membership, mona: Membership, alex: Membership
) -> None:
    call = make_interaction(mona.organization)
    session = make_calibration(mona, [dana, sam], call)
    calibrate(session, dana, ANGER)
    calibrate(session, sam, ANGER)
    by = System(mona.organization_id)
    with tenant(mona.organization_id):
        assert Interaction.objects.visible_to(by).get().status == "prescored"
        readings = list(Review.objects.visible_to(by))
        assert [reading.kind for reading in readings] == ["calibration"] * 2
        assert not Review.objects.visible_to(by).counted().exists()
        assert not Review.objects.visible_to(alex).exists()
        assert not Notice.objects.visible_to(alex).exists()
        assert sum(day.reviewed for day in DailyInteractions.objects.visible_to(by)) == 0
    browser = signed_in(alex)
    for reading in readings:
        assert browser.get(address("feedback-review", alex, pk=reading.pk)).status_code == 404
    desk = make_review(dana, call, confirmed=True)
    assert desk.kind == "regular", "the conversation still waits in the queue"


def test_each_sees_their_own_reading_only_and_afterwards_the_session(
    signed_in: SignIn, dana: Membership, sam: Membership, mona: Membership
) -> None:
    session = make_calibration(mona, [dana, sam], make_interaction(mona.organization))
    with tenant(dana.organization_id):
        theirs = Review.objects.visible_to(sam).get()
        assert not Review.objects.visible_to(dana).filter(pk=theirs.pk).exists()
    browser = signed_in(dana)
    assert browser.get(address("review", dana, pk=theirs.pk)).status_code == 404
    calibrate(session, dana, ANGER)
    with tenant(dana.organization_id):
        own = Review.objects.visible_to(dana).get()
    answer = browser.get(address("review", dana, pk=own.pk))
    assert answer["Location"] == address("calibration", dana, pk=session.pk)


def test_the_result_never_changes_once_agreed(
    signed_in: SignIn, dana: Membership, sam: Membership, mona: Membership
) -> None:
    session = make_calibration(mona, [dana, sam], make_interaction(mona.organization))
    calibrate(session, dana)
    calibrate(session, sam)
    item = items_of(session, mona)[0]
    browser = signed_in(mona)
    filled = held_of(browser, mona, item.pk)
    hold(browser, mona, item, filled)
    assert act(browser, "calibration-agree", mona, session).status_code == 302
    assert act(browser, "calibration-agree", mona, session).status_code == 409
    assert hold(browser, mona, item, {}).status_code == 409
    said = browser.post(address("calibration-say", mona, pk=item.pk), {"text": "Too late"})
    assert said.status_code == 409
    assert "Too late" not in text_of(browser.get(address("calibration-item", mona, pk=item.pk)))
    with tenant(mona.organization_id):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            Agreed.objects.visible_to(mona).update(value="no")
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            Session.objects.visible_to(mona).update(name="Other")
        assert AuditEvent.objects.visible_to(mona).filter(action="calibration.agreed").count() == 1


def test_closing_early_opens_what_is_there_and_drops_the_rest(
    signed_in: SignIn, dana: Membership, sam: Membership, mona: Membership, ada: Membership
) -> None:
    session = make_calibration(mona, [dana, sam, ada], make_interaction(mona.organization))
    browser = signed_in(mona)
    calibrate(session, dana)
    early = act(browser, "calibration-close", mona, session)
    assert early.status_code == 422
    assert "has been scored by two people" in text_of(early)
    calibrate(session, sam)
    with tenant(ada.organization_id):
        draft = Review.objects.visible_to(ada).get()
    assert act(browser, "calibration-close", mona, session).status_code == 302
    assert act(browser, "calibration-close", mona, session).status_code == 409
    shown = text_of(browser.get(address("calibration", mona, pk=session.pk)))
    assert "scored by 2 of 3" in shown
    late = signed_in(ada).post(
        address("review-confirm", ada, pk=draft.pk), {"revision": draft.revision}
    )
    assert late.status_code == 409
    assert "scoring was closed" in text_of(late)
    with tenant(mona.organization_id):
        assert not Embargo.objects.visible_to(mona).exists()


def test_a_session_that_is_called_off_has_no_results(
    signed_in: SignIn, dana: Membership, sam: Membership, mona: Membership
) -> None:
    session = make_calibration(mona, [dana, sam], make_interaction(mona.organization))
    calibrate(session, dana)
    browser = signed_in(mona)
    assert act(browser, "calibration-call-off", mona, session).status_code == 302
    item = items_of(session, mona)[0]
    assert browser.get(address("calibration-item", mona, pk=item.pk)).status_code == 409
    assert act(browser, "calibration-close", mona, session).status_code == 409
    read = act(signed_in(sam), "calibration-read", sam, session)
    assert "You have nothing left to score" in text_of(read)
    with tenant(mona.organization_id):
        assert not Embargo.objects.visible_to(mona).exists()
        assert Notice.objects.visible_to(sam).filter(facts__event="calibration.called_off").exists()


def test_what_was_called_off_unread_is_offered_again(
    signed_in: SignIn, dana: Membership, sam: Membership, mona: Membership
) -> None:
    call = make_interaction(mona.organization)
    session = make_calibration(mona, [dana, sam], call)
    browser, page = signed_in(mona), address("calibration-add", mona)
    assert str(call.pk) not in text_of(browser.get(page))
    act(browser, "calibration-call-off", mona, session)
    assert str(call.pk) in text_of(browser.get(page))
    answer = begin(browser, mona, [dana, sam], [call], name="Again")
    assert answer.status_code == 302


def test_nothing_is_compared_before_two_have_read(
    signed_in: SignIn, dana: Membership, sam: Membership, mona: Membership
) -> None:
    call = make_interaction(mona.organization)
    session = make_calibration(mona, [dana, sam], call)
    calibrate(session, dana, ANGER)
    browser = signed_in(mona)
    page = address("calibration", mona, pk=session.pk)
    item = address("calibration-item", mona, pk=items_of(session, mona)[0].pk)
    alone, detail = text_of(browser.get(page)), text_of(browser.get(item))
    assert "Nothing to compare until two have scored it" in alone
    assert " differ\n" not in alone, "one reader differs from nobody"
    assert " of 1</td>" not in alone
    assert "Split" not in detail
    assert "Answers differ" not in detail
    assert "All agree" not in detail
    assert "Everyone agrees" not in detail
    calibrate(session, sam, (1, "frustration", "missed", 0))
    both = text_of(browser.get(page))
    assert "Nothing to compare until two have scored it" not in both
    assert " differ\n" in both
