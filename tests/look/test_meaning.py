"""The outcome language: one hue, one mark and one word each, the same everywhere."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.template.loader import get_template
from django.utils.html import strip_tags

from qa.templatetags.look import CHOICE_WORDS
from scorecards import empathy
from scorecards.choices import Emotion

MEANING = (Path(settings.BASE_DIR) / "static" / "css" / "meaning.css").read_text(encoding="utf-8")
WORDS = {
    ("empathy", 2): "Empathy · specific",
    ("empathy", 1): "Empathy · generic",
    ("sympathy_only", None): "Sympathy only",
    ("missed", None): "Missed",
    ("dismissed", None): "Dismissed",
}
MARKS = {  # the shape that stands for it: filled, half, diamond, hollow, cross
    "empathy_2": r'<circle[^>]*fill="currentColor"',
    "empathy_1": r'<circle[^>]*fill="none".*<path[^>]*fill="currentColor"',
    "sympathy_only": r'<path d="M8 1\.9 14\.1 8 8 14\.1 1\.9 8z" fill="none"',
    "missed": r'<circle[^>]*fill="none"[^>]*/></svg>',
    "dismissed": r'<path d="m3\.4 3\.4 9\.2 9\.2m0-9\.2-9\.2 9\.2"',
}
UNDERLINES = {"empathy": "solid", "sympathy": "dashed", "dismissal": "wavy", "cue": "dotted"}


@dataclass(frozen=True, slots=True)
class Turn:
    role: str
    text: str
    speaker: str | None = None
    started_s: float | None = None
    ended_s: float | None = None
    sent_at: str | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    outcome: str
    strength: int | None = None
    confidence: float | None = None


def drawn(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


def test_there_are_exactly_five_outcomes() -> None:
    assert list(CHOICE_WORDS.values()) == list(WORDS.values())
    assert list(CHOICE_WORDS) == list(MARKS)


@pytest.mark.parametrize(("outcome", "strength"), WORDS)
def test_an_outcome_is_shown_by_word_mark_and_hue(outcome: str, strength: int | None) -> None:
    html = drawn("{% outcome_mark outcome strength %}", outcome=outcome, strength=strength)
    key = f"empathy_{strength}" if strength else outcome
    assert strip_tags(html).strip() == WORDS[outcome, strength]
    assert re.search(MARKS[key], html)
    assert f'data-outcome="{key}"' in html
    assert re.search(rf'\[data-outcome="{key}"\] {{ --mark: var\(--[\w-]+\); --mark-text:', MEANING)


@pytest.mark.parametrize(("outcome", "strength"), WORDS)
def test_a_mark_without_its_word_still_says_it(outcome: str, strength: int | None) -> None:
    html = drawn('{% outcome_mark outcome strength "mark" %}', outcome=outcome, strength=strength)
    assert f'title="{WORDS[outcome, strength]}"' in html
    assert strip_tags(html).strip() == WORDS[outcome, strength]


def test_no_two_outcomes_share_a_mark() -> None:
    marks = [drawn('{% include "_mark.html" %}', key=key) for key in CHOICE_WORDS]
    assert len(set(marks)) == 5


@pytest.mark.parametrize("emotion", [value for value in Emotion.values if value != "none"])
def test_a_feeling_has_a_hue_and_always_its_word(emotion: str) -> None:
    html = drawn("{% emotion_chip emotion %}", emotion=emotion)
    assert strip_tags(html).strip() == emotion.capitalize()
    assert f'[data-emotion="{emotion}"] {{ --hue: var(--{emotion}); }}' in MEANING


@pytest.mark.parametrize(("kind", "line"), UNDERLINES.items())
def test_evidence_is_underlined_by_kind(kind: str, line: str) -> None:
    assert re.search(rf"\.ev--{kind} {{[^}}]*text-decoration-style: {line};", MEANING)


def test_a_machines_answer_is_drawn_otherwise_than_a_persons() -> None:
    machine = Judged("missed", confidence=0.91)
    cases = {
        "machine": (machine, None, ("decision--machine", "91\u00a0% sure")),
        "confirmed": (machine, Judged("missed"), ("decision--confirmed", "Missed")),
        "changed": (machine, Judged("empathy", 1), ("decision--changed", "Empathy · generic")),
        "added": (None, Judged("dismissed"), ("added by the reviewer", "Dismissed")),
    }
    for name, (found, final, expected) in cases.items():
        html = drawn("{% decision found final %}", found=found, final=final)
        assert all(part in html for part in expected), name
    both = drawn("{% decision found final %}", found=machine, final=Judged("empathy", 2))
    assert re.search(r"<del.*Missed.*</del>.*<ins.*Empathy · specific.*</ins>", both, re.S)


def test_the_example_on_the_sign_in_page_is_what_the_engine_says() -> None:
    html = " ".join(get_template("registration/login.html").render({}).split())
    lines = re.findall(r'<div class="example__line[^"]*">.*?<p>(.*?)</p>', html)
    complaint, *replies = (strip_tags(line).strip().replace("\u2019", "'") for line in lines)
    found = []
    for reply in replies:
        turns = [
            Turn("agent", "Thank you for calling."),
            Turn("customer", complaint),
            Turn("agent", reply),
            Turn("customer", "Right."),
        ]
        (moment,) = empathy.prescore(turns, pack=empathy.load_pack()).moments
        found.append((moment.emotion, moment.outcome, moment.strength))
    assert found == [("frustration", "sympathy_only", 0), ("frustration", "empathy", 2)]
