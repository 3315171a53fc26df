"""How members are read: those who are here, and, where a caller asks for them, former ones."""

from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.db import models
from django.db.models.functions import Coalesce

from qa.organizations.named import NamedQuerySet
from qa.organizations.roles import Role
from qa.tenancy.base import Actor

if TYPE_CHECKING:
    from qa.organizations.models import Membership, User  # noqa: F401 (named below)


class MembershipQuerySet(NamedQuerySet["Membership"]):
    name_field = "user__name"

    def visible_to(self, actor: Actor, *, former: bool = False) -> Self:
        """The organization's members; with `former` those too who have left, for their names."""
        rows = super().visible_to(actor)
        return rows if former else rows.filter(ended_at__isnull=True)

    def of_user(self, user: "User") -> Self:
        """Everything this person belongs to; needs `tenancy.context.signed_in`.

        Not with the agent: its row shows in the organization's own transactions only.
        """
        return self.filter(user=user, ended_at__isnull=True).select_related("organization", "user")

    def deactivated(self) -> Self:
        """Those whom an admin can take back; only with `former` are they visible."""
        return self.filter(deactivated_at__isnull=False)

    def not_removed(self) -> Self:
        """Those who are here, and those whom an admin can take back."""
        here = models.Q(ended_at__isnull=True)
        return self.filter(here | models.Q(deactivated_at__isnull=False))

    def found_by(self, text: str) -> Self:
        """Members whose name or address holds this text."""
        return self.filter(
            models.Q(user__name__icontains=text) | models.Q(user__email__icontains=text)
        )

    def for_members_page(self, *, after: UUID | None = None, field: str = "") -> Self:
        rows = self.annotate(seen=Coalesce("last_seen_at", "created_at"))
        return rows.select_related("user", "agent").by_name(after=after, field=field)

    def leaders(self) -> Self:
        """Who may lead a team."""
        return self.filter(role__in=(Role.MANAGER, Role.ADMIN)).select_related("user").by_name()
