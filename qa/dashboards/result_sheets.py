"""The tables of scorecard results: by agent, team, card, section, question, failure and cause."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa.core.rates import rate
from qa.dashboards import sheets
from qa.dashboards.scorecard_results import (
    CAUSE,
    FAILED,
    FEELINGS,
    LOW,
    QUESTION,
    SECTION,
    Counted,
    Part,
    Results,
)
from qa.dashboards.sheets import NUMBER, SCORE, SHARE, Cell, Column, Sheet, Whose
from qa.dashboards.statistics import Mean, means
from qa.organizations.models import Agent, Membership, Team
from scorecards.card import Question
from transcripts.filters import NOBODY

REVIEWS = Column(gettext_lazy("Reviews"), NUMBER)
AVERAGE = Column(gettext_lazy("Average score"), SCORE)
FAILURES = Column(gettext_lazy("Auto-fails"), NUMBER)


SHEETS: Final = ("agents", "teams", "cards", "sections", "questions", "failures", "causes")


class ResultSheets:
    """The tables of one page; each is made when it is asked for."""

    def __init__(self, by: Membership, found: Results) -> None:
        self.by, self.found, self.scope = by, found, found.scope
        self.list = reverse("score-reviews", kwargs={"slug": by.organization.slug})

    def shown(self, *names: str) -> list[Sheet]:
        """Those of these tables that have rows."""
        made = [self.made(name) for name in names]
        return [sheet for sheet in made if sheet.rows]

    def made(self, name: str) -> Sheet:
        """One of the tables by its name."""
        return {
            "agents": self.agents,
            "teams": self.teams,
            "cards": self.cards,
            "sections": self.sections,
            "questions": self.questions,
            "failures": self.failures,
            "causes": self.causes,
        }[name]()

    @property
    def every(self) -> str:
        """The address of all reviews."""
        return self._href(Part())

    @property
    def average(self) -> Mean:
        """The average over all reviews that have a score."""
        return means([self.found.scores])[0]

    def agents(self) -> Sheet:
        """By agent; a conversation of several counts for each of them."""
        groups: dict[UUID | None, list[Counted]] = defaultdict(list)
        for one in self.found.reviews:
            for agent in one.agents:
                groups[agent].append(one)
        known = Agent.objects.visible_to(self.by).filter(pk__in=[pk for pk in groups if pk])
        names: dict[Any, str] = dict(known.values_list("pk", "name"))
        return self._people(sheets.by_agent("scores"), groups, names)

    def teams(self) -> Sheet:
        """By team."""
        groups: dict[UUID | None, list[Counted]] = defaultdict(list)
        for one in self.found.reviews:
            groups[one.team].append(one)
        known = Team.objects.visible_to(self.by).filter(pk__in=[pk for pk in groups if pk])
        names: dict[Any, str] = dict(known.values_list("pk", "name"))
        return self._people(sheets.by_team("scores"), groups, names)

    def cards(self) -> Sheet:
        """By scorecard."""
        groups: dict[str, list[Counted]] = defaultdict(list)
        for one in self.found.reviews:
            groups[one.card].append(one)
        order = sorted(groups, key=lambda pk: self.found.cards[pk].name.casefold())
        averages = _averages(groups)
        rows = [
            [
                Cell(self.found.cards[pk].name),
                sheets.count(len(groups[pk]), self._href(Part(card=pk))),
                sheets.score(averages[pk], self._href(Part(card=pk))),
            ]
            for pk in order
        ]
        columns = [Column(_("Scorecard")), REVIEWS, AVERAGE]
        return Sheet("scores-cards", _("By scorecard"), columns, rows)

    def sections(self) -> Sheet:
        """By section, the feelings before the others."""
        parts = []
        for pk, card in self._cards():
            parts.append((card.name, _("Feelings"), Part(FEELINGS, pk)))
            parts += [(card.name, one.title, Part(SECTION, pk, one.title)) for one in card.sections]
        told = self._told(part for _card, _title, part in parts)
        rows = [
            [
                Cell(title, sub=name),
                sheets.count(told[part].n, self._href(part)),
                sheets.score(told[part], self._href(part)),
            ]
            for name, title, part in parts
            if told[part].n
        ]
        columns = [Column(_("Section")), REVIEWS, AVERAGE]
        return Sheet("scores-sections", _("By section"), columns, rows)

    def questions(self) -> Sheet:
        """By question: what it brings, and how often it brings less than half."""
        asked = list(self._questions())
        told = self._told(Part(QUESTION, pk, question.id) for pk, question in asked)
        rows = []
        for pk, question in asked:
            part, low = Part(QUESTION, pk, question.id), Part(LOW, pk, question.id)
            if told[part].n:
                share = rate(self._times(low), told[part].n)
                rows.append(
                    [
                        Cell(question.text, sub=self.found.cards[pk].name),
                        sheets.count(told[part].n, self._href(part)),
                        sheets.score(told[part], self._href(part)),
                        sheets.count(share.count, self._href(low)),
                        sheets.share(share, self._href(low)),
                    ]
                )
        columns = [
            Column(_("Question")),
            Column(_("Answers"), NUMBER),
            Column(_("Average points"), SCORE),
            Column(_("Low answers"), NUMBER),
            Column(_("Share low"), SHARE),
        ]
        note = _("Points run from 0 to 100. A low answer earns less than half of them.")
        return Sheet("scores-questions", _("By question"), columns, rows, note)

    def failures(self) -> Sheet:
        """The critical questions, and how often each was failed."""
        rows = []
        for pk, question in self._questions():
            asked = self._times(Part(QUESTION, pk, question.id))
            if question.critical and asked:
                failed = Part(FAILED, pk, question.id)
                share = rate(self._times(failed), asked)
                rows.append(
                    [
                        Cell(question.text, sub=self.found.cards[pk].name),
                        sheets.count(asked, self._href(Part(QUESTION, pk, question.id))),
                        sheets.count(share.count, self._href(failed)),
                        sheets.share(share, self._href(failed)),
                    ]
                )
        columns = [
            Column(_("Critical question")),
            Column(_("Answers"), NUMBER),
            Column(_("Failed"), NUMBER),
            Column(_("Share failed"), SHARE),
        ]
        note = _("Failing a critical question sets its section or the whole scorecard to zero.")
        return Sheet("scores-failures", _("Auto-fails"), columns, rows, note)

    def causes(self) -> Sheet:
        """The causes given for low answers, the most frequent first."""
        rows = []
        for pk, question in self._questions():
            low = self._times(Part(LOW, pk, question.id))
            causes = [part for part in self.found.by_part if _is_cause(part, pk, question)]
            for part in causes:
                share = rate(self._times(part), low)
                rows.append(
                    [
                        Cell(part.cause, sub=question.text),
                        sheets.count(share.count, self._href(part)),
                        sheets.share(share, self._href(part)),
                    ]
                )
        rows.sort(key=lambda row: (-row[1].value, row[0].value.casefold()))
        columns = [
            Column(_("Cause")),
            Column(_("Low answers"), NUMBER),
            Column(_("Share of this question's low answers"), SHARE),
        ]
        return Sheet("scores-causes", _("Causes of low answers"), columns, rows)

    def _people(
        self, whose: Whose, groups: dict[UUID | None, list[Counted]], names: dict[Any, str]
    ) -> Sheet:
        averages = _averages(groups)
        order = sorted(groups, key=lambda pk: (pk is None, names.get(pk, "").casefold()))
        rows = []
        for pk in order:
            narrowed = {whose.field: str(pk or NOBODY)}
            failed = sum(Part(FAILED) in one.parts for one in groups[pk])
            rows.append(
                [
                    Cell(names.get(pk, whose.nobody), self._page_of(whose.field, pk)),
                    sheets.count(len(groups[pk]), self._href(Part(), **narrowed)),
                    sheets.score(averages[pk], self._href(Part(), **narrowed)),
                    sheets.count(failed, self._href(Part(FAILED), **narrowed)),
                ]
            )
        columns = [Column(whose.label), REVIEWS, AVERAGE, FAILURES]
        return Sheet(whose.name, whose.title, columns, rows)

    def _page_of(self, field: str, pk: UUID | None) -> str:
        if pk is None:
            return ""
        return reverse(field, kwargs={"slug": self.by.organization.slug, "pk": pk})

    def _cards(self) -> Iterable[tuple[str, Any]]:
        return sorted(self.found.cards.items(), key=lambda pair: pair[1].name.casefold())

    def _questions(self) -> Iterable[tuple[str, Question]]:
        return [(pk, one) for pk, card in self._cards() for one in card.questions if one.scored]

    def _told(self, parts: Iterable[Part]) -> dict[Part, Mean]:
        wanted = list(parts)
        values = [[v for v in self.found.by_part.get(p, ()) if v is not None] for p in wanted]
        return dict(zip(wanted, means(values), strict=True))

    def _times(self, part: Part) -> int:
        return len(self.found.by_part.get(part, ()))

    def _href(self, part: Part, **narrowed: str) -> str:
        part = part if part.card else replace(part, card=self.found.card)
        return f"{self.list}?{part.query(self.scope, **narrowed)}"


def part_words(part: Part, found: Results) -> str:
    """What the reviews of a list have in common, in words; empty for all of them."""
    card = found.cards.get(part.card)
    question = card.question(part.of) if card else None
    named = {"of": question.text if question else part.of, "cause": part.cause}
    words = {
        FEELINGS: _("With feelings to score"),
        SECTION: _("With answers in “%(of)s”") % named,
        QUESTION: _("With an answer to “%(of)s”") % named,
        LOW: _("With a low answer to “%(of)s”") % named,
        CAUSE: _("With a low answer to “%(of)s” because of “%(cause)s”") % named,
        FAILED: _("With “%(of)s” failed") % named if part.of else _("With an auto-fail"),
    }
    return words.get(part.kind, "")


def _averages(groups: dict[Any, list[Counted]]) -> dict[Hashable, Mean]:
    scores = [[one.score for one in group if one.score is not None] for group in groups.values()]
    return dict(zip(groups, means(scores), strict=True))


def _is_cause(part: Part, card: str, question: Question) -> bool:
    return part.kind == CAUSE and part.card == card and part.of == question.id
