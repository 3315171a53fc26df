"""Interactions that change hands in number: a merge of two agents, and what is given to one."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from qa.tenancy.base import TenantModel


class Merge(TenantModel):
    """Two agents were merged: all that is needed to undo it, but for what came in since."""

    twin = models.ForeignKey("organizations.Agent", models.CASCADE, related_name="+")
    into = models.ForeignKey("organizations.Agent", models.CASCADE, related_name="+")
    by = models.ForeignKey("organizations.Membership", models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)
    # What was the twin's: its interactions, its parts in others', agents merged into it before.
    interactions = ArrayField(models.UUIDField(), default=list)
    participations = ArrayField(models.UUIDField(), default=list)
    brought = ArrayField(models.UUIDField(), default=list)
    # Who signed in as each of them, and who was invited to be the twin.
    twin_member = models.ForeignKey(
        "organizations.Membership", models.SET_NULL, null=True, related_name="+"
    )
    into_member = models.ForeignKey(
        "organizations.Membership", models.SET_NULL, null=True, related_name="+"
    )
    invitation = models.ForeignKey(
        "organizations.Invitation", models.SET_NULL, null=True, related_name="+"
    )
    gave_team = models.BooleanField(default=False)  # the one that stayed had none before

    def __str__(self) -> str:
        return str(self.id)

    @property
    def conversations(self) -> int:
        """How many conversations it moved."""
        return len(self.interactions) + len(self.participations)


class Handover(TenantModel):
    """Many interactions that are given to an agent, some at a time. The row is the job.

    `merge` is what is undone by it: only what is still with the agent that stayed goes back.
    """

    by = models.ForeignKey("organizations.Membership", models.CASCADE, related_name="+")
    agent = models.ForeignKey("organizations.Agent", models.CASCADE, null=True, related_name="+")
    merge = models.ForeignKey(Merge, models.CASCADE, null=True, related_name="+")
    interactions = ArrayField(models.UUIDField())
    done = models.PositiveIntegerField(default=0)  # of them, in their order
    changed = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)  # could not be given
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.id)
