"""Let conversations wait for one specialist, and give back what nobody began."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from qa.audit import actions as audit
from qa.core.errors import NotAllowed, Refused
from qa.organizations.models import Membership, Role
from qa.reviews.exposure import embargoes_of
from qa.reviews.models import Review
from qa.sampling import actions as sampling
from qa.sampling.assignment import ReviewBars, tell_assigned
from qa.sampling.models import QueueEntry
from qa.tenancy.base import Actor
from transcripts.cast import WITH_AGENTS
from transcripts.models import Interaction

DAYS: Final = 3  # an assignment by hand goes back after so many, if nothing was done
MOST: Final = 200  # at once


@dataclass(frozen=True, slots=True)
class Assigned:
    """What became of a bulk assignment."""

    done: int
    refused: Sequence[str]  # why some were not, each a sentence with their number


@transaction.atomic
def assign(interaction_ids: Collection[UUID], *, to: Membership | None, by: Membership) -> Assigned:
    """Let these wait for a specialist, or, with nobody named, for everyone.

    What must not be theirs is left as it was and told in words; refused if nothing is left.
    """
    _refuse_wrong(interaction_ids, to, by)
    found = Interaction.objects.visible_to(by).filter(pk__in=interaction_ids)
    rows = list(found.select_for_update(of=("self",)).order_by("id"))
    reasons = _reasons(rows, to, by)
    fit = [row for row in rows if row.pk not in reasons]
    words = [_refused(why, number) for why, number in Counter(reasons.values()).items()]
    if not fit:
        none = gettext("None of these conversations can be assigned.")
        raise Refused(" ".join([gettext("Nothing was assigned."), *(words or [none])]))
    sampling.assign_by_hand(fit, to=to, days=DAYS, by=by)
    audit.record(
        by, "queue.assigned", to or by, {"conversations": len(fit), "to": str(to.pk) if to else ""}
    )
    if to is not None:
        tell_assigned(to, by=by)
    return Assigned(len(fit), words)


def in_words(done: Assigned, to: Membership | None) -> str:
    """What became of it, for whoever did it."""
    if to:
        said = ngettext(
            "%(n)s conversation assigned to %(name)s.",
            "%(n)s conversations assigned to %(name)s.",
            done.done,
        ) % {"n": done.done, "name": to.user.name}
    else:
        said = ngettext(
            "%(n)s conversation returned to the shared queue.",
            "%(n)s conversations returned to the shared queue.",
            done.done,
        ) % {"n": done.done}
    return " ".join([said, *done.refused])


def _refuse_wrong(ids: Collection[UUID], to: Membership | None, by: Membership) -> None:
    if by.role not in {Role.MANAGER, Role.ADMIN}:
        raise NotAllowed(gettext("Only managers and admins can assign conversations."))
    if not ids:
        raise Refused(gettext("Select conversations first."))
    if len(ids) > MOST:
        most = {"most": MOST}
        raise Refused(gettext("You can assign up to %(most)s conversations at once.") % most)
    if to is not None and to.role == Role.AGENT:
        raise Refused(gettext("Agents can’t review conversations. Choose someone else."))


def _reasons(rows: Sequence[Interaction], to: Membership | None, by: Membership) -> dict[UUID, str]:
    """Of those that can't be assigned: why, as one of the keys of `_refused`."""
    in_hand = Review.objects.visible_to(by).regular().open().filter(interaction__in=rows)
    others = in_hand.filter(lease_until__gt=timezone.now())
    if to is not None:
        others = others.exclude(specialist=to)
    taken = set(others.values_list("interaction_id", flat=True))
    barred = ReviewBars([to] if to else [], by=by)
    prefetch_related_objects(rows, WITH_AGENTS)
    kept = set(embargoes_of(to).values_list("interaction_id", flat=True)) if to else set()
    reasons: dict[UUID, str] = {}
    for row in rows:
        if row.status == Interaction.Status.REVIEWED:
            reasons[row.pk] = "reviewed"
        elif row.status != Interaction.Status.PRESCORED:
            reasons[row.pk] = "unscored"
        elif row.pk in taken:
            reasons[row.pk] = "taken"
        elif to and barred.own(to, row):
            reasons[row.pk] = "own"
        elif row.pk in kept:
            reasons[row.pk] = "calibration"
        elif to and barred.excluded(to, row):
            reasons[row.pk] = "excluded"
    return reasons


def _refused(why: str, n: int) -> str:
    """A sentence on `n` conversations that were left as they were."""
    said = {
        "reviewed": ngettext(
            "%(n)s has already been reviewed.", "%(n)s have already been reviewed.", n
        ),
        "unscored": ngettext("%(n)s has no pre-score.", "%(n)s have no pre-score.", n),
        "taken": ngettext(
            "%(n)s is being reviewed by someone else.",
            "%(n)s are being reviewed by someone else.",
            n,
        ),
        "own": ngettext(
            "%(n)s is the reviewer’s own conversation.",
            "%(n)s are the reviewer’s own conversations.",
            n,
        ),
        "calibration": ngettext(
            "%(n)s is in a calibration the reviewer takes part in.",
            "%(n)s are in a calibration the reviewer takes part in.",
            n,
        ),
        "excluded": ngettext(
            "%(n)s belongs to an agent or team the reviewer is excluded from.",
            "%(n)s belong to an agent or team the reviewer is excluded from.",
            n,
        ),
    }
    return said[why] % {"n": n}


@transaction.atomic
def return_unused(*, by: Actor) -> int:
    """Give back to everyone what its holder has not begun in time, or can't any more.

    Gives how many that were.
    """
    at_work = Review.objects.visible_to(by).regular().open()
    at_work = at_work.filter(lease_until__gt=timezone.now(), interaction=OuterRef("interaction"))
    at_work = at_work.filter(specialist=OuterRef("assigned_to"))
    late = Q(returns_at__lte=timezone.now())
    gone = Q(assigned_to__role=Role.AGENT) | Q(assigned_to__user__is_active=False)
    due = QueueEntry.objects.visible_to(by).filter(late | gone)
    return int(due.filter(~Exists(at_work)).update(assigned_to=None, returns_at=None))
