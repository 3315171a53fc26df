"""The word lists of words.toml, and the first names of given_names.toml."""

import tomllib
from pathlib import Path
from typing import Final


def _read(file: str) -> dict[str, str]:
    return tomllib.loads(Path(__file__).with_name(file).read_text(encoding="utf-8"))


_LISTS: Final = _read("words.toml") | _read("given_names.toml")


def words(name: str) -> frozenset[str]:
    """One list."""
    return frozenset(_LISTS[name].split())


COMMON: Final = words("common") | words("everyday_names")
