"""Every list that comes by pages, walked over three of them there and back.

A new list is found by its template, which includes _pagination.html: give it a row here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from qa import pipeline
from qa.coaching.actions import write_note
from qa.coaching.policy import set_feedback_policy
from qa.disputes import actions as disputes
from qa.organizations.models import Membership, Organization, Role
from qa.reviews import blind, queue
from qa.reviews.policy import set_policy
from qa.reviews.proposals import card_of
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from scorecards import publishing
from tests.notices.steps import tell
from tests.pages import html_pages, use_small_pages, walk_pages
from tests.reviews.steps import address
from tests.scored import engine, scored  # noqa: F401 (a fixture)
from tests.world import (
    answer_card,
    confirm_review,
    make_calibration,
    make_interaction,
    make_key,
    make_review,
)
from transcripts.models import Interaction

pytestmark = pytest.mark.usefixtures("engine")
SignIn = Callable[[Membership | None], Client]
People = dict[Role, Membership]
ROWS = 5
PK = r"([0-9a-f]{8}-[0-9a-f-]{27})"


def reviews(people: People, number: int) -> list[str]:
    """So many confirmed reviews of the agent's conversations."""
    by = people[Role.SPECIALIST]
    calls = [make_interaction(by.organization, external_id=f"c-{n}") for n in range(number)]
    return [str(make_review(by, call, confirmed=True).pk) for call in calls]


def add_interactions(people: People, browser: Client) -> None:
    for number in range(ROWS):
        make_interaction(people[Role.MANAGER].organization, external_id=f"c-{number}")


def add_files(people: People, browser: Client) -> None:
    files = [SimpleUploadedFile(f"{n}.txt", b"") for n in range(ROWS)]
    browser.post(address("upload", people[Role.SPECIALIST]), {"file": files})


def add_acknowledgements(people: People, browser: Client) -> None:
    reviews(people, ROWS)


def add_disputes(people: People, browser: Client) -> None:
    agent = people[Role.AGENT]
    with tenant(agent.organization_id):
        review = make_review(people[Role.SPECIALIST], confirmed=True)
        for question in card_of(review).questions[:ROWS]:
            disputes.open_dispute(review, by=agent, target=f"answer:{question.id}", words="No.")


def add_read_feedback(people: People, browser: Client) -> None:
    for pk in reviews(people, ROWS):
        browser.post(address("acknowledge", people[Role.AGENT], pk=pk))


def add_automatic(people: People, browser: Client) -> None:
    manager = people[Role.MANAGER]
    with tenant(manager.organization_id):
        set_feedback_policy(by=manager, dispute_days=14, share_from=0.5, remind_days=7)
    for _ in range(ROWS):
        scored(manager.organization, ("fear", "missed", 0))


def add_moments(people: People, browser: Client) -> None:
    for days in (1, 1, 2):
        moments = [("fear", "missed", 0), ("anger", "empathy", 2)]
        scored(people[Role.MANAGER].organization, *moments, days_ago=days)


def add_gestures(people: People, browser: Client) -> None:
    for days in (1, 1, 2):
        said = ["Volunteers 2: kind", "Sorry bare: so sorry"]
        scored(people[Role.MANAGER].organization, days_ago=days, said=said)


def add_sessions(people: People, browser: Client) -> None:
    manager, specialist = people[Role.MANAGER], people[Role.SPECIALIST]
    for number in range(ROWS):
        call = make_interaction(manager.organization, external_id=f"c-{number}")
        make_calibration(manager, [manager, specialist], call, name=f"Session {number}")


def add_keys(people: People, browser: Client) -> None:
    for _ in range(ROWS):
        make_key(people[Role.ADMIN])


def add_notices(people: People, browser: Client) -> None:
    for number in range(ROWS):
        tell(people[Role.SPECIALIST], subject=str(number), words=f"Number {number}.")


def add_scorecards(people: People, browser: Client) -> None:
    manager = people[Role.MANAGER]
    with tenant(manager.organization_id):
        for number in range(ROWS):
            publishing.create_card(by=manager, name=f"Card {number}")


def add_notes(people: People, browser: Client) -> None:
    by = people[Role.SPECIALIST]
    for number in range(ROWS):
        draft = make_review(by, make_interaction(by.organization, external_id=f"c-{number}"))
        with tenant(by.organization_id):
            write_note(draft, by=by, turn=2, kind="praise", text=f"Note {number}.")
        confirm_review(draft, by)


def add_empty_readings(people: People, browser: Client) -> None:
    manager, specialist = people[Role.MANAGER], people[Role.SPECIALIST]
    with tenant(manager.organization_id):
        set_policy(by=manager, blind_percent=100, threshold=0.6, least=30)
    for _ in range(ROWS):
        call = scored(manager.organization, ("fear", "missed", 0))
        with tenant(manager.organization_id):
            review = blind.commit(queue.claim(call.pk, by=specialist), by=specialist)
            answer_card(review, specialist)
            pipeline.confirm(review, by=specialist)


@dataclass(frozen=True, slots=True)
class List:
    """A list: its address, who reads it, how a row is known, what fills it."""

    name: str
    reader: Role
    row: str
    fill: Callable[[People, Client], None]
    query: str = ""
    most: int | None = ROWS  # None: it grows by itself


LISTS = {
    "coaching/notes.html": List("notes", Role.MANAGER, rf"/reviews/{PK}/\?note", add_notes),
    "agreement/empty.html": List(
        "agreement-empty", Role.MANAGER, rf'/reviews/{PK}/"', add_empty_readings
    ),
    "transcripts/_interactions.html": List(
        "interactions", Role.MANAGER, rf'/interactions/{PK}/"', add_interactions
    ),
    "transcripts/upload.html": List("upload", Role.SPECIALIST, rf'<tr id="file-{PK}', add_files),
    "disputes/acknowledgements.html": List(
        "acknowledgements", Role.MANAGER, rf'table__main"\s+href="[^"]*{PK}/', add_acknowledgements
    ),
    "disputes/disputes.html": List(
        "disputes", Role.MANAGER, rf'table__main"\s+href="[^"]*{PK}/', add_disputes
    ),
    "coaching/feedback.html": List(
        "feedback",
        Role.AGENT,
        rf'feedback__title">\s*<a\s+href="[^"]*/feedback/{PK}/"',
        add_read_feedback,
    ),
    "coaching/automatic.html": List("automatic", Role.AGENT, rf"automatic/{PK}/", add_automatic),
    "dashboards/moments.html": List(
        "moments", Role.MANAGER, rf"interactions/({PK}/#turn-\d+)", add_moments, most=6
    ),
    "dashboards/gestures.html": List(
        "gestures", Role.MANAGER, rf"interactions/({PK}/#turn-\d+)", add_gestures, most=6
    ),
    "dashboards/score_reviews.html": List(
        "score-reviews", Role.MANAGER, rf'/interactions/{PK}/"', add_acknowledgements
    ),
    "dashboards/submitted_reviews.html": List(
        "submitted-reviews", Role.MANAGER, rf'/interactions/{PK}/"', add_acknowledgements
    ),
    "calibration/sessions.html": List(
        "calibrations", Role.MANAGER, rf"/calibration/{PK}/", add_sessions
    ),
    "organizations/audit.html": List(
        "settings-audit", Role.ADMIN, r'data-label="Number">(\d+)<', add_keys, most=None
    ),
    "organizations/keys.html": List("settings-keys", Role.ADMIN, rf"keys/{PK}/revoke", add_keys),
    "notices/notices.html": List("notices", Role.SPECIALIST, rf"/notices/{PK}/", add_notices),
    "scorecards/cards.html": List(
        "scorecards", Role.MANAGER, rf'table__main"\s+href="[^"]*{PK}/', add_scorecards, most=None
    ),
}


@pytest.fixture
def people(dana: Membership, mona: Membership, ada: Membership, alex: Membership) -> People:
    return {member.role: member for member in (dana, mona, ada, alex)}


def test_every_list_with_pages_is_walked_here() -> None:
    folder = Path(settings.BASE_DIR) / "templates"
    paged = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*.html")
        if "_pagination.html" in path.read_text(encoding="utf-8")
    }
    assert paged - {"_pagination.html"} == set(LISTS), "give a new list its row in LISTS"


@pytest.mark.parametrize("template", LISTS)
def test_three_pages_lead_there_and_back(
    template: str, people: People, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    paged = LISTS[template]
    browser = signed_in(people[paged.reader])
    paged.fill(people, browser)
    use_small_pages(monkeypatch)
    url = address(paged.name, people[paged.reader]) + paged.query
    found = walk_pages(html_pages(browser, paged.row), url)
    assert paged.most in (len(found), None)


def test_three_pages_of_the_queue_lead_forward(
    larkfield: Organization, dana: Membership, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.reviews.queries.SIZE", 2)
    for number in range(ROWS):
        make_interaction(larkfield, external_id=f"c-{number}")
    read = html_pages(signed_in(dana), rf'name="interaction" value="{PK}"')
    found = walk_pages(read, address("queue", dana), back=False)
    with tenant(larkfield.id):
        rows = Interaction.objects.visible_to(System(larkfield.id)).order_by("received_at")
        assert found == [str(pk) for pk in rows.values_list("pk", flat=True)]
