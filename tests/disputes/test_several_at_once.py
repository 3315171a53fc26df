"""An agent objects to several parts in one go, and says what should stand there instead."""

import pytest

from qa.disputes.models import Dispute
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


def opened(by: Membership) -> list[Dispute]:
    with tenant(by.organization_id):
        return list(Dispute.objects.visible_to(System(by.organization_id)).order_by("pk"))


def test_two_objections_go_together_with_what_they_propose(
    signed_in: SignIn, alex: Membership, mona: Membership, review: Review
) -> None:
    url = address("dispute-several", alex, pk=review.pk)
    feedback = signed_in(alex).get(address("feedback-review", alex, pk=review.pk)).content.decode()
    assert url in feedback
    assert "You can dispute this review until" in feedback
    assert feedback.index("Notes for you") < feedback.index("See something differently?")
    page = signed_in(alex).get(url)
    rows = page.context["form"].rows
    moment = next(place for place, row in enumerate(rows) if row[0].target.startswith("moment:"))
    note = next(place for place, row in enumerate(rows) if row[0].target.startswith("note:"))
    sent = {
        f"chosen-{moment}": "on",
        f"words-{moment}": "I named it.",
        f"proposed-{moment}": "empathy_1",
        f"chosen-{note}": "on",
        f"words-{note}": "That was the other call.",
    }
    answer = signed_in(alex).post(url, sent)
    assert answer.status_code == 302
    assert [one.proposed for one in opened(alex)] == ["empathy_1", ""]
    first = opened(alex)[0]
    shown = signed_in(mona).get(address("dispute", mona, pk=first.pk))
    assert "Proposed instead" in shown.content.decode()
    assert shown.context["form"]["choice"].value() == "empathy_1"
    again = signed_in(alex).get(url).context["form"].rows
    assert len(again) == len(rows) - 2, "what is pending can't be chosen again"


def test_all_are_sent_or_none(signed_in: SignIn, alex: Membership, review: Review) -> None:
    url = address("dispute-several", alex, pk=review.pk)
    browser = signed_in(alex)
    assert browser.post(url, {}).status_code == 422
    half = {"chosen-0": "on", "words-0": "No.", "chosen-1": "on", "words-1": " "}
    assert browser.post(url, half).status_code == 422
    odd = {"chosen-0": "on", "words-0": "No.", "proposed-0": "splendid"}
    assert browser.post(url, odd).status_code == 422
    assert opened(alex) == []


def test_only_the_agent_and_nobody_elsewhere(
    signed_in: SignIn, dana: Membership, mallory: Membership, review: Review
) -> None:
    url = address("dispute-several", dana, pk=review.pk)
    assert signed_in(dana).get(url).status_code == 403
    assert signed_in(mallory).get(url).status_code == 404


def test_the_agents_own_list_does_not_name_them(
    signed_in: SignIn, alex: Membership, mona: Membership, review: Review
) -> None:
    url = address("dispute-several", alex, pk=review.pk)
    signed_in(alex).post(url, {"chosen-0": "on", "words-0": "No."})
    own = signed_in(alex).get(address("disputes", alex)).content.decode()
    assert 'data-label="Agent"' not in own
    assert 'data-label="Agent"' in signed_in(mona).get(address("disputes", mona)).content.decode()
