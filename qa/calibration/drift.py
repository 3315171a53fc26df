"""How far each reader is from what was agreed on, session by session."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from qa.calibration.models import NO_FEELING, Agreed, Assignment, Session
from qa.core.dates import written
from qa.core.rates import Rate, rate
from qa.organizations.access import MANAGERS
from qa.organizations.models import Membership
from qa.reviews.models import Decision, Review, ReviewMoment
from scorecards.card import read_answers
from scorecards.choices import choice_of

SHOWN = 24  # sessions, the newest agreed ones


@dataclass(frozen=True, slots=True)
class Point:
    """One reader in one session: how often their word is what was agreed on."""

    session: Session
    outcome: Rate
    feeling: Rate
    answers: Rate
    all: Rate


@dataclass(frozen=True, slots=True)
class Line:
    """One reader, session by session, oldest first."""

    member: Membership
    points: Sequence[Point]

    @property
    def whole(self) -> Rate:
        """Over all these sessions."""
        return rate(
            sum(point.all.count for point in self.points), sum(point.all.n for point in self.points)
        )

    @property
    def newest(self) -> Point:
        return self.points[-1]

    @property
    def chart(self) -> dict[str, Any]:
        """As static/js/chart.js draws a trend."""
        rates = [point.all for point in self.points]
        return {
            "labels": [
                written(timezone.localtime(point.session.agreed_at), "j M Y")
                for point in self.points
            ],
            "series": [
                {
                    "key": "agreement",
                    "name": _("Matched the final answer"),
                    "values": [share.value for share in rates],
                    "low": [share.low for share in rates],
                    "high": [share.high for share in rates],
                }
            ],
        }


def lines(by: Membership) -> list[Line]:
    """Every reader's, by name; a specialist sees their own alone. Always five queries."""
    newest = Session.objects.visible_to(by).filter(state=Session.State.AGREED)
    sessions = list(newest.order_by("-agreed_at", "-id")[:SHOWN])[::-1]
    rows = Assignment.objects.visible_to(by).filter(
        item__session__in=sessions, review__status=Review.Status.CONFIRMED
    )
    if by.role not in MANAGERS:
        rows = rows.filter(member=by)
    readings = list(
        rows.select_related("item", "review", "member__user").order_by(
            "member__user__name", "member_id"
        )
    )
    held = _held(by, sessions)
    seen = _seen(by, readings)
    found: dict[UUID, dict[UUID, list[Assignment]]] = defaultdict(lambda: defaultdict(list))
    members = {reading.member_id: reading.member for reading in readings}
    for reading in readings:
        found[reading.member_id][reading.item.session_id].append(reading)
    return [
        Line(
            member,
            [
                _point(session, found[pk][session.pk], held, seen)
                for session in sessions
                if session.pk in found[pk]
            ],
        )
        for pk, member in members.items()
    ]


def _held(by: Membership, sessions: Sequence[Session]) -> dict[UUID, list[Agreed]]:
    found: dict[UUID, list[Agreed]] = defaultdict(list)
    for agreed in Agreed.objects.visible_to(by).filter(item__session__in=sessions):
        found[agreed.item_id].append(agreed)
    return found


def _seen(by: Membership, readings: Sequence[Assignment]) -> dict[Any, tuple[str, str]]:
    """{(review, turn): (feeling, what became of it)}."""
    reviews = [reading.review_id for reading in readings]
    rows = ReviewMoment.objects.visible_to(by).filter(review__in=reviews)
    kept = rows.exclude(decision__in=[Decision.REJECTED, Decision.PENDING])
    fields = ("review_id", "cue_turn", "emotion", "outcome", "strength")
    return {
        (pk, turn): (emotion, choice_of(*became))
        for pk, turn, emotion, *became in kept.values_list(*fields)
    }


def _point(
    session: Session,
    readings: Sequence[Assignment],
    held: Mapping[UUID, Sequence[Agreed]],
    seen: Mapping[Any, tuple[str, str]],
) -> Point:
    outcomes: list[bool] = []
    feelings: list[bool] = []
    answers: list[bool] = []
    for reading in readings:
        given = read_answers(reading.review.answers) if reading.review else {}
        for agreed in held.get(reading.item_id, ()):
            kind, _, key = agreed.target.partition(":")
            if kind == "moment":
                feeling, choice = seen.get((reading.review_id, int(key)), ("", NO_FEELING))
                outcomes.append(choice == agreed.value)
                if NO_FEELING not in (agreed.value, choice):
                    feelings.append(feeling == agreed.emotion)
            elif key in given:
                answers.append(given[key].value == agreed.value)
    return Point(
        session, _rate(outcomes), _rate(feelings), _rate(answers), _rate([*outcomes, *answers])
    )


def _rate(same: Sequence[bool]) -> Rate:
    return rate(sum(same), len(same))
