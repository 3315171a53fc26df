"""Rows that people look up by name."""

from typing import Self, TypeVar
from uuid import UUID

from django.db import models

from qa.tenancy.base import TenantQuerySet

M_co = TypeVar("M_co", bound=models.Model, covariant=True)


class NamedQuerySet(TenantQuerySet[M_co]):
    """Rows that people look up by name, a page at a time."""

    name_field = "name"

    def by_name(self, *, after: UUID | None = None, field: str = "") -> Self:
        """In the order of names, or of another field that is never null, behind the row `after`.

        From the start if there is no such row.
        """
        field = field or self.name_field
        rows = self.order_by(field, "id")
        last = rows.filter(pk=after).values_list(field, flat=True).first()
        if last is None:
            return rows
        later = models.Q(**{f"{field}__gt": last})
        return rows.filter(later | models.Q(**{field: last, "pk__gt": after}))
