"""`manage.py evaluate` and the calibration command, through their front doors."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from sklearn.metrics import cohen_kappa_score

from scorecards.empathy import DEFAULT_PACK
from scorecards.empathy.calibrate import calibration_error, main
from scorecards.empathy.figures import Sample, drawn_kappas, share
from scorecards.empathy.pack_file import read_pack

PROJECT = Path(__file__).resolve().parents[2]
PAIRS = Path(__file__).with_name("pairs.jsonl")
GOOD = {
    "customer": "I'm furious!",
    "agent": "Sorry about that.",
    "labels": {"emotion": "anger", "sympathy": 1, "empathy": 0, "dismissal": 0},
}


def said_by(path: Path, *options: str) -> str:
    out = StringIO()
    call_command("evaluate", str(path), *options, stdout=out)
    return out.getvalue()


def written(tmp_path: Path, *lines: object) -> Path:
    path = tmp_path / "gold.jsonl"
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(texts) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    return dict(json.loads(said_by(PAIRS, "--json")))


def test_hand_written_pairs_are_read_well(report: dict[str, Any]) -> None:
    assert report["pairs"] == 110
    assert report["labels"]["sympathy"]["f1"]["value"] > 0.9
    assert report["labels"]["empathy"]["f1"]["value"] > 0.8
    assert report["labels"]["cue"]["f1"]["value"] > 0.8
    assert report["outcome_kappa"]["value"] > 0.8
    assert set(report["channels"]) == {"call", "chat", "email"}
    assert sum(part["pairs"] for part in report["channels"].values()) == 110


def test_each_feeling_and_each_confidence_is_accounted_for(report: dict[str, Any]) -> None:
    assert set(report["emotions"]) >= {"anger", "relief", "none"}
    assert sum(one["f1"]["n"] for one in report["emotions"].values()) == 110
    for kind, held in report["reliability"].items():
        assert sum(one["n"] for one in held) == report["calibration_error"][kind]["n"]
        assert all(one["low"] <= one["said"] <= one["low"] + 0.1 + 1e-9 for one in held)


def test_another_engine_can_be_judged() -> None:
    phrases = json.loads(said_by(PAIRS, "--engine", "cues-1.0", "--json"))
    assert phrases["outcome_kappa"]["value"] > 0.8
    assert said_by(PAIRS, "--engine", "cues-1.0").startswith("Engine cues-1.0, definitions")
    with pytest.raises(CommandError, match="invalid choice"):
        said_by(PAIRS, "--engine", "tea-leaves")


def test_every_figure_lies_in_its_interval_and_states_n(report: dict[str, Any]) -> None:
    figures = [figure for label in report["labels"].values() for figure in label.values()]
    figures += [report["emotion_kappa"], report["outcome_kappa"], report["moment_kappa"]]
    assert len(figures) == 18
    for figure in figures:
        assert figure["low"] <= figure["value"] <= figure["high"]
        assert figure["n"] > 0
    for figure in report["calibration_error"].values():
        assert 0 <= figure["low"] <= figure["high"] <= 1


def test_the_same_file_gives_the_same_report_for_people() -> None:
    first = said_by(PAIRS)
    assert first == said_by(PAIRS)
    for part in ("All: 110 pairs", "sympathy", "specific empathy", "Channel email", "n=", "missed"):
        assert part in first


def test_figures_are_right_on_a_case_counted_by_hand(tmp_path: Path) -> None:
    nothing = {"emotion": "none", "sympathy": 0, "empathy": 0, "dismissal": 0}
    wrong = {**GOOD, "labels": nothing}
    unseen = {**GOOD, "customer": "What time is it?", "agent": "Three.", "labels": GOOD["labels"]}
    report = json.loads(said_by(written(tmp_path, GOOD, wrong, unseen), "--json"))
    found = report["labels"]["sympathy"]
    assert (found["precision"]["value"], found["precision"]["n"]) == (0.5, 2)
    assert (found["recall"]["value"], found["recall"]["n"]) == (0.5, 2)
    assert found["f1"]["value"] == 0.5
    assert report["labels"]["dismissal"]["f1"]["value"] is None
    assert report["outcomes"]["values"][1:3] == ["sympathy_only", "missed"]
    assert report["outcomes"]["counts"][1] == [0, 1, 1, 0]
    assert report["outcomes"]["counts"][2] == [0, 1, 0, 0]
    assert report["channels"] == {}


def test_whole_interactions_give_a_pair_for_each_answered_turn(tmp_path: Path) -> None:
    texts = ["Hello!", "I'm furious!", "Sorry about that.", "What time is it?", "Three.", "Thanks"]
    roles = ["agent", "customer", "agent", "customer", "agent", "customer"]
    turns = [{"role": role, "text": text} for role, text in zip(roles, texts, strict=True)]
    expected = {"cues": {"1": "anger"}, "responses": {"2": [1, 0, 0]}}
    report = json.loads(
        said_by(written(tmp_path, {"turns": turns, "expected": expected}), "--json")
    )
    assert report["pairs"] == 2
    assert report["labels"]["cue"]["f1"]["value"] == 1.0
    assert report["labels"]["sympathy"]["f1"]["value"] == 1.0


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line 2: is not JSON"),
        ("[]", "line 2: must be a JSON object"),
        ({**GOOD, "customer": None}, 'line 2: "customer" must be a text'),
        ({**GOOD, "context": "hello"}, 'line 2: "context" must be a list of texts'),
        ({**GOOD, "channel": 5}, 'line 2: "channel" must be a text'),
        ({**GOOD, "source": 5}, 'line 2: "source" must be a text'),
        ({**GOOD, "picked": ["random"]}, 'line 2: "picked" must be a text'),
        ({"turns": [], "expected": []}, 'line 2: "turns" and "expected" do not fit together'),
        ({"turns": "hello"}, 'line 2: "turns" must be a list of objects'),
        ({"turns": [{"role": "agent"}]}, 'line 2: "turns[0].text" must be a text'),
        ({**GOOD, "labels": None}, 'line 2: "labels" must be an object'),
        ({**GOOD, "labels": {"emotion": "joy"}}, 'line 2: "labels.emotion" must be one of'),
        (
            {**GOOD, "labels": {**GOOD["labels"], "empathy": 3}},  # type: ignore[dict-item]
            'line 2: "labels.empathy" must be a whole number from 0 to 2',
        ),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, line: object, message: str) -> None:
    path = written(tmp_path, GOOD, line)
    with pytest.raises(CommandError) as error:
        said_by(path)
    assert str(error.value).startswith(f"{path}, {message}")


def test_files_without_pairs_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"none\.jsonl: No such file"):
        said_by(tmp_path / "none.jsonl")
    with pytest.raises(CommandError, match="holds no labelled pairs"):
        said_by(written(tmp_path, ""))
    binary = tmp_path / "binary.jsonl"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CommandError, match="is not UTF-8 text"):
        said_by(binary)


def test_evaluate_runs_without_database_broker_or_secret(tmp_path: Path) -> None:
    nowhere = "postgres://nobody@127.0.0.1:1/none"
    bare = {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": "",
        "DATABASE_URL": nowhere,
        "REDIS_URL": "redis://127.0.0.1:1/0",
    }
    command = [sys.executable, "manage.py", "evaluate"]
    good = subprocess.run(
        [*command, str(PAIRS)], cwd=PROJECT, env=bare, capture_output=True, text=True, check=False
    )
    assert (good.returncode, good.stderr) == (0, "")
    assert "All: 110 pairs" in good.stdout
    path = written(tmp_path, "{")
    bad = subprocess.run(
        [*command, str(path)], cwd=PROJECT, env=bare, capture_output=True, text=True, check=False
    )
    assert bad.returncode == 1
    assert f"{path}, line 1: is not JSON" in bad.stderr
    assert "Traceback" not in bad.stderr


def test_kappas_of_all_samples_agree_with_the_library() -> None:
    values = ["a", "b", "c"]
    generator = np.random.default_rng(5)
    gold = [values[at] for at in generator.integers(0, 3, 60)]
    found = [g if generator.random() < 0.6 else "a" for g in gold]
    sample = Sample([f"conversation {at % 25}" for at in range(60)])
    weights = sample.sums(np.eye(60))
    expected = [cohen_kappa_score(gold, found, sample_weight=row) for row in weights[:5]]
    assert drawn_kappas(gold, found, values, sample)[:5] == pytest.approx(expected)


def test_shares_have_wilson_intervals() -> None:
    figure = share(8, 10)
    assert (figure.value, figure.n) == (0.8, 10)
    assert (figure.low, figure.high) == pytest.approx((0.4901, 0.9433), abs=1e-3)
    assert share(0, 0).value is None


def test_calibration_error_is_the_gap_between_said_and_right() -> None:
    assert calibration_error([0.8] * 10, [True] * 8 + [False] * 2) == pytest.approx(0)
    assert calibration_error([0.9] * 4, [True] * 2 + [False] * 2) == pytest.approx(0.4)
    assert calibration_error([], []) == 0.0


def test_calibration_is_written_beside_the_pack_and_read_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pack = tmp_path / "mine.toml"
    pack.write_bytes(DEFAULT_PACK.read_bytes())
    assert main([str(PAIRS), "--pack", str(pack), "--dry-run"]) == 0
    assert not (tmp_path / "mine.calibration.json").exists()
    assert main([str(PAIRS), "--pack", str(pack)]) == 0
    assert "sympathy" in capsys.readouterr().out
    table = read_pack(pack).calibration
    shares = [*table.values.values(), *table.rules.values()]
    assert all(0 <= value <= 1 for value in shares)
    assert table.confidence("dismissal:0", "never seen") > 0.9
    assert main([str(tmp_path / "gone.jsonl"), "--pack", str(pack)]) == 1
    assert "gone.jsonl" in capsys.readouterr().err


def test_what_is_said_with_confidence_is_right_about_as_often(report: dict[str, Any]) -> None:
    for kind in ("sympathy", "empathy", "dismissal"):
        assert report["calibration_error"][kind]["value"] < 0.15, (
            kind
        )  # 110 pairs are few for ten bins
