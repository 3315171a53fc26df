"""Empty blind readings: listed, left out of agreement with a reason, and counted again."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qa.agreement.judgements import judged, tables
from qa.audit.models import AuditEvent
from qa.organizations.models import Membership, Organization
from qa.reviews import blind, queue
from qa.reviews.after_models import LeftOut
from qa.reviews.models import Review
from qa.tenancy.context import tenant
from tests.agreement.test_agreement import HEARD, MISSED, set_share, submit
from tests.reviews.steps import address
from tests.scored import engine, scored  # noqa: F401 (a fixture)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("engine")]
SignIn = Callable[[Membership | None], Client]


def lock_empty(by: Membership, organization: Organization) -> Review:
    """A blind review that says nothing of two moments, submitted."""
    interaction = scored(organization, MISSED, HEARD)
    with tenant(organization.id):
        review = blind.commit(queue.claim(interaction.pk, by=by), by=by)
        submit(review, by)
        return Review.objects.visible_to(by).get(pk=review.pk)


@pytest.fixture
def empty(dana: Membership, mona: Membership, larkfield: Organization) -> Review:
    set_share(mona, 100)
    return lock_empty(dana, larkfield)


def compared(by: Membership) -> float:
    with tenant(by.organization_id):
        return float(tables(judged(by, blind=True), "cue").sum())


def test_a_manager_leaves_one_out_and_counts_it_again(
    signed_in: SignIn, mona: Membership, empty: Review
) -> None:
    client = signed_in(mona)
    assert (
        "1 blind review</a> was locked" in client.get(address("agreement", mona)).content.decode()
    )
    listed = client.get(address("agreement-empty", mona)).content.decode()
    assert "Dana" in listed
    before = compared(mona)
    answer = client.post(
        address("agreement-leave-out", mona, pk=empty.pk), {"reason": "Pressed by mistake."}
    )
    assert answer.status_code == 302
    assert compared(mona) < before
    with tenant(mona.organization_id):
        assert not judged(mona, blind=False)  # nor as one that was read with the pre-score
    page = client.get(address("agreement-empty", mona)).content.decode()
    assert "Left out by Mona" in page
    assert "Pressed by mistake." in page
    again = client.post(address("agreement-leave-out", mona, pk=empty.pk), {"reason": "Again."})
    assert again.status_code == 409
    assert client.post(address("agreement-count", mona, pk=empty.pk)).status_code == 302
    assert compared(mona) == before
    assert client.post(address("agreement-count", mona, pk=empty.pk)).status_code == 409
    with tenant(mona.organization_id):
        events = AuditEvent.objects.visible_to(mona).filter(action__startswith="agreement.")
        actions = list(events.order_by("number").values_list("action", flat=True))
    assert actions == ["agreement.left_out", "agreement.counted_again"]


def test_what_is_refused(
    signed_in: SignIn,
    dana: Membership,
    mona: Membership,
    mallory: Membership,
    empty: Review,
) -> None:
    leave, count = (f"agreement-{action}" for action in ("leave-out", "count"))
    for who, expected in ((dana, 403), (mallory, 404)):
        for name in (leave, count):
            slug = {"slug": mona.organization.slug}
            url = address(name, mona, pk=empty.pk)
            assert signed_in(who).post(url, {"reason": "x"}).status_code == expected, (slug, name)
    answer = signed_in(mona).post(address(leave, mona, pk=empty.pk), {"reason": " "})
    assert answer.status_code == 409
    assert "Say why" in answer.content.decode()
    with tenant(mona.organization_id):
        assert not LeftOut.objects.visible_to(mona).exists()


def test_one_with_a_moment_is_neither_listed_nor_left_out(
    signed_in: SignIn, dana: Membership, mona: Membership, larkfield: Organization
) -> None:
    set_share(mona, 0)
    interaction = scored(larkfield, MISSED)
    with tenant(larkfield.id):
        review = queue.claim(interaction.pk, by=dana)
    client = signed_in(mona)
    assert "No empty blind reviews" in client.get(address("agreement-empty", mona)).content.decode()
    answer = client.post(address("agreement-leave-out", mona, pk=review.pk), {"reason": "Why."})
    assert answer.status_code == 409


def test_the_list_costs_the_same_however_long(
    signed_in: SignIn, dana: Membership, mona: Membership, empty: Review
) -> None:
    client, url = signed_in(mona), address("agreement-empty", mona)
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    for _ in range(4):
        lock_empty(dana, dana.organization)
    with CaptureQueriesContext(connection) as five:
        client.get(url)
    assert len(five) == len(one)
