"""What the tests of the first steps do."""

from typing import Any

from django.test import Client

from qa import tasks
from qa.first_steps import samples
from qa.organizations.models import Membership
from qa.reviews.models import Review
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.world import make_review
from transcripts.models import Interaction


def address(name: str = "") -> str:
    return f"/o/larkfield/{name}"


def page_of(browser: Client, name: str) -> str:
    """The text of a page that opens."""
    answer = browser.get(address(name))
    assert answer.status_code == 200, answer.status_code
    return " ".join(answer.content.decode().split())


def load(manager: Membership) -> list[Interaction]:
    """The samples, loaded and pre-scored as the worker does it."""
    organization = manager.organization
    with tenant(organization.id):
        samples.load(by=manager)
        for one in samples.rows(System(organization.id)):
            tasks.process(str(organization.id), str(one.pk))
        return list(samples.rows(System(organization.id)).order_by("external_id"))


def review_of(reviewer: Membership, interaction: Interaction) -> Review:
    """A submitted review of it."""
    return make_review(reviewer, interaction, confirmed=True)


def count(model: Any, of: Membership) -> int:
    """How many rows of this kind the organization has."""
    with tenant(of.organization_id):
        found: int = model.objects.visible_to(System(of.organization_id)).count()
    return found
