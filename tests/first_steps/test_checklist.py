"""The first steps: what is there decides what is done, until an agent has read feedback."""

from collections.abc import Callable

import pytest
from django.test import Client

from qa.coaching import actions as coaching
from qa.first_steps.checklist import on_start_page
from qa.first_steps.facts import facts_of
from qa.first_steps.models import Offer
from qa.organizations.models import Membership
from qa.tenancy.context import tenant
from tests.first_steps.steps import address, count, load, page_of, review_of
from tests.world import make_interaction

pytestmark = pytest.mark.django_db
SignIn = Callable[[Membership | None], Client]


def steps_of(member: Membership) -> dict[str, bool]:
    """The steps on a member's start page, and which are done."""
    with tenant(member.organization_id):
        found = on_start_page(member, facts_of(member))
        return {step.key: step.done for step in found.steps} if found else {}


def next_of(member: Membership) -> str:
    with tenant(member.organization_id):
        found = on_start_page(member, facts_of(member))
        assert found
        assert found.next
        return found.next.key


def test_it_begins_with_nothing_done(ada: Membership, mona: Membership, dana: Membership) -> None:
    all_steps = dict.fromkeys(["people", "transcripts", "review", "share", "dashboard"], False)
    assert steps_of(ada) == steps_of(mona) == all_steps
    assert steps_of(dana) == dict.fromkeys(["transcripts", "review", "share"], False)
    assert next_of(ada) == "people"
    assert next_of(dana) == "transcripts"


def test_agents_have_none(alex: Membership) -> None:
    assert steps_of(alex) == {}


def test_each_step_is_done_by_what_is_there(
    ada: Membership, dana: Membership, alex: Membership
) -> None:
    assert steps_of(ada)["people"]
    interaction = make_interaction(ada.organization)
    assert (steps_of(ada)["transcripts"], next_of(ada)) == (True, "review")
    review = review_of(dana, interaction)
    assert steps_of(ada) == {
        "people": True,
        "transcripts": True,
        "review": True,
        "share": False,
        "dashboard": True,
    }
    assert next_of(dana) == "share"
    with tenant(ada.organization_id):
        coaching.acknowledge(review, by=alex)
    assert steps_of(ada) == steps_of(dana) == {}


def test_samples_are_no_agents_but_one_goes_on_with_the_review(ada: Membership) -> None:
    load(ada)
    assert not steps_of(ada)["people"]
    assert next_of(ada) == "review"


def test_who_left_the_agents_out_goes_on_all_the_same(ada: Membership, dana: Membership) -> None:
    review_of(dana, load(ada)[0])
    assert next_of(ada) == "share"


def test_the_start_page_shows_it_with_one_link_for_each_step(
    ada: Membership, dana: Membership, signed_in: SignIn
) -> None:
    page = page_of(signed_in(ada), "dashboard/")
    assert "0 of 5 done." in page
    for place in ("settings/agents/", "upload/", "queue/", "settings/members/invite/"):
        assert f'href="{address(place)}"' in page
    assert "Use sample conversations" in page
    page = page_of(signed_in(dana), "queue/")
    assert "0 of 3 done." in page
    assert "An admin or a manager can bring in sample conversations." in page
    assert "Use sample conversations" not in page


def test_a_member_hides_it_for_themself(
    ada: Membership, mona: Membership, signed_in: SignIn
) -> None:
    answer = signed_in(ada).post(address("first-steps/hide/"), follow=True)
    assert "The first steps are hidden." in answer.content.decode()
    assert 'id="first-steps"' not in page_of(signed_in(ada), "dashboard/")
    assert 'id="first-steps"' in page_of(signed_in(mona), "dashboard/")
    assert "You have hidden this list" in page_of(signed_in(ada), "first-steps/")
    signed_in(ada).post(address("first-steps/show/"))
    assert 'id="first-steps"' in page_of(signed_in(ada), "dashboard/")
    assert count(Offer, ada) == 1


def test_its_own_page_stays_when_it_is_done(
    ada: Membership, dana: Membership, alex: Membership, signed_in: SignIn
) -> None:
    review = review_of(dana, make_interaction(ada.organization))
    with tenant(ada.organization_id):
        coaching.acknowledge(review, by=alex)
    assert 'id="first-steps"' not in page_of(signed_in(ada), "dashboard/")
    assert "an agent has read their first feedback" in page_of(signed_in(ada), "first-steps/")
    refused = signed_in(alex).get(address("first-steps/"))
    assert refused.status_code == 403
    assert 'class="rail' in refused.content.decode()


def test_what_another_organization_has_is_not_counted(ada: Membership, mallory: Membership) -> None:
    make_interaction(mallory.organization)
    assert not any(steps_of(ada).values())
