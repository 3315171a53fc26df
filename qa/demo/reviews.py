"""The demo's reviews: what two specialists have to say, written down in reviews.json.

What is written is the whole of their reading. So the same review comes out whatever the pre-score
finds, on this processor or another, with this engine or the next.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from qa import pipeline
from qa.coaching import actions as coaching
from qa.core.errors import Refused
from qa.organizations.models import Membership
from qa.reviews import actions as reviews
from qa.reviews import answers, queue
from qa.reviews.models import AnswerReason, Reason, Review, ReviewMoment
from qa.reviews.proposals import card_of, proposals_for
from scorecards.card import Answer, Proposal, Question
from transcripts.models import Interaction

REVIEWS = Path(__file__).parent / "reviews.json"
READING_S, TURN_S = 90, 11  # what a review of the demo is said to have taken, and each turn of it
Written = Mapping[str, Any]


def written_reviews() -> list[Written]:
    """Every review of the file."""
    found: list[Written] = json.loads(REVIEWS.read_text())
    return found


def write_reviews(specialists: Sequence[Membership]) -> dict[str, Review]:
    """Let the specialists review in turn what the file names: {external id: review}."""
    found = {}
    for number, written in enumerate(written_reviews()):
        specialist = specialists[number % len(specialists)]
        interaction = _untouched(written["external_id"], specialist)
        if interaction is not None:
            found[written["external_id"]] = _review(interaction, written, specialist)
    return found


def acknowledge_some(written: Mapping[str, Review], agents: Mapping[Any, Membership]) -> None:
    """Let the agents read some of the reviews that are about them."""
    for entry in written_reviews():
        review = written.get(entry["external_id"])
        agent = agents.get(review.interaction.agent_id) if review else None
        if review and agent and entry["acknowledged"]:
            coaching.acknowledge(review, by=agent)


def _untouched(external_id: str, specialist: Membership) -> Interaction | None:
    """The conversation as it was pushed; None once a visitor works on it, or it has failed."""
    rows = Interaction.objects.visible_to(specialist).filter(
        source="demo",
        external_id=external_id,
        status=Interaction.Status.PRESCORED,
        revision=0,
        reviews__isnull=True,
    )
    return rows.select_related("transcript").first()


def _review(interaction: Interaction, written: Written, specialist: Membership) -> Review:
    review = queue.claim(interaction.pk, by=specialist)
    for note in written["notes"]:
        coaching.write_note(review, by=specialist, **_place(interaction, note))
    _decide(review, written["moments"], specialist)
    _answer(review, written, specialist)
    reviews.write_summary(review, by=specialist, text=written["summary"])
    _take_time(review, interaction, specialist)
    return pipeline.confirm(review, by=specialist)


def _take_time(review: Review, interaction: Interaction, specialist: Membership) -> None:
    """As long as a person would have been at it: the second it takes to load is no work."""
    seconds = READING_S + TURN_S * interaction.turn_count
    Review.objects.visible_to(specialist).filter(pk=review.pk).update(active_s=seconds)


def _decide(review: Review, moments: Sequence[Written], specialist: Membership) -> None:
    """Accept what the pre-score has as it is written, change or add the rest, reject all else."""
    rows = ReviewMoment.objects.visible_to(specialist).filter(review=review)
    found = {row.cue_turn: row for row in rows.select_related("review", "moment")}
    for written in moments:
        values = {key: written[key] for key in ("emotion", "outcome", "strength")}
        moment = found.pop(written["cue_turn"], None)
        if moment is None:
            reviews.add_moment(review, by=specialist, cue_turn=written["cue_turn"], **values)
        else:
            reviews.change(moment, by=specialist, reason=written["reason"], **values)
    for moment in found.values():
        reviews.reject(moment, by=specialist, reason=Reason.NO_FEELING)


def _answer(review: Review, written: Written, specialist: Membership) -> None:
    proposed = proposals_for(review, by=specialist)
    questions = [question for question in card_of(review).questions if question.kind != "text"]
    said = {
        question.id: _said(question, written, proposed.get(question.id)) for question in questions
    }
    answers.answer_all(review, by=specialist, answers=said)


def _said(question: Question, written: Written, proposal: Proposal | None) -> Answer:
    """As written, else as the moments propose, else the first answer that there is.

    Cause and reason go along wherever there may be one: they are kept only with an answer that is
    low, or not as proposed.
    """
    first = (*question.values, f"{question.best:g}")[0]
    value = written.get("answers", {}).get(question.id) or (proposal.value if proposal else first)
    cause = written.get("causes", {}).get(question.id) or (*question.causes, "")[0]
    reason = written.get("reasons", {}).get(question.id, AnswerReason.OTHER)
    return Answer(value, cause, reason)


def _place(interaction: Interaction, note: Written) -> dict[str, Any]:
    """The note's arguments, its quote turned into a character range."""
    text = interaction.transcript.turns[note["turn"]]["text"]
    start = text.find(note["quote"])
    if start < 0:
        raise Refused(f"The demo's note on {interaction.external_id} quotes other words.")
    return {
        "turn": note["turn"],
        "kind": note["kind"],
        "text": note["text"],
        "start": start,
        "end": start + len(note["quote"]),
    }
