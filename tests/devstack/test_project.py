"""What the project says of itself: its licence, its version, and what it is built on."""

import re
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "requirements").glob("*.in"))


def compiled(source: Path) -> Path:
    """The pinned file of an .in file: the base lies at the top, where images look for it."""
    return ROOT / "requirements.txt" if source.stem == "base" else source.with_suffix(".txt")


def names(path: Path) -> set[str]:
    """The packages that a requirements file names."""
    return set(re.findall(r"^([a-z0-9][\w.-]*)", path.read_text().lower(), re.MULTILINE))


def licence(package: str) -> str:
    """What a package says of its own licence: some quote those of what they bundle below it."""
    told = metadata.metadata(package)
    fields = ("License-Expression", "License", "Classifier")
    found = [line for field in fields for line in told.get_all(field) or ()]
    return "\n".join(line.partition("\n")[0] for line in found)


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_everything_that_is_asked_for_is_pinned(source: Path) -> None:
    assert names(source)
    assert names(source) <= names(compiled(source))


def test_every_direct_dependency_stands_in_the_table_of_the_readme() -> None:
    text = (ROOT / "README.md").read_text()
    table = "\n".join(line for line in text.splitlines() if line.startswith("| ")).lower()
    wanted = set().union(*map(names, [*SOURCES, ROOT / "requirements" / "train.txt"]))
    stubs = {name for name in wanted if re.search(r"stubs$|^types-|-types$", name)}
    missing = [name for name in wanted - stubs if not re.search(rf"\b{re.escape(name)}\b", table)]
    assert not missing


def test_no_dependency_of_the_image_is_under_the_gpl() -> None:
    """The LGPL is fine for a library; the GPL would hold for all of Heard."""
    installed = {one.name.lower() for one in metadata.distributions()}
    there = names(ROOT / "requirements.txt") & installed
    assert len(there) > 50
    found = {name: licence(name) for name in there}
    assert not [name for name, told in found.items() if re.search(r"\bGPL|GNU General", told)]
