"""In whose hands a review is: who may write, until when, and the time they spend on it.

A lease goes on with every sign of work. Once it has run out only `renew` begins it anew: where its
specialist takes it again, or has been told. So nobody submits unawares what others could have taken
meanwhile.
"""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Case, DurationField, ExpressionWrapper, F, IntegerField, Q, Value, When
from django.db.models.functions import Cast, Coalesce, Extract, Greatest, Least
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qa.core.errors import Conflict
from qa.notices.actions import notify
from qa.notices.models import Notice
from qa.organizations.models import Membership, Organization
from qa.reviews.models import Review, ReviewQuerySet
from qa.tenancy.base import Actor
from transcripts.models import Interaction
from transcripts.telling import facts_of

LEASE: Final = timedelta(minutes=30)
WARNED: Final = timedelta(minutes=5)  # before the lease ends
IDLE: Final = 60  # seconds between two signs of work that count at most
GONE: Final = _("This review’s time ran out, and it was released or taken over.")
ENDED: Final = "lease_ended"  # the code of a refusal because the lease ran out


def begin_step(review: Review, *, by: Membership, revision: int | None = None) -> Review:
    """Begin a step on a draft: it must be open, one's own, in time, not changed in another tab.

    Every step on a draft starts here. It renews the lease and gives the next revision.
    """
    _lock_interaction(review, by)
    mine = _own(review, by).filter(_running())
    current = mine if revision is None else mine.filter(revision=revision)
    if not current.update(revision=F("revision") + 1, **_at_work()):
        raise _why_not(review, by)
    return _fresh(review, by)


def touch(review: Review, *, by: Membership) -> Review:
    """Claim the right to save words while they are typed: the revision stays.

    They are kept after the lease ran out as well, as long as nobody else has taken the review.
    The row is locked until the end of the transaction.
    """
    _lock_interaction(review, by)
    if not _own(review, by).update(**_at_work()):
        raise _why_not(review, by)
    return _fresh(review, by)


def renew(review: Review, *, by: Membership) -> bool:
    """Begin the lease of one's own draft anew, also where it ran out; False if somebody took it.

    The interaction is locked, as it is by whoever takes it.
    """
    _lock_interaction(review, by)
    review.lease_until = timezone.now() + LEASE
    return bool(_own(review, by).update(lease_until=review.lease_until))


def refuse_others(review: Review, *, by: Membership) -> None:
    """Refuse what is not this member's draft, before anything of it is looked at."""
    if not _own(review, by).exists():
        raise _why_not(review, by)


def drop_ended(reviews: ReviewQuerySet, interaction_id: UUID) -> None:
    """Delete the draft of a locked interaction among these reviews, unless its lease goes on."""
    drafts = reviews.open().filter(interaction=interaction_id)
    for draft in drafts.select_for_update(of=("self",)):
        if draft.lease_until > timezone.now():
            raise Conflict(gettext("Someone else is reviewing this conversation."))
        draft.delete()


def note_presence(review: Review, *, by: Membership) -> Conflict | None:
    """Note a sign that the specialist is at work; a refusal if theirs no more, or out of time."""
    noted = _own(review, by).filter(_running()).update(**_at_work())
    return None if noted else _why_not(review, by)


def tell_ending(*, by: Actor) -> int:
    """Tell whoever's lease ends within WARNED, once for each lease; gives how many end.

    Any sign of work renews the lease, so this is for drafts that were left alone.
    """
    now = timezone.now()
    ending = list(
        Review.objects.visible_to(by)
        .open()
        .exclude(kind=Review.Kind.CALIBRATION)  # theirs until the reading is closed
        .filter(lease_until__gt=now, lease_until__lte=now + WARNED)
        .select_related("specialist", "interaction")
    )
    if not ending:
        return 0
    slug = Organization.objects.visible_to(by).values_list("slug", flat=True).get()
    for review in ending:
        notify(
            [review.specialist],
            by=by,
            kind=Notice.Kind.LEASE_ENDING,
            subject=f"{review.pk}:{review.lease_until:%Y%m%dT%H%M%S}",
            facts={
                "event": "review.lease_ending",
                "about": ["review", str(review.pk)],
                "ends": review.lease_until.isoformat(),
                **facts_of(review.interaction),
            },
            address=reverse("review", kwargs={"slug": slug, "pk": review.pk}),
            once=True,
        )
    return len(ending)


def _lock_interaction(review: Review, by: Membership) -> None:
    """Locks come in one order everywhere, or two requests wait for each other: the specialist's
    (`taking.one_at_a_time`), the interaction's, the review's.
    """
    rows = Interaction.objects.visible_to(by).select_for_update(no_key=True)
    rows.filter(pk=review.interaction_id).values_list("pk").first()


def _own(review: Review, by: Membership) -> ReviewQuerySet:
    return Review.objects.visible_to(by).open().filter(pk=review.pk, specialist=by)


def _running() -> Q:
    """A reading for a calibration has no lease: it is its reader's until the session closes."""
    return Q(lease_until__gt=timezone.now()) | Q(kind=Review.Kind.CALIBRATION)


def _at_work() -> dict[str, Any]:
    """What every sign of work writes: a running lease goes on, and the time since the last counts.

    Up to IDLE of it: a longer pause is not work.
    """
    now = timezone.now()
    since = Extract(ExpressionWrapper(now - F("seen_at"), DurationField()), "epoch")
    spent = Coalesce(Least(Cast(since, IntegerField()), IDLE), 0)
    return {
        "lease_until": Case(When(_running(), then=Value(now + LEASE)), default=F("lease_until")),
        "seen_at": now,
        "active_s": F("active_s") + Greatest(spent, 0),
    }


def _fresh(review: Review, by: Membership) -> Review:
    fresh = Review.objects.visible_to(by).select_related("scorecard_version", "interaction")
    return fresh.get(pk=review.pk)


def _why_not(review: Review, by: Membership) -> Conflict:
    now = Review.objects.visible_to(by).select_related("specialist").filter(pk=review.pk).first()
    if now is None:
        return Conflict(str(GONE))
    if now.status == Review.Status.CONFIRMED:
        return Conflict(gettext("This review has already been submitted. Nothing was changed."))
    if now.specialist_id != by.pk:
        return Conflict(
            gettext("Someone else is reviewing this conversation. Nothing was changed.")
        )
    if now.lease_until <= timezone.now() and not now.calibrates:
        return Conflict(
            gettext(
                "The time for this review ran out, but nobody else took it, so it’s yours again. "
                "Please check it and repeat your last step."
            ),
            code=ENDED,
        )
    return Conflict(
        gettext(
            "This review was changed in another tab. You now see its current state. "
            "Your last step wasn’t saved."
        )
    )
