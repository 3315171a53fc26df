"""What the tests of the embedded servers share."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def new_directory() -> Iterator[Callable[[str], Path]]:
    """Makes directories that PostgreSQL's account can enter; pytest keeps its own closed."""
    made: list[Path] = []

    def make(name: str) -> Path:
        outer = Path(tempfile.mkdtemp(prefix="heard-"))
        outer.chmod(0o755)
        made.append(outer)
        inner = outer / name
        inner.mkdir()
        return inner

    yield make
    for outer in made:
        shutil.rmtree(outer, ignore_errors=True)
