"""Delete an organization with everything that belongs to it.

    close ── nobody is a member any more ──▶ remove_some, by a worker, until nothing is left

The database lets the rows of a closed organization be deleted that it otherwise refuses to lose
(migration 0021), and never opens it again. A worker goes on where another stopped: the closed row
is the job, and it goes last. What remains is a line in the log, with ids only.
"""

import logging
import time
from collections.abc import Iterator
from functools import cache
from typing import Final
from uuid import UUID

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.apps import apps
from django.db import IntegrityError, OperationalError, connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from qa import dispatch
from qa.core.errors import Conflict, Gone
from qa.organizations.departures import belongs_somewhere, end_sessions
from qa.organizations.models import ApiKey, Invitation, Membership, Organization, Team, User
from qa.outbox import actions as outbox
from qa.tenancy.base import System, TenantModel
from qa.tenancy.context import tenant

logger = logging.getLogger(__name__)
AT_ONCE: Final = 2000  # rows of a statement, of a table that may hold millions


def close(*, by: Membership) -> None:
    """End every way in at once, and have all rows deleted. It can't be taken back.

    Whoever belongs nowhere else is signed out.
    """
    try:
        with transaction.atomic():
            _close(by)
    except OperationalError as error:  # what a member is doing this moment keeps them from ending
        raise Conflict(
            _("Someone is saving something right now. Try again in a moment.")
        ) from error


def _close(by: Membership) -> None:
    organization = Organization.objects.visible_to(by).select_for_update().get()
    if organization.closed_at:
        raise Gone(_("This organization has already been deleted."))
    now = timezone.now()
    rows = Membership.objects.visible_to(by).select_for_update(of=("self",)).order_by("pk")
    members = list(rows.select_related("user"))
    ApiKey.objects.visible_to(by).filter(revoked_at__isnull=True).update(revoked_at=now)
    Invitation.objects.visible_to(by).delete()
    Team.objects.visible_to(by).update(manager=None)
    Membership.objects.visible_to(by).update(ended_at=now, agent=None)
    for member in members:
        if not belongs_somewhere(member.user):
            end_sessions(member.user)
    organization.closed_at = now
    organization.save(update_fields=["closed_at"])
    logger.warning("organization closed organization=%s by=%s", by.organization_id, by.actor_label)
    transaction.on_commit(lambda: dispatch.enqueue_removal(by.organization_id))


def remove_some(organization_id: UUID, *, seconds: float) -> bool:
    """Delete rows of a closed organization for about so long. True once nothing is left."""
    by, end = System(organization_id), time.monotonic() + seconds
    with tenant(organization_id):
        found = Organization.objects.visible_to(by).filter(closed_at__isnull=False).exists()
    if not found:
        return True
    for model in _children_first():
        deleted = AT_ONCE
        while deleted == AT_ONCE:
            with tenant(organization_id):
                deleted = _delete(model, by, limit=None if _refers_to_itself(model) else AT_ONCE)
            if deleted and time.monotonic() > end:
                return False  # never before something was deleted: each run gets further
    with tenant(organization_id):
        _remove_the_rest(by)
    logger.warning("organization deleted organization=%s", organization_id)
    return True


def tenant_models() -> list[type[TenantModel]]:
    """Every kind of row that belongs to one organization."""
    return [model for model in apps.get_models() if issubclass(model, TenantModel)]


def _remove_the_rest(by: System) -> None:
    """What refers to each other in a ring, what came meanwhile, the accounts, the organization.

    Whoever writes a row of it holds the organization's row until their transaction ends; so none
    comes after this lock, and those that came before it are seen.
    """
    Organization.objects.visible_to(by).select_for_update().get()
    theirs = Membership.objects.visible_to(by, former=True).values_list("user_id", flat=True)
    accounts = set(theirs) | set(_only_here(by).values_list("pk", flat=True))
    invited = Invitation.objects.visible_to(by).values_list("email", flat=True)
    addresses = set(invited)
    for model in tenant_models():
        _delete(model, by, limit=None)
    addresses |= _remove_accounts(accounts)
    _forget_addresses(addresses, by)
    Organization.objects.visible_to(by).delete()


def _remove_accounts(accounts: set[UUID]) -> set[str]:
    """Delete the accounts to which no other organization refers; gives their addresses.

    Another organization's rows show to nobody here: the foreign keys say whether there are any.
    """
    gone = set()
    for user in User.objects.filter(pk__in=accounts).order_by("pk"):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("DELETE FROM organizations_user WHERE id = %s", [user.pk])
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        except IntegrityError:
            continue  # a member elsewhere, or once was
        gone.add(user.email)
    return gone


def _forget_addresses(addresses: set[str], by: System) -> None:
    """Forget what is noted of sign-ins and mails of people who have no account any more."""
    for address in addresses:
        for log in (AccessAttempt, AccessFailureLog, AccessLog):
            log.objects.filter(username__iexact=address).delete()
    outbox.forget(addresses=addresses, organization_id=by.organization_id)


def _only_here(by: System) -> models.QuerySet[User]:
    return User.objects.filter(only_in=by.organization_id)


def _delete(model: type[TenantModel], by: System, *, limit: int | None) -> int:
    """Delete rows of one table, at most so many; its children are the caller's to see to."""
    rows = model._base_manager.filter(organization_id=by.organization_id).order_by()
    if limit is not None:
        rows = model._base_manager.filter(pk__in=rows.values("pk")[:limit])
    return rows._raw_delete(rows.db)  # no cascade: all of it goes


@cache
def _children_first() -> tuple[type[TenantModel], ...]:
    """Kinds of rows in an order in which each can be deleted by itself; without those in a ring."""
    left = set(tenant_models())
    order: list[type[TenantModel]] = []
    while True:
        wanted = {parent for model in left for parent in _parents(model) if parent != model}
        free = sorted(left - wanted, key=lambda model: model._meta.db_table)
        if not free:
            return tuple(order)
        order += free
        left -= set(free)


def _parents(model: type[models.Model]) -> Iterator[type[models.Model]]:
    for field in model._meta.concrete_fields:
        if field.is_relation and field.related_model is not None:
            yield field.related_model


def _refers_to_itself(model: type[TenantModel]) -> bool:
    return model in _parents(model)
