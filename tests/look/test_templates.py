"""Every template compiles, names only what exists, and keeps to the Content-Security-Policy."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template import TemplateSyntaxError
from django.template.loader import get_template
from django.urls import get_resolver

from qa.site import palette
from qa.site.navigation import ALWAYS, PLACES
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


def fault_of(name: str) -> str:
    """Why this template can't be compiled; empty where it can."""
    try:
        get_template(name)
    except TemplateSyntaxError as error:
        return str(error)
    return ""


def test_every_template_compiles() -> None:
    faults = {name: fault_of(name) for name in TEMPLATES}
    assert {name: fault for name, fault in faults.items() if fault} == {}


INLINE = {
    "style": r"\sstyle\s*=|<style[\s>]",
    "an event's handler": r"<[^>]*\son[a-z]+\s*=\s*[\"']",
    "an address that is a script": r"javascript:",
    "a script's words": (
        r"<script\b(?![^>]*(?:src=|type=\"application/json\"))[^>]*>"
        r"|<script\b[^>]*src=[^>]*>(?!\s*</script>)"
    ),
    "something of another server": r"(?:src|href)=[\"'](?:https?:)?//",
}


@pytest.mark.parametrize("kind", INLINE)
def test_no_template_holds_what_the_policy_forbids(kind: str) -> None:
    assert [name for name, _ in named(f"({INLINE[kind]})")] == []


@pytest.mark.parametrize(
    ("kind", "markup"),
    [
        ("style", '<p style="color: red">'),
        ("style", "<style>"),
        ("an event's handler", "<a onclick='x()'>"),
        ("an address that is a script", '<a href="javascript:x()">'),
        ("a script's words", "<script>x()</script>"),
        ("a script's words", '<script src="a.js">x()</script>'),
        ("something of another server", '<img src="//x.example/a.png">'),
    ],
)
def test_what_the_policy_forbids_would_be_found(kind: str, markup: str) -> None:
    assert re.search(INLINE[kind], markup)
    assert not re.search(INLINE[kind], '<script src="a.js" defer></script><a href="/x">on</a>')


def test_every_icon_exists() -> None:
    literal = {word for _, word in named(r"{%\s*icon \"([^\"]+)\"")}
    passed = {word for _, word in named(r"icon_name=\"([^\"]+)\"")}
    ours = {place.icon for place in (*PLACES, *ALWAYS)} | {name for name, _ in CHANNELS.values()}
    ours |= {line[2] for line in (*palette.PAGES, *palette.ACTIONS, *palette.THEMES)}
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
