"""`manage.py evaluate` on confirmed reviews that were exported, and on labelled interactions."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError

from tests.empathy.test_evaluate import GOOD, said_by, written

TEXTS = [
    ("agent", "Thank you for calling Larkfield, this is Alex."),
    ("customer", "This is the third time I've called and nobody helps me!"),
    ("agent", "I'm so sorry about that. Can I have your account number?"),
    ("customer", "It is 5521."),
    ("agent", "Thank you, one moment."),
    ("customer", "I am so worried that I will lose the booking."),
    ("agent", "I can imagine how worrying that must be after saving for two years."),
]
TURNS = [{"role": role, "text": text} for role, text in TEXTS]
ANGRY = {"cue_turn": 1, "emotion": "frustration", "outcome": "sympathy_only", "strength": 0}
WORRIED = {"cue_turn": 5, "emotion": "fear", "outcome": "empathy", "strength": 2}
MADE_ON = {"engine": "reader-2.0", "definitions": "codebook-1"}


def review(number: int, *moments: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "review": f"r-{number}",
        "channel": "call",
        "language": "en",
        "blind": False,
        "turns": TURNS,
        "moments": list(moments),
        "first_reading": None,
        "prescore": MADE_ON,
        **more,
    }


def read(tmp_path: Path, *lines: object) -> dict[str, Any]:
    return dict(json.loads(said_by(written(tmp_path, *lines), "--json")))


def test_what_people_confirmed_is_compared_moment_by_moment(tmp_path: Path) -> None:
    lines = [review(n, ANGRY, WORRIED) for n in range(20)]
    found = read(tmp_path, *lines)
    assert found["reviews"] == 20
    assert found["made_on"] == {"reader-2.0, codebook-1": 20}
    assert found["blind"] is None
    part = found["shown"]
    assert (part["reviews"], part["customer_turns"], part["not_scorable"]) == (20, 60, 0)
    assert (part["missed"], part["extra"]) == (0, 0)
    assert part["moments"]["recall"]["n"] == 40
    assert part["outcome_kappa_of_seen"]["value"] == 1.0
    assert part["emotion_kappa"]["n"] == 60
    assert part["outcomes"]["empathy"]["f1"]["value"] == 1.0
    assert part["counts"]["outcomes"]["sympathy_only"] == {"labelled": 20, "found": 20}
    assert part["counts"]["strengths"]["specific empathy"]["labelled"] == 20
    assert part["calibration_error"]["n"] == sum(one["n"] for one in part["reliability"]) == 40


def test_what_people_added_is_missed_and_what_they_rejected_is_extra(tmp_path: Path) -> None:
    added = {"cue_turn": 3, "emotion": "sadness", "outcome": "missed", "strength": 0}
    rejected = {
        "cue_turn": 1,
        "decision": "rejected",
        "emotion": None,
        "outcome": None,
        "strength": None,
    }
    part = read(tmp_path, review(1, rejected, {**added, "decision": "added"}, WORRIED))["shown"]
    assert (part["missed"], part["extra"]) == (1, 1)
    moments = part["moments"]
    assert (moments["precision"]["value"], moments["recall"]["value"]) == (0.5, 0.5)
    table = part["outcome_confusion"]
    none, missed = (table["values"].index(one) for one in ("no_moment", "missed"))
    assert table["counts"][missed][none] == 1
    assert sum(table["counts"][none]) == 1
    assert part["outcomes"]["missed"]["recall"] == {
        "value": 0.0,
        "low": 0.0,
        "high": pytest.approx(0.793, abs=1e-3),
        "n": 1,
        "few": True,
    }


def test_another_outcome_feeling_or_strength_counts_against_the_engine(tmp_path: Path) -> None:
    other = {**ANGRY, "emotion": "happiness", "outcome": "missed"}
    part = read(tmp_path, review(1, other, WORRIED))["shown"]
    assert part["moments"]["f1"]["value"] == 1.0
    assert part["outcomes"]["sympathy_only"]["precision"]["value"] == 0.0
    assert part["emotions"]["fear"]["f1"]["value"] == 1.0
    strengths = [
        read(tmp_path, review(1, {**WORRIED, "strength": strength}))["shown"]["strengths"]
        for strength in (1, 2)
    ]
    right = [
        one[name]["recall"]["value"]
        for one, name in zip(strengths, ("generic empathy", "specific empathy"), strict=True)
    ]
    assert sorted(right) == [0.0, 1.0]  # the engine takes it for one of the two
    assert part["strength_kappa_of_seen"]["n"] == 1
    assert part["sign_errors"]["good_called_bad"] == 1


def test_blind_reviews_are_told_apart_and_count_as_they_were_said_blind(tmp_path: Path) -> None:
    blind = review(1, ANGRY, WORRIED, blind=True, first_reading=[WORRIED])
    found = read(tmp_path, blind, review(2, ANGRY, WORRIED), review(3, ANGRY, blind=None))
    assert found["blind"]["reviews"] == found["shown"]["reviews"] == 1
    assert found["blind"]["extra"] == 1  # the person had not seen the anger before they were told
    assert found["shown"]["extra"] == 0
    assert found["not_known"]["extra"] == 1


def test_channels_are_told_apart(tmp_path: Path) -> None:
    lines = [review(1, ANGRY), review(2, ANGRY, channel="chat"), review(3, channel="chat")]
    parts = read(tmp_path, *lines)["shown"]["channels"]
    assert {name: part["reviews"] for name, part in parts.items()} == {"call": 1, "chat": 2}
    assert read(tmp_path, review(1, ANGRY))["shown"]["channels"] == {}


def test_what_the_engine_does_not_score_is_counted_and_left_out(tmp_path: Path) -> None:
    alone = [{"role": "customer", "text": "Nobody ever answers me here, it is a disgrace."}]
    moment = {**ANGRY, "cue_turn": 0}
    part = read(tmp_path, review(1, moment, turns=alone), review(2, ANGRY, WORRIED))["shown"]
    assert (part["reviews"], part["not_scorable"], part["missed"]) == (2, 1, 0)
    assert read(tmp_path, review(1, moment, turns=alone))["shown"]["customer_turns"] == 0


def test_people_read_what_is_measured_and_that_a_pre_score_sways(tmp_path: Path) -> None:
    many = [review(n, ANGRY, WORRIED) for n in range(24)]
    blind = review(99, WORRIED, blind=True, first_reading=[WORRIED])
    path = written(tmp_path, *many, blind)
    words = said_by(path)
    for part in (
        "on 25 confirmed reviews",
        "Measured: the engine reads the interactions",
        "is swayed by it",
        "Made on pre-scores of: reader-2.0, codebook-1 (25)",
        "Judged blind: 1 reviews",
        "With the pre-score in view: 24 reviews, 72 customers' turns",
        "Whether blind is not known: no reviews",
        "too few  n=1 labelled, 2 found",
    ):
        assert part in words, part
    assert words == said_by(path)
    for text in ("booking", "5521", "sorry about"):
        assert text not in words + said_by(path, "--json")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (GOOD, '"review" is missing, which the lines above have'),
        (review(2, ANGRY, turns=None), '"turns" must be a list of objects'),
        (review(2, ANGRY, turns=[{"role": "agent"}]), '"turns[0].text" must be a text'),
        (review(2, ANGRY, blind="yes"), '"blind" must be true, false or null'),
        (review(2, moments=None), '"moments" must be a list'),
        (review(2, moments=["x"]), '"moments[0]" must be an object'),
        (review(2, ANGRY | {"cue_turn": 7}), '"moments[0].cue_turn" must be a whole number from 0'),
        (review(2, ANGRY, ANGRY), '"moments[1].cue_turn" is the same as that of another moment'),
        (review(2, ANGRY | {"emotion": "joy"}), '"moments[0].emotion" must be one of anger'),
        (review(2, ANGRY | {"outcome": None}), '"moments[0].outcome" must be one of dismissed'),
        (review(2, ANGRY | {"strength": 2}), '"moments[0].strength" must be a whole number from 0'),
        (
            review(2, blind=True, first_reading=[ANGRY | {"outcome": ""}]),
            '"first_reading[0].outcome" must be one of',
        ),
        (review(2, prescore="reader"), '"prescore" must be an object'),
        (review(2, channel=3), '"channel" must be a text'),
    ],
)
def test_a_broken_review_is_named(tmp_path: Path, line: object, message: str) -> None:
    path = written(tmp_path, review(1, ANGRY), line)
    with pytest.raises(CommandError) as error:
        said_by(path)
    assert str(error.value).startswith(f"{path}, line 2: {message}")
    assert "third time" not in str(error.value)


def test_files_that_are_neither_are_refused_with_the_way_out(tmp_path: Path) -> None:
    page = {"next": None, "previous": None, "results": [{"id": "r-1", "moments": [ANGRY]}]}
    with pytest.raises(CommandError, match=r"looks like a page of GET /reviews/.*export_reviews"):
        said_by(written(tmp_path, page))
    with pytest.raises(CommandError, match="line 2: is a confirmed review; measure those in"):
        said_by(written(tmp_path, GOOD, review(1, ANGRY)))


def test_the_moments_of_labelled_interactions_are_compared_too(tmp_path: Path) -> None:
    expected = {
        "cues": {"1": "frustration", "5": "fear"},
        "responses": {"2": [1, 0, 0], "6": [0, 2, 0]},
        "moments": [
            {"cue_turn": 1, "outcome": "sympathy_only", "strength": 0},
            {"cue_turn": 5, "outcome": "empathy", "strength": 2},
        ],
    }
    line = {"channel": "call", "turns": TURNS, "expected": expected}
    path = written(tmp_path, line)
    found = json.loads(said_by(path, "--json"))
    assert found["pairs"] == 3
    assert found["whole_interactions"]["moments"]["f1"]["value"] == 1.0
    assert found["whole_interactions"]["emotion_confusion"]["values"][0] == "none"
    assert "Moments of whole interactions: 1 interactions, 3 customers' turns" in said_by(path)
    del line["expected"]["moments"]  # type: ignore[attr-defined]
    assert json.loads(said_by(written(tmp_path, line), "--json"))["whole_interactions"] is None
    line["expected"]["moments"] = [{"cue_turn": 3, "outcome": "missed"}]  # type: ignore[index]
    with pytest.raises(CommandError, match=r'"expected\.moments\[0\]\.emotion" must be one of'):
        said_by(written(tmp_path, line))
