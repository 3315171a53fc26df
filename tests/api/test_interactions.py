"""Reading interactions over REST."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qa.api import prescore_serializers
from qa.organizations.models import Membership, Organization
from scorecards.choices import Emotion, Outcome
from tests.world import ANGRY_CALL, interaction_json, make_interaction, make_review
from transcripts.models import Interaction


def ids(response: Any) -> list[str]:
    assert response.status_code == 200, response.content
    return [row["id"] for row in response.json()["results"]]


@pytest.fixture
def three(larkfield: Organization) -> dict[str, Interaction]:
    chat = [
        {"role": "customer", "text": "Could you send the invoice for the telescope please?"},
        {"role": "agent", "text": "Of course, it is on its way to you now."},
    ]
    return {
        "call": make_interaction(larkfield, external_id="c-1", started_at="2026-11-01T08:00:00Z"),
        "chat": make_interaction(
            larkfield,
            external_id="c-2",
            channel="chat",
            started_at="2026-11-02T08:00:00Z",
            agent={"external_id": "a-2", "name": "Bo Lind", "team": "Sales"},
            turns=chat,
        ),
        "waiting": make_interaction(
            larkfield,
            prescored=False,
            external_id="c-3",
            channel="email",
            started_at="2026-11-03T08:00:00Z",
            agent=None,
        ),
    }


def test_lists_show_the_newest_arrivals_first(rest: Any, three: dict[str, Interaction]) -> None:
    response = rest.get("/interactions/")
    assert ids(response) == [str(three[name].pk) for name in ("waiting", "chat", "call")]
    row = response.json()["results"][2]
    assert row["agent"]["external_id"] == "a-1"
    assert (row["team"], row["channel"], row["status"]) == ("Billing", "call", "prescored")
    assert row["started_at"] == "2026-11-01T08:00:00Z"
    assert "turns" not in row


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"channel": "chat"}, ["chat"]),
        ({"agent": "a-1"}, ["call"]),
        ({"agent": "nobody"}, []),
        ({"team": "Sales"}, ["chat"]),
        ({"status": "received"}, ["waiting"]),
        ({"started_after": "2026-11-02T08:00:00Z"}, ["waiting", "chat"]),
        ({"started_before": "2026-11-02T08:00:00Z"}, ["call"]),
        ({"q": "telescope"}, ["chat"]),
        ({"q": "telescope", "channel": "call"}, []),
        ({"outcome": "sympathy_only"}, ["call"]),
        ({"outcome": "dismissed"}, []),
        ({"emotion": "fear"}, ["call"]),
        ({"emotion": "fear", "outcome": "sympathy_only"}, []),
    ],
)
def test_filters(
    rest: Any, three: dict[str, Interaction], query: dict[str, str], names: list[str]
) -> None:
    assert ids(rest.get("/interactions/", **query)) == [str(three[name].pk) for name in names]


def test_an_agent_and_a_team_go_by_their_id_too(rest: Any, three: dict[str, Interaction]) -> None:
    chat = three["chat"]
    assert ids(rest.get("/interactions/", agent=str(chat.agent_id))) == [str(chat.pk)]
    assert ids(rest.get("/interactions/", team=str(chat.team_id))) == [str(chat.pk)]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("channel", "fax"),
        ("status", "lost"),
        ("started_after", "yesterday"),
        ("started_before", "2026-13-01T00:00:00Z"),
        ("outcome", "love"),
        ("emotion", "none"),
        ("q", "a\x00b"),
        ("page_size", "0"),
        ("page_size", "many"),
        ("cursor", "nonsense"),
        ("cursor", "cD1ub3RhbmlkCg=="),
        ("colour", "red"),
    ],
)
def test_a_bad_filter_is_named(rest: Any, name: str, value: str) -> None:
    response = rest.get("/interactions/", **{name: value})
    assert response.status_code == 400
    assert [error["path"] for error in response.json()["errors"]] == [name]


def test_pages_follow_each_other_without_a_gap(rest: Any, larkfield: Organization) -> None:
    made = [
        str(make_interaction(larkfield, prescored=False, external_id=f"c-{n}").pk) for n in range(5)
    ]
    seen, page = [], rest.get("/interactions/", page_size=2)
    seen += ids(page)
    while following := page.json()["next"]:
        page = rest.client.get(following, headers=rest.headers)
        seen += ids(page)
    assert seen == made[::-1]


def test_a_list_takes_the_same_queries_for_2_rows_and_20(
    rest: Any, larkfield: Organization
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            rest.get("/interactions/")
        return len(captured)

    make_interaction(larkfield, prescored=False, external_id="x")
    rest.get("/interactions/")
    few = queries()
    for number in range(20):
        agent = {"external_id": f"a-{number}", "name": f"Agent {number}", "team": f"Team {number}"}
        make_interaction(larkfield, prescored=False, external_id=f"c-{number}", agent=agent)
    assert queries() == few


def test_one_interaction_shows_turns_and_pre_score(rest: Any, larkfield: Organization) -> None:
    row = make_interaction(larkfield, external_id="c-1")
    body = rest.get(f"/interactions/{row.pk}/").json()
    found = body["prescore"]
    assert [turn["text"] for turn in body["turns"]] == [turn["text"] for turn in ANGRY_CALL]
    assert (found["external_id"], found["channel"]) == ("c-1", "call")
    assert set(found["turns"][2]["response"]["sympathy"]) == {"level", "confidence", "evidence"}
    assert found["score"]["moments"] == len(found["moments"])
    assert body["review"] is None


def test_a_dry_run_and_the_stored_pre_score_are_the_same(
    rest: Any, larkfield: Organization
) -> None:
    row = make_interaction(larkfield, external_id="c-1")
    dry = rest.post("/interactions/?dry_run=true", interaction_json(external_id="c-1")).json()
    assert rest.get(f"/interactions/{row.pk}/").json()["prescore"] == dry


def test_one_that_waits_has_no_pre_score_yet(rest: Any, larkfield: Organization) -> None:
    row = make_interaction(larkfield, prescored=False)
    body = rest.get(f"/interactions/{row.pk}/").json()
    assert (body["status"], body["prescore"], body["review"]) == ("received", None, None)


def test_a_confirmed_review_is_shown_and_an_open_one_is_not(
    rest: Any, larkfield: Organization, dana: Membership
) -> None:
    row = make_interaction(larkfield, external_id="c-1")
    review = make_review(dana, row)
    assert rest.get(f"/interactions/{row.pk}/").json()["review"] is None
    other = make_interaction(larkfield, external_id="c-2")
    review = make_review(dana, other, confirmed=True)
    body = rest.get(f"/interactions/{other.pk}/").json()
    assert body["status"] == "reviewed"
    assert body["review"]["id"] == str(review.pk)
    assert {moment["decision"] for moment in body["review"]["moments"]} == {"accepted"}


def test_who_may_read(callers: dict[str, Any], larkfield: Organization) -> None:
    row = make_interaction(larkfield)
    for caller, single, several in (
        ("keyless", 401, 401),
        ("stranger", 404, 200),
        ("writer", 403, 403),
        ("reader", 200, 200),
    ):
        client = callers[caller]
        assert client.get(f"/interactions/{row.pk}/").status_code == single
        assert client.get("/interactions/").status_code == several
    assert ids(callers["stranger"].get("/interactions/")) == []


def test_an_id_that_is_none_is_not_found(rest: Any) -> None:
    response = rest.get("/interactions/01990000-0000-7000-8000-000000000000/")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"


def test_the_words_of_the_api_are_those_of_the_database() -> None:
    assert set(prescore_serializers.EMOTIONS) == set(Emotion.values)
    assert set(prescore_serializers.OUTCOMES) == set(Outcome.values)
