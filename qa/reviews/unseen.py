"""What a member may not see yet, so that their own reading stays their own.

Nobody sees the pre-score of a conversation that they have open for a blind review, nor what others
said of one that they read for a second time or for a calibration. A specialist does not see the
pre-score of a conversation whose review will be a blind one; managers, who answer for the numbers,
do: it is noted, and a review of theirs is then not blind. Lists tell a specialist nothing of what
they may be asked to read a second time.
"""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from qa.organizations.models import Membership, Role
from qa.reviews.models import Review, ReviewQuerySet
from qa.reviews.policy import drawn, policy_of
from qa.reviews.shown import remember, sealed, shown_to
from qa.reviews.waiting import for_second
from qa.tenancy.base import Actor
from scorecards.models import PreScore
from transcripts.models import Interaction


def unseen(by: Membership, interaction: str = "") -> Q:
    """Which interactions; the prefix leads to them, as "review__interaction__" does.

    For lists and numbers: of what a specialist could read a second time they tell nothing in
    passing. Its own page shows it to whoever opens it (`hidden`), and that is noted.
    """
    found = hidden(by, interaction)
    if by.role == Role.SPECIALIST:
        found |= Q(**{f"{interaction}pk__in": for_second(by).values("interaction")})
    return found


def hidden(by: Membership, interaction: str = "") -> Q:
    """Which of them show nothing of the kind on a page of their own either."""
    found = Q(**{f"{interaction}pk__in": read_again(by).values("interaction")})
    found |= Q(**{f"{interaction}pk__in": read_blind(by).values("interaction")})
    found |= Q(**{f"{interaction}pk__in": sealed(by).values("interaction")})
    if by.role == Role.SPECIALIST:
        found |= before_blind(by, interaction)
    return found


def before_blind(by: Membership, interaction: str = "") -> Q:
    """Which wait for a blind review, and have not been shown to this member."""
    percent = policy_of(by).blind_percent
    if not percent:
        return Q(pk__in=[])
    scored = PreScore.objects.visible_to(by).current().filter(scorable=True)
    return (
        Q(**{f"{interaction}status": Interaction.Status.PRESCORED})
        & ~Q(**{f"{interaction}pk__in": shown_to(by).values("interaction")})
        & Q(drawn(percent, f"{interaction}pk"))
        & Q(Exists(scored.filter(interaction=OuterRef(f"{interaction}pk"))))
    )


def told_in_passing(by: Actor, interaction: str = "") -> Q:
    """Which of those that a page would tell the results of though it is not about them.

    A manager who only wants to see whether a file has come in has not looked.
    """
    if not isinstance(by, Membership):
        return Q(pk__in=[])
    return unseen(by, interaction) | before_blind(by, interaction)


def note_listed(ids: Collection[UUID], *, by: Membership) -> None:
    """That a list shows this member what was found and said in these.

    Only managers and admins ever see it there of what waits to be judged blind, or again.
    """
    if by.role != Role.SPECIALIST:
        matters = before_blind(by) | Q(pk__in=for_second(by).values("interaction"))
        rows = Interaction.objects.visible_to(by).filter(matters, pk__in=ids)
        remember(rows.values_list("pk", flat=True), by=by)


def read_again(by: Membership) -> ReviewQuerySet:
    """The readings that this member has open of what others have scored."""
    return _in_hand(by).exclude(kind=Review.Kind.REGULAR)


def read_blind(by: Membership) -> ReviewQuerySet:
    """The blind reviews that this member has open and has not committed to."""
    return _in_hand(by).filter(blind=True, committed_at__isnull=True)


def _in_hand(by: Membership) -> ReviewQuerySet:
    return Review.objects.visible_to(by).open().filter(specialist=by)


def is_hidden(by: Membership, interaction: Interaction) -> bool:
    """Whether its page tells this member nothing of what was found and said."""
    rows = Interaction.objects.visible_to(by).filter(hidden(by), pk=interaction.pk)
    return rows.exists()


def unseen_among(by: Membership, ids: Collection[UUID]) -> set[UUID]:
    """Which of these interactions; always the same number of queries."""
    rows = Interaction.objects.visible_to(by).filter(unseen(by), pk__in=ids)
    return set(rows.values_list("pk", flat=True))


def reading_among(by: Membership, ids: Collection[UUID]) -> set[UUID]:
    """Which of these this member reads again, or for a calibration."""
    rows = Interaction.objects.visible_to(by).filter(pk__in=ids)
    again = Q(pk__in=read_again(by).values("interaction"))
    again |= Q(pk__in=sealed(by).values("interaction"))
    return set(rows.filter(again).values_list("pk", flat=True))


def sees_all(by: Membership) -> bool:
    """Whether nothing at all is kept from this member just now."""
    waits = by.role == Role.SPECIALIST and (
        policy_of(by).blind_percent > 0 or for_second(by).exists()
    )
    return not (waits or read_again(by).exists() or read_blind(by).exists() or sealed(by).exists())
