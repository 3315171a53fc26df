"""An organization always keeps an admin."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import OperationalError, transaction
from django.utils.translation import gettext as _

from qa.core.errors import Conflict
from qa.organizations.models import Membership, Role
from qa.tenancy.base import Actor


@contextmanager
def one_admin_at_a_time(by: Actor) -> Iterator[set[UUID]]:
    """The ids of the admins, as they stay until the end of the transaction.

    Two admins who change each other at the same moment would wait for each other: one is refused.
    """
    admins = Membership.objects.visible_to(by).filter(role=Role.ADMIN).order_by("pk")
    try:
        with transaction.atomic():
            yield {admin.pk for admin in admins.select_for_update(no_key=True)}
    except OperationalError as error:
        words = _("Another admin is changing members right now. Try again.")
        raise Conflict(words) from error


def last_admin() -> str:
    """Why the only admin can't go, nor become anything else."""
    return _("An organization needs at least one admin. Make somebody else an admin first.")
