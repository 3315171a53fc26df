"""A released engine never changes: golden.jsonl holds what it answered when it was released.

A new engine adds its own lines; lines of a released one stay as they are. They hold on every
processor, to the last digit.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from scorecards.empathy import ENGINES, load_pack, prescore
from scorecards.empathy.gold import Turn

LINES = Path(__file__).with_name("golden.jsonl").read_text(encoding="utf-8").splitlines()
CASES = [json.loads(line) for line in LINES]


@pytest.mark.parametrize("case", CASES, ids=[f"line {n}" for n in range(1, len(CASES) + 1)])
def test_released_engine_answers_as_it_always_did(case: dict[str, Any]) -> None:
    turns = [Turn(role, text) for role, text in case["turns"]]
    found = prescore(turns, pack=load_pack(), language=case["language"], engine=case["engine"])
    assert found.to_dict(reasons=True) == case["prescore"]


def test_every_engine_is_pinned() -> None:
    assert {case["engine"] for case in CASES} == set(ENGINES)


def test_an_engine_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(KeyError):
        prescore([], pack=load_pack(), engine="cues-0.0")
