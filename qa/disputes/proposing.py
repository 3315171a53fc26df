"""What an agent may propose in the place of what a review says."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa.core.errors import Refused
from qa.disputes.models import Dispute
from qa.reviews.models import Review
from qa.reviews.proposals import card_of
from scorecards.card import is_valid
from scorecards.choices import CHOICE_WORDS

NO_FEELING: Final = "no_feeling"
LONGEST: Final = 200
OUTCOMES: Final[Mapping[str, str | Promise]] = {
    **CHOICE_WORDS,
    NO_FEELING: gettext_lazy("No feeling here"),
}


def refuse_unfit(review: Review, target: str, proposed: str) -> None:
    """Refuse what can't stand in the place of this part."""
    kind, _colon, key = target.partition(":")
    question = card_of(review).question(key) if kind == Dispute.Kind.ANSWER else None
    if kind == Dispute.Kind.MOMENT:
        fits = proposed in OUTCOMES
    else:
        fits = question is not None and len(proposed) <= LONGEST and is_valid(question, proposed)
    if proposed and not fits:
        raise Refused(_("That can’t be proposed here. Choose one of the answers."))
