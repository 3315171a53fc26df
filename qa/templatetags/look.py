"""The look in templates: icons, outcome marks, feelings, figures (docs/look.md shows them all).

Loaded as a built-in, so templates need no ``{% load %}``. Nothing here touches the database.
"""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from qa.core.version import VERSION
from scorecards.choices import (
    CHOICE_WORDS,
    FEELINGS,
    FITNESS_WORDS,
    SURE_FROM,
    UNSURE,
    choice_of,
)

register = template.Library()

FEELING_WORDS = dict(FEELINGS)
NBSP = "\u00a0"
ABSENT = "–"

CHANNELS = {
    "call": ("phone", _("Call")),
    "email": ("mail", _("E-mail")),
    "chat": ("message-square", _("Chat")),
    "video": ("video", _("Video")),
}
TINTS = 8  # of initials: --tint-1 and so on in tokens.css


class UnknownIcon(Exception):  # noqa: N818
    """The icon set has no such name, or the npm packages are not installed."""


@cache
def _icon_body(name: str) -> str:
    """The drawing inside the <svg> of lucide's icon `name`."""
    folder = Path(settings.BASE_DIR) / "node_modules" / "lucide-static" / "icons"
    path = folder / f"{name}.svg"
    if path.parent != folder or not path.is_file():
        raise UnknownIcon(f"no icon named {name!r} in {folder} (npm ci installs the set)")
    svg = path.read_text(encoding="utf-8")
    start = svg.index(">", svg.index("<svg")) + 1
    return " ".join(svg[start : svg.index("</svg>")].split())


@register.simple_tag
def version() -> str:
    """The version of Heard that answers."""
    return VERSION


@register.simple_tag
def icon(name: str, css_class: str = "") -> SafeString:
    """An icon of the set, hidden from screen readers: put a word beside it.

    `name` is a file name of lucide-static; `css_class` adds classes such as "icon--large".
    """
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        f"icon {css_class}".rstrip(),
        mark_safe(_icon_body(name)),  # noqa: S308 (a file of the pinned icon package)
    )


@register.filter
def outcome_word(outcome: str, strength: int | None = None) -> str:
    """The word for an outcome: ``{{ moment.outcome|outcome_word:moment.strength }}``."""
    if outcome == "empathy" and strength not in (1, 2):
        return "Empathy"
    key = choice_of(outcome, strength)
    return str(CHOICE_WORDS.get(key, key.replace("_", " ").capitalize()))


@lru_cache(maxsize=1024)
def _drawn(template: str, language: str | None, **values: str | int) -> SafeString:
    """A small part that a list shows in every row, drawn once in each language."""
    return render_to_string(template, values)


@register.simple_tag
def symbols() -> SafeString:
    """The marks and channel icons that rows of a list draw in the form "used", once a page."""
    return _drawn("worklist/_symbols.html", None)


@register.simple_tag
def outcome_mark(outcome: str, strength: int | None = None, form: str = "full") -> SafeString:
    """Colour, shape and word of an outcome. `form` "mark" keeps the word for readers only.

    "used" does too, and draws the page's `symbols` again: for lists of many rows.
    """
    key = choice_of(outcome, strength)
    word = outcome_word(outcome, strength)
    return _drawn("_outcome.html", get_language(), key=key, word=word, form=form)


@register.inclusion_tag("_emotion.html")
def emotion_chip(emotion: str | None, presence: float | None = None) -> dict[str, object]:
    """A feeling with its hue and word; nothing for None or "none".

    One of unsure kind says how sure the machine is that there is a feeling, where that is given.
    """
    shown = "" if emotion in (None, "", "none") else str(emotion)
    sure = presence or None if shown == UNSURE else None
    return {"emotion": shown, "word": FEELING_WORDS.get(shown, shown), "presence": sure}


@register.inclusion_tag("_decision.html")
def decision(machine: object | None, final: object | None = None) -> dict[str, object]:
    """What the machine found and what a person decided, for one moment.

    Both may be any objects with `outcome` and `strength`; `machine` may have `confidence`.
    State is "machine" (nobody decided yet), "unsure" (nor is the machine sure of its word),
    "confirmed" or "changed"; with `machine` None the
    person found the moment ("added").
    """

    def key(item: object) -> str:
        return choice_of(getattr(item, "outcome", ""), getattr(item, "strength", None))

    if final is None:
        sure = getattr(machine, "confidence", None)
        state = "unsure" if sure is not None and sure < SURE_FROM else "machine"
    elif machine is None:
        state = "added"
    else:
        state = "confirmed" if key(machine) == key(final) else "changed"
    return {"machine": machine, "final": final, "state": state}


@register.simple_tag
def channel_mark(channel: str, form: str = "full") -> SafeString:
    """The channel's icon and word; `form` "mark" keeps the word for readers only."""
    name, word = CHANNELS.get(channel, ("circle-help", channel))
    return _drawn("_channel.html", get_language(), icon_name=name, word=str(word), form=form)


@register.simple_tag
def avatar(name: str, form: str = "person") -> SafeString:
    """A person's initials on a tint that is always the same for this name.

    `form` "place" is square, for organizations and teams. Hidden from screen readers: put the
    name beside it.
    """
    drawn = initials(name)
    return _drawn("_avatar.html", None, initials=drawn, tint=tint_of(name), form=form)


def initials(name: str) -> str:
    """The first letters of the first and the last word: "Dana Reyes" is DR, "Łukasz" Ł."""
    words = [letters for word in name.split() if (letters := _letters(word))]
    ends = words[:1] + words[1:][-1:]
    return "".join(word[0] for word in ends).upper() or "?"


def _letters(word: str) -> str:
    return "".join(letter for letter in word if letter.isalnum())


def tint_of(name: str) -> int:
    """Which of the tints stands for this name, on every page and every machine."""
    return zlib.crc32(" ".join(name.casefold().split()).encode()) % TINTS + 1


@register.filter
def reason_words(reason: str) -> str:
    """Why an interaction is not scorable, in words ("speakers look swapped")."""
    return str(FITNESS_WORDS.get(reason, reason.replace("_", " ")))


@register.filter
def percent(value: float | None) -> str:
    """A share between 0 and 1 as "71 %" (non-breaking space); "–" where there is none."""
    return ABSENT if value is None else f"{round(100 * value)}{NBSP}%"


@register.filter
def confidence(value: float | None) -> str:
    """How sure the machine is: 0.78 becomes "78 % sure". Never claims 100 or 0."""
    if value is None:
        return ""
    return gettext("%(percent)s sure") % {"percent": percent(min(0.99, max(0.01, value)))}


@register.filter
def get(values: Mapping[str, object], key: str) -> object:
    """A value by a key that is known only in the page; nothing where there is none."""
    return values.get(key, "")


@register.filter
def seconds(value: float | None) -> str:
    """A length or a position in a recording as mm:ss, or h:mm:ss from an hour on."""
    if value is None:
        return ""
    hours, rest = divmod(int(value), 3600)
    clock = f"{rest // 60:02}:{rest % 60:02}"
    return f"{hours}:{clock}" if hours else clock


@register.inclusion_tag("_interval.html")
def interval(
    value: float | None, low: float | None = None, high: float | None = None, n: int | None = None
) -> dict[str, object]:
    """A rate with its 95 % interval and n: "71 % ± 6 n 212". All shares are between 0 and 1.

    Where the interval is lopsided by more than a point (few cases, or a rate near 0 or 1),
    its ends are shown instead of ±, which would be wrong.
    """
    margin = ""
    ends = ""
    if value is not None and low is not None and high is not None:
        down, up = 100 * (value - low), 100 * (high - value)
        ends = gettext("%(low)s to %(high)s") % {"low": percent(low), "high": percent(high)}
        if abs(up - down) <= 1:
            margin = f"±{NBSP}{round((up + down) / 2)}"
        else:
            margin = f"({round(100 * low)}–{round(100 * high)})"
    return {"value": percent(value), "margin": margin, "ends": ends, "n": n}


@register.inclusion_tag("_interval.html")
def score_interval(
    value: float | None, low: float | None = None, high: float | None = None
) -> dict[str, object]:
    """An average of scores (0…100) with its 95 % interval: "71 ± 6", or "97 (91–100)"."""
    if value is None:
        return {"value": "–"}
    margin = ends = ""
    if low is not None and high is not None:
        down, up = value - low, high - value
        ends = gettext("%(low)s to %(high)s") % {"low": round(low), "high": round(high)}
        lopsided = abs(up - down) > 1
        margin = f"({round(low)}–{round(high)})" if lopsided else f"±{NBSP}{round(up)}"
    return {"value": round(value), "margin": margin, "ends": ends}


@dataclass(frozen=True, slots=True)
class Share:
    """One stretch of a mix bar; `x` and `width` in hundredths of the whole."""

    key: str
    word: str
    count: int
    x: float
    width: float


@register.inclusion_tag("_mix_bar.html")
def mix_bar(counts: Mapping[str, int]) -> dict[str, object]:
    """Outcomes as one bar. `counts` maps the keys of CHOICE_WORDS to numbers of moments."""
    total = sum(counts.get(key, 0) for key in CHOICE_WORDS)
    shares, x = [], 0.0
    for key, word in CHOICE_WORDS.items():
        count = counts.get(key, 0)
        if count:
            width = 100 * count / total
            shares.append(Share(key, str(word), count, round(x, 2), round(width, 2)))
            x += width
    label = ", ".join(f"{share.word} {share.count}" for share in shares) or gettext("no moments")
    return {"shares": shares, "label": label, "total": total}


@register.inclusion_tag("_legend.html")
def outcome_legend() -> dict[str, object]:
    """Every outcome with mark and word, in the order in which charts stack them."""
    return {"outcomes": list(CHOICE_WORDS)}
