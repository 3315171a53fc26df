"""Where a reader goes on: to the next conversation of the session, or to the session itself."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from qa.calibration.models import Assignment, Session
from qa.calibration.notifications import address_of
from qa.organizations.models import Membership
from qa.reviews.models import Review
from transcripts.models import Interaction


@dataclass(frozen=True, slots=True)
class Onward:
    """An address, and what to say on the way."""

    address: str
    words: str


def next_reading(session: Session, *, by: Membership) -> Review | None:
    """The first reading of this session that this member has still to do."""
    rows = Assignment.objects.visible_to(by).filter(item__session=session, member=by)
    waiting = rows.filter(review__status=Review.Status.OPEN).select_related("review")
    found = waiting.order_by("item__position").first()
    return found.review if found else None


def go_on(interaction: Interaction, *, by: Membership) -> Onward:
    """After a reading was submitted."""
    session = _session_of(interaction, by)
    following = next_reading(session, by=by)
    if following is not None:
        return Onward(_review(following, by), _("Submitted. Here's the next one."))
    if session.is_open:
        return Onward(
            address_of(session, by), _("Submitted. Everyone is done, so here are the results.")
        )
    words = _("Submitted. That was your last one. Results open when everyone is done.")
    return Onward(address_of(session, by), words)


def address_for(interaction: Interaction, *, by: Membership) -> str:
    """The session in which this member has read this conversation."""
    return address_of(_session_of(interaction, by), by)


def _session_of(interaction: Interaction, by: Membership) -> Session:
    part = Assignment.objects.visible_to(by).filter(member=by, item__interaction=interaction)
    newest = part.select_related("item__session").order_by("-pk")
    return newest[0].item.session


def _review(review: Review, by: Membership) -> str:
    return reverse("review", kwargs={"slug": by.organization.slug, "pk": review.pk})
