"""`manage.py evaluate` by source and channel, at true rates, and what it says of too few."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scorecards.empathy import figures
from scorecards.empathy.figures import Sample
from tests.empathy.test_evaluate import said_by, written

NOTHING = {"emotion": "none", "sympathy": 0, "empathy": 0, "dismissal": 0}
SORRY = {"emotion": "anger", "sympathy": 1, "empathy": 0, "dismissal": 0}


def pair(number: int, labels: dict[str, Any], **more: Any) -> dict[str, Any]:
    angry = labels["emotion"] == "anger"
    return {
        "conversation": f"c-{number}",
        "channel": "call" if number % 2 else "chat",
        "customer": "I'm furious!" if angry else "What time is it?",
        "agent": "I'm so sorry about that." if labels["sympathy"] else "Three o'clock.",
        "labels": labels,
        **more,
    }


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty pairs of "shop", every fourth angry, and three of "bank"; ten of them at random."""
    shop = [
        pair(n, NOTHING if n % 4 else SORRY, source="shop", picked="hint" if n > 9 else "random")
        for n in range(40)
    ]
    bank = [pair(n, SORRY, source="bank", picked="hint") for n in range(3)]
    return written(tmp_path_factory.mktemp("gold"), *shop, *bank)


@pytest.fixture(scope="module")
def report(path: Path) -> dict[str, Any]:
    return dict(json.loads(said_by(path, "--json")))


def test_sources_and_channels_are_told_apart(report: dict[str, Any]) -> None:
    assert {name: part["pairs"] for name, part in report["sources"].items()} == {
        "bank": 3,
        "shop": 40,
    }
    assert report["sources"]["shop"]["conversations"] == 40
    assert sum(part["pairs"] for part in report["channels"].values()) == 43
    assert report["conversations"] == 43  # c-1 of the bank is not c-1 of the shop


def test_each_kind_is_counted_as_labelled_and_as_found(report: dict[str, Any]) -> None:
    counts = report["counts"]
    assert counts["outcomes"]["sympathy_only"] == {"labelled": 13, "found": 13}
    assert counts["emotions"]["anger"]["labelled"] == 13
    assert sum(one["found"] for one in counts["emotions"].values()) == 43
    assert counts["marks"]["empathy"]["labelled"] == 0
    table = report["emotion_confusion"]
    none = table["values"].index("none")
    assert table["counts"][none][none] == 30


def test_pairs_picked_at_random_are_also_told_alone(report: dict[str, Any]) -> None:
    alone = report["at_true_rates"]
    assert alone["pairs"] == 10
    assert alone["counts"]["emotions"]["anger"]["labelled"] == 3
    assert set(alone["channels"]) == {"call", "chat"}
    assert alone["sources"] == {}
    assert alone["at_true_rates"] is None


def test_a_file_that_does_not_say_what_was_random_has_no_true_rates(tmp_path: Path) -> None:
    found = written(tmp_path, pair(1, SORRY), pair(2, NOTHING))
    assert json.loads(said_by(found, "--json"))["at_true_rates"] is None
    assert "At true rates" not in said_by(found)


def test_too_few_are_said_to_be_too_few_and_never_shown_as_0(
    path: Path, report: dict[str, Any]
) -> None:
    bank = report["sources"]["bank"]
    assert bank["outcome_kappa"]["few"] is True
    assert bank["labels"]["dismissal"]["recall"]["value"] is None
    assert report["outcome_kappa"]["few"] is False
    words = said_by(path)
    part = words[words.index("Source bank: 3 pairs of 3 conversations") :]
    part = part[: part.index("\n\n")]
    assert "0.000" not in part
    assert "sympathy                             too few  n=3 labelled, 3 found" in part
    shop = words[words.index("Source shop: 40 pairs") :]
    assert "outcome of the reply, kappa          1.000 [1.000, 1.000]  n=40" in shop


def test_people_read_each_part_with_counts_confusion_and_reliability(path: Path) -> None:
    words = said_by(path)
    for part in (
        "All: 43 pairs of 43 conversations",
        "Channel call: ",
        "Source shop: ",
        "At true rates: pairs picked at random: 10 pairs",
        "At true rates, channel chat: ",
        "outcomes, how many",
        "emotions: labelled (rows) and found (columns)",
        "how sure of cue, and how often right",
        "good and bad feelings mixed up",
    ):
        assert part in words, part


def test_no_text_of_a_transcript_is_printed(path: Path) -> None:
    for words in (said_by(path), said_by(path, "--json")):
        assert "furious" not in words
        assert "o'clock" not in words


def test_good_feelings_called_bad_and_the_other_way_round_are_counted(tmp_path: Path) -> None:
    happy = {**NOTHING, "emotion": "happiness"}
    wrong = [pair(n, SORRY | {"emotion": "relief"}) for n in range(2)]
    for one in wrong:
        one["customer"] = "I'm furious! This is outrageous!"
    upside = {**pair(5, SORRY), "customer": "You made my day, I'm so happy, thank you so much!"}
    right = {**upside, "labels": happy}
    report = json.loads(said_by(written(tmp_path, *wrong, upside, right), "--json"))
    errors = report["sign_errors"]
    assert (errors["good_called_bad"], errors["bad_called_good"]) == (2, 1)
    assert (errors["share"]["value"], errors["share"]["n"]) == (0.75, 4)


def test_conversations_are_drawn_whole(tmp_path: Path) -> None:
    apart = [pair(n, NOTHING if n % 4 else SORRY) for n in range(40)]
    together = [{**one, "conversation": f"c-{n // 20}"} for n, one in enumerate(apart)]
    found = [json.loads(said_by(written(tmp_path, *one), "--json")) for one in (apart, together)]
    assert [one["conversations"] for one in found] == [40, 2]
    assert [one["outcome_kappa"]["few"] for one in found] == [False, True]


def test_many_conversations_are_drawn_in_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "MOST_DRAWN", 50)
    sample = Sample([f"c-{n}" for n in range(1000)])
    sums = sample.sums(np.ones((1000, 1)))
    assert sums.mean() == pytest.approx(1000)
    assert sample.sums(np.eye(1000)).shape == (figures.DRAWS, 1000)
    assert len({tuple(column) for column in sample.sums(np.eye(1000)).T}) == 50
