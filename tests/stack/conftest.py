"""What the tests of the embedded servers share."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def reachable() -> Callable[[Path], Path]:
    """Opens a temporary directory to the account that PostgreSQL runs as under root."""

    def open_up(directory: Path) -> Path:
        top = Path(tempfile.gettempdir()).resolve()
        for parent in (directory, *directory.parents):
            if parent == top:
                break
            parent.chmod(0o755)
        return directory

    return open_up
