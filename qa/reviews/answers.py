"""Answer the scorecard of a draft: one by one, several at once, or as the moments propose."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from qa.core.errors import Refused
from qa.organizations.models import Membership
from qa.reviews.leases import begin_step
from qa.reviews.models import OFFERED_FOR_ANSWERS, Review
from qa.reviews.proposals import Proposals, beside, card_of, proposals_for
from qa.reviews.steps import keep_answers
from scorecards import card
from scorecards.card import Answer, Proposal, Question


def answer(
    review: Review, *, by: Membership, question: str, value: str, revision: int | None = None
) -> Review:
    """Answer one question of the scorecard."""
    return answer_all(review, by=by, answers={question: value}, revision=revision)


@transaction.atomic
def answer_all(
    review: Review,
    *,
    by: Membership,
    answers: Mapping[str, str | Answer],
    revision: int | None = None,
) -> Review:
    """Answer several questions; those not named keep their answers, an empty one is taken back."""
    review = begin_step(review, by=by, revision=revision)
    found = proposals_for(review, by=by)
    read, kept = card_of(review), card.read_answers(review.answers)
    for pk, given in answers.items():
        question = read.question(pk)
        if question is None:
            raise Refused(_("The scorecard has no such question."))
        said = _said(question, given, kept.get(pk), found.get(pk))
        if said is None:
            kept.pop(pk, None)
        else:
            kept[pk] = said
    return _keep(review, kept, by)


@transaction.atomic
def confirm_proposals(
    review: Review, *, by: Membership, only: str = "", revision: int | None = None
) -> Review:
    """Say that what the moments propose is the answer, to one question or all still open ones."""
    review = begin_step(review, by=by, revision=revision)
    found = proposals_for(review, by=by)
    wanted = {pk: answer for pk, answer in found.items() if only in {"", pk}}
    if only and not wanted:
        raise Refused(_("There is no suggestion for this question right now."))
    return _keep(review, _confirmed(review, wanted), by)


def _confirmed(review: Review, found: Proposals) -> dict[str, Answer]:
    kept = card.read_answers(review.answers)
    for pk, proposal in found.items():
        question = card_of(review).question(pk)
        if question and card.missing(question, kept.get(pk), proposal.value) == "answer":
            kept[pk] = Answer(proposal.value, proposed=proposal.value)
    return kept


def _keep(review: Review, answers: Mapping[str, Answer], by: Membership) -> Review:
    after = {pk: answer.to_json() for pk, answer in answers.items()}
    typed = {question.id for question in card_of(review).questions if question.kind == "text"}
    keep_answers(review, by=by, after=after, typed=typed)
    review.answers = after
    review.save(update_fields=["answers"])
    return review


def _said(
    question: Question, given: str | Answer, before: Answer | None, proposal: Proposal | None
) -> Answer | None:
    """The answer to keep; a cause belongs to a low one, a reason to one that was not proposed."""
    if isinstance(given, str):
        given = Answer(given, before.cause if before else "", before.reason if before else "")
    if not given.value.strip():
        return None
    if not card.is_valid(question, given.value):
        asked = {"question": question.text}
        raise Refused(_("That isn’t a valid answer to “%(question)s”.") % asked)
    if given.cause and given.cause not in question.causes:
        raise Refused(_("“%(question)s” has no such cause.") % {"question": question.text})
    known = (*OFFERED_FOR_ANSWERS, before.reason if before else "")
    if given.reason and given.reason not in known:
        raise Refused(_("There is no such reason."))
    cause = given.cause if card.is_low(question, given.value) else ""
    return beside(Answer(given.value, cause, given.reason), proposal)
