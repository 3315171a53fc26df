"""The files of other programs that importers are tested with; tests/fixtures/README.md has more."""

from pathlib import Path

FIXTURES = Path(__file__).with_name("fixtures")


def fixture_files(*extensions: str) -> list[Path]:
    """All files in the folders, or those with one of these extensions (".txt")."""
    paths = sorted(path for path in FIXTURES.glob("*/*") if path.is_file())
    return [path for path in paths if not extensions or path.suffix in extensions]
