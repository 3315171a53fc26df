"""Damaged files give interactions or a FormatError, in every importer; nothing else."""

import ast
import json
import re
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks import fuzz
from benchmarks.mutations import Fixture, corpus, make_case
from transcripts.formats import FORMATS, FormatError, Parsed, parse, recognise
from transcripts.formats.source import Source

CASES = 2_400 if settings.get_current_profile_name() == "ci" else 600
SHARE = 300
SEED = 20_261_123
ENDLESS = 120.0  # seconds: nothing here waits for a faster machine
SMALL = [Fixture("talk.txt", b"Agent: Hello\nCustomer: Hi\n"), Fixture("x.json", b'{"a": [1]}')]


@pytest.fixture(scope="module")
def fixtures() -> list[Fixture]:
    return corpus(fuzz.FIXTURES)


@pytest.mark.parametrize("first", range(0, CASES, SHARE))
def test_damaged_files_are_read_or_refused(first: int, fixtures: list[Fixture]) -> None:
    numbers = range(first, first + SHARE)
    outcomes = [fuzz.run_case(fixtures, SEED, number, ENDLESS) for number in numbers]
    assert [outcome for outcome in outcomes if outcome.fault] == []
    assert any(outcome.refused for outcome in outcomes)
    assert not all(outcome.refused for outcome in outcomes)


def test_a_case_is_the_same_each_time() -> None:
    assert make_case(SMALL, 7, 5) == make_case(SMALL, 7, 5)
    assert len({make_case(SMALL, 7, number).data for number in range(50)}) > 40


def test_a_fault_is_told_by_its_place_and_never_by_its_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(_source: Source) -> Parsed:
        raise KeyError("my secret story")

    for name, entry in FORMATS.items():
        monkeypatch.setitem(FORMATS, name, replace(entry, parse=fails))
    monkeypatch.setattr(fuzz, "corpus", lambda _folder: SMALL)
    monkeypatch.setattr(sys, "argv", ["fuzz", "--cases", "40", "--jobs", "2", "--seed", "3"])
    assert fuzz.main() == 1
    printed = capsys.readouterr().out
    assert "40 cases in" in printed
    assert "FAULT KeyError" in printed
    assert "replay: --seed 3 --case " in printed
    assert "secret" not in printed


def test_an_importer_that_takes_too_long_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def lingers(_source: Source) -> Parsed:
        time.sleep(600)
        return Parsed("canonical", ())

    for name, entry in FORMATS.items():
        monkeypatch.setitem(FORMATS, name, replace(entry, parse=lingers))
    outcome = fuzz.run_case(SMALL, 1, 1, limit=0.05)
    assert outcome.fault.startswith("longer than 0.05 s")


def test_good_importers_end_with_status_0(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(fuzz, "corpus", lambda _folder: SMALL)
    monkeypatch.setattr(sys, "argv", ["fuzz", "--cases", "30", "--jobs", "1"])
    assert fuzz.main() == 0
    assert "faults: none" in capsys.readouterr().out


def _keys_of(module: str) -> list[str]:
    """The words that an importer's module, and those named after it, look for in a file."""
    path = Path(str(sys.modules[module].__file__))
    found = {
        node.value
        for file in path.parent.glob(f"{path.stem}*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    words = {word for word in found if len(word) < 40 and re.fullmatch(r"[\w.:-]+", word)}
    return sorted(words) or ["turns"]


def _shapes(keys: list[str]) -> st.SearchStrategy[Any]:
    """JSON of an importer's own keys, with values right and wrong."""
    words = st.sampled_from(keys)
    leaves = st.one_of(
        words,
        st.sampled_from(
            [
                None, True, 0, -1, 1.5, 1e18, 1e300, 10**25, 1767261600, "", " ", "0.5", "1.5s",
                "PT1.5S", "2026-01-01T10:00:00Z", "2026-01-01 10:00", "9999-12-31T23:59:59-12:00",
                "0001-01-01T00:00:00+12:00", "NaN", "1e999", "Hello <b>you</b>", "\u0000", "\ud800",
                "a@b.c", "AGENT", "customer", '{"type": "x"}', "e30",
            ]
        ),
    )  # fmt: skip
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=7),
        max_leaves=25,
    )


def _holds(value: Any) -> bool:
    return isinstance(value, dict | list)


@pytest.mark.parametrize("name", FORMATS)
def test_json_of_a_formats_own_keys_is_read_or_refused(name: str) -> None:
    entry = FORMATS[name]
    keys = _keys_of(entry.recognise.__module__)

    @settings(
        max_examples=60,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(_shapes(keys).filter(_holds))
    def read_or_refused(value: Any) -> None:
        data = json.dumps(value).encode()
        for stated in (None, name):
            try:
                recognise(data, "x.json")
                parsed = parse(data, name="x.json", format=stated)
            except FormatError:
                continue
            for interaction in parsed.interactions:
                assert json.dumps(interaction.to_dict(), allow_nan=False)

    read_or_refused()
    assert keys
