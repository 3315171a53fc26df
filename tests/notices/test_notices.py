"""Notices in the app, through HTTP."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from qa.notices import actions
from qa.notices.models import Notice
from qa.organizations.models import Membership
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.notices.steps import SignIn, tell
from tests.reviews.steps import address
from tests.world import confirm_review, make_review

pytestmark = pytest.mark.django_db


def test_feedback_and_its_reading_are_told(
    signed_in: SignIn, dana: Membership, alex: Membership
) -> None:
    review = confirm_review(make_review(dana), dana)
    agent = signed_in(alex)
    page = agent.get(address("notices", alex)).content.decode()
    assert "Dana shared feedback on the call of 2 November" in page
    assert 'aria-label="Notices, 1 new"' in page
    agent.post(address("acknowledge", alex, pk=review.pk), {"answer": ""})
    assert (
        "Alex read your feedback on the call of 2 November"
        in signed_in(dana).get(address("notices", dana)).content.decode()
    )


def test_opening_a_notice_takes_it_as_read_and_leads_on(
    signed_in: SignIn, dana: Membership
) -> None:
    tell(dana)
    with tenant(dana.organization_id):
        notice = Notice.objects.visible_to(dana).get()
    client = signed_in(dana)
    answer = client.post(address("notice", dana, pk=notice.pk))
    assert answer["Location"] == address("queue", dana)
    assert (
        "new"
        not in client.get(address("notices", dana))
        .content.decode()
        .partition('aria-label="Notices')[2]
        .partition('"')[0]
    )


def test_all_are_taken_as_read(signed_in: SignIn, dana: Membership) -> None:
    for number in range(3):
        tell(dana, subject=str(number))
    signed_in(dana).post(address("notices-read", dana))
    with tenant(dana.organization_id):
        assert not Notice.objects.visible_to(dana).unread().exists()


def test_the_same_is_told_once_until_it_is_read(dana: Membership) -> None:
    tell(dana)
    tell(dana)
    with tenant(dana.organization_id):
        rows = Notice.objects.visible_to(dana)
        assert rows.count() == 1
        actions.mark_read(by=dana)
    tell(dana)
    with tenant(dana.organization_id):
        assert rows.count() == 2


def test_a_colleagues_notices_are_nobody_elses(
    signed_in: SignIn, dana: Membership, sam: Membership, mona: Membership
) -> None:
    tell(dana, words="For Dana alone.")
    with tenant(dana.organization_id):
        notice = Notice.objects.visible_to(dana).get()
    for other in (sam, mona):
        client = signed_in(other)
        assert "For Dana alone." not in client.get(address("notices", other)).content.decode()
        assert client.post(address("notice", other, pk=notice.pk)).status_code == 404


def test_many_notices_come_by_pages(signed_in: SignIn, dana: Membership) -> None:
    for number in range(30):
        tell(dana, subject=str(number), words=f"Number {number}.")
    client = signed_in(dana)
    first = client.get(address("notices", dana)).content.decode()
    assert "Number 29." in first
    assert "Number 3." not in first
    assert "older=" in first


def test_what_was_read_long_ago_is_forgotten(dana: Membership) -> None:
    tell(dana)
    tell(dana, subject="2")
    with tenant(dana.organization_id):
        rows = Notice.objects.visible_to(dana)
        rows.filter(subject="1").update(read_at=timezone.now() - timedelta(days=91))
        assert actions.forget_old(by=System(dana.organization_id)) == 1
        assert [row.subject for row in rows] == ["2"]


def test_the_bell_and_the_list_cost_the_same_for_many(signed_in: SignIn, dana: Membership) -> None:
    client, counts = signed_in(dana), []
    for more in (2, 20):
        for number in range(more):
            tell(dana, subject=f"{more}-{number}")
        for name in ("notices", "queue"):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address(name, dana)).status_code == 200
            asked = [query["sql"] for query in queries if "notices_notice" in query["sql"]]
            counts.append((len(queries), len(asked)))
    assert counts[:2] == counts[2:]
    assert counts[1][1] == 1, "the bell asks once"
