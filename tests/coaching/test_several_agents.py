"""Feedback on a conversation of two agents: who may read it, and what of it is whose."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from qa.coaching import actions as coaching
from qa.dashboards.queries import agent_rows, overview
from qa.dashboards.scope import Scope
from qa.organizations import actions as organizations
from qa.organizations.models import Membership, Organization, Role
from qa.reviews.models import Review
from qa.reviews.queue import available_to
from qa.sampling import exclusions
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from scorecards.models import Moment
from tests.several import FRUSTRATED, SORRY, WORRIED, make_bo, make_handed_over
from tests.world import confirm_review, make_member, make_review

SignIn = Callable[[Membership | None], Client]


@pytest.fixture
def bo(larkfield: Organization) -> Membership:
    return make_bo(larkfield)


@pytest.fixture
def review(dana: Membership, alex: Membership, bo: Membership) -> Review:
    draft = make_review(dana, make_handed_over(dana.organization))
    with tenant(dana.organization_id):
        for turn, text in ((SORRY, "Say what three calls are like."), (5, "A warm welcome.")):
            coaching.write_note(draft, by=dana, turn=turn, kind="suggestion", text=text)
    return confirm_review(draft, dana)


def page_of(client: Client, review: Review) -> str:
    answer = client.get(f"/o/larkfield/feedback/{review.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_each_reads_their_own_moments_and_notes(
    signed_in: SignIn, review: Review, alex: Membership, bo: Membership
) -> None:
    for member, own, other, note, not_theirs in (
        (alex, FRUSTRATED, WORRIED, "three calls", "A warm welcome"),
        (bo, WORRIED, FRUSTRATED, "A warm welcome", "three calls"),
    ):
        page = page_of(signed_in(member), review)
        assert f"target=moment:{own}" in page
        assert f"target=moment:{other}" not in page
        assert note in page
        assert not_theirs not in page
        assert "Also in this conversation:" in page


def test_both_are_told(signed_in: SignIn, review: Review, alex: Membership, bo: Membership) -> None:
    for member in (alex, bo):
        assert str(review.pk) in signed_in(member).get("/o/larkfield/feedback/").content.decode()


def test_a_third_agent_sees_nothing(
    signed_in: SignIn, review: Review, larkfield: Organization, mallory: Membership
) -> None:
    with tenant(larkfield.id):
        agent = organizations.find_or_add_agent(
            by=System(larkfield.id), external_id="a-3", name="Cleo May", team=None
        )
    cleo = make_member(larkfield, "Cleo", Role.AGENT, agent)
    for member in (cleo, mallory):
        answer = signed_in(member).get(f"/o/larkfield/feedback/{review.pk}/")
        assert answer.status_code == 404


def test_an_agent_disputes_only_what_is_theirs(
    signed_in: SignIn, review: Review, alex: Membership, bo: Membership
) -> None:
    address = f"/o/larkfield/feedback/{review.pk}/dispute/"
    words = "I did answer it."
    client = signed_in(bo)
    refused = client.post(address, {"target": f"moment:{FRUSTRATED}", "words": words})
    assert refused.status_code != 302
    opened = client.post(address, {"target": f"moment:{WORRIED}", "words": words})
    assert opened.status_code == 302


def test_the_own_agent_acknowledges(
    signed_in: SignIn, review: Review, alex: Membership, bo: Membership
) -> None:
    address = f"/o/larkfield/feedback/{review.pk}/acknowledge/"
    assert signed_in(bo).post(address).status_code == 409
    assert signed_in(alex).post(address).status_code == 302


def test_numbers_are_of_who_spoke(mona: Membership, review: Review) -> None:
    scope = Scope(date(2026, 11, 1), date(2026, 11, 30))
    with tenant(mona.organization_id):
        rows = {row.name: row for row in agent_rows(mona, scope)}
        assert rows["Alex Finch"].mix.counts == {"sympathy_only": 1}
        assert rows["Bo Lind"].mix.counts == {"empathy_2": 1}
        assert [row.work.interactions for row in rows.values()] == [1, 1]
        assert [row.work.reviewed for row in rows.values()] == [1, 1]
        whole = overview(mona, scope)
        assert (whole.work.interactions, whole.now.n) == (1, 2)


def test_lists_of_moments_follow_the_agent(
    signed_in: SignIn, mona: Membership, bo: Membership, review: Review
) -> None:
    agent = bo.agent_id
    page = signed_in(mona).get(f"/o/larkfield/moments/?agent={agent}").content.decode()
    assert f"#turn-{WORRIED}" in page
    assert f"#turn-{FRUSTRATED}" not in page


def test_nobody_reviews_what_they_took_part_in(
    dana: Membership, alex: Membership, larkfield: Organization
) -> None:
    """Bo has become a specialist since; an exclusion from one of two agents holds as well."""
    one = make_handed_over(larkfield)
    bo = make_bo(larkfield)
    with tenant(larkfield.id):
        agent = bo.agent
        assert available_to(dana).filter(pk=one.pk).exists()
        assert not available_to(bo).filter(pk=one.pk).exists()
        exclusions.exclude(by=dana, member=dana, agent=agent)
        assert not available_to(dana).filter(pk=one.pk).exists()


def test_pages_name_both(signed_in: SignIn, dana: Membership, larkfield: Organization) -> None:
    one = make_handed_over(larkfield)
    client = signed_in(dana)
    assert "Alex Finch and Bo Lind" in client.get("/o/larkfield/interactions/").content.decode()
    page = client.get(f"/o/larkfield/interactions/{one.pk}/").content.decode()
    assert "Who spoke" in page
    assert "for Bo Lind" in page
    review = make_review(dana, one)
    assert (
        "Alex Finch and Bo Lind"
        in client.get(f"/o/larkfield/reviews/{review.pk}/").content.decode()
    )
    with tenant(larkfield.id):
        assert Moment.objects.visible_to(dana).filter(interaction=one).count() == 2
