"""Every template compiles, names only what exists, and keeps to the Content-Security-Policy."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import get_template
from django.urls import get_resolver

from qa.site.navigation import PLACES
from qa.templatetags.look import CHANNELS, icon

FOLDER = Path(settings.BASE_DIR) / "templates"
TEMPLATES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.html"))


def source(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def named(pattern: str) -> Iterator[tuple[str, str]]:
    """What the pattern's group finds, with the template that says it."""
    for name in TEMPLATES:
        for found in re.findall(pattern, source(name)):
            yield name, found


def test_there_are_templates_to_look_at() -> None:
    assert len(TEMPLATES) > 30


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_compiles(name: str) -> None:
    assert get_template(name).template.source


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_template_holds_inline_script_or_style(name: str) -> None:
    text = source(name)
    assert not re.search(r"\sstyle\s*=|<style[\s>]", text)
    assert not re.search(r"<[^>]*\son[a-z]+\s*=\s*[\"']", text)
    assert "javascript:" not in text
    for tag, body in re.findall(r"<script\b([^>]*)>(.*?)</script>", text, re.S):
        assert "src=" in tag or 'type="application/json"' in tag, tag
        assert "src=" not in tag or not body.strip(), body


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_template_loads_anything_from_another_server(name: str) -> None:
    assert not re.search(r"(?:src|href)=[\"'](?:https?:)?//", source(name))


def test_every_icon_exists() -> None:
    literal = {word for _, word in named(r"{%\s*icon \"([^\"]+)\"")}
    passed = {word for _, word in named(r"icon_name=\"([^\"]+)\"")}
    ours = {place[2] for place in PLACES} | {name for name, _ in CHANNELS.values()}
    assert len(literal) > 10
    for name in literal | passed | ours | {"circle-help"}:
        assert icon(name).startswith("<svg")


def test_every_part_that_is_included_exists() -> None:
    for name, part in named(r"{%\s*(?:include|extends) \"([^\"]+)\""):
        assert part in TEMPLATES, name


def test_every_static_file_exists() -> None:
    for name, path in named(r"{%\s*static \"([^\"]+)\""):
        assert finders.find(path), name


def test_every_address_exists() -> None:
    known = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    for name, address in named(r"{%\s*url \"([^\"]+)\""):
        assert address in known, name


def test_every_control_with_an_icon_alone_says_what_it_does() -> None:
    controls = re.compile(r"<(?:button|a)\b([^>]*)>((?:{%\s*icon [^%]*%})+)</")
    for name in TEMPLATES:
        for attributes, _ in controls.findall(source(name)):
            assert "aria-label" in attributes, name
