"""Conversations are assigned from the list of interactions too."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qa.organizations.models import Membership
from tests.reviews.steps import address
from tests.sampling.test_assigning import holders
from tests.sampling.test_rules import call
from tests.world import make_review

pytestmark = pytest.mark.django_db
SignIn = Callable[[Membership | None], Client]


def test_a_manager_assigns_from_the_list_and_comes_back_to_its_filters(
    signed_in: SignIn, mona: Membership, dana: Membership, sam: Membership
) -> None:
    manager, larkfield = signed_in(mona), mona.organization
    interaction, done = call(larkfield, external_id="c-1"), call(larkfield, external_id="c-2")
    make_review(sam, done, confirmed=True)
    listed = manager.get(address("interactions", mona), {"channel": "call"}).content.decode()
    assert f'name="interaction" value="{interaction.pk}"' in listed
    assert "interactions/assign" in listed
    sent = {"interaction": [str(interaction.pk)], "back": "interactions", "query": "channel=call"}
    answer = manager.post(address("queue-assign", mona), {**sent, "to": str(dana.pk)})
    assert answer["Location"] == f"{address('interactions', mona)}?channel=call"
    assert holders(larkfield) == {interaction.pk: dana.pk}
    again = {**sent, "interaction": [str(done.pk)], "to": str(dana.pk)}
    manager.post(address("queue-assign", mona), again)
    assert holders(larkfield) == {interaction.pk: dana.pk}, "reviewed already"


def test_specialists_see_nothing_to_assign(
    signed_in: SignIn, mona: Membership, dana: Membership
) -> None:
    call(mona.organization)
    listed = signed_in(dana).get(address("interactions", dana)).content.decode()
    assert "interactions/assign" not in listed


def test_the_list_takes_as_many_queries_for_many(signed_in: SignIn, mona: Membership) -> None:
    manager, counts = signed_in(mona), []
    for size in (2, 22):
        for number in range(size):
            call(mona.organization, f"a-{number}", external_id=f"{size}-{number}")
        with CaptureQueriesContext(connection) as caught:
            assert manager.get(address("interactions", mona)).status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[1]
