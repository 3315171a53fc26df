"""What the demo's files hold fits together: notes quote what is stored, people exist."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from qa.coaching.models import CoachingNote
from qa.demo import load
from qa.demo.people import EMPTY_SLUG, PEOPLE, SLUG
from qa.demo.reviews import REVIEWS
from qa.organizations.models import Role
from qa.reviews.models import AnswerReason, Reason
from scorecards.card import EMPATHY, read
from scorecards.choices import Emotion, Outcome
from transcripts.formats import CanonicalInteraction, parse
from transcripts.redaction import redact

Written = list[dict[str, Any]]


@pytest.fixture(scope="module")
def interactions() -> tuple[CanonicalInteraction, ...]:
    return parse(load.INTERACTIONS.read_bytes(), name=load.INTERACTIONS.name).interactions


@pytest.fixture(scope="module")
def stored(interactions: tuple[CanonicalInteraction, ...]) -> dict[str, CanonicalInteraction]:
    """What intake keeps, by external id."""
    clean = (redact(interaction)[0] for interaction in interactions)
    return {
        interaction.external_id: interaction for interaction in clean if interaction.external_id
    }


@pytest.fixture(scope="module")
def written() -> Written:
    found: Written = json.loads(REVIEWS.read_text())
    return found


def test_interactions_come_from_all_channels_teams_and_agents(
    interactions: tuple[CanonicalInteraction, ...],
) -> None:
    assert len(interactions) >= 40
    assert {interaction.channel for interaction in interactions} == {
        "call",
        "email",
        "chat",
        "video",
    }
    agents = [interaction.agent for interaction in interactions if interaction.agent]
    assert len({agent.external_id for agent in agents}) == 8
    assert len({agent.team for agent in agents}) == 2


@pytest.mark.parametrize("days", [0, 1, 6, 7, 400])
def test_dates_move_by_whole_weeks_into_the_last_seven_days(
    interactions: tuple[CanonicalInteraction, ...], days: int
) -> None:
    newest = max(interaction.started_at for interaction in interactions if interaction.started_at)
    now = newest + timedelta(days=days, hours=2)
    moved = load.move_to(interactions, now)
    for before, after in zip(interactions, moved, strict=True):
        if before.started_at and after.started_at:
            assert after.started_at <= now
            assert after.started_at.weekday() == before.started_at.weekday()
        pairs = zip(before.turns, after.turns, strict=True)
        stamps = [(a.sent_at, b.sent_at) for a, b in pairs if a.sent_at and b.sent_at]
        shift = {after_ - before_ for before_, after_ in stamps}
        assert len(shift) <= 1
    assert now - max(
        interaction.started_at for interaction in moved if interaction.started_at
    ) < timedelta(days=7)


def test_interactions_spread_over_at_least_seven_weeks(
    interactions: tuple[CanonicalInteraction, ...],
) -> None:
    started = [interaction.started_at for interaction in interactions if interaction.started_at]
    weeks = {(stamp - datetime(2024, 1, 1, tzinfo=UTC)).days // 7 for stamp in started}
    assert len(weeks) >= 7


def test_notes_quote_words_of_the_agents_turn_as_stored(
    written: Written, stored: dict[str, CanonicalInteraction]
) -> None:
    for review in written:
        assert review["summary"]
        for note in review["notes"]:
            turn = stored[review["external_id"]].turns[note["turn"]]
            assert turn.role == "agent", review["external_id"]
            assert note["quote"] in turn.text, (review["external_id"], note["turn"])
            assert note["kind"] in CoachingNote.Kind.values


def test_corrections_and_answers_use_the_codebooks_words(
    written: Written, stored: dict[str, CanonicalInteraction]
) -> None:
    card = read(EMPATHY)
    for review in written:
        turns = stored[review["external_id"]].turns
        for moment in review["moments"]:
            assert turns[moment["cue_turn"]].role == "customer"
            assert moment["reason"] in Reason.values
            assert moment["emotion"] in Emotion.values
            assert moment["outcome"] in Outcome.values
            assert moment["strength"] in ({1, 2} if moment["outcome"] == "empathy" else {0})
        for pk, value in review.get("answers", {}).items():
            assert value in card.question(pk).values
        for pk, cause in review.get("causes", {}).items():
            assert cause in card.question(pk).causes
        for pk, reason in review.get("reasons", {}).items():
            assert pk in review["answers"]
            assert reason in AnswerReason.values


def test_every_role_can_sign_in_and_every_agent_log_in_has_interactions(
    stored: dict[str, CanonicalInteraction],
) -> None:
    at_demo = [person for person in PEOPLE if person.organization == SLUG]
    assert {person.role for person in at_demo} == set(Role)
    assert [person.role for person in PEOPLE if person.organization == EMPTY_SLUG] == [Role.ADMIN]
    agents = {interaction.agent.external_id for interaction in stored.values() if interaction.agent}
    assert {person.agent for person in PEOPLE if person.agent} <= agents
