"""What is done with many conversations at once: exported, assigned, given an agent."""

import csv
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from qa.organizations.models import Membership, Organization
from qa.sampling.models import QueueEntry
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.reviews.steps import address
from tests.world import make_interaction
from transcripts.models import Interaction

pytestmark = pytest.mark.django_db
Browser = Callable[[Membership | None], Client]


def table(browser: Client, by: Membership, **sent: Any) -> list[dict[str, str]]:
    """The lines of the CSV of what was sent."""
    answer = browser.post(address("interactions-csv", by), sent)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].endswith('.csv"')
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_what_was_chosen_or_all_that_match_comes_as_a_table_without_formulas(
    larkfield: Organization, mona: Membership, signed_in: Browser
) -> None:
    one = make_interaction(larkfield, source="t", external_id="=1+1", subject="@SUM(A1)")
    make_interaction(larkfield, source="t", external_id="2", channel="chat")
    make_interaction(larkfield, source="t", external_id="3", channel="chat")
    browser = signed_in(mona)
    (line,) = table(browser, mona, interaction=[str(one.pk)])
    assert (line["id in the source"], line["subject"]) == ("'=1+1", "'@SUM(A1)")
    assert line["pre-score"]
    found = table(browser, mona, all="on", query="channel=chat")
    assert {line["id in the source"] for line in found} == {"2", "3"}
    queue = table(browser, mona, all="on", back="queue", query="channel=call")
    assert [line["id"] for line in queue] == [str(one.pk)]
    book = browser.post(address("interactions-xlsx", mona), {"all": "on"}).content
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")
        assert b"=1+1" in parts.read("xl/sharedStrings.xml")


def test_a_table_tells_nothing_that_its_reader_is_to_judge_blind(
    larkfield: Organization, dana: Membership, signed_in: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = make_interaction(larkfield)
    monkeypatch.setattr("qa.interactions.listing.hidden_among", lambda by, ids: {one.pk})
    (line,) = table(signed_in(dana), dana, all="on")
    assert (line["pre-score"], line["score"], line["Missed"]) == ("", "", "")


def test_nothing_chosen_and_too_many_are_refused_in_words(
    larkfield: Organization,
    mona: Membership,
    signed_in: Browser,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in range(3):
        make_interaction(larkfield, source="t", external_id=str(number))
    monkeypatch.setattr("qa.interactions.bulk_views.MOST", 2)
    monkeypatch.setattr("qa.reviews.assignment.MOST", 2)
    browser = signed_in(mona)
    for name, sent in (
        ("interactions-csv", {}),
        ("interactions-csv", {"interaction": "x"}),
        ("interactions-csv", {"all": "on", "query": "least=50&most=10"}),
        ("interactions-csv", {"all": "on"}),
        ("interactions-xlsx", {"all": "on"}),
        ("interactions-assign", {"all": "on"}),
    ):
        answer = browser.post(address(name, mona), sent, follow=True)
        said = [str(message) for message in answer.context["messages"]]
        assert len(said) == 1, (name, sent)
        assert answer.request["PATH_INFO"].endswith("/interactions/")


def test_all_that_match_wait_for_one_reviewer(
    larkfield: Organization, mona: Membership, dana: Membership, signed_in: Browser
) -> None:
    make_interaction(larkfield, source="t", external_id="1")
    chats = {
        make_interaction(larkfield, source="t", external_id=str(n), channel="chat").pk
        for n in (2, 3)
    }
    browser = signed_in(mona)
    sent = {"all": "on", "query": "channel=chat", "back": "queue", "to": str(dana.pk)}
    answer = browser.post(address("interactions-assign", mona), sent)
    assert answer["Location"] == f"{address('queue', mona)}?channel=chat"
    with tenant(larkfield.pk):
        places = QueueEntry.objects.visible_to(System(larkfield.pk)).filter(assigned_to=dana)
        assert set(places.values_list("interaction", flat=True)) == chats
    assert signed_in(dana).post(address("interactions-assign", dana), sent).status_code == 403


def test_the_agent_of_all_that_match_is_asked_for_once(
    larkfield: Organization, mona: Membership, signed_in: Browser
) -> None:
    make_interaction(larkfield)
    sent = {"all": "on", "query": "channel=call&sort=agent"}
    answer = signed_in(mona).post(address("interactions-agent", mona), sent)
    assert answer["Location"] == f"{address('interactions-agent-all', mona)}?channel=call"


def test_a_stranger_s_conversations_are_in_no_table(
    larkfield: Organization, mallory: Membership, signed_in: Browser
) -> None:
    one = make_interaction(larkfield)
    assert isinstance(one, Interaction)
    assert table(signed_in(mallory), mallory, interaction=[str(one.pk)]) == []


def test_an_admin_deletes_exactly_those_that_the_question_was_about(
    larkfield: Organization, ada: Membership, signed_in: Browser
) -> None:
    for number in ("1", "2"):
        make_interaction(larkfield, source="t", external_id=number, channel="chat")
    browser, url = signed_in(ada), address("interactions-delete", ada)
    asked = browser.post(url, {"all": "on", "query": "channel=chat"})
    assert "Delete 2 conversations?" in asked.content.decode()
    ids = [str(pk) for pk in asked.context["ids"]]
    make_interaction(larkfield, source="t", external_id="3", channel="chat")  # came in meanwhile
    done = browser.post(url, {"sure": "1", "interaction": ids, "query": "channel=chat"})
    assert done["Location"].endswith("/interactions/?channel=chat")
    with tenant(larkfield.pk):
        left = Interaction.objects.visible_to(System(larkfield.pk))
        assert list(left.values_list("external_id", flat=True)) == ["3"]
    nothing = browser.post(url, {"sure": "1"}, follow=True)
    assert "Select conversations first." in nothing.content.decode()


def test_nobody_but_an_admin_deletes_many(
    larkfield: Organization, mona: Membership, dana: Membership, signed_in: Browser
) -> None:
    call = make_interaction(larkfield)
    for member in (mona, dana):
        answer = signed_in(member).post(
            address("interactions-delete", member), {"sure": "1", "interaction": str(call.pk)}
        )
        assert answer.status_code == 403
        assert (
            "interactions/delete"
            not in signed_in(member).get(address("interactions", member)).content.decode()
        )
