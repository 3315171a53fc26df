"""Swap customer and agent, or give one turn another role; scored anew, never under a review."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from qa import pipeline, tasks
from qa.audit.models import AuditEvent
from qa.core.errors import Conflict
from qa.dashboards.models import DailyMoments
from qa.organizations.models import Membership, Organization
from qa.reviews.models import Review
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from scorecards import actions as scorecards
from scorecards.models import Moment, PreScore
from tests.world import ANGRY_CALL, interaction_json, make_interaction, make_review
from transcripts.formats import validate
from transcripts.models import Interaction
from transcripts.receiving import Receipt

SignIn = Callable[[Membership | None], Client]
OTHER = {"agent": "customer", "customer": "agent"}
SWAPPED = [{**turn, "role": OTHER[turn["role"]]} for turn in ANGRY_CALL]


def stored(interaction: Interaction) -> Interaction:
    with tenant(interaction.organization_id):
        rows = Interaction.objects.visible_to(System(interaction.organization_id))
        return rows.select_related("transcript").get(pk=interaction.pk)


def roles(interaction: Interaction) -> list[str]:
    return [turn["role"] for turn in stored(interaction).transcript.turns]


def count(model: Any, organization: Organization, **which: Any) -> int:
    with tenant(organization.id):
        found: int = model.objects.visible_to(System(organization.id)).filter(**which).count()
        return found


def swap(client: Client, interaction: Interaction, **fields: str) -> Any:
    return client.post(f"/o/larkfield/interactions/{interaction.pk}/swap/", fields)


@pytest.fixture
def dana_s(signed_in: SignIn, dana: Membership) -> Client:
    return signed_in(dana)


def test_swapping_scores_anew_and_is_recorded_once(dana_s: Client, larkfield: Organization) -> None:
    interaction = make_interaction(larkfield, turns=SWAPPED)
    assert count(PreScore, larkfield, scorable=False) == 1
    response = swap(dana_s, interaction)
    assert response.status_code == 302
    assert roles(interaction) == [turn["role"] for turn in ANGRY_CALL]
    assert stored(interaction).status == "received"
    assert count(PreScore, larkfield) == 0
    tasks.process(str(larkfield.pk), str(interaction.pk))
    assert count(PreScore, larkfield, scorable=True) == 1
    assert count(Moment, larkfield) == 2
    assert count(AuditEvent, larkfield, action="interaction.speakers_swapped") == 1


def test_the_dashboards_forget_what_was_found_before(
    dana_s: Client, larkfield: Organization
) -> None:
    interaction = make_interaction(larkfield)
    assert count(DailyMoments, larkfield, count__gt=0) > 0
    swap(dana_s, interaction)
    assert count(DailyMoments, larkfield, count__gt=0) == 0


def test_swapping_twice_restores_the_roles(dana_s: Client, larkfield: Organization) -> None:
    interaction = make_interaction(larkfield)
    swap(dana_s, interaction)
    swap(dana_s, interaction)
    assert roles(interaction) == [turn["role"] for turn in ANGRY_CALL]


def test_one_turn_gets_another_role(dana_s: Client, larkfield: Organization) -> None:
    interaction = make_interaction(larkfield)
    page = f"/o/larkfield/interactions/{interaction.pk}/"
    asked = dana_s.get(page, {"turn": "5"}).content.decode()
    response = dana_s.post(f"{page}role/", {"turn": "5", "role": "bot"})
    assert "Who is speaking?" in asked
    assert response.status_code == 302
    assert roles(interaction)[5] == "bot"
    assert roles(interaction)[:5] == [turn["role"] for turn in ANGRY_CALL][:5]
    assert count(AuditEvent, larkfield, action="interaction.roles_changed") == 1


def test_the_role_a_turn_has_already_changes_nothing(
    dana_s: Client, larkfield: Organization
) -> None:
    interaction = make_interaction(larkfield)
    dana_s.post(
        f"/o/larkfield/interactions/{interaction.pk}/role/", {"turn": "5", "role": "customer"}
    )
    assert stored(interaction).status == "prescored"
    assert count(AuditEvent, larkfield, action="interaction.roles_changed") == 0


@pytest.mark.parametrize("fields", [{}, {"turn": "99", "role": "bot"}, {"turn": "1", "role": "x"}])
def test_a_turn_or_role_that_is_none_is_refused(
    dana_s: Client, larkfield: Organization, fields: dict[str, str]
) -> None:
    interaction = make_interaction(larkfield)
    response = dana_s.post(f"/o/larkfield/interactions/{interaction.pk}/role/", fields)
    assert response.status_code == 422
    assert stored(interaction).status == "prescored"


def test_what_the_new_roles_tell_of_the_customer_is_redacted(
    dana_s: Client, larkfield: Organization
) -> None:
    turns = [
        {"role": "agent", "speaker": "Jolanda Winter", "text": "I am so angry about this."},
        {"role": "customer", "speaker": None, "text": "I am sorry, Jolanda."},
    ]
    interaction = make_interaction(larkfield, turns=turns, agent=None)
    swap(dana_s, interaction)
    kept = stored(interaction).transcript.turns
    assert [turn["speaker"] for turn in kept] == ["[NAME]", None]
    assert "Jolanda" not in str(kept)


def test_a_confirmed_review_keeps_the_speakers_as_they_are(
    dana_s: Client, dana: Membership, larkfield: Organization
) -> None:
    interaction = make_interaction(larkfield)
    make_review(dana, interaction, confirmed=True)
    page = dana_s.get(f"/o/larkfield/interactions/{interaction.pk}/").content.decode()
    response = swap(dana_s, interaction, discard="1")
    assert "Swap speakers" not in page
    assert response.status_code == 409
    assert "has already been reviewed" in response.content.decode()
    assert roles(interaction) == [turn["role"] for turn in ANGRY_CALL]


def test_a_draft_is_discarded_after_asking_once(
    dana_s: Client, dana: Membership, larkfield: Organization
) -> None:
    interaction = make_interaction(larkfield)
    make_review(dana, interaction)
    asked = swap(dana_s, interaction)
    assert asked.status_code == 409
    assert "Your draft review of this conversation would be discarded" in asked.content.decode()
    assert count(Review, larkfield) == 1
    assert swap(dana_s, interaction, discard="1").status_code == 302
    assert count(Review, larkfield) == 0
    assert roles(interaction)[0] == "customer"


def test_a_draft_is_asked_for_when_one_turn_changes(
    dana_s: Client, dana: Membership, larkfield: Organization
) -> None:
    interaction = make_interaction(larkfield)
    make_review(dana, interaction)
    asked = dana_s.post(
        f"/o/larkfield/interactions/{interaction.pk}/role/", {"turn": "5", "role": "bot"}
    )
    html = asked.content.decode()
    assert asked.status_code == 409
    assert 'name="turn" value="5"' in html
    assert 'name="role" value="bot"' in html
    assert "Change the speaker and discard the draft" in html


def test_a_colleagues_review_is_not_taken_away(
    dana_s: Client, sam: Membership, larkfield: Organization
) -> None:
    interaction = make_interaction(larkfield)
    make_review(sam, interaction)
    response = swap(dana_s, interaction, discard="1")
    assert response.status_code == 409
    assert "Someone is reviewing this conversation" in response.content.decode()
    assert count(Review, larkfield) == 1


def test_the_review_page_offers_both(
    dana_s: Client, dana: Membership, larkfield: Organization
) -> None:
    interaction = make_interaction(larkfield)
    review = make_review(dana, interaction)
    page = dana_s.get(f"/o/larkfield/reviews/{review.pk}/").content.decode()
    assert f'action="/o/larkfield/interactions/{interaction.pk}/swap/"' in page
    assert f'href="/o/larkfield/interactions/{interaction.pk}/?turn=3#turn-3"' in page


def test_a_pre_score_of_the_old_speakers_is_not_kept(
    dana: Membership, larkfield: Organization
) -> None:
    interaction = make_interaction(larkfield, prescored=False)
    with tenant(larkfield.id):
        rows = Interaction.objects.visible_to(dana).select_related("transcript")
        reading = rows.get(pk=interaction.pk)
        result = scorecards.run_engine(reading)
        pipeline.reassign(interaction.pk, by=dana)
        assert scorecards.keep_prescore(reading, result, by=System(larkfield.id)) is None


def test_the_source_may_push_the_same_again(dana_s: Client, larkfield: Organization) -> None:
    interaction = make_interaction(larkfield, external_id="c-1", source="test")
    swap(dana_s, interaction)
    with tenant(larkfield.id):
        pushed = validate(interaction_json(external_id="c-1", source="test"))
        (result,) = pipeline.submit([pushed], by=System(larkfield.id))
    assert (result.id, result.receipt) == (interaction.pk, Receipt.DUPLICATE)
    assert roles(interaction)[0] == "customer"


def test_where_nobody_speaks_nothing_is_swapped(dana: Membership, larkfield: Organization) -> None:
    turns = [{"role": "bot", "text": "Please hold the line, we will be with you."}]
    interaction = make_interaction(larkfield, turns=turns)
    with tenant(larkfield.id), pytest.raises(Exception, match="nothing to swap"):
        pipeline.reassign(interaction.pk, by=dana)


def test_a_confirmed_review_refuses_in_the_pipeline_too(
    dana: Membership, larkfield: Organization
) -> None:
    interaction = make_interaction(larkfield)
    make_review(dana, interaction, confirmed=True)
    with tenant(larkfield.id), pytest.raises(Conflict):
        pipeline.reassign(interaction.pk, by=dana, discard_draft=True)


def test_who_may_swap(
    signed_in: SignIn, dana: Membership, alex: Membership, mallory: Membership
) -> None:
    interaction = make_interaction(dana.organization)
    for member, expected in ((None, 302), (mallory, 404), (alex, 403)):
        assert swap(signed_in(member), interaction).status_code == expected, member
        assert roles(interaction)[0] == "agent"
    assert swap(signed_in(dana), interaction).status_code == 302
    assert roles(interaction)[0] == "customer"
