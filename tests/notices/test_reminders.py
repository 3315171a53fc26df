"""What the beat tells members when its time has come."""

from datetime import timedelta

import pytest
from django.utils import timezone

from qa import tasks
from qa.notices import actions
from qa.notices.models import Notice
from qa.organizations.models import Membership
from qa.reviews.models import Review
from qa.tenancy.context import tenant
from tests.notices.steps import SignIn, notices_of, tell
from tests.reviews.steps import address
from tests.world import confirm_review, make_review

pytestmark = pytest.mark.django_db


def ends_in(review: Review, minutes: float) -> None:
    with tenant(review.organization_id):
        until = timezone.now() + timedelta(minutes=minutes)
        Review.objects.visible_to(review.specialist).filter(pk=review.pk).update(lease_until=until)


def test_a_lease_about_to_end_is_told_once(dana: Membership, sam: Membership) -> None:
    review = make_review(dana)
    tasks.remind()
    assert not notices_of(dana), "half an hour is left"
    ends_in(review, 4)
    tasks.remind()
    tasks.remind()
    (notice,) = notices_of(dana)
    assert notice.kind == Notice.Kind.LEASE_ENDING
    assert notice.address == address("review", dana, pk=review.pk)
    with tenant(dana.organization_id):
        actions.mark_read(by=dana)
    tasks.remind()
    assert len(notices_of(dana)) == 1, "who has read it is not told again"
    assert not notices_of(sam)
    ends_in(review, 3)
    tasks.remind()
    assert len(notices_of(dana)) == 2, "another lease"


def test_a_lease_that_is_over_and_a_submitted_review_are_not_told(dana: Membership) -> None:
    over = make_review(dana)
    ends_in(over, -1)
    tasks.remind()
    ends_in(over, 4)
    confirm_review(over, dana)
    tasks.remind()
    assert not notices_of(dana)


def test_each_organization_is_reminded_by_itself(
    dana: Membership, mallory: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, theirs = make_review(dana), make_review(mallory)
    for organization in (mine, theirs):
        ends_in(organization, 4)
    real = tasks.leases.tell_ending

    def failing(*, by: Membership) -> int:
        if by.organization_id == dana.organization_id:
            raise RuntimeError("the chore fails here")
        return real(by=by)

    monkeypatch.setattr(tasks, "PERIODIC", (failing,))
    tasks.remind()
    assert not notices_of(dana)
    assert len(notices_of(mallory)) == 1


def test_what_was_read_long_ago_goes_with_the_reminders(dana: Membership) -> None:
    for subject in ("old", "late", "unread"):
        tell(dana, subject=subject)
    with tenant(dana.organization_id):
        rows = Notice.objects.visible_to(dana)
        rows.filter(subject="old").update(read_at=timezone.now() - timedelta(days=91))
        rows.filter(subject="late").update(read_at=timezone.now() - timedelta(days=89))
    tasks.remind()
    assert {notice.subject for notice in notices_of(dana)} == {"late", "unread"}


def test_reading_the_feedback_takes_its_notice_as_read(
    signed_in: SignIn, dana: Membership, alex: Membership
) -> None:
    review = confirm_review(make_review(dana), dana)
    assert [notice.read_at for notice in notices_of(alex)] == [None]
    signed_in(alex).post(address("acknowledge", alex, pk=review.pk), {"answer": ""})
    (notice,) = notices_of(alex)
    assert notice.read_at is not None
