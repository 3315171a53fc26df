"""Disputes as browsers send them."""

from collections.abc import Callable
from typing import Any

from django.test import Client

from qa.coaching import actions as coaching
from qa.disputes.models import Dispute
from qa.organizations.models import Membership
from qa.reviews.models import Review
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.reviews.steps import address
from tests.world import confirm_review, make_review

SignIn = Callable[[Membership | None], Client]
ANGER, WORRY = 1, 3


def reviewed_with_note(dana: Membership) -> Review:
    """A confirmed review of Alex's call, with one note."""
    draft = make_review(dana)
    with tenant(dana.organization_id):
        coaching.write_note(draft, by=dana, turn=2, kind="suggestion", text="Name it.")
    return confirm_review(draft, dana)


def send(client: Client, alex: Membership, review: Review, target: str, words: str = "No.") -> Any:
    """Send a dispute, as the agent."""
    url = address("dispute-open", alex, pk=review.pk)
    return client.post(f"{url}?target={target}", {"target": target, "words": words})


def the_dispute(by: Membership) -> Dispute:
    """The one opened last."""
    with tenant(by.organization_id):
        return Dispute.objects.visible_to(System(by.organization_id)).latest("opened_at")


def decide(client: Client, mona: Membership, dispute: Dispute, **data: Any) -> Any:
    """Decide a dispute, as a manager."""
    return client.post(address("dispute-decide", mona, pk=dispute.pk), data)
