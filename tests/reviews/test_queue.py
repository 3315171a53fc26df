"""The queue: what it shows, what it lets one take, and that no two get the same."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qa.coaching import actions as coaching
from qa.organizations.models import Membership, Organization, Role
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.reviews.steps import HTMX, address, take
from tests.world import make_interaction, make_member, make_review
from transcripts.models import Interaction

pytestmark = pytest.mark.django_db
SignIn = Callable[[Membership | None], Client]


def queue(client: Client, member: Membership, **query: Any) -> str:
    answer = client.get(address("queue", member), query)
    assert answer.status_code == 200
    return answer.content.decode()


def names(page: str) -> list[str]:
    """The agents of the rows, in order."""
    return re.findall(r'class="w-name" title="([^"]*)"', page)


def by_agent(organization: Organization, name: str, **changes: Any) -> Interaction:
    agent = {"external_id": name.lower(), "name": name, "team": changes.pop("team", "Billing")}
    return make_interaction(organization, agent=agent, source="t", external_id=name, **changes)


def test_the_queue_shows_the_oldest_first_with_feeling_marks_and_score(
    signed_in: SignIn, dana: Membership
) -> None:
    by_agent(dana.organization, "Ann")
    by_agent(dana.organization, "Ben", channel="chat")
    page = queue(signed_in(dana), dana)
    assert names(page) == ["Ann", "Ben"]
    assert 'data-emotion="fear"' in page
    assert 'data-outcome="sympathy_only"' in page.split("<tbody>")[1]
    assert "2 you can take" in page


def test_what_cannot_be_scored_says_why_in_words(signed_in: SignIn, dana: Membership) -> None:
    turns = [{"role": "agent", "text": "Thank you for calling, how can I help you today?"}] * 6
    make_interaction(dana.organization, turns=turns)
    assert "Not scored: only one side speaks" in queue(signed_in(dana), dana)


def test_filters_narrow_the_list_and_what_the_next_key_takes(
    signed_in: SignIn, dana: Membership
) -> None:
    by_agent(dana.organization, "Ann")
    by_agent(dana.organization, "Ben", channel="chat", team="Sales")
    client = signed_in(dana)
    page = queue(client, dana, channel="chat")
    assert names(page) == ["Ben"]
    assert "Start next matching review" in page
    with tenant(dana.organization_id):
        team = Interaction.objects.visible_to(dana).get(external_id="Ben").team_id
    assert names(queue(client, dana, team=str(team))) == ["Ben"]
    assert names(queue(client, dana, outcome="dismissed")) == []
    assert names(queue(client, dana, outcome="sympathy_only")) == ["Ann", "Ben"]
    assert names(queue(client, dana, scorable="no")) == []
    assert names(queue(client, dana, channel="nonsense", team="x")) == ["Ann", "Ben"]
    assert take(client, dana, channel="chat").review.interaction.external_id == "Ben"


def test_who_reviews_what_is_shown_and_can_be_filtered(
    signed_in: SignIn, dana: Membership, sam: Membership
) -> None:
    make_review(sam, by_agent(dana.organization, "Ann"))
    make_review(dana, by_agent(dana.organization, "Ben"))
    by_agent(dana.organization, "Cal")
    client = signed_in(dana)
    page = queue(client, dana)
    assert "In review by Sam" in page
    assert names(page) == ["Ann", "Ben", "Cal"]
    assert names(queue(client, dana, whose="mine")) == ["Ben"]
    assert names(queue(client, dana, whose="free")) == ["Cal"]


def test_rows_that_wait_or_failed_are_shown_and_the_page_asks_again_by_itself(
    signed_in: SignIn, dana: Membership
) -> None:
    client = signed_in(dana)
    by_agent(dana.organization, "Ann", prescored=False)
    failed = by_agent(dana.organization, "Ben", prescored=False)
    with tenant(dana.organization_id):
        Interaction.objects.visible_to(dana).filter(pk=failed.pk).update(
            status=Interaction.Status.FAILED, failure="Pre-scoring failed 4 times."
        )
    page = queue(client, dana)
    assert "Waiting for pre-score" in page
    assert "Pre-scoring failed 4 times." in page
    assert address("interaction-retry", dana, pk=failed.pk) in page
    assert 'hx-trigger="every 3s"' in page
    part = client.get(address("queue", dana), headers=HTMX).content.decode()
    assert part.lstrip().startswith('<div class="queue-list" id="queue"')


def test_an_empty_queue_says_what_to_do_next(signed_in: SignIn, dana: Membership) -> None:
    client = signed_in(dana)
    page = queue(client, dana)
    assert "Nothing to review" in page
    assert address("upload", dana) in page
    answer = client.post(address("queue-take", dana), follow=True)
    assert "There’s nothing to review right now." in answer.content.decode()


def test_taking_again_continues_what_is_in_hand(signed_in: SignIn, dana: Membership) -> None:
    by_agent(dana.organization, "Ann")
    by_agent(dana.organization, "Ben")
    client = signed_in(dana)
    assert take(client, dana).pk == take(client, dana).pk


def test_a_row_can_be_taken_by_itself(signed_in: SignIn, dana: Membership) -> None:
    by_agent(dana.organization, "Ann")
    wanted = by_agent(dana.organization, "Ben")
    assert take(signed_in(dana), dana, interaction=wanted.pk).review.interaction_id == wanted.pk


def test_nobody_reviews_their_own_conversation(signed_in: SignIn, larkfield: Organization) -> None:
    own = by_agent(larkfield, "Ann")
    with tenant(larkfield.id):
        agent = Interaction.objects.visible_to(System(larkfield.id)).get(pk=own.pk).agent
    ann = make_member(larkfield, "Ann", Role.SPECIALIST, agent)
    client = signed_in(ann)
    assert names(queue(client, ann)) == []
    answer = client.post(address("queue-take", ann), {"interaction": str(own.pk)})
    assert answer.status_code == 422


def test_pages_follow_each_other_without_gap_or_repeat(
    signed_in: SignIn, dana: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.reviews.queries.SIZE", 2)
    for name in ("Ann", "Ben", "Cal", "Dee", "Eve"):
        by_agent(dana.organization, name)
    client = signed_in(dana)
    seen, url = [], address("queue", dana)
    while url:
        page = client.get(url).content.decode()
        seen += names(page)
        following = page.partition('rel="next"')[0].rpartition('href="')[2]
        url = following.partition('"')[0].replace("&amp;", "&") if 'rel="next"' in page else ""
        url = url and address("queue", dana) + url
    assert seen == ["Ann", "Ben", "Cal", "Dee", "Eve"]


def queries_of(client: Client, url: str, **headers: str) -> int:
    client.get(url, headers=headers)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url, headers=headers).status_code == 200
    return len(captured)


def test_the_queue_needs_as_many_queries_for_20_rows_as_for_2(
    signed_in: SignIn, dana: Membership
) -> None:
    client, url = signed_in(dana), address("queue", dana)
    for number in range(2):
        by_agent(dana.organization, f"Ann {number}")
    few = queries_of(client, url)
    for number in range(2, 20):
        by_agent(dana.organization, f"Ann {number}")
    assert queries_of(client, url) == few


def long_call(turns: int) -> list[dict[str, Any]]:
    said = ("This is the third time I've called and I am furious!", "I'm sorry about that.")
    return [
        {"role": ("customer", "agent")[n % 2], "text": f"{said[n % 2]} {n}", "started_s": n * 3.0}
        for n in range(turns)
    ]


def test_the_review_page_needs_as_many_queries_for_500_turns_as_for_10(
    signed_in: SignIn, dana: Membership, sam: Membership
) -> None:
    counts = []
    for member, turns in ((dana, 10), (sam, 500)):
        client = signed_in(member)
        desk = take(
            client,
            member,
            interaction=make_interaction(dana.organization, turns=long_call(turns)).pk,
        )
        url = address("review", member, pk=desk.pk)
        counts.append((queries_of(client, url), queries_of(client, url, **HTMX)))
    assert counts[0] == counts[1]


ACTIONS = (
    *("accept", "accept-all", "change", "reject", "undo", "add", "answer", "summary"),
    *("summary-keep", "note", "note-keep", "note-discard"),
)
ROUTES = [
    ("get", "queue"),
    ("post", "queue-take"),
    ("get", "review"),
    *(("post", f"review-{action}") for action in (*ACTIONS, "note-remove", "release", "confirm")),
]


@pytest.mark.parametrize(("method", "name"), ROUTES)
def test_who_may(method: str, name: str, signed_in: SignIn, request: pytest.FixtureRequest) -> None:
    dana, alex, mallory = (request.getfixturevalue(name) for name in ("dana", "alex", "mallory"))
    review = make_review(dana)
    with tenant(dana.organization_id):
        note = coaching.write_note(review, by=dana, turn=2, kind="praise", text="Good.")
    kwargs = {"pk": review.pk} if name.startswith("review") else {}
    kwargs |= {"note_pk": note.pk} if name == "review-note-remove" else {}
    url = address(name, dana, **kwargs)
    expected = ((None, {302}), (mallory, {404}), (alex, {403}), (dana, {200, 302, 422}))
    for caller, statuses in expected:
        answer = getattr(signed_in(caller), method)(url)
        assert answer.status_code in statuses, caller
        assert caller or "/accounts/login/" in answer["Location"]
