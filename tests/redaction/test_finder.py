"""Redaction with a finder of names from outside: what it is asked, and what is believed."""

import re
from collections.abc import Sequence
from typing import Any

from transcripts.formats import CanonicalInteraction, validate
from transcripts.redaction import redact


class Finder:
    """Points at the words given, wherever they stand; remembers what it was shown."""

    def __init__(self, *names: str) -> None:
        self.names = re.compile("|".join(map(re.escape, names)))
        self.shown: list[str] = []

    def __call__(self, texts: Sequence[str]) -> list[list[tuple[int, int]]]:
        self.shown += texts
        return [[found.span() for found in self.names.finditer(text)] for text in texts]


def interaction(*texts: str, **facts: Any) -> CanonicalInteraction:
    turns = [{"role": "customer", "text": text} for text in texts]
    return validate({"channel": "chat", "turns": turns, **facts})


def said(finder: Finder, *texts: str, **facts: Any) -> list[str]:
    clean, _ = redact(interaction(*texts, **facts), find_names=finder)
    return [turn.text for turn in clean.turns]


def test_a_name_that_nobody_introduces_goes_here_and_wherever_it_is_said_again() -> None:
    texts = ("Quennel Byrne rang about it.", "Yes, quennel rang.")
    assert said(Finder(), *texts) == list(texts)
    assert said(Finder("Quennel Byrne"), *texts) == ["[NAME] rang about it.", "Yes, [NAME] rang."]


def test_the_agents_name_stays() -> None:
    (text,) = said(
        Finder("Dana", "Quennel"), "Dana spoke to Quennel.", agent={"name": "Dana Reyes"}
    )
    assert text == "Dana spoke to [NAME]."


def test_finds_are_trimmed_to_the_name() -> None:
    finder = Finder("Hi Quennel", "Mr. Byrne's", "BA", "Thanks")
    assert said(finder, "Hi Quennel, BA117 is late.", "Mr. Byrne's bag. Thanks") == [
        "Hi [NAME], BA117 is late.",
        "Mr. [NAME]'s bag. Thanks",
    ]


def test_it_sees_no_numbers_and_cannot_touch_marks() -> None:
    finder = Finder("PHONE", "Call")
    assert said(finder, "Call 415-555-2671") == ["Call [PHONE]"]
    assert finder.shown == ["Call [PHONE]"]


def test_it_is_asked_about_english_only_and_not_about_system_messages() -> None:
    finder = Finder("Quennel")
    assert said(finder, "Quennel kommt.", language="de") == ["Quennel kommt."]
    joined = {"role": "system", "text": "Quennel joined"}
    redact(validate({"channel": "chat", "turns": [joined]}), find_names=finder)
    assert finder.shown == []
    assert said(finder, "Quennel came.", language="en-GB") == ["[NAME] came."]


def test_it_is_not_asked_where_names_are_kept() -> None:
    finder = Finder("Quennel")
    clean, counts = redact(interaction("Quennel came."), {"PHONE"}, find_names=finder)
    assert (clean.turns[0].text, counts, finder.shown) == ("Quennel came.", {}, [])
