"""A review without a reader says so before it is begun."""

from collections.abc import Callable

import pytest
from django.test import Client

from qa.organizations.models import Membership, Organization
from tests.transcripts.test_naming_agents import add, give
from tests.world import make_interaction, make_review

SignIn = Callable[[Membership | None], Client]


def test_no_agent_no_log_in_a_reader(
    signed_in: SignIn, larkfield: Organization, dana: Membership, ada: Membership
) -> None:
    call = make_interaction(larkfield, agent=None)
    kim = add(larkfield, "Kim")
    review = make_review(dana, call)
    pages = (f"/o/larkfield/interactions/{call.pk}/", f"/o/larkfield/reviews/{review.pk}/")
    client = signed_in(dana)
    for page in pages:
        shown = client.get(page).content.decode()
        assert "This conversation has no agent, so nobody will see this review" in shown
        assert f"/interactions/agent/?interaction={call.pk}" in shown
    give(client, call, who="Kim")
    for page in pages:
        assert "Kim has no log-in, so nobody will see" in client.get(page).content.decode()
    admins = signed_in(ada).get(pages[0]).content.decode()
    assert f"settings/members/invite/?agent={kim.pk}" in admins


@pytest.mark.usefixtures("alex")
def test_where_the_agent_signs_in_nothing_is_said(
    signed_in: SignIn, larkfield: Organization, dana: Membership
) -> None:
    review = make_review(dana, make_interaction(larkfield))
    page = signed_in(dana).get(f"/o/larkfield/reviews/{review.pk}/").content.decode()
    assert "nobody will read" not in page
