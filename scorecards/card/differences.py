"""What differs between two versions of a card, a sentence for each difference. Pure."""

from collections.abc import Iterator
from dataclasses import fields

from qa.core.texts import gettext as _
from qa.core.texts import gettext_noop, ngettext
from scorecards.card.figures import FIGURES
from scorecards.card.shape import CRITICAL, KINDS, Card, Question

_WORDS = {
    "text": gettext_noop("text"),
    "help": gettext_noop("help text"),
    "na": gettext_noop("N/A"),
    "bonus": gettext_noop("bonus"),
    "options": gettext_noop("answers"),
    "worst": gettext_noop("worst number"),
    "best": gettext_noop("best number"),
    "causes": gettext_noop("root causes"),
    "bound": gettext_noop("suggested answer"),
}
ALWAYS = gettext_noop("always asked")


def differences(old: Card | None, new: Card) -> list[str]:
    """What changes with the new version; the first version is told as a whole."""
    if old is None:
        asked, parts = len(new.questions), len(new.sections)
        questions = ngettext("%(n)s question", "%(n)s questions", asked) % {"n": asked}
        sections = ngettext("%(n)s section", "%(n)s sections", parts) % {"n": parts}
        said = {"questions": questions, "sections": sections}
        return [_("The first version: %(questions)s in %(sections)s.") % said]
    return list(_differences(old, new))


def _differences(old: Card, new: Card) -> Iterator[str]:
    if old.name != new.name:
        yield _("Renamed from “%(old)s” to “%(new)s”.") % {"old": old.name, "new": new.name}
    if old.moments_weight != new.moments_weight:
        change = _change(old.moments_weight, new.moments_weight)
        yield _("Weight of feelings: %(old)s → %(new)s.") % change
    before = {section.title: section.weight for section in old.sections}
    after = {section.title: section.weight for section in new.sections}
    for title, weight in after.items():
        if title not in before:
            said = {"title": title, "weight": f"{weight:g}"}
            yield _("New section “%(title)s” with weight %(weight)s.") % said
        elif before[title] != weight:
            said = {"title": title, **_change(before[title], weight)}
            yield _("Weight of “%(title)s”: %(old)s → %(new)s.") % said
    for title in before:
        if title not in after:
            yield _("Section “%(title)s” was removed.") % {"title": title}
    yield from _questions(old, new)


def _questions(old: Card, new: Card) -> Iterator[str]:
    known = {question.id: question for question in old.questions}
    place = {q.id: s.title for s in old.sections for q in s.questions}
    for section in new.sections:
        for question in section.questions:
            if question.id not in known:
                said = {"question": question.text, "section": section.title}
                yield _("New question “%(question)s” in “%(section)s”.") % said
                continue
            yield from _question(known[question.id], question)
            if _hangs_on(known[question.id], old) != _hangs_on(question, new):
                before, after = (
                    condition_in_words(known[question.id], old),
                    condition_in_words(question, new),
                )
                said = {
                    "question": question.text,
                    "old": before or _(ALWAYS),
                    "new": after or _(ALWAYS),
                }
                yield _("“%(question)s”: %(old)s → %(new)s.") % said
            if place[question.id] != section.title:
                said = {"question": question.text, "section": section.title}
                yield _("“%(question)s” moved to “%(section)s”.") % said
    kept = {question.id for question in new.questions}
    for question in old.questions:
        if question.id not in kept:
            yield _("“%(question)s” was removed.") % {"question": question.text}
    common = [question.id for question in old.questions if question.id in kept]
    if common != [question.id for question in new.questions if question.id in known]:
        yield _("The order of the questions changed.")


def _hangs_on(question: Question, card: Card) -> tuple[str, ...]:
    """The question and the words of its answers that a condition names."""
    other = card.question(question.when.question) if question.when else None
    if question.when is None or other is None:
        return ()
    return (other.id, *map(other.word, question.when.answers))


def _question(old: Question, new: Question) -> Iterator[str]:
    if old.kind != new.kind:
        said = {"question": new.text, "old": _(KINDS[old.kind]), "new": _(KINDS[new.kind])}
        yield _("Answer type of “%(question)s”: %(old)s → %(new)s.") % said
    if old.weight != new.weight:
        said = {"title": new.text, **_change(old.weight, new.weight)}
        yield _("Weight of “%(title)s”: %(old)s → %(new)s.") % said
    if old.critical != new.critical:
        said = {"question": new.text, "effect": _(CRITICAL[new.critical])}
        yield _("“%(question)s”, if scored zero: %(effect)s.") % said
    other = [
        _(_WORDS[field.name])
        for field in fields(Question)
        if field.name in _WORDS
        and getattr(old, field.name) != getattr(new, field.name)
        and not (field.name == "options" and old.kind != new.kind)
    ]
    if other:
        said = {"question": new.text, "parts": ", ".join(other)}
        yield _("“%(question)s”: changed %(parts)s.") % said


def _change(old: float, new: float) -> dict[str, str]:
    return {"old": f"{old:g}", "new": f"{new:g}"}


def condition_in_words(question: Question, card: Card) -> str:
    """When a question is asked: "asked when “On hold?” is Yes"; empty for always."""
    other = card.question(question.when.question) if question.when else None
    if question.when is None or other is None:
        return ""
    answers = _(" or ").join(map(other.word, question.when.answers))
    said = {"question": other.text, "answers": answers}
    return _("asked when “%(question)s” is %(answers)s") % said


def figure_in_words(question: Question) -> str:
    """What proposes the answer: "Share of feelings …, at least 66 percent"; empty for nothing."""
    if question.bound is None:
        return ""
    figure = FIGURES[question.bound.figure]
    if question.bound.at_least is None:
        return _(figure.words)
    said = {
        "figure": _(figure.words),
        "least": f"{question.bound.at_least:g}",
        "unit": _(figure.limit),
    }
    return _("%(figure)s, at least %(least)s %(unit)s") % said
