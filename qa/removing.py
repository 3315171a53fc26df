"""Conversations that are deleted, with everything made of them.

What is settled is not deleted otherwise: the database lets it go for the conversations that this
transaction names (reviews, migration 0021), and for samples. `pipeline.delete_interactions` is the
use case; `remove` alone is for whoever has counted them out already.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qa.audit import actions as audit
from qa.calibration.models import Item
from qa.core.errors import NotAllowed, Refused
from qa.dashboards import actions as dashboards
from qa.disputes.models import Dispute
from qa.notices.models import Notice
from qa.organizations.models import Membership, Role
from qa.reviews.models import Review
from qa.tenancy.base import System
from transcripts.models import IdempotentAnswer, Interaction

AT_ONCE: Final = 200  # conversations in one call; more are for several


@dataclass(frozen=True, slots=True)
class Deleted:
    """How many conversations and reviews went, and how many had to stay."""

    conversations: int
    reviews: int
    kept: int  # conversations of a calibration session

    @property
    def in_words(self) -> str:
        """Say what went and what stays, and why."""
        went = ngettext(
            "%(n)s conversation was deleted, with everything made of it.",
            "%(n)s conversations were deleted, with everything made of them.",
            self.conversations,
        )
        stays = ngettext(
            "%(n)s stays, because a calibration session uses it.",
            "%(n)s stay, because calibration sessions use them.",
            self.kept,
        )
        said = [went % {"n": self.conversations}]
        said += [stays % {"n": self.kept}] * bool(self.kept)
        return " ".join(said)


@dataclass(frozen=True, slots=True)
class Goes:
    """What goes with a conversation that is deleted, to be told beforehand."""

    reviews: int
    disputes: int
    read: bool  # its agent has read a review of it
    in_hand: str  # who is reviewing it just now
    in_session: bool


def what_goes(interaction: Interaction, *, by: Membership) -> Goes:
    """Count what is deleted with a conversation."""
    system = System(by.organization_id)
    reviews = Review.objects.visible_to(system).filter(interaction=interaction)
    drafts = reviews.open().regular().select_related("specialist__user")
    draft = drafts.first()
    submitted = reviews.confirmed().filter(supersedes__isnull=True)
    return Goes(
        reviews=submitted.count(),
        disputes=Dispute.objects.visible_to(system).filter(review__in=reviews).count(),
        read=reviews.filter(acknowledgement__isnull=False).exists(),
        in_hand=draft.specialist.user.name if draft else "",
        in_session=Item.objects.visible_to(system).filter(interaction=interaction).exists(),
    )


@transaction.atomic
def delete_interactions(ids: Collection[UUID], *, by: Membership) -> Deleted:
    """Delete conversations for good, by an admin; those that are gone already are left out.

    What a calibration session reads stays. Figures follow at once, and what comes in later under
    the same id is a new conversation.
    """
    if by.role != Role.ADMIN:
        raise NotAllowed(_("Only an admin can delete conversations."))
    if len(ids) > AT_ONCE:
        raise Refused(_("Too many conversations to delete at once."))
    system = System(by.organization_id)
    rows = Interaction.objects.visible_to(by).filter(pk__in=ids).order_by("pk")
    held = list(rows.select_for_update(of=("self",)))
    in_session = Item.objects.visible_to(system).filter(interaction__in=[one.pk for one in held])
    kept = set(in_session.values_list("interaction", flat=True))
    going = [one for one in held if one.pk not in kept]
    for one in going:
        audit.record(by, "interaction.deleted", one, {"channel": one.channel})
    if not going:
        return Deleted(0, 0, len(kept))
    dashboards.leave(going, by=system)
    with _named([one.pk for one in going]):
        reviews = remove([one.pk for one in going], by=system)
    return Deleted(len(going), reviews, len(kept))


def remove(going: Collection[UUID], *, by: System) -> int:
    """Delete what hangs on these from its leaves to its root; gives the reviews submitted."""
    reviews = Review.objects.visible_to(by).filter(interaction__in=going)
    disputes = Dispute.objects.visible_to(by).filter(review__in=reviews)
    submitted = reviews.regular().confirmed().filter(supersedes__isnull=True).count()
    ids = [*reviews.values_list("pk", flat=True), *disputes.values_list("pk", flat=True), *going]
    about = Q(pk__in=[])
    for pk in ids:
        about |= Q(address__contains=str(pk))
    Notice.objects.visible_to(by).filter(about).delete()
    _forget_answers(going, by)
    disputes.delete()
    while (newest := reviews.filter(superseded_by__isnull=True)).exists():
        newest.delete()
    Interaction.objects.visible_to(by).filter(pk__in=going).delete()
    return submitted


def _forget_answers(going: Collection[UUID], by: System) -> None:
    """A request that comes again is no repetition, where its answer names what is deleted."""
    named = Q(pk__in=[])
    for pk in going:
        named |= Q(said__contains=str(pk))
    rows = IdempotentAnswer.objects.visible_to(by).annotate(said=Cast("body", TextField()))
    rows.filter(named).delete()


@contextmanager
def _named(ids: Collection[UUID]) -> Iterator[None]:
    """Tell the database which conversations go, until the end of the block."""
    with connection.cursor() as cursor:
        named = ",".join(str(pk) for pk in ids)
        cursor.execute("SELECT set_config('heard.deleting', %s, true)", [named])
        yield
        cursor.execute("SELECT set_config('heard.deleting', '', true)")
