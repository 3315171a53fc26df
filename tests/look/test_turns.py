"""Turns are drawn by a template, and on the review page by code that is faster: both alike."""

import re
from types import SimpleNamespace
from typing import Any

from django.template import Context, Template
from django.template.loader import get_template

from scorecards.reading import read
from scorecards.set_aside import SetAside

TURNS: list[dict[str, Any]] = [
    {"role": "agent", "speaker": "Dana", "text": "How can I <b>help</b>?", "started_s": 3.0},
    {"role": "customer", "speaker": None, "text": "It crashed again."},
    {"role": "unknown", "speaker": "Line 2", "text": "Hello?"},
]
MARKED = {
    "turns": [
        {"index": 0, "role": "agent"},
        {
            "index": 1,
            "role": "customer",
            "cue": {"emotion": "frustration", "evidence": [[11, 16]], "reasons": ["again"]},
        },
        {"index": 2, "role": "unknown"},
    ],
    "moments": [],
}


def bare(html: str) -> str:
    """What is drawn, without white space between tags and without the review page's tools."""
    html = re.sub(r'<span class="turn__tools">.*?</span>| data-turn="\d+"|</?ol[^>]*>', "", html)
    return re.sub(r"\s*([<>])\s*", r"\1", " ".join(html.split()))


def test_the_review_page_draws_a_turn_as_other_pages_do() -> None:
    asides = {0: (SetAside("signature"), SetAside("quoted mail", "<b> & more"))}
    turns = read(TURNS, MARKED, asides=asides)
    page = SimpleNamespace(review=SimpleNamespace(calibrates=True), note_drafts={})
    drawn = Template("{% load review_turns %}{% review_turns turns %}").render(
        Context({"turns": turns, "here": "/r/", "interaction_page": "/i/", "page": page})
    )
    assert bare(drawn) == bare(get_template("_turns.html").render({"turns": turns}))
    assert drawn.count("<li") == len(TURNS)
    assert '<mark class="ev ev--cue"' in drawn
    assert "Not scored: signature" in drawn
    assert "&lt;b&gt; &amp; more" in drawn
