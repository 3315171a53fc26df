"""The word lists of words.toml."""

import tomllib
from pathlib import Path
from typing import Final

_FILE: Final[dict[str, str]] = tomllib.loads(
    Path(__file__).with_name("words.toml").read_text(encoding="utf-8")
)


def words(name: str) -> frozenset[str]:
    """One list."""
    return frozenset(_FILE[name].split())


COMMON: Final = words("common") | words("everyday_names")
