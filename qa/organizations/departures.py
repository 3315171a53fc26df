"""Members go, for good or for a while, and come back.

    deactivate ──▶ reactivate (an admin; keys and the lead of a team stay away)
        └────────▶ remove ──▶ come back by an invitation alone

Call `pipeline.remove_member`, which gives back what waits for them. Nothing is ever deleted: what
they reviewed and wrote keeps their name.
"""

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from qa.audit import actions as audit
from qa.core.errors import Conflict, Gone, Refused
from qa.organizations import mailing
from qa.organizations.actions import revoke_key
from qa.organizations.admins import last_admin, one_admin_at_a_time
from qa.organizations.models import Agent, ApiKey, Membership, Role, Team, User
from qa.outbox.actions import send_later
from qa.outbox.models import Mail
from qa.tenancy.base import Actor
from qa.tenancy.context import signed_in


@transaction.atomic
def end_membership(membership: Membership, *, by: Actor, returns: bool = False) -> Membership:
    """Take a member out, or let them leave: their way in ends at once, their keys with it.

    With `returns` an admin can take them back. Whoever belongs nowhere else is signed
    out everywhere. An organization always keeps an admin.
    """
    own = membership.actor_label == by.actor_label
    if own and returns:
        raise Refused(_("You can't deactivate yourself. Leave, or ask another admin."))
    with one_admin_at_a_time(by) as admins:
        if admins == {membership.pk}:
            raise Refused(last_admin())
        member = _locked(membership, by)
    if member.ended_at is not None:
        return _remove_deactivated(member, returns=returns, by=by)
    agent = str(member.agent_id) if member.agent_id else None
    _end(member, returns=returns)
    Team.objects.visible_to(by).filter(manager=member).update(manager=None)
    action = "member.left" if own else "member.deactivated" if returns else "member.removed"
    audit.record(by, action, member, {"role": member.role, "agent": agent})
    for key in ApiKey.objects.visible_to(by).made_by(member).usable():
        revoke_key(key, by=by)
    if not belongs_somewhere(member.user):
        end_sessions(member.user)
    return member


@transaction.atomic
def reactivate(
    membership: Membership, *, by: Actor, site: str, role: Role, agent: Agent | None = None
) -> Membership:
    """Take back who was deactivated, and tell them by mail, which leads to this site.

    Keys that were revoked, and sessions that ended, stay so.
    """
    member = _locked(membership, by)
    if member.deactivated_at is None:
        raise Gone(_("This person isn't deactivated any more."))
    if agent and Membership.objects.visible_to(by).filter(agent=agent).exists():
        raise Conflict(_("This agent profile has a log-in already."))
    member.role, member.agent, member.agent_before = role, agent, None
    member.ended_at = member.deactivated_at = None
    try:
        with transaction.atomic():
            member.save()
    except IntegrityError:
        raise Conflict(_("This agent profile has a log-in already.")) from None
    data = {"role": role, "agent": str(agent.pk) if agent else None}
    audit.record(by, "member.reactivated", member, data)
    if mailing.goes_out():
        about = f"{member.organization_id.hex}/{member.pk.hex}"
        send_later(Mail.Kind.REACTIVATED, about=about, site=site)
    return member


def end_sessions(user: User) -> None:
    """Sign a person out everywhere."""
    User.objects.filter(pk=user.pk).update(ended_sessions=F("ended_sessions") + 1)


def _end(member: Membership, *, returns: bool) -> None:
    now = timezone.now()
    member.ended_at, member.deactivated_at = now, now if returns else None
    member.agent_before_id = member.agent_id if returns else None
    member.agent, member.new_email = None, ""
    member.save(update_fields=["ended_at", "deactivated_at", "agent_before", "agent", "new_email"])


def _remove_deactivated(member: Membership, *, returns: bool, by: Actor) -> Membership:
    if returns or member.deactivated_at is None:
        raise Gone(_("This person is no longer a member."))
    member.deactivated_at = member.agent_before = None
    member.save(update_fields=["deactivated_at", "agent_before"])
    audit.record(by, "member.removed", member, {"role": member.role, "agent": None})
    return member


def _locked(membership: Membership, by: Actor) -> Membership:
    rows = Membership.objects.visible_to(by, former=True).select_for_update(of=("self",))
    member = rows.select_related("user").filter(pk=membership.pk).first()
    if member is None:
        raise Gone(_("This person is no longer a member."))
    return member


def belongs_somewhere(user: User) -> bool:
    """True if this person is a member of any organization."""
    with signed_in(user.pk):
        return Membership.objects.of_user(user).exists()
