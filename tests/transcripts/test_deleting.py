"""An admin deletes conversations: everything of them goes, and figures follow."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client

from qa import pipeline
from qa.audit.models import AuditEvent
from qa.coaching import actions as coaching
from qa.coaching.models import Acknowledgement, CoachingNote
from qa.core.errors import NotAllowed
from qa.dashboards.actions import rebuild
from qa.disputes import actions as disputes
from qa.disputes.models import Dispute
from qa.notices.models import Notice
from qa.organizations.models import Membership
from qa.reviews.amendments import Changes
from qa.reviews.corrections import Correction
from qa.reviews.models import Review
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.disputes.steps import reviewed_with_note
from tests.reviews.steps import address
from tests.reviews.test_recall import figures
from tests.world import make_calibration, make_interaction, make_review
from transcripts.models import Interaction

pytestmark = pytest.mark.django_db
SignIn = Callable[[Membership | None], Client]
MISSED = {"emotion": "anger", "outcome": "missed", "strength": 0}


def count(model: Any, by: Membership) -> int:
    with tenant(by.organization_id):
        return int(model.objects.visible_to(System(by.organization_id)).count())


def settled(dana: Membership, alex: Membership, mona: Membership) -> Interaction:
    """A conversation with all that can hang on one: read, disputed, corrected, amended."""
    review = reviewed_with_note(dana)
    with tenant(dana.organization_id):
        coaching.acknowledge(review, by=alex)
        opened = disputes.open_dispute(review, by=alex, target="moment:1", words="No.")
        pipeline.decide_dispute(
            opened, by=mona, upheld=True, reason="Yes.", change=Correction(1, MISSED)
        )
        counted = Review.objects.visible_to(mona).counted().get()
        pipeline.amend(counted, Changes(summary="Other."), by=mona, reason="Clearer.")
        return review.interaction


def test_everything_of_it_goes_and_the_same_id_comes_in_as_new(
    signed_in: SignIn, dana: Membership, alex: Membership, mona: Membership, ada: Membership
) -> None:
    before = figures(ada)
    one = settled(dana, alex, mona)
    client = signed_in(ada)
    assert "Delete" in client.get(address("interaction", ada, pk=one.pk)).content.decode()
    asked = client.get(address("interaction-delete", ada, pk=one.pk)).content.decode()
    assert "1 submitted review" in asked
    assert "1 dispute with its decision" in asked
    answer = client.post(address("interaction-delete", ada, pk=one.pk), follow=True)
    assert "1 conversation was deleted" in answer.content.decode()
    for model in (Interaction, Review, Dispute, CoachingNote, Acknowledgement):
        assert count(model, ada) == 0, model
    with tenant(ada.organization_id):
        system = System(ada.organization_id)
        assert not Notice.objects.visible_to(system).filter(address__contains="/reviews/").exists()
        event = AuditEvent.objects.visible_to(ada).get(action="interaction.deleted")
        assert event.target_id == str(one.pk)
        rebuild(by=system)
    assert [row for row in figures(ada) if any(row[-1:])] == before
    trail = client.get(address("settings-audit", ada)).content.decode()
    assert "Deleted a conversation" in trail
    again = make_interaction(ada.organization)
    assert again.pk != one.pk
    assert again.status == "prescored"


@pytest.mark.parametrize("name", ["mona", "dana", "alex", "mallory"])
def test_nobody_else_may(signed_in: SignIn, mona: Membership, name: str, request: Any) -> None:
    who = request.getfixturevalue(name)
    one = make_interaction(mona.organization)
    expected = 404 if name == "mallory" else 403
    url = address("interaction-delete", mona, pk=one.pk)
    assert signed_in(who).get(url).status_code == expected
    assert signed_in(who).post(url).status_code == expected
    with tenant(mona.organization_id), pytest.raises(NotAllowed):
        pipeline.delete_interactions([one.pk], by=mona)
    assert count(Interaction, mona) == 1


def test_one_in_a_calibration_stays_and_is_said(
    signed_in: SignIn, mona: Membership, dana: Membership, ada: Membership
) -> None:
    used = make_interaction(ada.organization, external_id="used")
    free = make_interaction(ada.organization, external_id="free")
    make_calibration(mona, [mona, dana], used)
    answer = signed_in(ada).post(address("interaction-delete", ada, pk=used.pk))
    assert answer.status_code == 409
    assert "A calibration session uses this" in answer.content.decode()
    with tenant(ada.organization_id):
        done = pipeline.delete_interactions([used.pk, free.pk], by=ada)
        gone = pipeline.delete_interactions([free.pk], by=ada)
    assert (done.conversations, done.kept) == (1, 1)
    assert gone.conversations == 0
    assert count(Interaction, ada) == 1


def test_the_database_lets_nothing_settled_go_of_any_other(
    dana: Membership, alex: Membership, ada: Membership
) -> None:
    kept = make_review(dana, confirmed=True)
    gone = make_interaction(ada.organization, external_id="gone")
    with tenant(ada.organization_id):
        pipeline.delete_interactions([gone.pk], by=ada)
        rows = Review.objects.visible_to(System(ada.organization_id)).filter(pk=kept.pk)
        with pytest.raises(DatabaseError), transaction.atomic():
            rows._raw_delete(rows.db)
        assert rows.exists()


def test_whoever_is_reviewing_it_is_told(
    signed_in: SignIn, dana: Membership, ada: Membership
) -> None:
    draft = make_review(dana)
    asked = signed_in(ada).get(address("interaction-delete", ada, pk=draft.interaction_id))
    assert "the draft of Dana" in asked.content.decode()
    signed_in(ada).post(address("interaction-delete", ada, pk=draft.interaction_id))
    answer = signed_in(dana).post(
        address("review-accept-all", dana, pk=draft.pk), {"revision": draft.revision}
    )
    assert answer.status_code == 409


def test_the_upload_it_came_from_stays_readable_and_takes_it_again(
    signed_in: SignIn, ada: Membership
) -> None:
    lines = "Agent: Good morning.\nCustomer: I am so worried about my booking.\n" * 3
    client, url = signed_in(ada), address("upload", ada)

    def send() -> None:
        file = SimpleUploadedFile("walk.txt", lines.encode())
        client.post(url, {"file": [file], "channel": "call"})

    send()
    with tenant(ada.organization_id):
        found = list(Interaction.objects.visible_to(ada).values_list("pk", flat=True))
        assert found
        pipeline.delete_interactions(found, by=ada)
    assert client.get(url).status_code == 200
    send()
    assert count(Interaction, ada) == len(found)
    assert client.get(url).status_code == 200
