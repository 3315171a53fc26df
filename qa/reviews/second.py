"""Second readings: a share of submitted reviews is judged again by somebody else.

The second reader works as the first did, blind or not, on the same pre-score and card, and is not
shown what the first one said. Nothing of it counts for the agent: it tells how far reviewers agree.
"""

from django.db import transaction

from qa.organizations.models import Membership
from qa.reviews.exposure import record_exposure
from qa.reviews.leases import drop_ended, renew
from qa.reviews.models import Review
from qa.reviews.queue import available_for_second, lock_specialist, open_draft
from transcripts.models import Interaction


def note_look(interaction: Interaction, *, by: Membership) -> None:
    """Record that a page shows this member a review that they could have read again."""
    if available_for_second(by).filter(interaction=interaction).exists():
        record_exposure([interaction.pk], by=by)


def in_hand(by: Membership) -> Review | None:
    """The second reading that this specialist has open."""
    rows = Review.objects.visible_to(by).open().filter(kind=Review.Kind.SECOND, specialist=by)
    return rows.order_by("opened_at").first()


@transaction.atomic
def take(*, by: Membership) -> Review | None:
    """The second reading in hand, else the one that has waited longest; None if none waits.

    Two never get the same: the interaction is locked, and locked ones are skipped.
    """
    lock_specialist(by)
    if (mine := in_hand(by)) is not None and renew(mine, by=by):
        return mine
    wanted = available_for_second(by).values("interaction")
    rows = Interaction.objects.visible_to(by).filter(pk__in=wanted).order_by("received_at", "id")
    while interaction := rows.select_for_update(skip_locked=True, of=("self",)).first():
        # Somebody may have taken it, and committed, between this query's snapshot and its lock.
        first = available_for_second(by).filter(interaction=interaction).first()
        if first is not None:
            return _open(first, by)
    return None


def _open(first: Review, by: Membership) -> Review:
    seconds = Review.objects.visible_to(by).filter(kind=Review.Kind.SECOND)
    drop_ended(seconds, first.interaction_id)
    return open_draft(
        Review(
            kind=Review.Kind.SECOND,
            interaction_id=first.interaction_id,
            prescore_id=first.prescore_id,
            scorecard_version_id=first.scorecard_version_id,
            blind=first.blind,
        ),
        by=by,
    )
