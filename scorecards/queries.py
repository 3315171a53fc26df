"""What the pages of scorecards show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Max, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa.audit.models import AuditEvent
from qa.core import paging
from qa.core.errors import Fault
from qa.organizations.actors import names_of
from qa.organizations.models import Membership
from scorecards import card
from scorecards.builder import option_lines
from scorecards.card.figures import FIGURES, fits
from scorecards.in_use import scale_in_use
from scorecards.models import Scorecard, ScorecardVersion
from transcripts.models import Channel

SIZE = 50
HISTORY = 30
SAID = {
    "scorecard.created": gettext_lazy("created the scorecard"),
    "scorecard.duplicated": gettext_lazy("created it as a copy"),
    "scorecard.drafted": gettext_lazy("edited the draft"),
    "scorecard.draft_discarded": gettext_lazy("discarded the draft"),
    "scorecard.published": gettext_lazy("published version %(number)s"),
    "scorecard.used_for": gettext_lazy("changed its channels"),
    "scorecard.archived": gettext_lazy("archived it"),
    "scorecard.restored": gettext_lazy("restored it"),
}


@dataclass(frozen=True, slots=True)
class Event:
    """One act on a card."""

    at: datetime
    who: str
    said: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A card to be read: its shape, its rule in words, and what is wrong with it."""

    body: Mapping[str, Any]
    points: Mapping[str, float]  # of each outcome, in the definitions in use
    faults: Sequence[str] = ()
    malformed: bool = False

    @property
    def card(self) -> card.Card | None:
        return None if self.malformed else card.read(self.body)

    @property
    def rule(self) -> list[str]:
        """The scoring rule in words."""
        return card.rule_in_words(self.card, self.points) if self.card else []

    @property
    def questions(self) -> dict[str, dict[str, str]]:
        """What is said of each question beside its text."""
        if self.card is None:
            return {}
        return {
            question.id: {
                "condition": card.condition_in_words(question, self.card),
                "figure": card.figure_in_words(question),
                "range": card.range_in_words(question),
            }
            for question in self.card.questions
        }

    @property
    def weights(self) -> list[tuple[str, float]]:
        """What weighs in the total: Feelings and the sections."""
        if self.card is None:
            return []
        own = [(_("Feelings"), self.card.moments_weight)] if self.card.moments_weight else []
        return own + [
            (section.title or _("(no title)"), section.weight) for section in self.card.sections
        ]

    @property
    def total(self) -> float:
        return sum(weight for _, weight in self.weights)


def drawn(body: Mapping[str, Any], *, by: Membership) -> Drawn:
    """A card with all that keeps it from being published, in words."""
    malformed = card.shape_faults(body)
    faults = malformed or card.publish_faults(body)
    words = [card.in_words(fault, body) for fault in faults]
    return Drawn(body, scale_in_use(by).weights, words, bool(malformed))


def listed(by: Membership, query: QueryDict, *, archived: bool) -> paging.Page[Scorecard]:
    """Cards, newest first, each with the number and day of its newest version."""
    rows = with_newest(Scorecard.objects.visible_to(by).filter(archived=archived))

    return paging.page(rows, "id", query=query, size=SIZE)


def with_newest(rows: QuerySet[Scorecard]) -> QuerySet[Scorecard]:
    """Add `newest` and `published_at` of each card's newest version; null without any."""
    return rows.annotate(newest=Max("versions__number"), published_at=Max("versions__published_at"))


def versions_of(scorecard: Scorecard, *, by: Membership) -> list[ScorecardVersion]:
    """Every published version, newest first, without its body."""
    rows = ScorecardVersion.objects.visible_to(by).filter(scorecard=scorecard)
    return list(rows.defer("body").order_by("-number"))


def history(scorecard: Scorecard, *, by: Membership) -> list[Event]:
    """What was done with the card, newest first; one line for changes of the draft in a row."""
    rows = AuditEvent.objects.visible_to(by).filter(
        target_type=scorecard._meta.label_lower, target_id=str(scorecard.pk)
    )
    events = list(rows.order_by("-number")[:HISTORY])
    found: list[Event] = []
    names = names_of({event.actor for event in events}, by=by)
    for event in events:
        who = names[event.actor]
        known = SAID.get(event.action)
        said = str(known) % event.data if known else event.action
        last = found[-1] if found else None
        if last is None or (last.who, last.said) != (who, said):
            found.append(Event(event.at, who, said))
    return found


def used_by_others(scorecard: Scorecard, *, by: Membership) -> dict[str, str]:
    """{channel: name of the other card that it has}; "" is every other channel."""
    found: dict[str, str] = {}
    for row in Scorecard.objects.visible_to(by).in_use().exclude(pk=scorecard.pk):
        found |= dict.fromkeys(row.channels, row.name)
        if row.general:
            found[""] = row.name
    return found


@dataclass(frozen=True, slots=True)
class Row:
    """One question in the builder."""

    at: str  # the place in front of its fields' names
    place: str  # the same for the buttons: "0:2"
    given: Mapping[str, Any]
    number: int
    faults: Sequence[str]
    others: Sequence[tuple[str, str]]  # questions that it can hang on
    conditions: Sequence[tuple[str, str]]  # the answers of the one it hangs on

    @property
    def kind(self) -> str:
        return str(self.given.get("kind", "yes_no"))

    @property
    def na(self) -> bool:
        return bool(self.given.get("na", True))

    @property
    def lines(self) -> dict[str, str]:
        """Its lists, a line an entry."""
        return {
            "anchors": "\n".join(self.given.get("anchors", [])),
            "causes": "\n".join(self.given.get("causes", [])),
            "options": option_lines(self.given),
        }

    @property
    def figures(self) -> list[tuple[str, str]]:
        """The figures that can answer it."""
        return [(pk, _(figure.words)) for pk, figure in FIGURES.items() if fits(pk, self.kind)]

    @property
    def measured(self) -> str:
        """What the limit of its figure counts; nothing where it has none."""
        figure = FIGURES.get((self.given.get("bound") or {}).get("figure", ""))
        return _(figure.limit) if figure and self.kind == "yes_no" else ""

    @property
    def more(self) -> bool:
        """True if its details are open: something in them is set, or wrong."""
        given = self.given
        set_ = ("help", "critical", "bonus", "causes", "when", "bound")
        return bool(self.faults) or any(given.get(name) for name in set_[1:])


class Builder:
    """The builder's form: sections and questions with their faults beside them."""

    def __init__(
        self, scorecard: Scorecard, body: Mapping[str, Any], *, by: Membership, focus: str = ""
    ) -> None:
        self.by = by
        self.scorecard = scorecard
        self.body = body
        self.focus = focus

    @cached_property
    def preview(self) -> Drawn:
        """The card as it would be."""
        return drawn(self.body, by=self.by)

    @cached_property
    def _faults(self) -> Sequence[Fault]:
        return card.shape_faults(self.body) or card.publish_faults(self.body)

    @cached_property
    def sections(self) -> list[dict[str, Any]]:
        """Every section with its rows."""
        return [
            {
                "at": f"s{place}",
                "place": place,
                "given": given,
                "first": place == 0,
                "last": place == len(self.body["sections"]) - 1,
                "rows": [
                    self._row(place, at, question) for at, question in enumerate(given["questions"])
                ],
            }
            for place, given in enumerate(self.body["sections"])
        ]

    def _row(self, section: int, at: int, given: Mapping[str, Any]) -> Row:
        path = f"sections[{section}].questions[{at}]"
        mine = [fault for fault in self._faults if fault.path.startswith((f"{path}.", f"{path}["))]
        hangs_on = (given.get("when") or {}).get("question", "")
        return Row(
            at=f"s{section}-q{at}",
            place=f"{section}:{at}",
            given=given,
            number=at + 1,
            faults=[card.in_words(fault, self.body).partition(": ")[2] for fault in mine],
            others=[pair for pair in self._choosable if pair[0] != given.get("id")],
            conditions=self._answers.get(hangs_on, ()),
        )

    @cached_property
    def _choosable(self) -> list[tuple[str, str]]:
        return [
            (question.id, question.text or _("(no text yet)"))
            for question in (self.preview.card.questions if self.preview.card else ())
            if question.kind not in {"number", "text"}
        ]

    @cached_property
    def _answers(self) -> dict[str, list[tuple[str, str]]]:
        asked = self.preview.card.questions if self.preview.card else ()
        return {
            question.id: [(value, question.word(value)) for value in question.values]
            for question in asked
        }


CHANNELS = Channel.choices
