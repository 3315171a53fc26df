"""Conversations found by parts of ids, customers, files and metadata; sorted, grouped, counted."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Q
from django.test import Client

from qa.organizations.models import Membership, Organization
from tests.reviews.steps import address
from tests.world import make_interaction, make_review
from transcripts.models import Interaction

pytestmark = pytest.mark.django_db
Browser = Callable[[Membership | None], Client]
LIST = "/o/larkfield/interactions/"


def rows(client: Client, **query: Any) -> list[Interaction]:
    """The conversations of the list, in order."""
    answer = client.get(LIST, query)
    assert answer.status_code == 200, query
    return [row.interaction for row in answer.context["rows"]]


def test_a_part_of_an_id_a_customer_or_a_value_finds_a_conversation(
    larkfield: Organization, mona: Membership, signed_in: Browser
) -> None:
    one = make_interaction(
        larkfield,
        source="phone",
        external_id="call-2012",
        subject="Refused refund",
        customer={"external_id": "CUST-88", "name": "Ivo"},
        metadata={"topic": "Broadband fault", "floor": 3, "reading_remarks": ["Set aside."]},
    )
    make_interaction(larkfield, source="phone", external_id="call-3000")
    browser = signed_in(mona)
    for part in ("call-20", "2012", "cust-8", "broadb", "BAND FAULT", "refus", "ref"):
        assert rows(browser, q=part) == [one], part
    for part in ("topic", "set aside", "call-2099", "100%", "call_2012"):
        assert rows(browser, q=part) == [], part


def test_the_beginning_of_a_word_that_was_said_finds_a_conversation(
    larkfield: Organization, mona: Membership, signed_in: Browser
) -> None:
    one = make_interaction(larkfield)
    browser = signed_in(mona)
    assert rows(browser, q="imag worry") == [one]
    assert rows(browser, q='"imag"') == []
    assert "<mark>imagine</mark>" in browser.get(LIST, {"q": "imag"}).content.decode()


def test_a_part_of_a_file_s_name_finds_what_came_in_it(
    larkfield: Organization, dana: Membership, mona: Membership, signed_in: Browser
) -> None:
    text = b"Agent: Good morning, how can I help?\nCustomer: I am so worried about my bill.\n" * 3
    signed_in(dana).post(
        address("upload", dana), {"file": SimpleUploadedFile("walk-in-0412.txt", text)}
    )
    assert len(rows(signed_in(mona), q="IN-0412")) == 1


def test_metadata_is_shown_and_narrows_the_list(
    larkfield: Organization, mona: Membership, signed_in: Browser
) -> None:
    one = make_interaction(
        larkfield, source="t", external_id="1", metadata={"queue": "A & B", "floor": 3}
    )
    two = make_interaction(larkfield, source="t", external_id="2", metadata={"queue": "C"})
    browser = signed_in(mona)
    assert rows(browser, meta="queue", meta_value="A & B") == [one]
    assert rows(browser, meta="floor", meta_value="3") == [one]
    assert set(rows(browser, meta="queue")) == {one, two}
    assert rows(browser, meta="queue", meta_value="nothing") == []
    assert browser.get(LIST, {"meta_value": "C"}).status_code == 422
    page = browser.get(f"{LIST}{one.pk}/").content.decode()
    assert "?meta=queue&amp;meta_value=A%20%26%20B" in page


def test_a_filter_that_matches_nothing_says_so(
    larkfield: Organization, mona: Membership, signed_in: Browser
) -> None:
    make_interaction(larkfield)
    page = signed_in(mona).get(LIST, {"q": "nowhere at all"}).content.decode()
    assert "No matches" in page
    assert "Clear filters" in page


@pytest.mark.parametrize("where", ["interactions", "queue"])
def test_every_column_sorts_both_ways_over_its_pages(
    where: str, mona: Membership, signed_in: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.reviews.queries.SIZE", 3)
    monkeypatch.setattr("qa.interactions.queries.SHOWN", 3)
    for number, name in enumerate(("Cal", "ann ~ b", "", "Ben", "Dee")):
        make_interaction(
            mona.organization,
            source="t",
            external_id=str(number),
            channel=("call", "chat")[number % 2],
            duration_s=None if number == 3 else 60.0 * number,
            subject="" if number == 1 else f"Subject {number}",
            agent={"external_id": name, "name": name} if name else None,
            started_at=f"2026-11-0{number + 1}T10:15:00Z",
        )
    browser, base = signed_in(mona), address(where, mona)
    columns = [head.name for head in _shown(browser, base)["headings"]]
    found = {}
    for name in columns:
        forward, around = (_walked(browser, f"{base}?sort={sign}{name}") for sign in ("", "-"))
        assert len(forward) == len(set(forward)) == 5, name
        assert set(around) == set(forward), name
        found[name] = [row.external_id for row in forward]
    assert found["started"] == ["4", "3", "2", "1", "0"]
    assert found["agent"][-1] == "2", "without an agent at the end"
    assert found["subject"] == ["0", "2", "3", "4", "1"]
    assert found["length"][0] == "4"
    assert set(found["channel"][:3]) == {"0", "2", "4"}


def _shown(browser: Client, url: str) -> Any:
    context = browser.get(url).context
    queue = context.get("queue")
    if queue is None:
        return {
            "headings": context["headings"],
            "rows": context["rows"],
            "next": context["page"].older_url,
            "back": context["page"].newer_url,
        }
    part = queue.part
    return {
        "headings": queue.headings,
        "rows": queue.rows,
        "next": part.next_url,
        "back": part.previous_url,
    }


def _walked(browser: Client, url: str) -> list[Interaction]:
    base, found = url.partition("?")[0], list[Interaction]()
    while url:
        page = _shown(browser, url)
        if found:
            before = _shown(browser, base + page["back"])
            assert [row.interaction for row in before["rows"]] == found[-len(before["rows"]) :]
        found += [row.interaction for row in page["rows"]]
        url = base + page["next"] if page["next"] else ""
    return found


def test_rows_stand_in_groups_and_a_total_above_them(
    larkfield: Organization, mona: Membership, dana: Membership, signed_in: Browser
) -> None:
    for number in range(3):
        agent = {"external_id": "ab"[number % 2], "name": ("Ann", "Ben")[number % 2]}
        make_interaction(larkfield, source="t", external_id=str(number), agent=agent)
    make_review(dana, make_interaction(larkfield, source="t", external_id="9"), confirmed=True)
    browser = signed_in(mona)
    for where in ("interactions", "queue"):
        for group in ("agent", "channel", "reason", "day"):
            page = browser.get(address(where, mona), {"group": group}).content.decode()
            assert 'scope="colgroup"' in page, (where, group)
        page = browser.get(address(where, mona), {"group": "agent"}).content.decode()
        heads = page.split('scope="colgroup">')[1:]
        names = [head.partition("<")[0] for head in heads]
        assert names == sorted(names)
        assert names[-2:] == ["Ann", "Ben"][-2:] or "Ann" in names
    assert "4 conversations" in browser.get(LIST).content.decode()
    assert "3 conversations" in browser.get(address("queue", mona)).content.decode()


def test_a_score_that_is_kept_back_does_not_show_in_the_order(
    larkfield: Organization, dana: Membership, signed_in: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = make_interaction(larkfield, source="t", external_id="1")
    two = make_interaction(larkfield, source="t", external_id="2")
    monkeypatch.setattr(
        "qa.reviews.visibility.awaiting_blind_review",
        lambda by, interaction="": Q(**{f"{interaction}pk": one.pk}),
    )
    found = [row.external_id for row in rows(signed_in(dana), sort="score")]
    assert found == ["2", "1"]
    assert two.external_id == "2"


def test_a_view_of_the_queue_is_kept_with_its_order_and_shown_there_alone(
    larkfield: Organization, mona: Membership, dana: Membership, signed_in: Browser
) -> None:
    make_interaction(larkfield, channel="chat")
    browser, sent = signed_in(mona), {"of": "queue", "query": "channel=chat&sort=agent&x=1"}
    answer = browser.post(address("view-keep", mona), {"name": "Chats", "shared": "on", **sent})
    assert answer["Location"] == f"{address('queue', mona)}?channel=chat&sort=agent"
    browser.post(address("view-keep", mona), {"name": "Chats", "query": "channel=chat"})
    for by in (mona, dana):
        browser = signed_in(by)
        page = browser.get(address("queue", by)).content.decode()
        assert 'href="?channel=chat&amp;sort=agent"' in page
        assert "sort=agent&amp;" not in browser.get(LIST).content.decode().partition("toolbar")[0]
    (view,) = signed_in(mona).get(address("queue", mona)).context["views"]
    removed = signed_in(mona).post(address("view-remove", mona, pk=view.pk))
    assert removed["Location"] == address("queue", mona)
