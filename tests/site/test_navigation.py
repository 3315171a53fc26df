"""The rail: places in groups for each role, the current one, and the other organizations."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from qa.first_steps.facts import Facts, facts_of
from qa.first_steps.reasons import NotYet
from qa.organizations import invitations
from qa.organizations.models import Membership, Organization, Role
from qa.site import navigation
from qa.tenancy.context import tenant
from tests.world import make_review

SignIn = Callable[[Membership | None], Client]


def labels(member: Membership) -> dict[str, list[str]]:
    menu = navigation.menu_of(member, "/", facts_of(member))
    return {group.label: [item.label for item in group.items] for group in menu.groups}


def test_an_admins_rail_has_three_groups(ada: Membership) -> None:
    assert labels(ada) == {
        "Work": ["Queue", "Conversations", "Disputes"],
        "Insight": ["Dashboard", "Agreement"],
        "Set-up": ["Upload", "Sampling", "Scorecards", "Calibration", "Settings"],
    }


def test_a_specialists_rail_lacks_what_managers_and_admins_do(dana: Membership) -> None:
    assert labels(dana) == {
        "Work": ["Queue", "Conversations", "Disputes"],
        "Insight": ["Agreement"],
        "Set-up": ["Upload", "Scorecards", "Calibration"],
    }


def test_an_agents_rail_is_their_feedback(alex: Membership) -> None:
    assert labels(alex) == {"Work": ["Feedback", "Disputes"]}


def test_no_two_places_have_one_key() -> None:
    keys = [place.key for place in (*navigation.PLACES, *navigation.ALWAYS)]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("queue/", "queue"),
        ("acknowledgements/", "disputes"),
        ("moments/", "dashboard"),
        ("settings/members/", "settings"),
        ("notices/settings/", "notices"),
        ("definitions/", "help"),
        ("help/glossary/", "help"),
    ],
)
def test_a_page_marks_the_place_that_it_belongs_to(
    ada: Membership, signed_in: SignIn, path: str, place: str
) -> None:
    page = signed_in(ada).get(f"/o/{ada.organization.slug}/{path}").content.decode()
    marked = re.findall(r'<a class="rail__link[^"]*" href="([^"]+)"[^>]* aria-current="page"', page)
    assert marked == [f"/o/{ada.organization.slug}/{place}/"]


def test_a_review_belongs_to_the_queue(dana: Membership, signed_in: SignIn) -> None:
    review = make_review(dana)
    page = signed_in(dana).get(f"/o/{dana.organization.slug}/reviews/{review.pk}/")
    assert 'data-go="q" aria-current="page"' in page.content.decode()


def test_a_place_that_cannot_be_used_yet_says_why(
    ada: Membership, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    why = {"calibrations": NotYet("Needs two reviewers")}
    monkeypatch.setattr(navigation, "not_yet", lambda by, facts: why)
    page = signed_in(ada).get(f"/o/{ada.organization.slug}/settings/").content.decode()
    assert re.search(r'href="[^"]+/calibration/"[^>]* title="Needs two reviewers"', page)
    # In words as well: on touch nothing shows a title.
    assert '<span class="rail__why" id="why-calibrations">Needs two reviewers</span>' in page
    assert page.count('aria-describedby="why-calibrations"') == 1


def test_the_menu_lists_the_members_other_organizations_and_no_others(
    dana: Membership, elsewhere: Organization, mallory: Membership, signed_in: SignIn
) -> None:
    address = f"/o/{dana.organization.slug}/organizations/"
    alone = signed_in(dana).get(address, headers={"HX-Request": "true"})
    assert "no other organization" in alone.content.decode()
    with tenant(elsewhere.id):
        invited, _ = invitations.invite(
            by=mallory, email=dana.user.email, name="D", role=Role.MANAGER, mailed=True
        )
        invitations.accept(invited, user=dana.user)
    part = signed_in(dana).get(address, headers={"HX-Request": "true"}).content.decode()
    assert 'href="/o/elsewhere/dashboard/"' in part
    assert "/o/larkfield/" not in part
    assert signed_in(dana).get(address)["Location"] == "/"


def test_the_rail_costs_a_part_of_a_page_nothing(ada: Membership, signed_in: SignIn) -> None:
    client, asked = signed_in(ada), []

    def counted(by: Membership, facts: Facts) -> dict[str, NotYet]:
        asked.append(by)
        return {}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(navigation, "not_yet", counted)
        client.get(f"/o/{ada.organization.slug}/queue/", headers={"HX-Request": "true"})
        assert asked == []
        client.get(f"/o/{ada.organization.slug}/queue/")
        assert len(asked) == 1
