"""What is wrong with a card's JSON, in words that name the section, the question and the field.

`shape_faults` is what no draft may have; `publish_faults` what a draft may have until it is
published. Both give faults whose paths lead to the field: `sections[0].questions[2].weight`.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from qa.core.errors import Fault
from qa.core.texts import gettext as _
from qa.core.texts import gettext_noop
from scorecards.card.figures import FIGURES, fits
from scorecards.card.shape import (
    CHOICE,
    CRITICAL,
    KINDS,
    NA,
    NUMBER,
    SCALE,
    TEXT,
    Card,
    Question,
    read,
)

SECTIONS, QUESTIONS, CHOICES = 20, 60, 20
CARD_KEYS = {"name", "moments_weight", "sections"}
SECTION_KEYS = {"title", "weight", "questions"}
QUESTION_KEYS = {
    "id", "text", "kind", "weight", "help", "na", "critical", "bonus", "anchors", "options",
    "worst", "best", "causes", "when", "bound",
}  # fmt: skip
LONG = {"text": 300, "help": 600, "title": 120, "name": 200, "label": 200, "id": 60}
_PLACE = re.compile(r"sections\[(\d+)\](?:\.questions\[(\d+)\])?\.?(.*)")
Found = Iterator[Fault]


def shape_faults(body: Any) -> list[Fault]:
    """Wrong types, unknown words, numbers out of range. Without any, `read` understands it."""
    if not isinstance(body, dict):
        return [Fault("", _("is not a scorecard; expected an object"))]
    return list(_card(body))


def publish_faults(body: Any) -> list[Fault]:
    """All that keeps a card from being published."""
    found = shape_faults(body)
    if found:
        return found
    card = read(body)
    return [*_weights(card), *_emptiness(card), *_conditions(card)]


def _card(body: Mapping[str, Any]) -> Found:
    yield from _unknown("", body, CARD_KEYS)
    yield from _text("name", body.get("name", ""), LONG["name"])
    yield from _number("moments_weight", body.get("moments_weight", 0), 0, 100)
    sections = body.get("sections")
    if not isinstance(sections, list):
        yield Fault("sections", _("is missing; expected a list"))
        return
    if len(sections) > SECTIONS:
        yield Fault("sections", _("are too many; expected at most %(most)s") % {"most": SECTIONS})
    ids: Counter[str] = Counter()
    for place, section in enumerate(sections):
        path = f"sections[{place}]"
        if not isinstance(section, dict):
            yield Fault(path, _("is not a section; expected an object"))
            continue
        yield from _section(path, section, ids)
    if ids.total() > QUESTIONS:
        yield Fault(
            "sections",
            _("contain too many questions; expected at most %(most)s") % {"most": QUESTIONS},
        )
    for pk, number in ids.items():
        if number > 1:
            yield Fault(
                "sections", _("contain the question %(id)s %(n)s times") % {"id": pk, "n": number}
            )


def _section(path: str, section: Mapping[str, Any], ids: Counter[str]) -> Found:
    yield from _unknown(path, section, SECTION_KEYS)
    yield from _text(f"{path}.title", section.get("title", ""), LONG["title"])
    yield from _number(f"{path}.weight", section.get("weight", 0), 0, 100)
    questions = section.get("questions")
    if not isinstance(questions, list):
        yield Fault(f"{path}.questions", _("is missing; expected a list"))
        return
    for place, question in enumerate(questions):
        where = f"{path}.questions[{place}]"
        if not isinstance(question, dict):
            yield Fault(where, _("is not a question; expected an object"))
            continue
        ids[str(question.get("id"))] += 1
        yield from _question(where, question)


def _question(path: str, given: Mapping[str, Any]) -> Found:
    yield from _unknown(path, given, QUESTION_KEYS)
    if not isinstance(given.get("id"), str) or not given["id"]:
        yield Fault(f"{path}.id", _("is missing; expected a short word"))
    for name in ("id", "text", "help"):
        yield from _text(f"{path}.{name}", given.get(name, ""), LONG[name])
    kind = given.get("kind", "yes_no")
    if kind not in tuple(KINDS):
        yield Fault(
            f"{path}.kind", _("is unknown; expected one of %(known)s") % {"known": ", ".join(KINDS)}
        )
    if given.get("critical", "") not in tuple(CRITICAL):
        yield Fault(f"{path}.critical", _("is unknown; expected section, card or nothing"))
    for name in ("na", "bonus"):
        if not isinstance(given.get(name, False), bool):
            yield Fault(f"{path}.{name}", _("is not true or false"))
    yield from _number(f"{path}.weight", given.get("weight", 0), 0, 100)
    for name in ("worst", "best"):
        yield from _number(f"{path}.{name}", given.get(name, 0), -1e6, 1e6)
    for name in ("anchors", "causes"):
        yield from _texts(f"{path}.{name}", given.get(name, []))
    yield from _options(f"{path}.options", given.get("options", []))
    yield from _when(f"{path}.when", given.get("when"))
    yield from _bound(f"{path}.bound", given.get("bound"), kind)


def _options(path: str, given: Any) -> Found:
    if not isinstance(given, list) or len(given) > CHOICES:
        yield Fault(path, _("is not a list of at most %(most)s options") % {"most": CHOICES})
        return
    for place, option in enumerate(given):
        where = f"{path}[{place}]"
        if not isinstance(option, dict) or set(option) != {"label", "points"}:
            yield Fault(where, _("is not an option; expected a label and its points"))
            continue
        yield from _text(f"{where}.label", option["label"], LONG["label"])
        yield from _number(f"{where}.points", option["points"], 0, 100)
    labels = [str(option.get("label")) for option in given if isinstance(option, dict)]
    if len(set(labels)) < len(labels):
        yield Fault(path, _("contain the same option twice"))


def _when(path: str, given: Any) -> Found:
    if given is None:
        return
    if not isinstance(given, dict) or set(given) != {"question", "answers"}:
        yield Fault(path, _("is not a condition; expected a question and its answers"))
        return
    yield from _text(f"{path}.question", given["question"], LONG["id"])
    yield from _texts(f"{path}.answers", given["answers"])


def _bound(path: str, given: Any, kind: Any) -> Found:
    if given is None:
        return
    if not isinstance(given, dict) or not {"figure"} <= set(given) <= {"figure", "at_least"}:
        yield Fault(path, _("is not a figure; expected its name and perhaps a limit"))
        return
    figure = FIGURES.get(given["figure"]) if isinstance(given["figure"], str) else None
    if figure is None:
        yield Fault(
            f"{path}.figure",
            _("is unknown; expected one of %(known)s") % {"known": ", ".join(FIGURES)},
        )
        return
    if kind in tuple(KINDS) and not fits(given["figure"], kind):
        usual = _("Yes or no, or Number") if figure.measured else _("Yes or no")
        yield Fault(
            f"{path}.figure",
            _("can't answer %(kind)s; it answers %(usual)s")
            % {"kind": _(KINDS[kind]), "usual": usual},
        )
    if given.get("at_least") is not None:
        yield from _number(f"{path}.at_least", given["at_least"], 0, figure.largest)


def _weights(card: Card) -> Found:
    total = card.moments_weight + sum(section.weight for section in card.sections)
    if abs(total - 100) > 1e-6:
        yield Fault(
            "sections",
            _("and Feelings add up to %(total)s; their weights must add up to 100")
            % {"total": f"{total:g}"},
        )
    for place, section in enumerate(card.sections):
        path = f"sections[{place}]"
        counted = [
            question for question in section.questions if question.scored and not question.bonus
        ]
        weighs = any(question.weight > 0 for question in counted)
        if section.weight and section.questions and not weighs:
            yield Fault(
                f"{path}.weight",
                _(
                    "is %(weight)s, but none of its questions has a weight: give a question a "
                    "weight, or set the section's to 0"
                )
                % {"weight": f"{section.weight:g}"},
            )
        for number, question in enumerate(section.questions):
            yield from _weight(f"{path}.questions[{number}]", question, section.weight)


def _weight(path: str, question: Question, section_weight: float) -> Found:
    if question.kind == TEXT:
        if question.weight or question.bonus or question.critical or question.bound:
            yield Fault(f"{path}.kind", _("is free text, which isn't scored: leave the rest out"))
        return
    if question.bonus and question.critical:
        yield Fault(f"{path}.bonus", _("and critical can't be combined"))
    if question.bonus and not question.weight:
        yield Fault(f"{path}.weight", _("is missing: how many points does the bonus add?"))
    if question.weight and not question.bonus and not section_weight:
        yield Fault(f"{path}.weight", _("has no effect, because the section's weight is 0"))


def _emptiness(card: Card) -> Found:
    if not card.name.strip():
        yield Fault("name", _("is missing"))
    if not card.questions:
        yield Fault("sections", _("contain no questions: an empty scorecard can't be published"))
    for place, section in enumerate(card.sections):
        path = f"sections[{place}]"
        if not section.title.strip():
            yield Fault(f"{path}.title", _("is missing"))
        if not section.questions and card.questions:
            yield Fault(path, _("is empty: add a question, or remove it"))
        for number, question in enumerate(section.questions):
            yield from _incomplete(f"{path}.questions[{number}]", question)


def _incomplete(path: str, question: Question) -> Found:
    if not question.text.strip():
        yield Fault(f"{path}.text", _("is missing"))
    if question.kind == SCALE and len(question.options) < 2:
        yield Fault(f"{path}.anchors", _("are missing: a scale needs at least two steps"))
    if question.kind == CHOICE:
        if len(question.options) < 2:
            yield Fault(f"{path}.options", _("are missing: a choice needs at least two"))
        elif not any(option.points for option in question.options):
            yield Fault(f"{path}.options", _("earn no points, whichever is chosen"))
    if question.kind == NUMBER and question.worst == question.best:
        yield Fault(f"{path}.best", _("is the same as the worst number; they must differ"))
    if (
        question.bound
        and question.bound.at_least is None
        and _needs_limit(question.bound.figure, question.kind)
    ):
        yield Fault(f"{path}.bound.at_least", _("is missing: what is the lowest value for a Yes?"))


def _needs_limit(figure: str, kind: str) -> bool:
    return FIGURES[figure].measured and kind != NUMBER


def _conditions(card: Card) -> Found:
    for place, section in enumerate(card.sections):
        for number, question in enumerate(section.questions):
            if question.when is not None:
                path = f"sections[{place}].questions[{number}].when"
                yield from _condition(path, question, card)


def _condition(path: str, question: Question, card: Card) -> Found:
    when = question.when
    assert when is not None  # noqa: S101  the caller has looked
    other = card.question(when.question)
    if other is None:
        yield Fault(path, _("depends on a question that isn't on this scorecard"))
        return
    if _is_circular(question, card):
        yield Fault(path, _("is circular: the question would depend on itself"))
        return
    if other.kind in {NUMBER, TEXT}:
        yield Fault(
            path,
            _("depends on “%(question)s”, which has no list of answers to choose from")
            % {"question": other.text},
        )
        return
    if not when.answers:
        yield Fault(
            path,
            _("can never be met: choose which answer to “%(question)s” it needs")
            % {"question": other.text},
        )
    for value in when.answers:
        if value not in other.values:
            said = {"question": other.text, "answer": _("N/A") if value == NA else value}
            yield Fault(path, _("can never be met: “%(question)s” has no answer %(answer)s") % said)


def _is_circular(question: Question, card: Card) -> bool:
    seen: set[str] = set()
    at: Question | None = question
    while at is not None and at.when is not None and at.id not in seen:
        seen.add(at.id)
        at = card.question(at.when.question)
    return at is not None and at.id in seen


def _unknown(path: str, given: Mapping[str, Any], known: set[str]) -> Found:
    for name in given:
        if name not in known:
            yield Fault(f"{path}.{str(name)[:60]}".strip("."), _("is not expected here"))


def _text(path: str, value: Any, longest: int) -> Found:
    if not isinstance(value, str):
        yield Fault(path, _("is not text"))
    elif len(value) > longest:
        yield Fault(
            path, _("is too long; expected at most %(most)s characters") % {"most": longest}
        )
    elif "\x00" in value:
        yield Fault(path, _("contains a character that can't be stored (U+0000)"))


def _texts(path: str, value: Any) -> Found:
    if not isinstance(value, list) or len(value) > CHOICES:
        yield Fault(path, _("is not a list of at most %(most)s lines") % {"most": CHOICES})
        return
    for place, line in enumerate(value):
        yield from _text(f"{path}[{place}]", line, LONG["label"])
    if len({str(line) for line in value}) < len(value):
        yield Fault(path, _("contains the same line twice"))


def _number(path: str, value: Any, least: float, most: float) -> Found:
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield Fault(path, _("is not a number"))
    elif not least <= value <= most:
        yield Fault(
            path,
            _("is out of range; expected %(least)s to %(most)s")
            % {"least": f"{least:g}", "most": f"{most:g}"},
        )


def in_words(fault: Fault, body: Mapping[str, Any]) -> str:
    """A fault with its place named as people see it: "Conduct, question 2: weight is …"."""
    place, field = _split(fault.path)
    words: list[str] = []
    sections = body.get("sections") or []
    if place:
        section = sections[place[0]] if place[0] < len(sections) else {}
        title = section.get("title") if isinstance(section, dict) else ""
        words.append(str(title) if title else _("Section %(number)s") % {"number": place[0] + 1})
        if len(place) > 1:
            words.append(_("question %(number)s") % {"number": place[1] + 1})
    said = f"{_(_FIELDS.get(field, field))} {fault.message}".strip()
    start = ", ".join(words)
    return f"{start}: {said}." if start else f"{said[:1].upper()}{said[1:]}."


_FIELDS = {
    "sections": gettext_noop("the sections"),
    "moments_weight": gettext_noop("the weight of Feelings"),
    "when": gettext_noop("the condition"),
    "bound": gettext_noop("the suggested answer"),
    "bound.figure": gettext_noop("the suggested answer"),
    "bound.at_least": gettext_noop("the limit"),
    "best": gettext_noop("the best number"),
    "worst": gettext_noop("the worst number"),
    "anchors": gettext_noop("the steps"),
    "text": gettext_noop("the question's text"),
    "kind": gettext_noop("the answer type"),
    "na": gettext_noop("N/A"),
}


def _split(path: str) -> tuple[tuple[int, ...], str]:
    """`sections[0].questions[2].weight` as ((0, 2), "weight")."""
    found = _PLACE.match(path)
    if not found:
        return (), path
    numbers = tuple(int(group) for group in found.groups()[:2] if group is not None)
    return numbers, re.sub(r"\[\d+\].*", "", found[3])
