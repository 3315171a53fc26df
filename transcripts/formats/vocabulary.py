"""The word lists of vocabulary.toml."""

import tomllib
from pathlib import Path
from typing import Any, Final

_FILE: Final[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
)


def words(table: str, name: str) -> tuple[str, ...]:
    """One list, in its order."""
    return tuple(_FILE[table][name].split())


COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    meaning: words("columns", meaning) for meaning in _FILE["columns"]
}
ROLES_BY_WORD: Final[dict[str, str]] = {
    word: role for role in _FILE["roles"] for word in words("roles", role)
}
ROLES_BY_PHRASE: Final[dict[str, str]] = {
    phrase: role for role, phrases in _FILE["phrases"].items() for phrase in phrases
}
