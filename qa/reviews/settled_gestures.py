"""What an agent said as it stands once people have settled the moments: gestures and evidence."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from qa.reviews.models import Decision, Review, ReviewMoment
from qa.reviews.proposals import outcomes_said
from scorecards.attribution import MARK_OF, told_apart
from scorecards.choices import APOLOGIES
from scorecards.gestures import Found, gestures
from scorecards.reading import next_replies, only_evidence
from transcripts.cast import cast_of


def settled_gestures(
    review: Review, rows: Iterable[ReviewMoment], turns: Sequence[Mapping[str, Any]]
) -> list[Found]:
    """The gestures of a confirmed review's conversation.

    Empathy in an answer to what a person took away as no feeling is volunteered; empathy in an
    answer to a moment that they added is not.
    """
    kept = _kept(rows)
    answering = {turn for row in kept for turn in _replies(row, turns)}
    found = gestures(review.prescore.result, answering=answering, outcomes=outcomes_said(kept))
    return told_apart(found, cast_of(review.interaction))


def settled_evidence(
    review: Review, rows: Iterable[ReviewMoment], turns: Sequence[Mapping[str, Any]]
) -> Mapping[str, Any]:
    """The pre-score of a confirmed review with the evidence that people left standing.

    A cue's, where they see a feeling; a reply's, where its mark is that of what they decided; and
    that of gestures which answer no moment.
    """
    kept = _kept(rows)
    felt = {row.cue_turn: row.emotion for row in kept}
    marks: dict[int, set[str]] = {}
    for row in kept:
        for turn in _replies(row, turns):
            marks.setdefault(turn, set()).add(MARK_OF.get(row.outcome, ""))
    answering = set(marks)
    for one in settled_gestures(review, kept, turns):
        if one.turn not in answering:
            mark = "sympathy" if one.kind in APOLOGIES else "empathy"
            marks.setdefault(one.turn, set()).add(mark)
    return only_evidence(review.prescore.result, felt, marks)


def _kept(rows: Iterable[ReviewMoment]) -> list[ReviewMoment]:
    return [row for row in rows if row.decision not in (Decision.REJECTED, Decision.PENDING)]


def _replies(row: ReviewMoment, turns: Sequence[Mapping[str, Any]]) -> list[int]:
    return row.moment.response_turns if row.moment else next_replies(turns, row.cue_turn)
