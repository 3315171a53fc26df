"""What differs between two versions of a card, a sentence for each difference. Pure."""

from collections.abc import Iterator
from dataclasses import fields

from scorecards.card.figures import FIGURES
from scorecards.card.shape import CRITICAL, KINDS, Card, Question

_WORDS = {
    "text": "text",
    "help": "help",
    "na": "N/A",
    "bonus": "bonus",
    "options": "answers",
    "worst": "worst number",
    "best": "best number",
    "causes": "causes",
    "bound": "figure",
}
ALWAYS = "always asked"


def differences(old: Card | None, new: Card) -> list[str]:
    """What changes with the new version; the first version is told as a whole."""
    if old is None:
        asked, parts = len(new.questions), len(new.sections)
        many = "" if asked == 1 else "s"
        return [f"The first version: {asked} question{many} in {parts} section{'s'[: parts - 1]}."]
    return list(_differences(old, new))


def _differences(old: Card, new: Card) -> Iterator[str]:
    if old.name != new.name:
        yield f"Renamed from “{old.name}” to “{new.name}”."
    if old.moments_weight != new.moments_weight:
        yield f"Feelings weigh {new.moments_weight:g} instead of {old.moments_weight:g}."
    before = {section.title: section.weight for section in old.sections}
    after = {section.title: section.weight for section in new.sections}
    for title, weight in after.items():
        if title not in before:
            yield f"New section “{title}”, weight {weight:g}."
        elif before[title] != weight:
            yield f"“{title}” weighs {weight:g} instead of {before[title]:g}."
    for title in before:
        if title not in after:
            yield f"Section “{title}” is gone."
    yield from _questions(old, new)


def _questions(old: Card, new: Card) -> Iterator[str]:
    known = {question.id: question for question in old.questions}
    place = {q.id: s.title for s in old.sections for q in s.questions}
    for section in new.sections:
        for question in section.questions:
            if question.id not in known:
                yield f"New question “{question.text}” in “{section.title}”."
                continue
            yield from _question(known[question.id], question)
            if _hangs_on(known[question.id], old) != _hangs_on(question, new):
                before, after = (
                    condition_in_words(known[question.id], old),
                    condition_in_words(question, new),
                )
                yield f"“{question.text}” is {after or ALWAYS}; before: {before or ALWAYS}."
            if place[question.id] != section.title:
                yield f"“{question.text}” moved to “{section.title}”."
    kept = {question.id for question in new.questions}
    for question in old.questions:
        if question.id not in kept:
            yield f"“{question.text}” is no longer asked."
    common = [question.id for question in old.questions if question.id in kept]
    if common != [question.id for question in new.questions if question.id in known]:
        yield "The order of the questions is another."


def _hangs_on(question: Question, card: Card) -> tuple[str, ...]:
    """The question and the words of its answers that a condition names."""
    other = card.question(question.when.question) if question.when else None
    if question.when is None or other is None:
        return ()
    return (other.id, *map(other.word, question.when.answers))


def _question(old: Question, new: Question) -> Iterator[str]:
    if old.kind != new.kind:
        yield f"“{new.text}” is answered by {KINDS[new.kind]} instead of {KINDS[old.kind]}."
    if old.weight != new.weight:
        yield f"“{new.text}” weighs {new.weight:g} instead of {old.weight:g}."
    if old.critical != new.critical:
        yield f"“{new.text}” where failed: {CRITICAL[new.critical].lower()}."
    other = [
        _WORDS[field.name]
        for field in fields(Question)
        if field.name in _WORDS
        and getattr(old, field.name) != getattr(new, field.name)
        and not (field.name == "options" and old.kind != new.kind)
    ]
    if other:
        yield f"“{new.text}”: another {', '.join(other)}."


def condition_in_words(question: Question, card: Card) -> str:
    """When a question is asked: "asked when “On hold?” is Yes"; empty for always."""
    other = card.question(question.when.question) if question.when else None
    if question.when is None or other is None:
        return ""
    return f"asked when “{other.text}” is {' or '.join(map(other.word, question.when.answers))}"


def figure_in_words(question: Question) -> str:
    """What proposes the answer: "Share of feelings …, at least 66 percent"; empty for nothing."""
    if question.bound is None:
        return ""
    figure = FIGURES[question.bound.figure]
    if question.bound.at_least is None:
        return figure.words
    return f"{figure.words}, at least {question.bound.at_least:g} {figure.limit}"
