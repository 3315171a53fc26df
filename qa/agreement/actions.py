"""Stop pre-filling what the machine is too often wrong about, and begin again when it recovers."""

from typing import Any, Final

from django.db import transaction
from django.urls import reverse

from qa.agreement.alpha import Floats
from qa.agreement.judgements import LABELS, judged, tables
from qa.agreement.measures import agreement
from qa.audit import actions as audit
from qa.notices.actions import notify
from qa.notices.models import Notice
from qa.organizations.models import Membership, Role
from qa.reviews.models import ReviewPolicy, Withheld
from qa.reviews.policy import policy_of, set_policy

RECOVERED: Final = 0.05  # by so much above the threshold, so that a label does not flicker


@transaction.atomic
def set_shares(*, by: Membership, **values: Any) -> list[str]:
    """Set what `set_policy` takes; gives the labels that are withheld, or are not, by that.

    Another threshold or number weighs them all afresh.
    """
    before = policy_of(by)
    after = set_policy(by=by, **values)
    other = (before.threshold, before.least) != (after.threshold, after.least)
    return weigh(by=by, afresh=True) if other else []


@transaction.atomic
def weigh(*, by: Membership, afresh: bool = False) -> list[str]:
    """Measure every label on the blind readings; gives those that changed.

    A label is withheld where kappa lies below the threshold on enough judgements, and comes back
    where it lies above by RECOVERED. Where there are too few, or kappa cannot be said because
    only one value was ever used, nothing changes. With `afresh`, after another policy was set, a
    label comes back at the threshold, and where there are too few.
    """
    policy, reviews = policy_of(by), judged(by, blind=True)
    return [
        label
        for label in LABELS
        if _weigh_label(label, tables(reviews, label), policy, afresh=afresh, by=by)
    ]


def _weigh_label(
    label: str, counts: Floats, policy: ReviewPolicy, *, afresh: bool, by: Membership
) -> bool:
    found = agreement(counts)
    held = Withheld.objects.visible_to(by).filter(label=label).first()
    if found.n < policy.least:
        return _restore(held, found.kappa.value, policy, by) if afresh else False
    if found.kappa.value is None:
        return False
    if held is None and found.kappa.value < policy.threshold:
        held = Withheld.objects.create(
            organization_id=by.organization_id,
            label=label,
            agreement=found.kappa.value,
            compared=found.n,
        )
        _tell(held, "agreement.withheld", held.agreement, policy, by)
        return True
    back_at = min(policy.threshold + (0 if afresh else RECOVERED), 1.0)
    if found.kappa.value < back_at:
        return False
    return _restore(held, found.kappa.value, policy, by)


def _restore(
    held: Withheld | None, kappa: float | None, policy: ReviewPolicy, by: Membership
) -> bool:
    if held is None:
        return False
    _tell(held, "agreement.restored", kappa, policy, by)
    held.delete()
    return True


def _tell(
    held: Withheld, action: str, kappa: float | None, policy: ReviewPolicy, by: Membership
) -> None:
    found = {"label": held.label, "kappa": kappa, "threshold": policy.threshold}
    audit.record(by, action, held, found)
    managers = Membership.objects.visible_to(by).filter(role__in=[Role.MANAGER, Role.ADMIN])
    slug = by.organization.slug
    notify(
        managers,
        by=by,
        kind=Notice.Kind.AGREEMENT,
        subject=f"{held.label} {action}",
        facts={"event": action, **found},
        address=reverse("agreement", kwargs={"slug": slug}),
    )
