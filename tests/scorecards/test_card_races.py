"""Versions that nobody changes, and people who are at a scorecard at the same time."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.test import Client

from qa.core.errors import DomainError
from qa.organizations.models import Membership, Organization
from qa.reviews.models import Review
from qa.tenancy.context import tenant
from scorecards import card, publishing
from scorecards.models import Scorecard, ScorecardVersion
from tests.reviews.steps import address
from tests.scorecards.steps import the_card, versions
from tests.world import make_interaction, make_review

pytestmark = pytest.mark.django_db
SignIn = Callable[[Membership | None], Client]


def test_a_published_version_can_not_be_changed_by_hand(
    signed_in: SignIn, mona: Membership
) -> None:
    (version,) = versions(mona, the_card(mona))
    where = address("scorecard-version", mona, pk=version.pk)
    assert signed_in(mona).post(where, {"body": "{}"}).status_code == 405
    for statement in (
        "UPDATE scorecards_scorecardversion SET body = '{}' WHERE id = %s",
        "DELETE FROM scorecards_scorecardversion WHERE id = %s",
    ):
        with (
            tenant(mona.organization_id),
            pytest.raises(DatabaseError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, [version.pk])
    assert versions(mona, the_card(mona))[0].body == card.EMPATHY


@pytest.mark.django_db(transaction=True)
def test_of_two_who_publish_at_once_one_is_told(larkfield: Organization, mona: Membership) -> None:
    scorecard = the_card(mona)
    with tenant(mona.organization_id):
        body = {**card.EMPATHY, "sections": card.GENERAL["sections"], "moments_weight": 20}
        publishing.save_draft(scorecard, by=mona, revision=0, name="Empathy", body=body)
    told: list[str] = []
    gate = Barrier(2)

    def publish() -> None:
        gate.wait()
        try:
            with tenant(mona.organization_id):
                publishing.publish(scorecard, by=mona, revision=1)
        except DomainError as error:
            told.append(error.message)
        finally:
            connections.close_all()

    threads = [Thread(target=publish) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [version.number for version in versions(mona, scorecard)] == [1, 2]
    assert len(told) == 1
    assert "changed in another tab" in told[0]


@pytest.mark.django_db(transaction=True)
def test_two_first_reviews_at_once_make_the_starter_cards_once(
    larkfield: Organization, dana: Membership, sam: Membership
) -> None:
    rows = [make_interaction(larkfield, external_id=str(number)) for number in range(2)]
    gate = Barrier(2)

    def review(by: Membership, number: int) -> None:
        gate.wait()
        try:
            make_review(by, rows[number])
        finally:
            connections.close_all()

    threads = [Thread(target=review, args=(by, n)) for n, by in enumerate((dana, sam))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with tenant(larkfield.pk):
        assert Review.objects.visible_to(dana).count() == 2
        assert Scorecard.objects.visible_to(dana).count() == 2
        assert ScorecardVersion.objects.visible_to(dana).count() == 2
