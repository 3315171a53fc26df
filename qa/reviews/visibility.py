"""What a member may not see yet, so that their own reading of a conversation stays their own.

Four things are held back: what the machine found in a conversation whose review is, or will be, a
blind one; what others said of one that the member reads for a second time; the same for one that
they read for a calibration (an embargo); and, in lists, what they may be asked to read again.

A page takes the function of its kind and leaves out that of which the condition holds:

                                        in hand blind,  awaits a      may be asked
    kind of page                        again, or for   blind         to read it
    and who looks                       a calibration   review        again
    ---------------------------------------------------------------------------------
    hidden_in_lists                     lists of results; totals: ADR 46
      specialist                        hidden          hidden        hidden
      manager, admin                    hidden
    hidden_on_own_page                  the conversation's own page; looking is recorded
      specialist                        hidden          hidden
      manager, admin                    hidden
    hidden_in_summaries                 tells results in passing: an upload, a rule
      specialist                        hidden          hidden        hidden
      manager, admin                    hidden          hidden

`awaiting_blind_review` is the part of it that a manager may look at; whoever does so in a list is
recorded by `record_listed`, and a review of theirs is then not blind (exposure.py).
"""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from qa.organizations.models import Membership, Role
from qa.reviews.exposure import embargoes_of, exposures_of, record_exposure
from qa.reviews.models import Review, ReviewQuerySet
from qa.reviews.policy import drawn, policy_of
from qa.reviews.queue import available_for_second
from qa.tenancy.base import Actor
from scorecards.models import PreScore
from transcripts.models import Interaction


def hidden_in_lists(by: Membership, interaction: str = "") -> Q:
    """Return the condition of what lists do not tell this member the results of.

    `interaction` is the prefix that leads to the interaction, as "review__interaction__" does.
    """
    found = hidden_on_own_page(by, interaction)
    if by.role == Role.SPECIALIST:
        found |= Q(**{f"{interaction}pk__in": available_for_second(by).values("interaction")})
    return found


def hidden_on_own_page(by: Membership, interaction: str = "") -> Q:
    """Return the condition of what a conversation's own page does not tell either."""
    found = Q(**{f"{interaction}pk__in": open_rereadings(by).values("interaction")})
    found |= Q(**{f"{interaction}pk__in": open_blind_reviews(by).values("interaction")})
    found |= Q(**{f"{interaction}pk__in": embargoes_of(by).values("interaction")})
    if by.role == Role.SPECIALIST:
        found |= awaiting_blind_review(by, interaction)
    return found


def awaiting_blind_review(by: Membership, interaction: str = "") -> Q:
    """Return the condition of what waits for a blind review and was not shown to this member."""
    percent = policy_of(by).blind_percent
    if not percent:
        return Q(pk__in=[])
    scored = PreScore.objects.visible_to(by).current().filter(scorable=True)
    return (
        Q(**{f"{interaction}status": Interaction.Status.PRESCORED})
        & ~Q(**{f"{interaction}pk__in": exposures_of(by).values("interaction")})
        & Q(drawn(percent, f"{interaction}pk"))
        & Q(Exists(scored.filter(interaction=OuterRef(f"{interaction}pk"))))
    )


def hidden_in_summaries(by: Actor, interaction: str = "") -> Q:
    """Return the condition of what a page does not tell that speaks of results in passing.

    A manager who only wants to see whether a file has come in has not looked. For actors who are
    no members nothing is hidden.
    """
    if not isinstance(by, Membership):
        return Q(pk__in=[])
    return hidden_in_lists(by, interaction) | awaiting_blind_review(by, interaction)


def record_listed(ids: Collection[UUID], *, by: Membership) -> None:
    """Record that a list shows this member what was found and said in these conversations.

    Only managers and admins ever see it there of what waits to be judged blind, or again.
    """
    if by.role != Role.SPECIALIST:
        matters = awaiting_blind_review(by) | Q(
            pk__in=available_for_second(by).values("interaction")
        )
        rows = Interaction.objects.visible_to(by).filter(matters, pk__in=ids)
        record_exposure(rows.values_list("pk", flat=True), by=by)


def open_rereadings(by: Membership) -> ReviewQuerySet:
    """Return the readings that this member has open of what others have scored."""
    return _in_hand(by).exclude(kind=Review.Kind.REGULAR)


def open_blind_reviews(by: Membership) -> ReviewQuerySet:
    """Return the blind reviews that this member has open and has not committed to."""
    return _in_hand(by).filter(blind=True, committed_at__isnull=True)


def _in_hand(by: Membership) -> ReviewQuerySet:
    return Review.objects.visible_to(by).open().filter(specialist=by)


def is_hidden_on_own_page(by: Membership, interaction: Interaction) -> bool:
    """True if the conversation's page tells this member nothing of what was found and said."""
    rows = Interaction.objects.visible_to(by).filter(hidden_on_own_page(by), pk=interaction.pk)
    return rows.exists()


def hidden_among(by: Membership, ids: Collection[UUID]) -> set[UUID]:
    """Return which of these interactions lists hide; always the same number of queries."""
    rows = Interaction.objects.visible_to(by).filter(hidden_in_lists(by), pk__in=ids)
    return set(rows.values_list("pk", flat=True))


def being_reread(by: Membership, ids: Collection[UUID]) -> set[UUID]:
    """Return which of these interactions this member reads again, or for a calibration."""
    rows = Interaction.objects.visible_to(by).filter(pk__in=ids)
    again = Q(pk__in=open_rereadings(by).values("interaction"))
    again |= Q(pk__in=embargoes_of(by).values("interaction"))
    return set(rows.filter(again).values_list("pk", flat=True))


def sees_everything(by: Membership) -> bool:
    """True if nothing at all is kept from this member just now."""
    waits = by.role == Role.SPECIALIST and (
        policy_of(by).blind_percent > 0 or available_for_second(by).exists()
    )
    return not (
        waits
        or open_rereadings(by).exists()
        or open_blind_reviews(by).exists()
        or embargoes_of(by).exists()
    )
