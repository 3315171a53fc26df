"""What a member may not see yet, so that their own reading stays their own.

A specialist does not see the pre-score of a conversation whose review will be a blind one, and
nobody what others said of one that they are reading for a second time, or for a calibration.
"""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from qa.organizations.models import Membership, Role
from qa.reviews.models import Review, ReviewQuerySet, Sealed
from qa.reviews.policy import drawn, policy_of
from scorecards.models import PreScore
from transcripts.models import Interaction


def unseen(by: Membership, interaction: str = "") -> Q:
    """Which interactions; the prefix leads to them, as "review__interaction__" does."""
    found = Q(**{f"{interaction}pk__in": read_again(by).values("interaction")})
    found |= Q(**{f"{interaction}pk__in": sealed(by).values("interaction")})
    if by.role == Role.SPECIALIST:
        found |= before_blind(by, interaction)
    return found


def before_blind(by: Membership, interaction: str = "") -> Q:
    """Which wait for a blind review that this member has not committed to."""
    percent = policy_of(by).blind_percent
    if not percent:
        return Q(pk__in=[])
    committed = Review.objects.visible_to(by).filter(specialist=by, committed_at__isnull=False)
    scored = PreScore.objects.visible_to(by).current().filter(scorable=True)
    return (
        Q(**{f"{interaction}status": Interaction.Status.PRESCORED})
        & ~Q(**{f"{interaction}pk__in": committed.values("interaction")})
        & Q(drawn(percent, f"{interaction}pk"))
        & Q(Exists(scored.filter(interaction=OuterRef(f"{interaction}pk"))))
    )


def sealed(by: Membership) -> QuerySet[Sealed]:
    """What this member reads for a calibration whose results are not open."""
    return Sealed.objects.visible_to(by).filter(member=by)


def is_sealed(by: Membership, interaction: Interaction) -> bool:
    """Whether this conversation is one of those."""
    return sealed(by).filter(interaction=interaction).exists()


def read_again(by: Membership) -> ReviewQuerySet:
    """The readings that this member has open of what others have scored."""
    mine = Review.objects.visible_to(by).open().filter(specialist=by)
    return mine.exclude(kind=Review.Kind.REGULAR)


def unseen_among(by: Membership, ids: Collection[UUID]) -> set[UUID]:
    """Which of these interactions; always the same number of queries."""
    rows = Interaction.objects.visible_to(by).filter(unseen(by), pk__in=ids)
    return set(rows.values_list("pk", flat=True))
