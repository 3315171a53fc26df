"""What the machine and the person said of the same turns, counted interaction by interaction.

Blind: what a specialist said before they were shown the pre-score. Shown: what was confirmed with
the pre-score in view. The machine's word is that of the pre-score the review was made on.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import numpy as np
from django.db.models import F, Func, IntegerField, Q
from django.utils import timezone

from qa.agreement.alpha import Floats
from qa.organizations.models import Membership, Role
from qa.reviews.models import Decision, Review, ReviewMoment
from scorecards.choices import UNSURE, Emotion, Outcome
from scorecards.models import FELT, Moment

DAYS: Final = 365
MOST: Final = 5_000  # reviews looked at, the newest ones

NONE: Final = "none"
EMOTIONS: Final = (*Emotion.values, NONE)
OUTCOMES: Final = tuple(Outcome.values)
YES_NO: Final = ("yes", "no")
STRENGTHS: Final = ("2", "1")
# Each label with the values that it can take; an outcome by itself is yes or no.
LABELS: Final[dict[str, Sequence[str]]] = {
    "cue": YES_NO,
    "emotion": EMOTIONS,
    "outcome": OUTCOMES,
    **dict.fromkeys(OUTCOMES, YES_NO),
    "strength": STRENGTHS,
}

Said = tuple[str, str, int]  # emotion (of the machine: or UNSURE), outcome, strength
Pair = tuple[str, str]  # what the machine said, and the person


@dataclass(frozen=True, slots=True)
class Judged:
    """One review: what each of the two said, by the turn of the cue."""

    customer_turns: int
    machine: Mapping[int, Said]
    person: Mapping[int, Said]


class _CustomerTurns(Func):
    """How many turns of a transcript are the customer's."""

    template = (
        "jsonb_array_length(jsonb_path_query_array(%(expressions)s, "
        "'$[*] ? (@.role == \"customer\")'))"
    )
    output_field = IntegerField()


def judged(by: Membership, *, blind: bool, channel: str = "", language: str = "") -> list[Judged]:
    """The newest confirmed reviews, blind or not; always three queries.

    Blind ones that a manager has left out count on neither side: they were neither read before the
    pre-score was shown nor after it.
    """
    since = timezone.now() - timedelta(days=DAYS)
    reviews = Review.objects.visible_to(by).regular().confirmed().filter(supersedes__isnull=True)
    reviews = reviews.filter(blind=blind, confirmed_at__gte=since, prescore__scorable=True)
    reviews = reviews.filter(left_out__isnull=True)
    if channel:
        reviews = reviews.filter(interaction__channel=channel)
    if language:
        reviews = reviews.filter(interaction__language=language)
    rows = list(
        reviews.annotate(turns=_CustomerTurns(F("interaction__transcript__turns")))
        .order_by("-confirmed_at")
        .values("pk", "prescore_id", "first_reading", "turns")[:MOST]
    )
    machine = _machine(by, [row["prescore_id"] for row in rows])
    people = {} if blind else _people(by, [row["pk"] for row in rows])
    return [
        Judged(
            row["turns"],
            machine.get(row["prescore_id"], {}),
            _first(row["first_reading"]) if blind else people.get(row["pk"], {}),
        )
        for row in rows
    ]


def read_twice(by: Membership) -> list[tuple[UUID, UUID, Judged]]:
    """Reviews with a second reading: both specialists, and the first one's word as the "machine".

    A specialist sees only pairs of their own. Always three queries.
    """
    first = Review.objects.visible_to(by).regular().confirmed().filter(supersedes__isnull=True)
    second = (
        Review.objects.visible_to(by)
        .confirmed()
        .filter(kind=Review.Kind.SECOND, confirmed_at__gte=timezone.now() - timedelta(days=DAYS))
    )
    if by.role == Role.SPECIALIST:
        own = Q(specialist=by) | Q(
            interaction__in=first.filter(specialist=by).values("interaction")
        )
        second = second.filter(own)
    rows = second.annotate(turns=_CustomerTurns(F("interaction__transcript__turns")))
    fields = ("pk", "interaction_id", "specialist_id")
    again = list(rows.order_by("-confirmed_at").values(*fields, "turns")[:MOST])
    wanted = [row["interaction_id"] for row in again]
    before = {
        row["interaction_id"]: row for row in first.filter(interaction__in=wanted).values(*fields)
    }
    said = _people(by, [review["pk"] for review in (*again, *before.values())])
    return [
        (
            before[row["interaction_id"]]["specialist_id"],
            row["specialist_id"],
            Judged(
                row["turns"],
                said.get(before[row["interaction_id"]]["pk"], {}),
                said.get(row["pk"], {}),
            ),
        )
        for row in again
        if row["interaction_id"] in before
    ]


def tables(reviews: Iterable[Judged], label: str) -> Floats:
    """A table for each review that has judgements of this label."""
    values = {value: place for place, value in enumerate(LABELS[label])}
    found = [_table(counts, values) for review in reviews if (counts := _counted(review, label))]
    return np.array(found) if found else np.zeros((0, len(values), len(values)))


def _table(counts: Mapping[Pair, int], values: Mapping[str, int]) -> Floats:
    table = np.zeros((len(values), len(values)))
    for (machine, person), number in counts.items():
        table[values[machine], values[person]] = number
    return table


def _counted(review: Judged, label: str) -> dict[Pair, int]:
    """How often each pair of values was said in one review."""
    counts: dict[Pair, int] = defaultdict(int)
    for pair in _pairs(review, label):
        counts[pair] += 1
    if label in {"cue", "emotion"}:
        quiet = review.customer_turns - len(review.machine.keys() | review.person.keys())
        if quiet > 0:
            nothing = "no" if label == "cue" else NONE
            counts[nothing, nothing] += quiet
    return dict(counts)


def _pairs(review: Judged, label: str) -> Iterable[Pair]:
    if label == "cue":
        for turn in review.machine.keys() | review.person.keys():
            yield _yes_no(turn in review.machine), _yes_no(turn in review.person)
    elif label == "emotion":
        for turn in review.machine.keys() | review.person.keys():
            if (machine := _emotion(review.machine, turn)) != UNSURE:  # then it does not say which
                yield machine, _emotion(review.person, turn)
    else:
        for turn in review.machine.keys() & review.person.keys():
            pair = _of_both(review.machine[turn], review.person[turn], label)
            if pair:
                yield pair


def _of_both(machine: Said, person: Said, label: str) -> Pair | None:
    """The two values of a moment that both see."""
    if label == "outcome":
        return machine[1], person[1]
    if label == "strength":
        both = machine[1] == person[1] == Outcome.EMPATHY
        return (str(machine[2]), str(person[2])) if both else None
    return _yes_no(machine[1] == label), _yes_no(person[1] == label)


def _yes_no(yes: bool) -> str:
    return "yes" if yes else "no"


def _emotion(said: Mapping[int, Said], turn: int) -> str:
    return said[turn][0] if turn in said else NONE


def _machine(by: Membership, prescores: Sequence[UUID]) -> dict[UUID, dict[int, Said]]:
    rows = Moment.objects.visible_to(by).filter(prescore__in=prescores)
    found: dict[UUID, dict[int, Said]] = defaultdict(dict)
    fields = ("prescore_id", "cue_turn", "felt_as", "outcome", "strength")
    for pk, turn, *said in rows.annotate(felt_as=FELT).values_list(*fields):
        found[pk][turn] = (said[0], said[1], said[2])
    return found


def _people(by: Membership, reviews: Sequence[UUID]) -> dict[UUID, dict[int, Said]]:
    rows = ReviewMoment.objects.visible_to(by).filter(review__in=reviews)
    rows = rows.exclude(decision__in=[Decision.REJECTED, Decision.PENDING])
    found: dict[UUID, dict[int, Said]] = defaultdict(dict)
    fields = ("review_id", "cue_turn", "emotion", "outcome", "strength")
    for pk, turn, *said in rows.values_list(*fields):
        found[pk][turn] = (said[0], said[1], said[2])
    return found


def _first(reading: Sequence[Mapping[str, Any]] | None) -> dict[int, Said]:
    return {
        moment["cue_turn"]: (moment["emotion"], moment["outcome"], moment["strength"])
        for moment in reading or ()
    }
