"""Ask a person to join, and let the person, and nobody else, accept (ADR 21).

    invite ── link by mail, or handed to an admin ──▶ the owner opens it ──▶ accept
       └── send_again (the old link dies), withdraw, its time runs out,
           or another organization invites the same address

A link that went to the address proves the address: it may make the account that all organizations
know. One that an admin passes on proves nothing but that this organization wants the person: the
account it makes is good in this organization alone. No link ever sets the password of an account
that has one; whoever has an account signs in with it and accepts.
"""

import secrets
from collections.abc import Iterable
from datetime import timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from qa.audit import actions as audit
from qa.core.errors import Conflict, Gone, NotAllowed, Refused
from qa.organizations.addresses import fold, same
from qa.organizations.models import Agent, Invitation, Membership, Role, User
from qa.tenancy.base import Actor, System
from qa.tenancy.context import inviting, presenting_invitation

LASTS: Final = timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)


@transaction.atomic
def invite(
    *,
    by: Actor,
    email: str,
    name: str,
    role: Role,
    agent: Agent | None = None,
    mailed: bool,
) -> tuple[Invitation, str]:
    """Ask this address to join. The second value is what the link ends in: it is kept nowhere.

    `mailed` says that the link will be sent to the address, and shown to nobody here. The answer
    goes by this organization's own rows alone, and so tells nothing about others; links that other
    organizations have made for the address die.
    """
    email = fold(email)
    _end_other_links(email, by=by)
    _refuse_member(email, by)
    if agent and Membership.objects.visible_to(by).filter(agent=agent).exists():
        raise Conflict(_("This agent profile has a log-in already."))
    invitation = Invitation(
        organization_id=by.organization_id, email=email, name=name, role=role, agent=agent
    )
    invitation.invited_by = by if isinstance(by, Membership) else None
    token = _give_link(invitation, mailed=mailed)
    try:
        with transaction.atomic():
            invitation.save(force_insert=True)
    except IntegrityError:
        if agent and not _waiting(by, email):
            words = _("Someone has already been invited for this agent profile.")
        else:
            words = _("This person has been invited already.")
        raise Conflict(words) from None
    audit.record(by, "member.invited", invitation, {"role": role, "mailed": mailed})
    return invitation, token


@transaction.atomic
def send_again(invitation: Invitation, *, by: Actor, mailed: bool) -> tuple[Invitation, str]:
    """Make another link, for as long again; the one before dies, and other organizations' do."""
    _end_other_links(invitation.email, by=by)
    found = _locked(invitation)
    token = _give_link(found, mailed=mailed)
    found.save(update_fields=["link_hash", "mailed", "expires_at"])
    audit.record(by, "member.invited_again", found, {"mailed": mailed})
    return found, token


@transaction.atomic
def make_mailed_link(invitation_id: UUID, *, by: System) -> tuple[Invitation, str] | None:
    """Make the link that a mail brings, as it is written. None if nobody waits for it any more."""
    rows = Invitation.objects.visible_to(by).select_for_update(of=("self",))
    rows = rows.select_related("organization", "invited_by__user")
    found = rows.filter(pk=invitation_id, mailed=True).first()
    if found is None or found.expired:  # such as by another organization's invitation
        return None
    token = secrets.token_urlsafe(32)
    found.link_hash = _hash(token)
    found.save(update_fields=["link_hash"])
    return found, token


@transaction.atomic
def withdraw(invitation: Invitation, *, by: Actor) -> None:
    """Take an invitation back; its link dies."""
    found = _locked(invitation)
    audit.record(by, "invitation.withdrawn", found, {"role": found.role})
    found.delete()


def find(token: str) -> Invitation | None:
    """The invitation to which this link belongs, if it still works."""
    link_hash = _hash(token)
    with presenting_invitation(link_hash):
        # Not visible_to: nobody is a member here yet; the second wall shows this one row.
        found = Invitation.objects.filter(link_hash=link_hash).first()
    return None if found is None or found.expired else found


def account_behind(invitation: Invitation) -> User | None:
    """The account of whoever opens the link, as far as the link entitles them to know of it."""
    accounts = User.objects.of_address(invitation.email)
    proven = accounts.filter(only_in__isnull=True).first() if invitation.mailed else None
    return proven or accounts.filter(only_in=invitation.organization_id).first()


def fits(invitation: Invitation, user: User) -> bool:
    """True if this account may accept it: the same address, and not another organization's own."""
    anywhere = user.only_in_id in (None, invitation.organization_id)
    return user.is_active and anywhere and same(user.email, invitation.email)


@transaction.atomic
def accept(invitation: Invitation, *, user: User) -> Membership:
    """Join with the account one is signed in with."""
    found = _open(invitation)
    if not fits(found, user):
        raise NotAllowed(_("This invitation is for another person."))
    return _join(found, user)


@transaction.atomic
def accept_with_new_account(invitation: Invitation, *, name: str, password: str) -> Membership:
    """Join with an account that is made now, or that has never had a password."""
    found = _open(invitation)
    account = account_behind(found)
    if account and account.has_usable_password():
        raise Refused(_("You already have a log-in. Sign in with it to join."))
    if account is None:
        only_in = None if found.mailed else found.organization_id
        account = User(email=found.email, only_in_id=only_in)
    account.name = name
    account.set_password(password)
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError:  # accepted at the same moment in another organization
        raise Conflict(_("You already have a log-in. Sign in with it to join.")) from None
    return _join(found, account)


@transaction.atomic
def admit(
    *,
    by: System,
    email: str,
    name: str,
    role: Role,
    password: str,
    agent: Agent | None = None,
    mailed: bool = False,
) -> Membership:
    """Invite a person and accept in their place: for people who are made up, as the demo's are."""
    invitation, _token = invite(
        by=by, email=email, name=name, role=role, agent=agent, mailed=mailed
    )
    account = account_behind(invitation)
    if account is not None:
        return accept(invitation, user=account)
    return accept_with_new_account(invitation, name=name, password=password)


def _join(invitation: Invitation, user: User) -> Membership:
    ever = Membership.objects.visible_to(System(invitation.organization_id), former=True)
    member = ever.filter(user=user).select_for_update().first()
    if member is not None and member.ended_at is None:
        raise Conflict(_("You are already a member."))
    member = member or Membership(organization_id=invitation.organization_id, user=user)
    agent = invitation.agent
    if agent and Membership.objects.visible_to(member).filter(agent=agent).exists():
        words = _("Someone else now has this agent profile. Ask the person who invited you.")
        raise Conflict(words)
    member.role, member.agent, member.ended_at = invitation.role, agent, None
    member.deactivated_at = member.agent_before = None
    member.last_seen_at = timezone.now()
    member.save()
    audit.record(
        member, "member.joined", member, {"role": member.role, "invitation": str(invitation.pk)}
    )
    invitation.delete()
    return member


def _open(invitation: Invitation) -> Invitation:
    found = _locked(invitation)
    if found.expired or found.link_hash != invitation.link_hash:
        raise Gone(_("This invitation no longer works."))
    return found


def _locked(invitation: Invitation) -> Invitation:
    """The invitation as it is now: of several who use it at once one is first."""
    rows = Invitation.objects.visible_to(System(invitation.organization_id))
    found = rows.select_for_update(of=("self",)).filter(pk=invitation.pk).first()
    if found is None:
        raise Gone(_("This invitation no longer works. It was accepted or withdrawn."))
    return found


def _refuse_member(email: str, by: Actor) -> None:
    ever = Membership.objects.visible_to(by, former=True).filter(user__email__iexact=email)
    if ever.filter(ended_at__isnull=True).exists():
        raise Conflict(_("This person is already a member."))
    if ever.deactivated().exists():
        raise Conflict(_("This person is deactivated here. Reactivate them instead."))


def end_other_links(emails: Iterable[str], *, by: Actor) -> None:
    """End other organizations' links to these addresses, in the one order that all keep to."""
    for email in sorted(set(emails)):
        _end_other_links(email, by=by)


def _end_other_links(email: str, *, by: Actor) -> None:
    """End the links to this address that other organizations have made, as if their time was up.

    Rows are locked in one order, for two organizations may do so to each other.
    """
    with inviting(email):
        # Not visible_to: these are other organizations' rows; the second wall shows one address.
        rows = Invitation.objects.filter(email=email).select_for_update().order_by("pk")
        others = [row.pk for row in rows if row.organization_id != by.organization_id]
        Invitation.objects.filter(pk__in=others, expires_at__gt=timezone.now()).update(
            expires_at=timezone.now()
        )


def _waiting(by: Actor, email: str) -> bool:
    return Invitation.objects.visible_to(by).filter(email=email).exists()


def _give_link(invitation: Invitation, *, mailed: bool) -> str:
    token = secrets.token_urlsafe(32)
    invitation.link_hash, invitation.mailed = _hash(token), mailed
    invitation.expires_at = timezone.now() + LASTS
    return token


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
