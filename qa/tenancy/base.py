"""What every tenant model shares: a time-ordered id, an organization, a first wall."""

from dataclasses import dataclass
from typing import Protocol, Self, TypeVar
from uuid import UUID

import uuid_utils.compat
from django.db import models


def new_id() -> UUID:
    """A UUIDv7: sorts by time of creation, cannot be guessed from another."""
    return uuid_utils.compat.uuid7()


class Actor(Protocol):
    """Who acts: a membership, an API key, or the system itself."""

    @property
    def organization_id(self) -> UUID: ...

    @property
    def actor_label(self) -> str: ...


@dataclass(frozen=True, slots=True)
class System:
    """Heard itself, at work in one organization (tasks and commands)."""

    organization_id: UUID
    actor_label: str = "system"


M_co = TypeVar("M_co", bound=models.Model, covariant=True)


class TenantQuerySet(models.QuerySet[M_co]):
    """The first wall: every read starts with `visible_to`."""

    def visible_to(self, actor: Actor) -> Self:
        """Rows of the actor's organization; models narrow it further by role."""
        return self.filter(organization_id=actor.organization_id)


class TenantModel(models.Model):
    """A row that belongs to exactly one organization."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organization = models.ForeignKey("organizations.Organization", models.CASCADE, related_name="+")

    objects = TenantQuerySet.as_manager()

    class Meta:
        abstract = True
