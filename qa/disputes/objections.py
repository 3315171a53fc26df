"""What of a review its agent can object to, several parts at once, and what they propose."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from qa.coaching.queries import moments_for, notes_for
from qa.core.errors import Refused
from qa.disputes import actions
from qa.disputes.models import Dispute
from qa.disputes.proposing import OUTCOMES
from qa.organizations.models import Membership
from qa.reviews.models import Review
from qa.reviews.proposals import card_of
from scorecards.card import read_answers
from scorecards.choices import CHOICE_WORDS, FEELINGS, choice_of
from transcripts.cast import cast_of


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a review that can be disputed: what it is, what it says, what could be said."""

    target: str
    title: str
    says: str
    choices: Sequence[tuple[str, str]] = ()
    turn: int | None = None
    pending: bool = False  # it is disputed already, and not decided


@dataclass(frozen=True, slots=True)
class Objection:
    """An objection to one part, in the agent's words, with what should stand there instead."""

    target: str
    words: str
    proposed: str = ""


def parts_of(review: Review, *, by: Membership) -> list[Part]:
    """Everything that this agent may dispute, in the order of the page."""
    rows = Dispute.objects.visible_to(by).open()
    pending = set(
        rows.filter(review__interaction=review.interaction_id).values_list("target", flat=True)
    )
    return [
        *_moments(review, by, pending),
        *_answers(review, pending),
        *_notes(review, by, pending),
    ]


@transaction.atomic
def open_several(
    review: Review, *, by: Membership, objections: Iterable[Objection]
) -> list[Dispute]:
    """Object to several parts of a review; all of them are sent, or none."""
    wanted = list(objections)
    if not wanted:
        raise Refused(_("Choose at least one point that you see differently."))
    return [
        actions.open_dispute(
            review, by=by, target=one.target, words=one.words, proposed=one.proposed
        )
        for one in wanted
    ]


def choices_for(review: Review, target: str) -> list[tuple[str, str]]:
    """What can be proposed in the place of a part; nothing for a note, or where it is typed."""
    kind, _colon, key = target.partition(":")
    if kind == Dispute.Kind.MOMENT:
        return [(value, str(words)) for value, words in OUTCOMES.items()]
    question = card_of(review).question(key) if kind == Dispute.Kind.ANSWER else None
    return [(value, question.word(value)) for value in question.values] if question else []


def proposed_in_words(dispute: Dispute) -> str:
    """What the agent proposes, as people read it; empty where they propose nothing."""
    if not dispute.proposed:
        return ""
    if dispute.kind == Dispute.Kind.MOMENT:
        return str(OUTCOMES.get(dispute.proposed, dispute.proposed))
    question = card_of(dispute.review).question(dispute.key)
    return question.word(dispute.proposed) if question else dispute.proposed


def _moments(review: Review, by: Membership, pending: set[str]) -> Iterator[Part]:
    feelings = dict(FEELINGS)
    for one in moments_for(review, by=by):
        target = f"{Dispute.Kind.MOMENT}:{one.cue_turn}"
        felt = str(feelings.get(one.emotion, one.emotion))
        yield Part(
            target,
            _("The moment at turn %(n)s: %(feeling)s") % {"n": one.cue_turn + 1, "feeling": felt},
            str(CHOICE_WORDS[choice_of(one.outcome, one.strength)]),
            choices_for(review, target),
            one.cue_turn,
            target in pending,
        )


def _answers(review: Review, pending: set[str]) -> Iterator[Part]:
    given = read_answers(review.answers)
    for question in card_of(review).questions:
        if question.id in given:
            target = f"{Dispute.Kind.ANSWER}:{question.id}"
            yield Part(
                target,
                question.text,
                question.word(given[question.id].value),
                choices_for(review, target),
                pending=target in pending,
            )


def _notes(review: Review, by: Membership, pending: set[str]) -> Iterator[Part]:
    for note in notes_for(review, cast_of(review.interaction), by=by):
        target = f"{Dispute.Kind.NOTE}:{note.pk}"
        title = _("The note at turn %(n)s") % {"n": note.turn + 1}
        yield Part(target, title, note.text, (), note.turn, target in pending)
