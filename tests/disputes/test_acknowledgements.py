"""Who has read what, and reminders of what has not been read."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from qa import tasks
from qa.coaching.models import SharedPreScore
from qa.coaching.policy import set_feedback_policy
from qa.notices.actions import mark_read
from qa.notices.models import Notice
from qa.organizations.actions import change_role
from qa.organizations.models import Membership, Organization, Role
from qa.reviews.models import Review
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.disputes.steps import (
    ANGER,
    SignIn,
    decide,
    reviewed_with_note,
    send,
    the_dispute,
)
from tests.notices.steps import notices_of
from tests.reviews.steps import address
from tests.world import make_interaction, make_review

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(dana: Membership, alex: Membership) -> Review:
    return reviewed_with_note(dana)


def listed(client: Any, member: Membership, **query: str) -> list[Any]:
    page = client.get(address("acknowledgements", member), query)
    assert page.status_code == 200
    return list(page.context["page"].rows)


def reminders_of(member: Membership) -> list[str]:
    return [notice.subject for notice in notices_of(member) if notice.kind == Notice.Kind.REMINDER]


def test_a_decision_is_acknowledged_once_by_its_agent(
    signed_in: SignIn, alex: Membership, dana: Membership, mona: Membership, review: Review
) -> None:
    send(signed_in(alex), alex, review, f"moment:{ANGER}")
    dispute = the_dispute(dana)
    url = address("dispute-read", alex, pk=dispute.pk)
    assert signed_in(alex).post(url).status_code == 422, "nothing is decided yet"
    decide(signed_in(mona), mona, dispute, decision="decline", reason="No.")
    shown = address("dispute", mona, pk=dispute.pk)
    assert "hasn’t read this yet" in signed_in(mona).get(shown).content.decode()
    assert signed_in(mona).post(url).status_code == 403
    assert "read the decision" in signed_in(alex).get(address("feedback", alex)).content.decode()
    assert signed_in(alex).post(url).status_code == 302
    assert signed_in(alex).post(url).status_code == 409
    read = signed_in(mona).get(shown).content.decode()
    assert "Alex marked this as read on" in " ".join(read.split())


def test_managers_see_what_waits_and_what_was_read(
    signed_in: SignIn, alex: Membership, dana: Membership, mona: Membership, review: Review
) -> None:
    client = signed_in(mona)
    (row,) = listed(client, mona)
    assert (row.agent, row.by, row.read_at) == ("Alex Finch", "Dana", None)
    assert row.address == address("review", mona, pk=review.pk)
    signed_in(alex).post(address("acknowledge", alex, pk=review.pk), {"answer": "Thanks."})
    client = signed_in(mona)
    assert not listed(client, mona)
    (row,) = listed(client, mona, state="read")
    assert row.read_at is not None
    assert row.answer == "Thanks."


def test_a_corrected_review_waits_to_be_read_again(
    signed_in: SignIn, alex: Membership, dana: Membership, mona: Membership, review: Review
) -> None:
    signed_in(alex).post(address("acknowledge", alex, pk=review.pk), {"answer": ""})
    send(signed_in(alex), alex, review, "answer:own_words")
    dispute = the_dispute(dana)
    decide(signed_in(mona), mona, dispute, decision="uphold", reason="Yes.", answer="no")
    client = signed_in(mona)
    (row,) = listed(client, mona)
    assert row.what.endswith(", corrected")
    (decision,) = listed(client, mona, kind="decisions")
    assert decision.what == "Dispute: upheld"
    signed_in(alex).post(address("dispute-read", alex, pk=dispute.pk))
    assert not listed(signed_in(mona), mona, kind="decisions")
    assert len(listed(signed_in(mona), mona, kind="decisions", state="read")) == 1


def test_specialists_see_what_they_gave_and_no_pre_scores(
    signed_in: SignIn, dana: Membership, sam: Membership, review: Review
) -> None:
    assert len(listed(signed_in(dana), dana)) == 1
    assert not listed(signed_in(sam), sam)
    page = signed_in(dana).get(address("acknowledgements", dana), {"kind": "prescores"})
    assert page.context["kind"] == "reviews"
    assert "prescores" not in page.content.decode()


def test_managers_see_which_pre_scores_were_read(
    signed_in: SignIn, larkfield: Organization, alex: Membership, mona: Membership
) -> None:
    with tenant(larkfield.id):
        set_feedback_policy(by=mona, dispute_days=14, share_from=0, remind_days=7)
    make_interaction(larkfield)
    assert len(listed(signed_in(mona), mona, kind="prescores")) == 1
    with tenant(larkfield.id):
        prescore = SharedPreScore.objects.visible_to(mona).get()
    signed_in(alex).post(address("automatic-acknowledge", alex, pk=prescore.pk))
    assert not listed(signed_in(mona), mona, kind="prescores")
    assert len(listed(signed_in(mona), mona, kind="prescores", state="read")) == 1


def test_agents_without_a_log_in_are_left_out(
    signed_in: SignIn, larkfield: Organization, dana: Membership, mona: Membership
) -> None:
    make_review(dana, make_interaction(larkfield), confirmed=True)
    assert not listed(signed_in(mona), mona)


def test_who_is_no_agent_any_more_is_neither_listed_nor_reminded(
    signed_in: SignIn,
    alex: Membership,
    mona: Membership,
    review: Review,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with tenant(mona.organization_id):
        change_role(alex, by=mona, role=Role.SPECIALIST)
    assert not listed(signed_in(mona), mona)
    waited(review, monkeypatch, 8)
    tasks.remind()
    assert not reminders_of(alex)


def test_as_many_queries_for_two_rows_as_for_twenty(
    signed_in: SignIn, larkfield: Organization, alex: Membership, dana: Membership, mona: Membership
) -> None:
    counts = []
    for more in (2, 20):
        for number in range(more):
            call = make_interaction(larkfield, external_id=f"{more}-{number}")
            make_review(dana, call, confirmed=True)
        client = signed_in(mona)
        with CaptureQueriesContext(connection) as queries:
            assert len(listed(client, mona)) == (2 if more == 2 else 22)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def waited(review: Review, monkeypatch: pytest.MonkeyPatch, days: float) -> None:
    """As if these days had gone by: what was confirmed never changes, so the clock does."""
    now = timezone.now() + timedelta(days=days)
    monkeypatch.setattr("qa.disputes.reminding.timezone.now", lambda: now)


def test_an_agent_is_reminded_once_of_each_review(
    alex: Membership, review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks.remind()
    assert not reminders_of(alex)
    waited(review, monkeypatch, 7.1)
    tasks.remind()
    tasks.remind()
    assert reminders_of(alex) == [str(review.pk)]
    with tenant(alex.organization_id):
        mark_read(by=alex)
    tasks.remind()
    assert reminders_of(alex) == [str(review.pk)]


def test_what_was_read_or_is_far_back_is_no_reminder(
    signed_in: SignIn, alex: Membership, review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited(review, monkeypatch, 15)
    tasks.remind()
    signed_in(alex).post(address("acknowledge", alex, pk=review.pk), {"answer": ""})
    waited(review, monkeypatch, 8)
    tasks.remind()
    assert not reminders_of(alex)


def test_nobody_is_reminded_where_it_is_switched_off(
    alex: Membership, mona: Membership, review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tenant(mona.organization_id):
        set_feedback_policy(by=mona, dispute_days=14, share_from=None, remind_days=0)
    waited(review, monkeypatch, 8)
    tasks.remind()
    assert not reminders_of(alex)


def test_decisions_and_the_newest_pre_score_are_reminded_of_too(
    signed_in: SignIn,
    alex: Membership,
    mona: Membership,
    review: Review,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with tenant(mona.organization_id):
        set_feedback_policy(by=mona, dispute_days=14, share_from=0, remind_days=7)
    for number in range(3):
        make_interaction(mona.organization, external_id=str(number))
    send(signed_in(alex), alex, review, f"moment:{ANGER}")
    dispute = the_dispute(mona)
    decide(signed_in(mona), mona, dispute, decision="decline", reason="No.")
    waited(review, monkeypatch, 8)
    tasks.remind()
    with tenant(mona.organization_id):
        rows = SharedPreScore.objects.visible_to(System(mona.organization_id))
        newest = rows.latest("shared_at")
    assert set(reminders_of(alex)) == {str(review.pk), str(dispute.pk), str(newest.pk)}
