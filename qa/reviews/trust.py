"""Which labels the pre-score is not trusted with just now, and what that means for a moment."""

from collections.abc import Mapping

from qa.reviews.models import Withheld
from qa.tenancy.base import Actor
from scorecards.models import Moment

# Labels under which every moment is for a person to decide, whatever the outcome.
ALL_MOMENTS = ("cue", "emotion", "outcome")


def withheld(by: Actor) -> dict[str, Withheld]:
    """The labels that are not pre-filled, by name."""
    return {one.label: one for one in Withheld.objects.visible_to(by)}


def is_withheld(moment: Moment, labels: Mapping[str, object]) -> bool:
    """Whether a person has to choose for themselves what this moment is."""
    return any(label in labels for label in (*ALL_MOMENTS, moment.outcome))
