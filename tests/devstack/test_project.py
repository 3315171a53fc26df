"""What the project says of itself: its licence, its version, and what it is built on."""

import hashlib
import json
import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
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
    installed = {distribution.name.lower() for distribution in metadata.distributions()}
    there = names(ROOT / "requirements.txt") & installed
    assert len(there) > 50
    found = {name: licence(name) for name in there}
    assert not [name for name, told in found.items() if re.search(r"\bGPL|GNU General", told)]


def test_the_licence_is_apache_2_word_for_word() -> None:
    text = (ROOT / "LICENSE").read_bytes()
    # As the Apache Software Foundation publishes it: LICENSE-2.0.txt.
    published = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"
    assert hashlib.sha256(text).hexdigest() == published
    assert PROJECT["license"] == "Apache-2.0"
    assert json.loads((ROOT / "package.json").read_text())["license"] == "Apache-2.0"
    assert all((ROOT / name).is_file() for name in PROJECT["license-files"])


def test_the_notice_names_what_the_weights_come_from() -> None:
    notice = (ROOT / "NOTICE").read_text()
    assert "all-MiniLM-L6-v2" in notice
    assert re.search(r"GoEmotions.*CC BY 4\.0", notice, re.DOTALL)


def test_the_command_line_says_heards_version_without_any_settings(checkout: Path) -> None:
    """As in the image: sources and pyproject.toml, no distribution of that name."""
    for word in ("--version", "version"):
        command = [sys.executable, "manage.py", word]
        told = subprocess.run(command, cwd=checkout, env={}, capture_output=True, check=True)
        assert told.stdout.decode() == f"Heard {PROJECT['version']}\n"


def test_the_image_holds_the_version_and_the_licence_and_is_tagged_with_it() -> None:
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert not {"pyproject.toml", "LICENSE", "NOTICE", "*.toml", "*"} & set(ignored)
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    assert compose["x-heard"]["image"] == f"heard:${{HEARD_VERSION:-{PROJECT['version']}}}"


def test_the_changelog_begins_with_this_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text()
    newest = re.search(r"^## (\S+)", text, re.MULTILINE)
    assert newest
    assert newest.group(1) == PROJECT["version"]
