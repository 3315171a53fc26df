"""Templates that notes begin with, and the search of notes that were given."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qa.audit.models import AuditEvent
from qa.coaching.actions import write_note
from qa.coaching.models import NoteTemplate
from qa.organizations.models import Membership
from qa.tenancy.context import tenant
from tests.reviews.steps import address, take
from tests.world import confirm_review, make_interaction, make_review

pytestmark = pytest.mark.django_db
SignIn = Callable[[Membership | None], Client]
TEMPLATE = {"name": "Name the feeling", "kind": "suggestion", "text": "Say what they feel."}


def templates(by: Membership) -> list[NoteTemplate]:
    with tenant(by.organization_id):
        return list(NoteTemplate.objects.visible_to(by))


def test_a_manager_keeps_changes_and_removes_a_template(
    signed_in: SignIn, mona: Membership, dana: Membership
) -> None:
    client, url = signed_in(mona), address("settings-note-templates", mona)
    assert client.post(url, TEMPLATE).status_code == 302
    twice = client.post(url, TEMPLATE)
    assert twice.status_code == 422
    assert "already a template with this name" in twice.content.decode()
    (one,) = templates(mona)
    page = client.get(address("settings-note-template", mona, pk=one.pk)).content.decode()
    assert "Say what they feel." in page
    changed = {**TEMPLATE, "text": "Name what they feel."}
    client.post(address("settings-note-template", mona, pk=one.pk), changed)
    assert templates(mona)[0].text == "Name what they feel."
    make_interaction(mona.organization)
    shown = take(signed_in(dana), dana).page
    assert 'data-template="Name what they feel."' in shown
    signed_in(mona).post(address("settings-note-template-remove", mona, pk=one.pk))
    assert templates(mona) == []
    with tenant(mona.organization_id):
        events = AuditEvent.objects.visible_to(mona).filter(action__startswith="note_template.")
        actions = list(events.order_by("number").values_list("action", flat=True))
    assert actions == ["note_template.saved", "note_template.saved", "note_template.removed"]


@pytest.mark.parametrize("name", ["dana", "alex", "mallory"])
def test_nobody_else_edits_templates(
    signed_in: SignIn, mona: Membership, name: str, request: Any
) -> None:
    client = signed_in(request.getfixturevalue(name))
    url = address("settings-note-templates", mona)
    assert client.post(url, TEMPLATE).status_code == (404 if name == "mallory" else 403)
    assert templates(mona) == []


def give(by: Membership, text: str, external_id: str) -> None:
    """A note in a submitted review."""
    draft = make_review(by, make_interaction(by.organization, external_id=external_id))
    with tenant(by.organization_id):
        write_note(draft, by=by, turn=2, kind="praise", text=text)
    confirm_review(draft, by)


def test_notes_are_found_by_their_words_agent_and_day(
    signed_in: SignIn, dana: Membership, sam: Membership, mona: Membership, alex: Membership
) -> None:
    give(dana, "You named her worry.", "one")
    give(sam, "Slow down a little.", "two")

    def found(by: Membership, **query: Any) -> list[str]:
        page = signed_in(by).get(address("notes", by), query).content.decode()
        return [text for text in ("You named her worry.", "Slow down a little.") if text in page]

    assert found(dana) == ["You named her worry."]
    assert found(mona) == ["You named her worry.", "Slow down a little."]
    assert found(mona, q="WORR named") == ["You named her worry."]
    assert found(mona, q="worry slow") == []
    assert len(found(mona, agent=str(alex.agent_id))) == 2
    assert found(mona, until="2020-01-01") == []
    assert len(found(mona, since="2020-01-01", agent="nonsense", until="never")) == 2
    assert signed_in(alex).get(address("notes", alex)).status_code == 403


def test_a_note_of_an_open_review_is_not_listed_and_each_leads_to_its_turn(
    signed_in: SignIn, dana: Membership
) -> None:
    draft = make_review(dana)
    with tenant(dana.organization_id):
        write_note(draft, by=dana, turn=2, kind="praise", text="Not yet.")
    client, url = signed_in(dana), address("notes", dana)
    assert "Not yet." not in client.get(url).content.decode()
    confirm_review(draft, dana)
    page = client.get(url).content.decode()
    assert f"{address('review', dana, pk=draft.pk)}?note=2#turn-2" in page


def test_the_list_costs_the_same_however_long(signed_in: SignIn, dana: Membership) -> None:
    give(dana, "One.", "n-0")
    client, url = signed_in(dana), address("notes", dana)
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    for number in range(1, 5):
        give(dana, "More.", f"n-{number}")
    with CaptureQueriesContext(connection) as five:
        client.get(url)
    assert len(five) == len(one)
