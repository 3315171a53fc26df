"""What an organization has set for its reviews: how many are blind, and what that withholds."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import BinaryField, BooleanField, F, Func, Value
from django.utils.crypto import salted_hmac

from qa.audit import actions as audit
from qa.reviews.models import ReviewPolicy, Withheld
from qa.tenancy.base import Actor
from scorecards.models import Moment

_HUNDREDTHS = 10_000
_DRAWN = (
    "mod(('x' || encode(substr(sha256(%(expressions)s), 1, 4), 'hex'))::bit(32)::bigint, %(parts)s)"
    " < %(below)s"
)


def policy_of(by: Actor) -> ReviewPolicy:
    """What the organization has set; the defaults, not stored, where it has set nothing."""
    found = ReviewPolicy.objects.visible_to(by).first()
    return found or ReviewPolicy(organization_id=by.organization_id)


def set_policy(
    *, by: Actor, blind_percent: int, threshold: float, least: int, second_percent: int = 0
) -> ReviewPolicy:
    """Say which share of reviews is blind and which is read twice, and when a label is withheld."""
    values = {
        "blind_percent": blind_percent,
        "second_percent": second_percent,
        "threshold": threshold,
        "least": least,
    }
    return change_policy(by, values)


@transaction.atomic
def change_policy(by: Actor, values: dict[str, Any]) -> ReviewPolicy:
    """Set these fields of the organization's policy."""
    held = policy_of(by)
    before = {name: getattr(held, name) for name in values}
    found, _ = ReviewPolicy.objects.update_or_create(
        organization_id=by.organization_id, defaults=values
    )
    audit.record(by, "reviews.policy_set", found, audit.changes(before, values))
    return found


def is_drawn(interaction_id: UUID, percent: int, purpose: str = "blind") -> bool:
    """True if a review of this interaction is a blind one, or one that is read twice.

    Drawn by a keyed hash: nobody can tell it from the id, and putting an interaction back and
    taking it again does not draw anew.
    """
    digest = sha256(_key(purpose) + interaction_id.bytes).digest()
    return int.from_bytes(digest[:4], "big") % _HUNDREDTHS < percent * 100


def drawn(percent: int, pk: str = "pk", purpose: str = "blind") -> Func:
    """Return the draw for a blind review as a condition; `pk` leads to the interaction's id."""
    return Func(
        Value(_key(purpose), output_field=BinaryField()),
        Func(F(pk), function="uuid_send", output_field=BinaryField()),
        template=_DRAWN,
        arg_joiner=" || ",
        parts=_HUNDREDTHS,
        below=percent * 100,
        output_field=BooleanField(),
    )


def _key(purpose: str) -> bytes:
    return salted_hmac(f"qa.reviews.{purpose}", "draw", algorithm="sha256").digest()


# Labels under which every moment is for a person to decide, whatever the outcome.
ALL_MOMENTS = ("cue", "emotion", "outcome")


def withheld(by: Actor) -> dict[str, Withheld]:
    """The labels that are not pre-filled, by name."""
    return {row.label: row for row in Withheld.objects.visible_to(by)}


def is_withheld(moment: Moment, labels: Mapping[str, object]) -> bool:
    """True if a person has to choose for themselves what this moment is."""
    return any(label in labels for label in (*ALL_MOMENTS, moment.outcome))
