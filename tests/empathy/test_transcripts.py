"""Pairing and outcomes on whole labelled interactions."""

import json
from pathlib import Path
from typing import Any

import pytest

from scorecards.empathy import load_pack, prescore
from scorecards.empathy.gold import Turn
from scorecards.empathy.model import Cue, Mark, Response, ScoredTurn
from scorecards.empathy.moments import find_moments, find_volunteered

LABELLED = Path(__file__).with_name("transcripts.jsonl")


@pytest.fixture(scope="module")
def transcripts() -> list[dict[str, Any]]:
    return [json.loads(line) for line in LABELLED.read_text(encoding="utf-8").splitlines()]


def as_labelled(record: dict[str, Any]) -> list[ScoredTurn]:
    """The turns as the engine would give them if it found exactly what the labels say."""
    cues, responses = record["expected"]["cues"], record["expected"]["responses"]
    scored = []
    for at, turn in enumerate(record["turns"]):
        emotion, levels = cues.get(str(at)), responses.get(str(at), (0, 0, 0))
        cue = Cue(emotion, 1.0, ()) if emotion else None
        response = Response(*(Mark(level, 1.0) for level in levels))
        answers = response if turn["role"] == "agent" else None
        scored.append(ScoredTurn(at, turn["role"], cue, answers))
    return scored


def test_labelled_cues_and_marks_make_the_labelled_moments(
    transcripts: list[dict[str, Any]],
) -> None:
    for record in transcripts:
        turns = as_labelled(record)
        moments = find_moments(turns, load_pack())
        expected = record["expected"]["moments"]
        assert [
            (
                moment.cue_turn,
                list(moment.response_turns),
                moment.outcome,
                moment.strength,
                moment.apology_then_empathy,
            )
            for moment in moments
        ] == [
            (
                moment["cue_turn"],
                moment["response_turns"],
                moment["outcome"],
                moment["strength"],
                moment["apology_then_empathy"],
            )
            for moment in expected
        ], record["external_id"]
        volunteered = [one.to_dict() for one in find_volunteered(turns, moments)]
        assert volunteered == record["expected"]["volunteered"], record["external_id"]


def test_most_cues_are_found_and_paired_with_the_right_replies(
    transcripts: list[dict[str, Any]],
) -> None:
    labelled = found = paired = 0
    for record in transcripts:
        turns = [Turn(turn["role"], turn["text"]) for turn in record["turns"]]
        moments = {m.cue_turn: m for m in prescore(turns, pack=load_pack()).moments}
        for expected in record["expected"]["moments"]:
            labelled += 1
            moment = moments.get(expected["cue_turn"])
            found += moment is not None
            paired += (
                moment is not None and list(moment.response_turns) == expected["response_turns"]
            )
    assert found >= 0.7 * labelled
    assert paired >= 0.9 * found
