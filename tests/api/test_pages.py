"""Cursors of REST: three pages lead to the last row and back to the first."""

from typing import Any

import pytest

from qa.organizations.models import Membership, Organization
from qa.tenancy.context import tenant
from scorecards import publishing
from tests.pages import ReadPage, walk_pages
from tests.world import make_interaction

API = "/api/v1"
SERVER = f"http://testserver{API}"


def cursors(rest: Any) -> ReadPage:
    """How an answer of REST is read: the ids, and the addresses that it names."""

    def read(url: str) -> tuple[list[str], str, str]:
        answer = rest.client.get(url, headers=rest.headers)
        assert answer.status_code == 200, url
        body = answer.json()
        for other in (body["previous"], body["next"]):
            assert other is None or other.startswith(SERVER)
        return [row["id"] for row in body["results"]], body["previous"] or "", body["next"] or ""

    return read


def test_interactions_come_newest_first_over_three_pages(
    rest: Any, larkfield: Organization
) -> None:
    made = [make_interaction(larkfield, external_id=f"c-{n}", prescored=False) for n in range(5)]
    found = walk_pages(cursors(rest), f"{API}/interactions/?page_size=2")
    assert found == [str(interaction.pk) for interaction in reversed(made)]


def test_interactions_of_a_filter_keep_it_over_three_pages(
    rest: Any, larkfield: Organization
) -> None:
    for n in range(5):
        make_interaction(larkfield, external_id=f"c-{n}", prescored=False)
        make_interaction(larkfield, external_id=f"m-{n}", prescored=False, channel="chat")
    found = walk_pages(cursors(rest), f"{API}/interactions/?page_size=2&channel=chat")
    assert len(found) == 5


def test_scorecards_come_over_three_pages(rest: Any, mona: Membership) -> None:
    with tenant(mona.organization_id):
        made = [publishing.create_card(by=mona, name=f"C{n}", start="empathy") for n in range(5)]
        for card in made:
            publishing.publish(card, by=mona, revision=card.revision)
    found = walk_pages(cursors(rest), f"{API}/scorecards/?page_size=2")
    assert found[:5] == [str(scorecard.pk) for scorecard in reversed(made)]


@pytest.mark.parametrize("cursor", ["x", "' or 1", "cD0yMDI2", "\u0661"])
def test_a_cursor_that_is_none_of_the_lists_is_told(
    rest: Any, larkfield: Organization, cursor: str
) -> None:
    make_interaction(larkfield, prescored=False)
    answer = rest.get("/interactions/", cursor=cursor)
    assert answer.status_code == 400
    (fault,) = answer.json()["errors"]
    assert fault == {"path": "cursor", "message": "is not one that this list has given out"}
