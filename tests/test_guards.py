"""The guards over all tests (tests/guards.py), tried on small runs of pytest of their own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SKIPPED = """
import pytest
from pathlib import Path

@pytest.mark.skipif(True, reason="no such folder")
def test_marked(): ...

@pytest.fixture
def browser():
    pytest.skip("no browser")

def test_set_up(browser): ...

def test_called():
    pytest.skip("not today")

@pytest.mark.xfail(reason="known")
def test_known(): assert False
"""
ENDLESS = """
import pytest

@pytest.mark.cpu_limit(0.2)
def test_endless():
    try:
        while True: pass
    except Exception: ...

def test_after_it(): ...
"""


def run(folder: Path, source: str, *, name: str = "test_it.py", required: str = "") -> str:
    """What a run of pytest on this one file prints."""
    (folder / "pytest.ini").write_text("[pytest]\n")
    (folder / name).write_text(source)
    command = [sys.executable, "-m", "pytest", "-p", "tests.guards", "-p", "no:django", "-rA", name]
    done = subprocess.run(
        [*command, "-p", "no:cacheprovider", "-p", "no:xdist"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "HEARD_REQUIRE_ALL": required},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout


def test_a_skip_is_a_skip_where_something_may_be_missing(tmp_path: Path) -> None:
    assert "3 skipped, 1 xfailed" in run(tmp_path, SKIPPED)


def test_every_skip_fails_where_all_must_run(tmp_path: Path) -> None:
    printed = run(tmp_path, SKIPPED, required="1")
    assert "1 failed, 1 xfailed, 2 errors" in printed
    for reason in ("no such folder", "no browser", "not today"):
        assert reason in printed


def test_a_whole_file_that_is_skipped_fails_where_all_must_run(tmp_path: Path) -> None:
    whole = "import pytest\npytest.skip('no folder', allow_module_level=True)\n"
    assert "1 error" in run(tmp_path, whole, required="1")


def test_what_is_named_with_its_reason_may_be_skipped_even_there(tmp_path: Path) -> None:
    named = (
        "import pytest\n@pytest.mark.skip\n"
        "def test_the_real_model_finds_people_without_a_network(): ...\n"
    )
    printed = run(tmp_path, named, name="test_names_model.py", required="1")
    assert "1 skipped" in printed


@pytest.mark.parametrize("required", ["", "1"])
def test_a_test_without_end_is_stopped_and_the_next_one_runs(tmp_path: Path, required: str) -> None:
    printed = run(tmp_path, ENDLESS, required=required)
    assert "1 failed, 1 passed" in printed
    assert "still at work after 0.2 seconds of processor time" in printed
