"""How far an organization has come, in one query: nothing here is ticked off by hand."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, QuerySet

from qa.coaching.models import Acknowledgement, SharedPreScore
from qa.first_steps import samples
from qa.organizations.models import Agent, Membership, Organization, Role
from qa.reviews.models import Review
from qa.sampling.models import Rule
from qa.tenancy.base import System
from transcripts.models import SCORED, Interaction


@dataclass(frozen=True, slots=True)
class Facts:
    """What is there."""

    agents: bool  # one who is no sample
    conversations: bool
    scored: bool
    reviewed: bool
    blind: bool  # a review that was first made without the pre-score
    readers: bool  # an agent who can sign in
    shared: bool  # a review of such an agent
    acknowledged: bool
    read: bool  # a pre-score that was shared
    colleagues: bool  # somebody else who reviews
    rules: bool
    samples: bool

    @property
    def arrived(self) -> bool:
        """True if an agent has read feedback: the first steps are done."""
        return self.acknowledged or self.read


def facts_of(by: Membership) -> Facts:
    """Look up how far the organization has come.

    Outside of its transaction (a page that refuses shows the menu too) nothing can be looked up,
    and nothing is said to be missing.
    """
    looked_up = _looks(by)
    asked = [Exists(rows) for rows in looked_up.values()]
    found = Organization.objects.visible_to(by).values_list(*asked).first()
    found = found or (True,) * len(asked)
    return Facts(**dict(zip(looked_up, found, strict=True)))


def _looks(by: Membership) -> dict[str, QuerySet[Any]]:
    system = System(by.organization_id)  # what is there, whoever asks
    conversations = Interaction.objects.visible_to(system)
    reviews = Review.objects.visible_to(system).counted()
    # Whether corrected since makes no difference to whether there is one, and is long to look up.
    submitted = Review.objects.visible_to(system).regular().confirmed()
    members = Membership.objects.visible_to(system)
    shared = SharedPreScore.objects.visible_to(system)
    return {
        "agents": Agent.objects.visible_to(system).exclude(external_id__in=samples.AGENTS),
        "conversations": conversations,
        "scored": conversations.filter(status__in=SCORED),
        "reviewed": submitted,
        "blind": submitted.filter(blind=True),
        "readers": members.filter(role=Role.AGENT, ended_at__isnull=True),
        "shared": reviews.filter(interaction__agent__membership__ended_at__isnull=True).filter(
            interaction__agent__membership__role=Role.AGENT
        ),
        "acknowledged": Acknowledgement.objects.visible_to(system),
        "read": shared.filter(read_at__isnull=False),
        "colleagues": members.exclude(role=Role.AGENT).exclude(pk=by.pk),
        "rules": Rule.objects.visible_to(system),
        "samples": samples.rows(system),
    }
