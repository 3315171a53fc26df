"""Notes while they are being written."""

from django.db import transaction
from django.utils.translation import gettext as _

from qa.coaching.models import CoachingNote, NoteDraft
from qa.core.errors import Conflict, Refused
from qa.organizations.models import Membership
from qa.reviews import actions as reviews
from qa.reviews.leases import touch
from qa.reviews.models import Review


@transaction.atomic
def save(
    review: Review,
    *,
    by: Membership,
    turn: int,
    text: str,
    kind: str = "",
    start: int | None = None,
    end: int | None = None,
    quote: str = "",
    instead_of: str | None = None,
) -> NoteDraft | None:
    """Keep what is written so far of a note on a turn; without words it is discarded.

    `instead_of` is what its writer saw of it until then: what was written elsewhere meanwhile is
    not overwritten. No step of the review, so nothing is audited and no revision counted.
    """
    if review.calibrates:
        raise Refused(_("A calibration review has no notes. Use the discussion instead."))
    review = touch(review, by=by)
    check_place(review, turn, start, end, quote)
    found = NoteDraft.objects.visible_to(by).filter(review=review, turn=turn).first()
    if reviews.other_words(found.text if found else "", text, instead_of):
        raise Conflict(_("This note has been changed somewhere else."), code="other_words")
    if not text.strip():
        discard(review, by=by, turn=turn)
        return None
    half = found or NoteDraft(organization_id=by.organization_id, review=review, turn=turn)
    half.start, half.end, half.text = start, end, text
    half.kind = kind if kind in CoachingNote.Kind.values else ""
    half.save()
    return half


def discard(review: Review, *, by: Membership, turn: int) -> None:
    """Forget what was written of a note on this turn."""
    NoteDraft.objects.visible_to(by).filter(review=review, turn=turn).delete()


def reopen(note: CoachingNote, *, by: Membership) -> None:
    """A note that is taken back keeps its words, unless another is being written in its place."""
    values = {name: getattr(note, name) for name in ("start", "end", "kind", "text")}
    NoteDraft.objects.visible_to(by).get_or_create(
        organization_id=by.organization_id, review=note.review, turn=note.turn, defaults=values
    )


def refuse_unfinished(review: Review, *, by: Membership) -> None:
    """Refuse to submit a review while a note on it is half written: its words would be lost."""
    turns = NoteDraft.objects.visible_to(by).filter(review=review).order_by("turn")
    found = turns.values_list("turn", flat=True).first()
    if found is not None:
        said = _("You have an unsaved note on turn %(turn)s. Save or discard it to submit.")
        raise Refused(said % {"turn": found + 1})


def check_place(
    review: Review, turn: int, start: int | None, end: int | None, quote: str = ""
) -> None:
    """Refuse a place that the transcript does not have.

    `quote` are the words that its writer saw there: a note is never shifted to others.
    """
    turns = review.interaction.transcript.turns
    if not 0 <= turn < len(turns):
        raise Refused(_("The transcript has no such turn."))
    if (start is None) != (end is None):
        raise Refused(_("A note needs the start and the end of the words it’s pinned to."))
    if start is not None and end is not None and not 0 <= start < end <= len(turns[turn]["text"]):
        raise Refused(_("The words this note is pinned to are outside the turn."))
    if quote and start is not None and turns[turn]["text"][start:end] != _plain(quote):
        raise Refused(_("The words this note is pinned to have moved. Please select them again."))


def _plain(quote: str) -> str:
    """A quote with the line ends that turns have; forms send others."""
    return quote.replace("\r\n", "\n").replace("\r", "\n")
