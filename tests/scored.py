"""Interactions whose moments a test chooses: the engine finds what the turns say of themselves.

    kept = scored(larkfield, ("fear", "empathy", 2), ("anger", "missed", 0), days_ago=3)

The engine is 80 % sure of each, or as sure as a fourth part says: ("fear", "missed", 0, 61).
A feeling with a question mark ("anger?") is of a kind that it is not sure of.
`said` are further turns of the agent: "Volunteers 2: words", or "Sorry bare repeated: words".

Everything else is real: intake, redaction, the pipeline, the tables.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from qa.organizations.models import Organization
from scorecards.empathy import DEFAULT_ENGINE, load_pack
from tests.world import make_interaction
from transcripts.models import Interaction

CUE = re.compile(r"^Feeling (\w+)(\??):")
PRESENCE = 0.93
REPLY = re.compile(r"^Outcome (\w+) (\d)(?:, (\d+) % sure)?:")
SAID = re.compile(r"^(?:Volunteers (\d)|Sorry ((?:completed|bare|repeated)(?: \w+)*)):")
SURE = 80  # per cent


def found(interaction: Interaction) -> dict[str, Any]:
    """A pre-score read off the turns."""
    turns = interaction.transcript.turns
    name, _, version = DEFAULT_ENGINE.rpartition("-")
    scored, moments = [], []
    for index, turn in enumerate(turns):
        entry: dict[str, Any] = {"index": index, "role": turn["role"]}
        if cue := CUE.match(turn["text"]):
            end = len(cue.group())
            reply = REPLY.match(turns[index + 1]["text"])
            assert reply
            span = {"evidence": [[0, end]], "reasons": ["a test"]}
            felt = {"presence": PRESENCE, "kind_unsure": bool(cue[2])}
            sure = 0.4 if cue[2] else 0.9
            entry["cue"] = {"emotion": cue[1], "confidence": sure, **felt, **span}
            moments.append(
                {
                    "cue_turn": index,
                    "emotion": cue[1],
                    "response_turns": [index + 1],
                    "outcome": reply[1],
                    "strength": int(reply[2]),
                    "apology_then_empathy": False,
                    "confidence": int(reply[3] or SURE) / 100,
                    **felt,
                }
            )
        elif said := SAID.match(turn["text"]):
            entry["response"] = response(said, len(turn["text"]))
        scored.append(entry)
    scorable = "unfit" not in interaction.subject
    return {
        "engine": {"name": name, "version": version, "definitions": load_pack().id},
        "fitness": {"scorable": scorable, "reasons": [] if scorable else ["too_short"]},
        "turns": scored,
        "moments": moments if scorable else [],
        "volunteered": [],  # nothing reads it: it is in the responses too
        "apologies": _counted(scored),
        "score": {"value": 50.0 if moments and scorable else None, "moments": len(moments)},
    }


def response(said: re.Match[str], end: int) -> dict[str, Any]:
    """The marks of a turn that says of itself what it is."""
    span = {"confidence": 0.9, "evidence": [[said.end() + 1, end]], "reasons": ["a test"]}
    none = {"level": 0, "confidence": 0.9, "evidence": [], "reasons": []}
    kinds = (said[2] or "").split()
    return {
        "sympathy": {"level": 1, **span} if kinds else none,
        "empathy": {"level": int(said[1]), **span} if said[1] else none,
        "dismissal": none,
        "apology": kinds[0] if kinds else None,
        "apologies": [{"kind": kind, **span} for kind in kinds],
    }


def _counted(turns: list[dict[str, Any]]) -> dict[str, int]:
    responses = [turn["response"] for turn in turns if "response" in turn]
    kinds = [apology["kind"] for one in responses for apology in one["apologies"]]
    return {kind: kinds.count(kind) for kind in ("bare", "completed", "repeated")}


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
    said: Sequence[str] = (),
    **more: Any,
) -> Interaction:
    """One pre-scored interaction with exactly these moments: (emotion, outcome, strength[, %])."""
    turns = [{"role": "agent", "text": "Good morning."}]
    for emotion, outcome, strength, *sure in moments:
        stated = f", {sure[0]} % sure" if sure else ""
        turns.append({"role": "customer", "text": f"Feeling {emotion}: {words}"})
        turns.append({"role": "agent", "text": f"Outcome {outcome} {strength}{stated}: {words}"})
    turns += [{"role": "agent", "text": text} for text in said]
    turns.append({"role": "customer", "text": "Goodbye."})
    who = {"external_id": agent, "name": name, "team": team} if agent else None
    started = ago(days_ago).isoformat()
    return make_interaction(organization, turns=turns, agent=who, started_at=started, **more)
