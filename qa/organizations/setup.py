"""An organization's own settings: its name, its picture, how its people read. For admins."""

from collections.abc import Sequence
from typing import Any, Final

from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _

from qa import dispatch
from qa.audit import actions as audit
from qa.core.errors import Refused
from qa.organizations.logos import Picture
from qa.organizations.models import Membership, Organization, User
from qa.organizations.own_models import Logo
from qa.organizations.preferences import time_zones
from qa.tenancy.base import Actor

FIELDS: Final[Sequence[str]] = (
    "name",
    "time_zone",
    "week_start",
    "language",
    "recording_origins",
)


@transaction.atomic
def set_up(*, by: Membership, **values: Any) -> Organization:
    """Change any of FIELDS. Figures follow another time zone once a worker has counted anew."""
    organization = Organization.objects.visible_to(by).select_for_update(no_key=True).get()
    before = {name: getattr(organization, name) for name in FIELDS if name in values}
    changed = [name for name, value in before.items() if values[name] != value]
    if "time_zone" in changed:
        refuse_unknown_zone(values["time_zone"])
        transaction.on_commit(lambda: dispatch.enqueue_recount(by.organization_id))
    for name in changed:
        setattr(organization, name, values[name])
    if changed:
        organization.save(update_fields=changed)
        told = audit.changes(before, {name: values[name] for name in changed})
        audit.record(by, "organization.set_up", organization, told)
    return organization


@transaction.atomic
def set_logo(picture: Picture | None, *, by: Membership) -> Organization:
    """Show this picture beside the organization's name, or none any more."""
    organization = Organization.objects.visible_to(by).select_for_update(no_key=True).get()
    before, now = organization.logo_version, picture.version if picture else ""
    if before == now:
        return organization
    Logo.objects.visible_to(by).delete()
    if picture:
        Logo.objects.create(organization_id=by.organization_id, image=picture.png)
    organization.logo_version = now
    organization.save(update_fields=["logo_version"])
    audit.record(by, "organization.logo_set", organization, {"from": before, "to": now})
    return organization


@transaction.atomic
def set_own_preferences(*, by: Membership, time_zone: str, language: str) -> User:
    """Say in which time zone and language one reads oneself, in every organization."""
    user = User.objects.select_for_update(no_key=True).get(pk=by.user_id)
    wanted = {"time_zone": time_zone, "language": language}
    before = {name: getattr(user, name) for name in wanted}
    changed = [name for name, value in wanted.items() if value != before[name]]
    if "time_zone" in changed and time_zone:
        refuse_unknown_zone(time_zone)
    for name in changed:
        setattr(user, name, wanted[name])
    if changed:
        user.save(update_fields=changed)
        audit.record(by, "member.preferences_set", by, audit.changes(before, wanted))
    return user


def refuse_unknown_zone(name: str) -> None:
    """Refuse a zone that Python or PostgreSQL has no table of: one of them may be years older."""
    known = name in time_zones()
    if known:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT now() AT TIME ZONE %s", [name])
        except DatabaseError:
            known = False
    if not known:
        raise Refused(_("This time zone isn't known here. Choose a place nearby in the same zone."))


def picture_of(by: Actor) -> bytes | None:
    """The organization's picture, a PNG."""
    found = Logo.objects.visible_to(by).values_list("image", flat=True).first()
    return bytes(found) if found else None
