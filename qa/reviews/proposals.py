"""What the moments of a review propose as answers to the questions that are bound to them.

Made anew from what stands now, and never stored before a person has said something.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from qa.reviews.models import AnswerReason, Decision, Review, ReviewMoment
from qa.reviews.policy import is_withheld, withheld
from qa.tenancy.base import Actor, System
from scorecards import card
from scorecards.apologies import Apology, apologies, judged_otherwise
from scorecards.card import Answer, Facts, MomentFact, Proposal
from scorecards.in_use import scale_of

Proposals = Mapping[str, Proposal]


def card_of(review: Review) -> card.Card:
    """The version of the scorecard that this review is made on."""
    return card.read(review.scorecard_version.body)


def weights_of(review: Review) -> Mapping[str, float]:
    """The points of each outcome, in the definitions that the review's pre-score was made under."""
    by = System(review.organization_id)
    return scale_of(review.prescore.definitions, by=by).weights


def proposals_for(review: Review, *, by: Actor) -> Proposals:
    """Return the proposals of a review whose moments are not at hand yet."""
    if not any(question.bound for question in card_of(review).questions):
        return {}
    rows = ReviewMoment.objects.visible_to(by).filter(review=review).select_related("moment")
    return proposals(review, rows, withheld(by))


def proposals(
    review: Review, rows: Iterable[ReviewMoment], labels: Mapping[str, object]
) -> Proposals:
    """{question id: proposal}. None while the pre-score is hidden, or not trusted with a moment."""
    bound = [question for question in card_of(review).questions if question.bound]
    kept = [row for row in rows if row.decision != Decision.REJECTED]
    if not bound or review.hides_machine or any(_is_open(moment, labels) for moment in kept):
        return {}
    facts = Facts(
        [_fact(moment) for moment in kept], _apologies(review, kept), dict(weights_of(review))
    )
    found = {question.id: card.propose(question, facts) for question in bound}
    return {
        pk: replace(proposal, settled=_is_settled(proposal, facts))
        for pk, proposal in found.items()
        if proposal is not None
    }


def finished(review: Review, found: Proposals) -> dict[str, dict[str, str]]:
    """The answers as they are kept for good: of what is asked, with what was proposed."""
    given = card.read_answers(review.answers)
    kept = {}
    for question in card.asked(card_of(review), given):
        if answer := given.get(question.id):
            kept[question.id] = beside(answer, found.get(question.id)).to_json()
    return kept


def said_blind(review: Review, found: Proposals) -> dict[str, dict[str, str]]:
    """The answers of a blind reading, with what would have been proposed and why they differ."""
    kept = {}
    for pk, answer in card.read_answers(review.answers).items():
        proposed = found[pk].value if pk in found else ""
        other = bool(proposed) and proposed != answer.value
        reason = AnswerReason.BLIND if other else ""
        kept[pk] = Answer(answer.value, answer.cause, reason, proposed).to_json()
    return kept


def follow(answers: Mapping[str, Answer], found: Proposals) -> dict[str, Answer]:
    """Answers that were as the moments proposed, as the moments propose now; the others as before.

    For a corrected review, in which a moment has become another.
    """
    kept = {}
    for pk, answer in answers.items():
        now = found[pk].value if pk in found else answer.proposed
        followed = bool(answer.proposed) and answer.proposed == answer.value
        other = followed and now != answer.value
        kept[pk] = Answer(now, proposed=now) if other else replace(answer, proposed=now)
    return kept


def beside(answer: Answer, proposal: Proposal | None) -> Answer:
    """An answer beside what is proposed; the reason stays only where they differ."""
    proposed = proposal.value if proposal else ""
    reason = answer.reason if proposed and proposed != answer.value else ""
    return Answer(answer.value, answer.cause, reason, proposed)


def unfinished(review: Review, found: Proposals) -> dict[str, str]:
    """{question id: what it lacks}."""
    given = card.read_answers(review.answers)
    return card.unfinished(
        card_of(review), given, {pk: answer.value for pk, answer in found.items()}
    )


def _is_settled(proposal: Proposal, facts: Facts) -> bool:
    """True if a person has decided every moment, or one of those that the proposal points at."""
    decided = {fact.cue_turn for fact in facts.moments if fact.decided}
    return len(decided) == len(facts.moments) or bool(decided & set(proposal.turns))


def _is_open(moment: ReviewMoment, labels: Mapping[str, object]) -> bool:
    pending = moment.decision == Decision.PENDING
    return pending and (moment.moment is None or is_withheld(moment.moment, labels))


def _fact(moment: ReviewMoment) -> MomentFact:
    if moment.outcome:
        return MomentFact(moment.cue_turn, moment.outcome, moment.strength, decided=True)
    assert moment.moment is not None  # noqa: S101  what nobody has decided the machine has found
    return MomentFact(moment.cue_turn, moment.moment.outcome, moment.moment.strength)


def _apologies(review: Review, rows: Iterable[ReviewMoment]) -> list[Apology] | None:
    """As the pre-score has them, but for moments of which a person says otherwise.

    None where the pre-score does not say which turns apologize.
    """
    found = apologies(review.prescore.result)
    return None if found is None else judged_otherwise(found, outcomes_said(rows))


def outcomes_said(rows: Iterable[ReviewMoment]) -> dict[int, str]:
    """{turn that answers: outcome}, of the moments of which a person says otherwise."""
    return {
        turn: row.outcome
        for row in rows
        if row.moment is not None and row.outcome and row.outcome != row.moment.outcome
        for turn in row.moment.response_turns
    }
