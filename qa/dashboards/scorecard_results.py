"""What reviews came to on their scorecards, counted from the reviews themselves.

One pass over the reviews of a period tells of each which parts of its card it speaks of; tables
group by these parts, and the list behind a number is the reviews that speak of its part. So a
number and its list can't differ.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from qa.dashboards.scope import Scope
from qa.organizations.models import Membership
from qa.reviews.models import Review, ReviewQuerySet
from qa.reviews.visibility import hidden_in_lists
from scorecards import card as cards
from scorecards.card import Card, read_answers
from scorecards.models import ScorecardVersion
from transcripts.filters import ScopeFilter
from transcripts.models import Participation

ALL: Final = "all"
FEELINGS: Final = "feelings"
SECTION: Final = "section"
QUESTION: Final = "question"
LOW: Final = "low"
FAILED: Final = "failed"
CAUSE: Final = "cause"
KINDS: Final = (ALL, FEELINGS, SECTION, QUESTION, LOW, FAILED, CAUSE)
COLUMNS: Final = (
    "pk",
    "interaction_id",
    "interaction__agent_id",
    "interaction__team_id",
    "scorecard_version_id",
    "score",
    "empathy_score",
    "answers",
)


@dataclass(frozen=True, slots=True)
class Part:
    """What of a review a number counts: a section, a question, a cause given for its answer…

    `card` is empty where any card will do, `of` a section's title or a question's id.
    """

    kind: str = ALL
    card: str = ""
    of: str = ""
    cause: str = ""

    def query(self, scope: Scope, **more: str) -> str:
        """The query string that opens the reviews behind it."""
        kind = "" if self.kind == ALL else self.kind
        named = {"part": kind, "card": self.card, "of": self.of, "cause": self.cause}
        return scope.query(**named, **more)


@dataclass(frozen=True, slots=True)
class Counted:
    """One review: whose it is, its score, and what it says of each part of its card."""

    review: UUID
    interaction: UUID
    agents: tuple[UUID | None, ...]
    team: UUID | None
    card: str
    score: float | None
    parts: Mapping[Part, float | None]


@dataclass
class Results:
    """The reviews of a period, and the cards that they were made on (newest version of each)."""

    scope: Scope
    card: str  # the only one asked for; empty means all
    reviews: list[Counted]
    cards: dict[str, Card] = field(default_factory=dict)
    kept_back: int = 0

    @cached_property
    def scores(self) -> list[float]:
        """Every score there is."""
        return [one.score for one in self.reviews if one.score is not None]

    @cached_property
    def by_part(self) -> dict[Part, list[float | None]]:
        """What the reviews say of each part."""
        found: dict[Part, list[float | None]] = defaultdict(list)
        for one in self.reviews:
            for part, value in one.parts.items():
                found[part].append(value)
        return found

    def ids_of(self, part: Part) -> list[UUID]:
        """The reviews behind a number."""
        return [one.review for one in self.reviews if speaks_of(one, part)]


def speaks_of(one: Counted, part: Part) -> bool:
    """True if a review is among those that a number of this part counts."""
    if part.kind == ALL:
        return part.card in {"", one.card}
    return part in one.parts


def results(by: Membership, scope: Scope, *, card: str = "") -> Results:
    """The reviews of the period's conversations that this member may know the results of."""
    rows = reviews_in(by, scope, card=card)
    hidden = hidden_in_lists(by, "interaction__")
    shown = rows.exclude(hidden)
    told = list(shown.order_by("-confirmed_at", "-pk").values_list(*COLUMNS))
    versions = _versions(by, {row[4] for row in told})
    joined = _joined(by, shown) if told else {}
    newest: dict[str, tuple[int, Card]] = {}
    for pk, number, read in versions.values():
        newest[pk] = max(newest.get(pk, (0, read)), (number, read), key=lambda pair: pair[0])
    return Results(
        scope=scope,
        card=card,
        reviews=[_counted(row, versions, joined) for row in told],
        cards={pk: read for pk, (_number, read) in newest.items()},
        kept_back=rows.filter(hidden).count(),
    )


def reviews_in(by: Membership, scope: Scope, *, card: str = "") -> ReviewQuerySet:
    """The reviews that count, of conversations in this scope."""
    narrowed = (scope.agent, scope.team, scope.channel)
    filters = ScopeFilter(scope.start, scope.end, *narrowed, scope.calendar.zone)
    rows = Review.objects.visible_to(by).counted().filter(filters.condition("interaction__"))
    return rows.filter(scorecard_version__scorecard=UUID(card)) if card else rows


def _versions(by: Membership, ids: Iterable[UUID]) -> dict[UUID, tuple[str, int, Card]]:
    rows = ScorecardVersion.objects.visible_to(by).filter(pk__in=ids)
    found = rows.values_list("pk", "scorecard_id", "number", "body", "scorecard__name")
    return {
        pk: (str(card), number, cards.read({**body, "name": name}))
        for pk, card, number, body, name in found
    }


def _joined(by: Membership, reviews: ReviewQuerySet) -> dict[UUID, list[UUID]]:
    """The agents of conversations that several handled."""
    found: dict[UUID, list[UUID]] = defaultdict(list)
    rows = Participation.objects.visible_to(by).filter(
        agent__isnull=False, interaction__in=reviews.order_by().values("interaction")
    )
    for interaction, agent in rows.values_list("interaction_id", "agent_id"):
        found[interaction].append(agent)
    return found


def _counted(
    row: tuple[Any, ...],
    versions: Mapping[UUID, tuple[str, int, Card]],
    joined: Mapping[UUID, list[UUID]],
) -> Counted:
    pk, interaction, agent, team, version, score, feelings, answers = row
    card, _number, read = versions[version]
    agents = tuple(dict.fromkeys([agent, *joined.get(interaction, ())]))
    parts = parts_of(card, read, answers)
    if feelings is not None and read.moments_weight:
        parts[Part(FEELINGS, card)] = feelings
    return Counted(pk, interaction, agents, team, card, score, parts)


def parts_of(pk: str, card: Card, kept: Mapping[str, Any]) -> dict[Part, float | None]:
    """What a review says of each part of its card, by the answers that it keeps."""
    return dict(_parts(pk, card, kept))


def _parts(pk: str, card: Card, kept: Mapping[str, Any]) -> Iterator[tuple[Part, float | None]]:
    answers = read_answers(kept)
    scores = cards.score(card, answers, (), {})
    for section in scores.sections:
        if section.score is not None:
            yield Part(SECTION, pk, section.title), section.score
    for question in cards.asked(card, answers):
        answer = answers.get(question.id)
        points = None if answer is None else cards.points(question, answer.value)
        if answer is None or points is None:
            continue
        yield Part(QUESTION, pk, question.id), points
        if cards.is_low(question, answer.value):
            yield Part(LOW, pk, question.id), None
            if answer.cause:
                yield Part(CAUSE, pk, question.id, answer.cause), None
    for failed in scores.failed:
        yield Part(FAILED, pk, failed), None
        yield Part(FAILED), None
