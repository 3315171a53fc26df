"""What a calibration refuses, in words, losing nothing."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client

from qa.calibration.models import Session
from qa.organizations.models import Membership
from qa.reviews.models import Review
from qa.tenancy.context import tenant
from tests.calibration.steps import ANGER, FEAR, act, address, begin, hold, items_of, text_of
from tests.reviews.steps import Desk
from tests.world import (
    ANGRY_CALL,
    calibrate,
    interaction_json,
    make_calibration,
    make_interaction,
    make_key,
    make_review,
)
from transcripts.models import Interaction

pytestmark = pytest.mark.django_db

SignIn = Callable[[Membership | None], Client]


def refused(signed_in: SignIn, mona: Membership, *args: list, **more: object) -> str:  # type: ignore[type-arg]
    answer = begin(signed_in(mona), mona, *args, **more)
    assert answer.status_code == 422
    with tenant(mona.organization_id):
        assert Session.objects.visible_to(mona).filter(name="November").count() == 0
    return text_of(answer)


def test_a_session_needs_two_readers_and_a_conversation_and_keeps_what_is_filled_in(
    signed_in: SignIn, dana: Membership, sam: Membership, mona: Membership
) -> None:
    call = make_interaction(mona.organization)
    shown = refused(signed_in, mona, [dana], [call])
    assert "Choose 2 to 20 reviewers" in shown
    assert f'name="interactions" value="{call.pk}" checked' in shown
    assert 'value="November"' in shown
    assert "at least one conversation" in refused(signed_in, mona, [dana, sam], [])
    assert "at least two reviewers" in refused(signed_in, mona, [], [call])
    assert "Give the session a name." in refused(signed_in, mona, [dana, sam], [call], name=" ")
    past = refused(signed_in, mona, [dana, sam], [call], due="2020-01-01")
    assert "is in the past" in past


def test_what_has_no_pre_score_is_not_read(
    signed_in: SignIn, dana: Membership, sam: Membership, mona: Membership
) -> None:
    call = make_interaction(mona.organization, prescored=False)
    assert "no pre-score yet" in refused(signed_in, mona, [dana, sam], [call])


def test_a_strangers_ids_are_not_known(
    signed_in: SignIn, dana: Membership, sam: Membership, mona: Membership, mallory: Membership
) -> None:
    foreign, own = make_interaction(mallory.organization), make_interaction(mona.organization)
    assert "t available" in refused(signed_in, mona, [dana, sam], [foreign])
    shown = refused(signed_in, mona, [dana, mallory], [own])
    assert "One of these people can" in shown
    for unknown in (str(uuid4()), "x"):
        sent = {"name": "November", "interactions": [unknown], "members": [dana.pk, sam.pk]}
        answer = signed_in(mona).post(address("calibration-add", mona), sent)
        assert answer.status_code == 422
        assert "t available" in text_of(answer)


def test_agents_and_people_who_left_are_not_chosen(
    signed_in: SignIn, dana: Membership, sam: Membership, mona: Membership, alex: Membership
) -> None:
    call = make_interaction(mona.organization)
    assert "One of these people can" in refused(signed_in, mona, [dana, alex], [call])
    sam.user.is_active = False
    sam.user.save()
    assert "One of these people can" in refused(signed_in, mona, [dana, sam], [call])


def test_nobody_reads_what_they_know(
    signed_in: SignIn, dana: Membership, sam: Membership, mona: Membership
) -> None:
    call = make_interaction(mona.organization)
    make_review(dana, call, confirmed=True)
    shown = refused(signed_in, mona, [dana, sam], [call])
    assert "Dana has already seen one of these conversations." in shown


def test_the_same_conversation_is_not_read_for_two_sessions(
    signed_in: SignIn, dana: Membership, sam: Membership, mona: Membership
) -> None:
    call = make_interaction(mona.organization)
    make_calibration(mona, [dana, sam], call, name="October")
    assert "has already seen one of these" in refused(signed_in, mona, [dana, sam], [call])


def test_filtering_loses_no_tick(signed_in: SignIn, dana: Membership, mona: Membership) -> None:
    call = make_interaction(mona.organization)
    answer = begin(signed_in(mona), mona, [dana], [call], show="1", channel="email")
    assert answer.status_code == 200
    shown = text_of(answer)
    assert f'name="interactions" value="{call.pk}" checked' in shown
    assert f'name="members" value="{dana.pk}" checked' in shown
    assert 'value="November"' in shown
    other = text_of(begin(signed_in(mona), mona, [dana], [], show="1", channel="email"))
    assert str(call.pk) not in other
    found = text_of(begin(signed_in(mona), mona, [dana], [], show="1", q="booking"))
    assert str(call.pk) in found


def test_steps_that_do_not_belong_to_a_calibration_are_refused(
    signed_in: SignIn, dana: Membership, sam: Membership, mona: Membership
) -> None:
    make_calibration(mona, [dana, sam], make_interaction(mona.organization))
    with tenant(dana.organization_id):
        draft = Review.objects.visible_to(dana).get()
    desk = Desk(signed_in(dana), dana, draft.pk)
    for action, data in (
        ("commit", {}),
        ("release", {}),
        ("note", {"turn": 2, "kind": "praise", "text": "Well said."}),
        ("confirm", {}),
    ):
        assert desk.send(action, **data).status_code == 422, action
    assert "Note" not in desk.page.partition('id="transcript"')[2].partition("</ol>")[0]
    kept = desk.send("note-keep", turn=2, kind="praise", text="Well", was="")
    assert kept.status_code == 422


def test_its_conversations_stay_as_they_are(
    signed_in: SignIn, dana: Membership, sam: Membership, mona: Membership, ada: Membership
) -> None:
    call = make_interaction(mona.organization)
    make_calibration(mona, [dana, sam], call)
    answer = signed_in(ada).post(address("interaction-swap", ada, pk=call.pk))
    assert answer.status_code == 409
    assert "part of a calibration" in text_of(answer)


def test_a_source_sends_no_new_content_under_its_readers(
    client: Client, dana: Membership, sam: Membership, mona: Membership, ada: Membership
) -> None:
    call = make_interaction(mona.organization, external_id="c-1")
    make_calibration(mona, [dana, sam], call)
    sent = interaction_json(external_id="c-1", turns=ANGRY_CALL[:4])
    answer = client.post(
        "/api/v1/interactions/?on_conflict=replace",
        sent,
        content_type="application/json",
        headers={"authorization": f"Bearer {make_key(ada)}"},
    )
    assert answer.status_code == 409
    assert "part of a calibration" in text_of(answer)
    with tenant(mona.organization_id):
        assert Interaction.objects.visible_to(mona).get().turn_count == len(ANGRY_CALL)


def test_who_reads_submits_before_closing_for_the_others(
    signed_in: SignIn, dana: Membership, sam: Membership, mona: Membership
) -> None:
    session = make_calibration(mona, [dana, sam, mona], make_interaction(mona.organization))
    calibrate(session, dana)
    calibrate(session, sam)
    answer = act(signed_in(mona), "calibration-close", mona, session)
    assert answer.status_code == 422
    assert "Submit your own reviews first" in text_of(answer)


def test_a_result_without_a_feeling_or_with_an_unknown_answer_loses_nothing(
    signed_in: SignIn, dana: Membership, sam: Membership, mona: Membership
) -> None:
    session = make_calibration(mona, [dana, sam], make_interaction(mona.organization))
    calibrate(session, dana, ANGER)
    calibrate(session, sam, FEAR)
    item = items_of(session, mona)[0]
    browser = signed_in(mona)
    answer = hold(browser, mona, item, {"moment:1": "missed", "answer:most_met": "no"})
    assert answer.status_code == 422
    shown = text_of(answer)
    assert "Choose a feeling." in shown
    assert '<option value="missed" selected>' in shown
    assert '<option value="no" selected>' in shown
    wrong = hold(browser, mona, item, {"moment:1": "splendid", "answer:most_met": "7"})
    assert wrong.status_code == 422


def test_empty_words_and_unknown_parts_are_not_said(
    signed_in: SignIn, dana: Membership, sam: Membership, mona: Membership
) -> None:
    session = make_calibration(mona, [dana, sam], make_interaction(mona.organization))
    calibrate(session, dana)
    calibrate(session, sam)
    item = items_of(session, mona)[0]
    browser, where = signed_in(dana), address("calibration-say", dana, pk=item.pk)
    assert browser.post(where, {"text": "  "}).status_code == 422
    answer = browser.post(where, {"text": "Well now", "target": "moment:99"})
    assert answer.status_code == 422


def test_a_specialist_who_takes_no_part_finds_no_session(
    signed_in: SignIn, dana: Membership, sam: Membership, mona: Membership, ada: Membership
) -> None:
    session = make_calibration(mona, [sam, ada], make_interaction(mona.organization))
    item = items_of(session, mona)[0]
    browser = signed_in(dana)
    assert browser.get(address("calibration", dana, pk=session.pk)).status_code == 404
    assert browser.get(address("calibration-item", dana, pk=item.pk)).status_code == 404
    assert "No calibration yet" in text_of(browser.get(address("calibrations", dana)))
