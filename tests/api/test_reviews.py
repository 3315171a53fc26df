"""REST: confirmed reviews and published scorecards."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qa import pipeline
from qa.coaching import actions as coaching
from qa.organizations.models import Membership, Scope
from qa.reviews.corrections import Correction
from qa.reviews.models import Review
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.world import confirm_review, make_interaction, make_key, make_review

pytestmark = pytest.mark.django_db
ANGER = 1


def get(key: str, path: str, **query: Any) -> Any:
    return Client().get(f"/api/v1/{path}", query, headers={"authorization": f"Bearer {key}"})


@pytest.fixture
def key(ada: Membership) -> str:
    return make_key(ada, Scope.REVIEWS_READ)


@pytest.fixture
def review(dana: Membership, alex: Membership) -> Review:
    begun = make_review(dana)
    with tenant(dana.organization_id):
        coaching.write_note(begun, by=dana, turn=2, kind="praise", text="Good.", start=0, end=9)
    done = confirm_review(begun, dana)
    with tenant(dana.organization_id):
        coaching.acknowledge(done, by=alex)
    return done


def test_a_review_with_all_that_was_said(key: str, review: Review, dana: Membership) -> None:
    found = get(key, f"reviews/{review.pk}/").json()
    assert found["specialist"] == {"id": str(dana.pk), "name": "Dana"}
    assert found["agent"]["name"] == "Alex Finch"
    assert found["scorecard"]["version"] == 1
    assert found["score"] == review.score
    answers = {answer["question"]: answer for answer in found["answers"]}
    assert len(answers) == 7
    assert answers["own_words"]["answer_words"] == "Yes"
    assert answers["own_words"]["points"] == 100
    assert answers["own_words"]["proposed"] is None
    assert answers["no_dismissal"]["proposed"] == answers["no_dismissal"]["answer"] == "yes"
    assert answers["most_met"]["cause"] == "Did not notice the feeling"
    first = found["moments"][0]
    assert first["cue_turn"] == ANGER
    assert first["decision"] == "accepted"
    assert first["prescore"]["emotion"] == first["emotion"]
    note = {"turn": 2, "start": 0, "end": 9, "kind": "praise", "text": "Good."}
    assert found["notes"] == [{**note, "by": {"id": str(dana.pk), "name": "Dana"}}]
    assert found["acknowledged_at"]
    assert found["changed"] == 0


def test_of_a_corrected_review_the_version_that_counts_is_listed(
    key: str, review: Review, mona: Membership
) -> None:
    with tenant(mona.organization_id):
        change = Correction(question="own_words", answer="no")
        new = pipeline.correct(review, change, by=mona)
    (listed,) = get(key, "reviews/").json()["results"]
    assert listed["id"] == str(new.pk)
    assert listed["supersedes"] == str(review.pk)
    both = get(key, "reviews/", superseded="true").json()["results"]
    assert {review["superseded_by"] for review in both} == {None, str(new.pk)}


def test_drafts_are_not_there(key: str, dana: Membership) -> None:
    draft = make_review(dana)
    assert get(key, f"reviews/{draft.pk}/").status_code == 404
    assert get(key, "reviews/").json()["results"] == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"channel": "call"}, 1),
        ({"channel": "email"}, 0),
        ({"confirmed_after": "2020-01-01T00:00:00Z"}, 1),
        ({"confirmed_before": "2020-01-01T00:00:00Z"}, 0),
    ],
)
def test_filters(key: str, review: Review, query: dict[str, str], expected: int) -> None:
    assert len(get(key, "reviews/", **query).json()["results"]) == expected


def test_the_specialist_and_the_agent_narrow(
    key: str, review: Review, dana: Membership, sam: Membership
) -> None:
    assert len(get(key, "reviews/", specialist=dana.pk).json()["results"]) == 1
    assert get(key, "reviews/", specialist=sam.pk).json()["results"] == []


@pytest.mark.parametrize("query", [{"agent": "x"}, {"unknown": "1"}, {"confirmed_after": "soon"}])
def test_a_wrong_filter_is_named(key: str, query: dict[str, str]) -> None:
    answer = get(key, "reviews/", **query)
    assert answer.status_code == 400
    assert next(iter(query)) in {fault["path"] for fault in answer.json()["errors"]}


def walked(key: str, **query: Any) -> list[list[str]]:
    """The ids of every page, followed by `next` as a client does."""
    pages, found = [], get(key, "reviews/", **query).json()
    while True:
        pages.append([review["id"] for review in found["results"]])
        if not found["next"]:
            return pages
        found = get(
            key,
            "reviews/" + urlsplit(found["next"])._replace(scheme="", netloc="", path="").geturl(),
        ).json()


def test_every_page_can_be_read_newest_confirmation_first(key: str, dana: Membership) -> None:
    begun = [
        make_review(dana, make_interaction(dana.organization, external_id=f"c-{n}"))
        for n in range(7)
    ]
    confirmed = [confirm_review(begun[n], dana) for n in (2, 0, 1, 6, 3, 5, 4)]
    pages = walked(key, page_size=2)
    assert [len(page) for page in pages] == [2, 2, 2, 1]
    assert [pk for page in pages for pk in page] == [
        str(review.pk) for review in reversed(confirmed)
    ]
    last = get(key, "reviews/", page_size=7).json()
    assert [review["id"] for review in last["results"]] == [pk for page in pages for pk in page]


def test_pages_keep_their_filters(key: str, dana: Membership) -> None:
    for n in range(3):
        make_review(dana, make_interaction(dana.organization, external_id=f"c-{n}"), confirmed=True)
    make_review(dana, make_interaction(dana.organization, channel="chat"), confirmed=True)
    assert [len(page) for page in walked(key, page_size=1, channel="call")] == [1, 1, 1]


def test_a_cursor_of_elsewhere_is_refused(key: str, db: None) -> None:
    answer = get(key, "reviews/", cursor="cD1uZXZlcg==")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["path"] == "cursor"


def test_an_index_serves_the_list(key: str, review: Review, dana: Membership) -> None:
    with tenant(dana.organization_id), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        rows = Review.objects.visible_to(System(dana.organization_id)).regular().confirmed()
        plan = rows.order_by("-confirmed_at", "-id")[:50].explain()
    assert "review_newest" in plan


def test_scopes(ada: Membership, review: Review) -> None:
    other = make_key(ada, Scope.INTERACTIONS_READ)
    for path in ("reviews/", f"reviews/{review.pk}/", "scorecards/"):
        assert get(other, path).status_code == 403, path


def test_a_list_costs_the_same_for_many(key: str, dana: Membership) -> None:
    get(key, "reviews/")  # says when the key was last used, once in a while
    counts = []
    for more in (2, 10):
        for number in range(more):
            call = make_interaction(dana.organization, external_id=f"{more}-{number}")
            make_review(dana, call, confirmed=True)
        with CaptureQueriesContext(connection) as queries:
            assert get(key, "reviews/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_published_scorecards(key: str) -> None:
    cards = {card["name"]: card for card in get(key, "scorecards/").json()["results"]}
    assert set(cards) == {"Empathy", "General service quality"}
    card = cards["Empathy"]
    assert (card["general"], card["channels"], card["archived"]) == (True, [], False)
    assert card["versions"][0]["number"] == 1
    assert card["versions"][0]["body"]["sections"]
    assert get(key, f"scorecards/{card['id']}/").json() == card
