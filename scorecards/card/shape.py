"""What a scorecard is made of, and reading one from JSON.

    {"name": "Empathy", "moments_weight": 70, "sections": [
       {"title": "Conduct", "weight": 30, "questions": [
          {"id": "own_words", "text": "Spoke in their own words", "kind": "yes_no", "weight": 10,
           "help": "…", "na": true, "critical": "", "bonus": false, "causes": ["Script"],
           "when": {"question": "on_hold", "answers": ["yes"]},
           "bound": {"figure": "no_missed"}}]}]}

`moments_weight` is what the moments (the Feelings score) weigh beside the sections. A scale has
`anchors`, worst first; a choice `options` with points; a number `worst` and `best`. Versions that
were published before sections had weights are read as if each weighed what its questions do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qa.core.texts import gettext as _
from qa.core.texts import gettext_noop

YES_NO, SCALE, CHOICE, NUMBER, TEXT = "yes_no", "scale", "choice", "number", "text"
KINDS = {
    YES_NO: gettext_noop("Yes or no"),
    SCALE: gettext_noop("Scale"),
    CHOICE: gettext_noop("Choice"),
    NUMBER: gettext_noop("Number"),
    TEXT: gettext_noop("Free text"),
}
CRITICAL = {
    "": gettext_noop("Normal"),
    "section": gettext_noop("Section fails"),
    "card": gettext_noop("Whole scorecard fails"),
}
NA = "na"


@dataclass(frozen=True, slots=True)
class Option:
    """An answer that can be chosen, and what of the question's points it brings, 0…100."""

    value: str
    label: str
    points: float


@dataclass(frozen=True, slots=True)
class Condition:
    """Asked only where another question has one of these answers."""

    question: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bound:
    """A figure of the moments that proposes the answer; `at_least` where it is a share or mean."""

    figure: str
    at_least: float | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a card."""

    id: str
    text: str
    kind: str = YES_NO
    weight: float = 0
    help: str = ""
    na: bool = True
    critical: str = ""
    bonus: bool = False
    options: tuple[Option, ...] = ()  # of everything but numbers and free text; N/A not among them
    worst: float = 0
    best: float = 0
    causes: tuple[str, ...] = ()
    when: Condition | None = None
    bound: Bound | None = None

    @property
    def scored(self) -> bool:
        """True if its answer brings points at all."""
        return self.kind != TEXT

    @property
    def values(self) -> tuple[str, ...]:
        """Every answer that can be chosen from a list, N/A among them where it is allowed."""
        return (*(option.value for option in self.options), *((NA,) if self.na else ()))

    def word(self, value: str) -> str:
        """An answer as people read it."""
        if value == NA and self.kind != TEXT:
            return _("N/A")
        return next((option.label for option in self.options if option.value == value), value)


@dataclass(frozen=True, slots=True)
class Section:
    """Questions under one title; `weight` is their share of the card's score."""

    title: str
    weight: float
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A whole card."""

    name: str
    moments_weight: float
    sections: tuple[Section, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(question for section in self.sections for question in section.questions)

    def question(self, pk: str) -> Question | None:
        """The question with this id."""
        return next((question for question in self.questions if question.id == pk), None)

    def dependents(self, pk: str) -> list[Question]:
        """The questions that are asked only because of an answer to this one, directly or not."""
        found: dict[str, Question] = {}
        waiting = [pk]
        while waiting:
            at = waiting.pop()
            for question in self.questions:
                if question.when and question.when.question == at and question.id not in found:
                    found[question.id] = question
                    waiting.append(question.id)
        return list(found.values())


def read(body: Mapping[str, Any]) -> Card:
    """A card from its JSON. It must have passed `faults`, or have been published."""
    return Card(
        name=body.get("name", ""),
        moments_weight=float(body.get("moments_weight", 0)),
        sections=tuple(_section(section) for section in body["sections"]),
    )


def _section(given: Mapping[str, Any]) -> Section:
    questions = tuple(_question(question) for question in given["questions"])
    usual = sum(question.weight for question in questions if not question.bonus)
    return Section(given["title"], float(given.get("weight", usual)), questions)


def _question(given: Mapping[str, Any]) -> Question:
    kind = given.get("kind", YES_NO)
    when, bound = given.get("when"), given.get("bound")
    return Question(
        id=given["id"],
        text=given["text"],
        kind=kind,
        weight=float(given.get("weight", 0)),
        help=given.get("help", ""),
        na=bool(given.get("na", True)) and kind != TEXT,
        critical=given.get("critical", ""),
        bonus=bool(given.get("bonus", False)),
        options=_options(kind, given),
        worst=float(given.get("worst", 0)),
        best=float(given.get("best", 0)),
        causes=tuple(given.get("causes", ())),
        when=Condition(when["question"], tuple(when["answers"])) if when else None,
        bound=Bound(bound["figure"], bound.get("at_least")) if bound else None,
    )


def _options(kind: str, given: Mapping[str, Any]) -> tuple[Option, ...]:
    if kind == YES_NO:
        return (Option("yes", _("Yes"), 100), Option("no", _("No"), 0))
    if kind == SCALE:
        anchors = given.get("anchors", ())
        last = max(len(anchors) - 1, 1)
        return tuple(
            Option(str(step), label, 100 * (step - 1) / last)
            for step, label in enumerate(anchors, 1)
        )
    if kind == CHOICE:
        return tuple(
            Option(str(step), option["label"], float(option["points"]))
            for step, option in enumerate(given.get("options", ()), 1)
        )
    return ()
