"""Interactions whose moments a test chooses: the engine finds what the turns say of themselves.

    kept = scored(larkfield, ("fear", "empathy", 2), ("anger", "missed", 0), days_ago=3)

The engine is 80 % sure of each, or as sure as a fourth part says: ("fear", "missed", 0, 61).

Everything else is real: intake, redaction, the pipeline, the tables.
"""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from qa.organizations.models import Organization
from tests.world import make_interaction
from transcripts.models import Interaction

CUE = re.compile(r"^Feeling (\w+):")
REPLY = re.compile(r"^Outcome (\w+) (\d)(?:, (\d+) % sure)?:")
SURE = 80  # per cent


def found(interaction: Interaction) -> dict[str, Any]:
    """A pre-score read off the turns."""
    turns = interaction.transcript.turns
    scored, moments = [], []
    for index, turn in enumerate(turns):
        entry: dict[str, Any] = {"index": index, "role": turn["role"]}
        if cue := CUE.match(turn["text"]):
            end = len(cue.group())
            reply = REPLY.match(turns[index + 1]["text"])
            assert reply
            span = {"evidence": [[0, end]], "reasons": ["a test"]}
            entry["cue"] = {"emotion": cue[1], "confidence": 0.9, **span}
            moments.append(
                {
                    "cue_turn": index,
                    "emotion": cue[1],
                    "response_turns": [index + 1],
                    "outcome": reply[1],
                    "strength": int(reply[2]),
                    "apology_then_empathy": False,
                    "confidence": int(reply[3] or SURE) / 100,
                }
            )
        scored.append(entry)
    scorable = "unfit" not in interaction.subject
    return {
        "engine": {"name": "test", "version": "1", "definitions": "test-1"},
        "fitness": {"scorable": scorable, "reasons": [] if scorable else ["too_short"]},
        "turns": scored,
        "moments": moments if scorable else [],
        "volunteered": [],
        "apologies": {"bare": 0, "completed": 0, "repeated": 0},
        "score": {"value": 50.0 if moments and scorable else None, "moments": len(moments)},
    }


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on the engine finds what the turns say."""
    monkeypatch.setattr("scorecards.actions.run_engine", found)


def ago(days: float) -> datetime:
    return timezone.now() - timedelta(days=days)


def scored(
    organization: Organization,
    *moments: tuple[str, str, int] | tuple[str, str, int, int],
    days_ago: float = 1,
    agent: str = "a-1",
    name: str = "Alex Finch",
    team: str | None = "Billing",
    words: str = "plain words",
    **more: Any,
) -> Interaction:
    """One pre-scored interaction with exactly these moments: (emotion, outcome, strength[, %])."""
    turns = [{"role": "agent", "text": "Good morning."}]
    for emotion, outcome, strength, *sure in moments:
        stated = f", {sure[0]} % sure" if sure else ""
        turns.append({"role": "customer", "text": f"Feeling {emotion}: {words}"})
        turns.append({"role": "agent", "text": f"Outcome {outcome} {strength}{stated}: {words}"})
    turns.append({"role": "customer", "text": "Goodbye."})
    who = {"external_id": agent, "name": name, "team": team} if agent else None
    started = ago(days_ago).isoformat()
    return make_interaction(organization, turns=turns, agent=who, started_at=started, **more)
