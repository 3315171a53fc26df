"""Colours: raw ones in tokens.css only, readable in both themes."""

import colorsys
import re
from collections.abc import Iterable
from itertools import product
from pathlib import Path

import pytest
from django.conf import settings

CSS = Path(settings.BASE_DIR) / "static" / "css"
SHEETS = sorted(path.name for path in CSS.glob("*.css"))
TOKENS = (CSS / "tokens.css").read_text(encoding="utf-8")
COLOURS = {
    name: (light, dark)
    for name, light, dark in re.findall(
        r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", TOKENS
    )
}
THEMES = ("light", "dark")
GROUNDS = ("paper", "surface", "sunken", "hover", "rail-ground")
TEXTS = (
    "ink", "ink-2", "ink-3", "accent", "empathy-2-text", "empathy-1-text", "sympathy-text",
    "missed-text", "dismissed-text",
)  # fmt: skip
SHAPES = (
    "empathy-2", "empathy-1", "sympathy", "missed", "dismissed", "line-strong", "accent",
    "sadness", "confusion", "fear", "suspicion", "disappointment", "frustration", "anger",
)  # fmt: skip
HUES = {  # the range of hue (degrees) that people call by this name
    "empathy-2": (165, 185),  # teal
    "empathy-1": (165, 185),  # a lighter teal
    "sympathy": (30, 45),  # amber
    "missed": (205, 225),  # slate
    "dismissed": (0, 12),  # red
}


def parts(colour: str) -> list[float]:
    return [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in parts(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(text: str, other: str, theme: str) -> float:
    side = THEMES.index(theme)
    dark, light = sorted((luminance(COLOURS[text][side]), luminance(COLOURS[other][side])))
    return (light + 0.05) / (dark + 0.05)


def faint(things: Iterable[str], grounds: Iterable[str], theme: str, least: float) -> list[str]:
    """Each thing that stands out too little from a ground, with what it has of contrast."""
    pairs = {pair: contrast(*pair, theme) for pair in product(things, grounds)}
    return [
        f"{colour} on {ground}: {found:.2f}"
        for (colour, ground), found in pairs.items()
        if found < least
    ]


@pytest.mark.parametrize("theme", THEMES)
def test_text_is_readable_on_every_ground(theme: str) -> None:
    assert faint(TEXTS, (*GROUNDS, "accent-tint"), theme, 4.5) == []


@pytest.mark.parametrize("theme", THEMES)
def test_marks_borders_and_focus_stand_out_on_every_ground(theme: str) -> None:
    assert faint(SHAPES, GROUNDS, theme, 3) == []


@pytest.mark.parametrize("theme", THEMES)
def test_every_outcome_has_its_hue_and_specific_empathy_the_stronger_teal(theme: str) -> None:
    for name, (low, high) in HUES.items():
        hue = 360 * colorsys.rgb_to_hls(*parts(COLOURS[name][THEMES.index(theme)]))[0]
        assert low <= hue <= high, name
    if theme == "light":
        assert contrast("empathy-2", "paper", theme) > contrast("empathy-1", "paper", theme)
    else:
        assert contrast("empathy-2", "paper", theme) < contrast("empathy-1", "paper", theme)


@pytest.mark.parametrize("theme", THEMES)
def test_buttons_and_selected_words_are_readable(theme: str) -> None:
    assert faint(["button-ink"], ["button", "button-hover"], theme, 4.5) == []
    assert faint(["ink"], ["selection"], theme, 4.5) == []


def test_no_sheet_but_the_tokens_holds_a_raw_colour() -> None:
    raw = []
    for sheet in SHEETS:
        text = re.sub(r"/\*.*?\*/", "", (CSS / sheet).read_text(encoding="utf-8"), flags=re.S)
        found = re.findall(r":[^;{}]*#[0-9a-fA-F]{3,8}\b", text)
        found += re.findall(r"\b(?:rgba?|hsla?|oklch|oklab|lab|lch)\(", text)
        raw += [f"{sheet}: {each}" for each in found if sheet != "tokens.css"]
    assert raw == []


def test_every_token_that_is_used_exists() -> None:
    texts = {name: (CSS / name).read_text(encoding="utf-8") for name in SHEETS}
    known = {name for text in texts.values() for name in re.findall(r"(--[\w-]+):", text)}
    for sheet, text in texts.items():
        used = set(re.findall(r"var\((--[\w-]+)\)", text))
        assert used <= known, sheet


def test_every_sheet_loads_nothing_from_another_server() -> None:
    for name in SHEETS:
        assert not re.search(
            r"(?:https?:)?//\w", re.sub(r"/\*.*?\*/", "", (CSS / name).read_text())
        )
