"""What the tests of the embedded servers share."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = (
    "manage.py",
    "pyproject.toml",
    "devstack",
    "qa",
    "scorecards",
    "transcripts",
    "static",
    "templates",
)


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


@pytest.fixture(scope="module")
def checkout(new_directory: Callable[[str], Path]) -> Path:
    """A copy of the sources with no data yet; its path has a space."""
    root = new_directory("a checkout")
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, root / name)
    (root / "node_modules").symlink_to(ROOT / "node_modules")
    return root
