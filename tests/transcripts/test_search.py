"""The list of interactions: what was said of them, hits in their words, and kept views."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qa.organizations.models import Membership, Organization
from qa.reviews import actions as reviews
from qa.reviews.models import ReviewMoment
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.scored import engine, scored  # noqa: F401 (a fixture)
from tests.world import confirm_review, make_interaction, make_key, make_review
from transcripts.models import Interaction, SavedView, Transcript

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("engine")]
Browser = Callable[[Membership | None], Client]
LIST = "/o/larkfield/interactions/"


def rows(client: Client, query: str) -> set[Any]:
    answer = client.get(f"{LIST}?{query}")
    assert answer.status_code == 200, query
    return {row.interaction for row in answer.context["rows"]}


def test_what_was_found_and_said_narrows_the_list(
    larkfield: Organization, dana: Membership, mona: Membership, signed_in: Browser
) -> None:
    afraid = scored(larkfield, ("fear", "missed", 0))
    angry = scored(larkfield, ("anger", "empathy", 2), ("fear", "empathy", 1))
    reviewed = scored(larkfield, ("relief", "sympathy_only", 0))
    review = make_review(dana, reviewed, confirmed=True)
    client = signed_in(mona)
    assert rows(client, "emotion=fear") == {afraid, angry}
    assert rows(client, "outcome=missed") == {afraid}
    assert rows(client, "emotion=fear&outcome=empathy") == {angry}
    assert rows(client, f"reviewer={dana.pk}") == {reviewed}
    assert rows(client, f"reviewer={mona.pk}") == set()
    assert review.score is not None
    below, above = int(review.score), int(review.score) + 1
    assert reviewed in rows(client, f"least={below}&most={above}")
    assert reviewed not in rows(client, f"least={above + 1}")
    assert rows(client, "least=0&most=100") == {reviewed}, "a pre-score is no score"
    assert rows(client, "prescore_least=49&prescore_most=51") >= {afraid, angry, reviewed}
    assert rows(client, "prescore_least=52") == set()
    wrong = client.get(f"{LIST}?prescore_least=50&prescore_most=10")
    assert wrong.status_code == 422
    page = client.get(LIST).content.decode()
    row = page.partition(f'id="interaction-{reviewed.pk}"')[2].partition("</tr>")[0]
    cells = re.findall(r'class="w-(prescore|score)">\s*<span class="score[^"]*">(\d+)', row)
    assert cells == [("prescore", "50"), ("score", f"{review.score:.0f}")]


def test_what_people_decided_counts_and_not_what_the_pre_score_said_before(
    larkfield: Organization, dana: Membership, mona: Membership, signed_in: Browser, client: Client
) -> None:
    interaction = scored(larkfield, ("anger", "missed", 0))
    draft = make_review(dana, interaction)
    with tenant(larkfield.pk):
        (moment,) = ReviewMoment.objects.visible_to(dana).filter(review=draft)
        reviews.change(
            moment, by=dana, emotion="sadness", outcome="dismissed", strength=0, reason="tone"
        )
    browser = signed_in(mona)
    assert rows(browser, "outcome=missed") == {interaction}, "a draft changes nothing yet"
    confirm_review(draft, dana)
    for query, found in {
        "outcome=missed": set(),
        "outcome=dismissed": {interaction},
        "emotion=anger": set(),
        "emotion=sadness": {interaction},
        "emotion=sadness&outcome=missed": set(),
    }.items():
        assert rows(browser, query) == found, query
        answer = client.get(
            f"/api/v1/interactions/?{query}", headers={"Authorization": f"Bearer {make_key(mona)}"}
        )
        assert [found_row["id"] for found_row in answer.json()["results"]] == [
            str(pk.pk) for pk in found
        ]


def test_only_the_words_of_the_turns_are_searched(
    larkfield: Organization, mona: Membership, signed_in: Browser
) -> None:
    interaction = scored(larkfield, ("fear", "missed", 0), words="an umbrella")
    browser = signed_in(mona)
    assert rows(browser, "q=umbrella+-customer+-agent") == {interaction}
    for words in ("customer", "agent", "role"):
        assert rows(browser, f"q={words}") == set(), words


def test_a_talk_of_more_words_than_an_index_holds_is_kept_and_found(
    larkfield: Organization, mona: Membership, signed_in: Browser
) -> None:
    words = " ".join(f"word{number:x}q" for number in range(120_000))
    long = [
        {"role": "customer", "text": words[start : start + 90_000]}
        for start in range(0, len(words), 90_000)
    ]
    turns = [{"role": "customer", "text": "Hello\nrefund please"}, *long]
    kept = make_interaction(larkfield, turns=turns, prescored=False, channel="chat")
    assert rows(signed_in(mona), "q=word1q") == rows(signed_in(mona), "q=refund") == {kept}


def test_scores_that_exclude_each_other_are_refused_in_words(
    mona: Membership, signed_in: Browser
) -> None:
    answer = signed_in(mona).get(f"{LIST}?least=50&most=10")
    assert answer.status_code == 422
    assert "below the lowest" in answer.content.decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "older=0001-01-01T00:00:00%2B23:59~00000000-0000-0000-0000-000000000000",
        "newer=9999-12-31T23:59:59-23:59~ffffffff-ffff-ffff-ffff-ffffffffffff",
    ],
)
def test_a_cursor_outside_the_calendar_is_the_first_page(
    larkfield: Organization, mona: Membership, signed_in: Browser, cursor: str
) -> None:
    interaction = scored(larkfield, ("fear", "missed", 0))
    assert rows(signed_in(mona), cursor) == {interaction}


def test_filters_that_are_too_long_to_keep_are_said_to_be(
    mona: Membership, signed_in: Browser
) -> None:
    sent = {"name": "Long", "query": "q=" + "%E9%87%91" * 120}
    answer = signed_in(mona).post(f"{LIST}views/", sent, follow=True)
    assert "too long to save" in answer.content.decode()


@pytest.mark.parametrize("query", ["emotion=joy", "outcome=none", "least=-1", "reviewer=x"])
def test_a_wrong_filter_is_named(mona: Membership, signed_in: Browser, query: str) -> None:
    assert signed_in(mona).get(f"{LIST}?{query}").status_code == 422


def test_the_words_searched_for_are_shown_where_they_stand(
    larkfield: Organization, mona: Membership, signed_in: Browser
) -> None:
    scored(larkfield, ("fear", "missed", 0), words="an <i>umbrella</i> on the train")
    scored(larkfield, ("fear", "missed", 0), words="a bag")
    shown = signed_in(mona).get(f"{LIST}?q=umbrella").content.decode()
    assert "<mark>umbrella</mark>" in shown
    assert "<i>" not in shown.partition("<tbody")[2].partition("</tbody>")[0]


def test_searching_costs_the_same_for_many_rows(
    larkfield: Organization, mona: Membership, signed_in: Browser
) -> None:
    client, counts = signed_in(mona), []
    client.get(LIST)
    for more in (2, 2000):
        first = scored(larkfield, ("fear", "missed", 0), words="umbrella")
        copies(first, more)
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(f"{LIST}?q=umbrella&channel=call")
        assert answer.status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def copies(first: Interaction, count: int) -> None:
    """The same interaction many times, without their pre-scores."""
    by = System(first.organization_id)
    with tenant(first.organization_id):
        turns = Transcript.objects.visible_to(by).get(interaction=first).turns
        made = Interaction.objects.bulk_create(
            Interaction(
                organization_id=first.organization_id,
                source="copy",
                external_id=f"{count}-{number}",
                content_hash=f"{count}-{number}",
                channel="call",
                started_at=first.started_at,
                status=Interaction.Status.RECEIVED,
                turn_count=len(turns),
            )
            for number in range(count)
        )
        Transcript.objects.bulk_create(
            Transcript(organization_id=first.organization_id, interaction=interaction, turns=turns)
            for interaction in made
        )


def keep(client: Client, **data: Any) -> Any:
    return client.post(f"{LIST}views/", data)


def views(by: Membership) -> list[tuple[str, str, bool]]:
    with tenant(by.organization_id):
        found = SavedView.objects.visible_to(by)
        return list(found.values_list("name", "query", "shared"))


def test_filters_are_kept_under_a_name_and_open_again(dana: Membership, signed_in: Browser) -> None:
    client = signed_in(dana)
    answer = keep(client, name="Missed calls", query="channel=call&outcome=missed&older=x")
    assert (
        answer["Location"].endswith("?outcome=missed&channel=call")
        or "channel=call" in (answer["Location"])
    )
    ((name, query, shared),) = views(dana)
    assert (name, shared) == ("Missed calls", False)
    assert "older" not in query
    shown = client.get(f"{LIST}?{query}").content.decode()
    assert "Missed calls" in shown
    keep(client, name="Missed calls", query="channel=chat")
    assert views(dana) == [("Missed calls", "channel=chat", False)]


def test_a_view_is_its_owners_unless_a_manager_shares_it(
    dana: Membership, sam: Membership, mona: Membership, signed_in: Browser
) -> None:
    keep(signed_in(dana), name="Mine", query="channel=call")
    keep(signed_in(mona), name="Ours", query="channel=chat", shared="on")
    keep(signed_in(dana), name="Not allowed", query="channel=chat", shared="on")
    assert [name for name, *_ in views(sam)] == ["Ours"]
    assert [name for name, *_ in views(dana)] == ["Mine", "Ours"]
    with tenant(dana.organization_id):
        ours = SavedView.objects.visible_to(sam).get(name="Ours")
        mine = SavedView.objects.visible_to(dana).get(name="Mine")
    assert signed_in(sam).post(f"{LIST}views/{mine.pk}/remove/").status_code == 404
    signed_in(sam).post(f"{LIST}views/{ours.pk}/remove/")
    assert [name for name, *_ in views(sam)] == ["Ours"]
    signed_in(mona).post(f"{LIST}views/{ours.pk}/remove/")
    assert views(sam) == []


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"name": "", "query": "channel=call"}, "Give the view a name"),
        ({"name": "All", "query": "nothing=1"}, "Set some filters first"),
        ({"name": "Wrong", "query": "channel=fax"}, "valid: Channel"),
    ],
)
def test_what_cannot_be_kept_is_said(
    dana: Membership, signed_in: Browser, data: dict[str, str], words: str
) -> None:
    client = signed_in(dana)
    keep(client, **data)
    assert words in client.get(LIST).content.decode()
    assert views(dana) == []
