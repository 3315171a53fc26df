"""Volunteered empathy and apologies as they stand once people have settled the moments."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from qa.reviews.models import Decision, Review, ReviewMoment
from qa.reviews.proposals import outcomes_said
from scorecards.attribution import told_apart
from scorecards.gestures import Found, gestures
from scorecards.reading import next_replies
from transcripts.cast import cast_of


def settled_gestures(
    review: Review, rows: Iterable[ReviewMoment], turns: Sequence[Mapping[str, Any]]
) -> list[Found]:
    """The gestures of a confirmed review's conversation.

    Empathy in an answer to what a person took away as no feeling is volunteered; empathy in an
    answer to a moment that they added is not.
    """
    kept = [row for row in rows if row.decision != Decision.REJECTED]
    answering = {turn for row in kept for turn in _replies(row, turns)}
    found = gestures(review.prescore.result, answering=answering, outcomes=outcomes_said(kept))
    return told_apart(found, cast_of(review.interaction))


def _replies(row: ReviewMoment, turns: Sequence[Mapping[str, Any]]) -> list[int]:
    return row.moment.response_turns if row.moment else next_replies(turns, row.cue_turn)
