"""The builder's form and the card that it stands for: read what was sent, move things about.

Fields go by place: `s0-title`, `s0-q2-text`. Lists are lines of a text field, a line an entry.
Numbers that are none stay as they were written, so that the page can show them with their fault.
"""

import secrets
from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from scorecards.card.answers import as_number
from scorecards.card.faults import QUESTIONS, SECTIONS
from scorecards.card.shape import CHOICE, NUMBER, SCALE, TEXT, YES_NO

Body = dict[str, Any]
DIGITS = 4  # of a place or a number of parts: fewer than these


def read_form(sent: QueryDict) -> Body:
    """The card as the form has it."""
    sections = [_section(sent, f"s{at}") for at in range(_count(sent, "sections", SECTIONS))]
    asked = {question["id"]: question for section in sections for question in section["questions"]}
    for s, section in enumerate(sections):
        for q, question in enumerate(section["questions"]):
            if "when" in question:
                _follow(question["when"], asked, sent, f"s{s}-q{q}")
    return {
        "name": sent.get("name", "").strip(),
        "moments_weight": _number(sent.get("moments_weight", "0")),
        "sections": sections,
    }


def _follow(when: Body, asked: Mapping[str, Body], sent: QueryDict, at: str) -> None:
    """Let a condition follow the words of its answers where options were put in, moved or removed.

    Answers are numbers; the form says which words these stood for when it was drawn. Where as many
    options stand there as before, other words at the same place are taken for the same answer.
    """
    other = asked.get(when["question"])
    if other is None or sent.get(f"{at}-known-of") != when["question"]:
        return
    drawn = dict(pair.split("=", 1) for pair in sent.getlist(f"{at}-known") if "=" in pair)
    before = [word for value, word in drawn.items() if value.isdecimal()]
    now = [option["label"] for option in other.get("options", [])] or other.get("anchors", [])
    when["answers"] = [
        new
        for old in when["answers"]
        if (new := _same_answer(old, drawn.get(old, ""), before, now)) is not None
    ]


def _same_answer(value: str, word: str, before: list[str], now: list[str]) -> str | None:
    if word not in before:
        return value  # yes, no, N/A
    if word in now:
        return str(now.index(word) + 1)
    place = before.index(word)
    renamed = len(now) == len(before) and now[place] not in before
    return value if renamed else None


def _section(sent: QueryDict, at: str) -> Body:
    number = _count(sent, f"{at}-questions", QUESTIONS)
    return {
        "title": sent.get(f"{at}-title", "").strip(),
        "weight": _number(sent.get(f"{at}-weight", "0")),
        "questions": [_question(sent, f"{at}-q{place}") for place in range(number)],
    }


def _question(sent: QueryDict, at: str) -> Body:
    kind = sent.get(f"{at}-kind", YES_NO)
    found: Body = {
        "id": sent.get(f"{at}-id", "").strip() or new_id(),
        "text": sent.get(f"{at}-text", "").strip(),
        "kind": kind,
        "help": sent.get(f"{at}-help", "").strip(),
    }
    if condition := sent.get(f"{at}-when", ""):
        found["when"] = {"question": condition, "answers": sent.getlist(f"{at}-answers")}
    if kind == TEXT:
        return found
    found["weight"] = _number(sent.get(f"{at}-weight", "0"))
    found["na"] = f"{at}-na" in sent
    found["critical"] = sent.get(f"{at}-critical", "")
    found["bonus"] = f"{at}-bonus" in sent
    found["causes"] = _lines(sent.get(f"{at}-causes", ""))
    if figure := sent.get(f"{at}-figure", ""):
        limit = sent.get(f"{at}-limit", "").strip()
        found["bound"] = {"figure": figure, **({"at_least": _number(limit)} if limit else {})}
    return found | _own(kind, sent, at)


def _own(kind: str, sent: QueryDict, at: str) -> Body:
    """What only this kind of question has."""
    if kind == SCALE:
        return {"anchors": _lines(sent.get(f"{at}-anchors", ""))}
    if kind == CHOICE:
        return {"options": [_option(line) for line in _lines(sent.get(f"{at}-options", ""))]}
    if kind == NUMBER:
        return {name: _number(sent.get(f"{at}-{name}", "0")) for name in ("worst", "best")}
    return {}


def _option(line: str) -> Body:
    label, _, points = line.rpartition("=")
    return {"label": label.strip(), "points": _number(points)} if label else _no_points(line)


def _no_points(line: str) -> Body:
    return {"label": line, "points": ""}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _number(text: str) -> Any:
    number = as_number(text.strip() or "0")
    if number is None:
        return text.strip()
    return int(number) if number.is_integer() else number


def _count(sent: QueryDict, name: str, most: int) -> int:
    text = sent.get(name, "0")
    return min(int(text), most + 1) if text.isdecimal() and len(text) < DIGITS else 0


def option_lines(question: Mapping[str, Any]) -> str:
    """The options as the form has them, a line each: "Solved = 100"."""
    options = question.get("options", [])
    return "\n".join(
        f"{option['label']} = {option['points']}" if option["points"] != "" else option["label"]
        for option in options
    )


def new_id() -> str:
    """An id for a question; it stays the same through all versions."""
    return f"q_{secrets.token_hex(4)}"


def act(body: Body, do: str) -> tuple[Body, str]:
    """The card after a press of one of the builder's buttons, and the id of what to go to.

    `add-section`, `add-question:2`, `up:2`, `down:2:0`, `remove:2:0`; whatever leads nowhere
    changes nothing.
    """
    verb, *places = do.split(":")
    if not all(place.isdecimal() and len(place) < DIGITS for place in places):
        return body, ""
    at = [int(place) for place in places]
    sections: list[Body] = body["sections"]
    if verb == "add-section":
        sections.append({"title": "", "weight": 0, "questions": []})
        return body, f"s{len(sections) - 1}-title"
    if not at or at[0] >= len(sections):
        return body, ""
    if verb == "add-question":
        questions = sections[at[0]]["questions"]
        questions.append({"id": new_id(), "text": "", "kind": YES_NO, "weight": 10, "na": True})
        return body, f"s{at[0]}-q{len(questions) - 1}-text"
    if len(at) == 1:
        return body, _move_section(sections, verb, at[0])
    return body, _move_question(sections, verb, at[0], at[1])


def _move_section(sections: list[Body], verb: str, at: int) -> str:
    if verb == "remove":
        del sections[at]
        return "add-section"
    to = at + {"up": -1, "down": 1}.get(verb, 0)
    if 0 <= to < len(sections):
        sections.insert(to, sections.pop(at))
        return f"s{to}-{verb}"
    return ""


def _move_question(sections: list[Body], verb: str, section: int, at: int) -> str:
    """Up from the top of a section, or down from its end, leads into the one beside it."""
    questions = sections[section]["questions"]
    if at >= len(questions):
        return ""
    if verb == "remove":
        del questions[at]
        return f"s{section}-add-question"
    step = {"up": -1, "down": 1}.get(verb, 0)
    if 0 <= at + step < len(questions):
        questions.insert(at + step, questions.pop(at))
        return f"s{section}-q{at + step}-{verb}"
    other = section + step
    if not 0 <= other < len(sections):
        return ""
    others = sections[other]["questions"]
    place = len(others) if step < 0 else 0
    others.insert(place, questions.pop(at))
    return f"s{other}-q{place}-{verb}"
