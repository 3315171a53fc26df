"""What a member wants to be offered, or not, of what Heard offers to newcomers."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from qa.organizations.models import Membership
from qa.tenancy.base import Actor, TenantModel, TenantQuerySet


class OfferQuerySet(TenantQuerySet["Offer"]):
    def visible_to(self, actor: Actor) -> Self:
        """A member's own."""
        rows = super().visible_to(actor)
        return rows.filter(member=actor) if isinstance(actor, Membership) else rows


class Offer(TenantModel):
    """A member has put something away, or asked for it again. What is done is never kept here."""

    class What(models.TextChoices):
        CHECKLIST = "checklist", _("The first steps")
        TOUR = "tour", _("The tour of the first review")

    member = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    what = models.CharField(max_length=20, choices=What)
    wanted = models.BooleanField()

    objects = OfferQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "what"], name="offer_once")]

    def __str__(self) -> str:
        return str(self.id)
