"""A submitted review is corrected by its author or a manager, with a reason."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from qa.audit.models import AuditEvent
from qa.coaching.models import CoachingNote
from qa.dashboards.actions import rebuild
from qa.notices.models import Notice
from qa.organizations.models import Membership
from qa.reviews.models import Review
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.disputes.steps import reviewed_with_note
from tests.disputes.steps import send as dispute
from tests.reviews.steps import address
from tests.reviews.test_recall import figures

pytestmark = pytest.mark.django_db
SignIn = Callable[[Membership | None], Client]
ANGER = 1


@pytest.fixture
def review(dana: Membership, alex: Membership) -> Review:
    return reviewed_with_note(dana)


def filled(client: Client, by: Membership, review: Review, **changes: Any) -> dict[str, Any]:
    """The form as the page shows it, but for these fields ("outcome_1" is outcome-1)."""
    page: Any = client.get(address("review-correct", by, pk=review.pk))
    assert page.status_code == 200
    form = page.context["form"]
    shown = {name: form[name].value() or "" for name in form.fields}
    return {**shown, "reason": "I misread it.", **changes}


def send(client: Client, by: Membership, review: Review, data: dict[str, Any]) -> Any:
    return client.post(address("review-correct", by, pk=review.pk), data)


def newest(by: Membership) -> Review:
    with tenant(by.organization_id):
        rows = Review.objects.visible_to(System(by.organization_id)).counted()
        return rows.select_related("amendment__by", "supersedes").get()


def test_the_author_corrects_every_part(
    signed_in: SignIn, dana: Membership, alex: Membership, review: Review
) -> None:
    client = signed_in(dana)
    assert (
        "Correct this review" in client.get(address("review", dana, pk=review.pk)).content.decode()
    )
    with tenant(dana.organization_id):
        note = CoachingNote.objects.visible_to(dana).get(review=review)
    changes = {
        f"outcome-{ANGER}": "dismissed",
        "answer-let_finish": "no",
        f"note-{note.pk}": "Name what they feel.",
        "summary": "Listen first.",
    }
    answer = send(client, dana, review, filled(client, dana, review, **changes))
    assert answer.status_code == 302, answer.content.decode()
    new = newest(dana)
    assert new.supersedes_id == review.pk
    assert new.summary == "Listen first."
    assert new.answers["let_finish"]["value"] == "no"
    assert new.score != review.score
    assert new.amendment.by_id == dana.pk
    assert {one["part"] for one in new.amendment.changes} == {
        *("moment", "answer", "summary", "note")
    }
    page = client.get(address("review", dana, pk=new.pk)).content.decode()
    assert "Corrected on" in page
    assert "I misread it." in page
    assert "Turn 2:" in page
    assert "Name what they feel." in page
    with tenant(dana.organization_id):
        told = Notice.objects.visible_to(alex).filter(kind=Notice.Kind.SCORE_CHANGED)
        assert told.count() == 1
        assert not Notice.objects.visible_to(dana).filter(kind="score_changed").exists()
        events = AuditEvent.objects.visible_to(dana).filter(action="score.changed")
        assert events.count() == 1
        counted = figures(dana)
        rebuild(by=System(dana.organization_id))
        assert figures(dana) == counted
    old = client.get(address("review", dana, pk=review.pk)).content.decode()
    assert "Correct this review" not in old
    assert "View corrected version" in old


def test_another_feeling_alone_is_a_correction_too(
    signed_in: SignIn, dana: Membership, review: Review
) -> None:
    client = signed_in(dana)
    data = filled(client, dana, review, **{f"emotion-{ANGER}": "sadness"})
    assert send(client, dana, review, data).status_code == 302
    (change,) = newest(dana).amendment.changes
    assert (change["part"], change["turn"], change["after"]) == ("feeling", ANGER, "sadness")
    page = client.get(address("review", dana, pk=newest(dana).pk)).content.decode()
    assert "Turn 2:" in page
    assert "→ Sadness" in page


def test_a_manager_corrects_and_the_reviewer_is_told(
    signed_in: SignIn, dana: Membership, mona: Membership, review: Review
) -> None:
    client = signed_in(mona)
    data = filled(client, mona, review, **{f"outcome-{ANGER}": "no_feeling"})
    assert send(client, mona, review, data).status_code == 302
    with tenant(dana.organization_id):
        told = Notice.objects.visible_to(dana).get(kind=Notice.Kind.SCORE_CHANGED)
    assert told.facts["event"] == "review.corrected"
    notices = signed_in(dana).get(address("notices", dana)).content.decode()
    assert "Mona corrected your review of the call" in notices


@pytest.mark.parametrize("case", [("sam", 422), ("alex", 403), ("mallory", 404)])
def test_who_may_not(
    signed_in: SignIn, dana: Membership, review: Review, case: tuple[str, int], request: Any
) -> None:
    name, expected = case
    url = address("review-correct", dana, pk=review.pk)
    client = signed_in(request.getfixturevalue(name))
    assert client.get(url).status_code == expected
    assert client.post(url, {"reason": "x"}).status_code == expected


def test_what_is_refused(signed_in: SignIn, dana: Membership, review: Review) -> None:
    client = signed_in(dana)
    nothing = send(client, dana, review, filled(client, dana, review))
    assert nothing.status_code == 422
    assert "Nothing is different yet" in nothing.content.decode()
    silent = filled(client, dana, review, summary="Other.", reason=" ")
    answer = send(client, dana, review, silent)
    assert answer.status_code == 422
    assert "Say why" in answer.content.decode()
    assert newest(dana).pk == review.pk


def test_the_second_of_two_tabs_is_told(
    signed_in: SignIn, dana: Membership, mona: Membership, review: Review
) -> None:
    first, second = signed_in(dana), signed_in(mona)
    data = filled(second, mona, review, summary="Second.")
    send(first, dana, review, filled(first, dana, review, summary="First."))
    answer = send(second, mona, review, data)
    assert answer.status_code == 409
    assert "Someone else has just corrected this review" in answer.content.decode()
    assert newest(dana).summary == "First."


def test_not_under_an_open_dispute(
    signed_in: SignIn, dana: Membership, alex: Membership, review: Review
) -> None:
    dispute(signed_in(alex), alex, review, "answer:own_words")
    client = signed_in(dana)
    answer = send(client, dana, review, filled(client, dana, review, summary="Other."))
    assert answer.status_code == 422
    assert "A dispute about this review is open" in answer.content.decode()


def test_a_corrected_review_is_not_taken_back(
    signed_in: SignIn, dana: Membership, review: Review
) -> None:
    client = signed_in(dana)
    send(client, dana, review, filled(client, dana, review, summary="Other."))
    for pk in (review.pk, newest(dana).pk):
        assert client.post(address("review-recall", dana, pk=pk)).status_code == 422
