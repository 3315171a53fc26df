"""Agent and reviewer write to each other about feedback; each is told, nobody else reads it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qa.audit.models import AuditEvent
from qa.coaching.models import FeedbackReply
from qa.notices.models import Notice
from qa.organizations.models import Membership
from qa.reviews.models import Review
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.disputes.steps import SignIn, reviewed_with_note
from tests.reviews.steps import address

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(dana: Membership, alex: Membership) -> Review:
    return reviewed_with_note(dana)


def told(member: Membership) -> list[str]:
    with tenant(member.organization_id):
        rows = Notice.objects.visible_to(member).filter(kind=Notice.Kind.REPLY)
        return [str((one.facts or {})["event"]) for one in rows]


def test_they_write_back_and_forth_and_each_is_told(
    signed_in: SignIn, alex: Membership, dana: Membership, mona: Membership, review: Review
) -> None:
    url = address("feedback-replies", alex, pk=review.pk)
    with tenant(alex.organization_id):
        note = review.notes.get()
    said = {"agent": alex.agent_id, "note": note.pk, "text": "What should I have said?"}
    assert signed_in(alex).post(url, said).status_code == 302
    assert told(dana) == ["feedback.replied"]
    assert told(mona) == [], "a manager who has not written is not told"
    page = signed_in(dana).get(url).content.decode()
    assert "What should I have said?" in page
    assert "About the note" in page
    back = {"agent": alex.agent_id, "text": "Name what it meant for them."}
    assert signed_in(dana).post(url, back).status_code == 302
    assert told(alex) == ["feedback.replied"]
    own = signed_in(alex).get(address("feedback-review", alex, pk=review.pk)).content.decode()
    assert own.index("What should I have said?") < own.index("Name what it meant for them.")
    assert signed_in(mona).post(url, {**back, "text": "Well put."}).status_code == 302
    with tenant(alex.organization_id):
        by = System(alex.organization_id)
        assert AuditEvent.objects.visible_to(by).filter(action="feedback.replied").count() == 3


def test_refusals(
    signed_in: SignIn, alex: Membership, sam: Membership, mallory: Membership, review: Review
) -> None:
    url = address("feedback-replies", alex, pk=review.pk)
    said = {"agent": alex.agent_id, "text": "Hello"}
    assert signed_in(alex).post(url, {**said, "text": " "}).status_code == 422
    assert signed_in(alex).post(url, {**said, "text": "x" * 2001}).status_code == 422
    assert signed_in(alex).post(url, {**said, "agent": review.pk}).status_code == 422
    assert signed_in(alex).post(url, {**said, "note": review.pk}).status_code == 422
    assert signed_in(sam).get(url).status_code == 404, "another specialist's review"
    assert signed_in(mallory).post(url, said).status_code == 404
    with tenant(alex.organization_id):
        assert not FeedbackReply.objects.visible_to(System(alex.organization_id)).exists()


def test_as_many_queries_for_two_messages_as_for_ten(
    signed_in: SignIn, alex: Membership, dana: Membership, review: Review
) -> None:
    url = address("feedback-replies", alex, pk=review.pk)

    def write(number: int) -> None:
        for n in range(number):
            said = {"agent": alex.agent_id, "text": f"Message {n}"}
            signed_in(alex if n % 2 else dana).post(url, said)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            signed_in(alex).get(url)
        return len(found)

    write(2)
    queries()
    few = queries()
    write(8)
    assert queries() <= few
