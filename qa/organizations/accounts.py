"""A person's own log-in: their name, and another e-mail address once it is proven (ADR 37).

    ask (themself) ───┐
    propose (an admin) ─┴─ a mail to the new address ──▶ its reader signs in as before ──▶ confirm

A log-in is its person's, and may open several organizations. So no admin changes it: they ask, and
it changes when somebody confirms who reads the new mailbox and knows the password. What is answered
before that looks at no other account, and so tells of none.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.core import signing
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from qa.audit import actions as audit
from qa.audit.models import AuditEvent
from qa.core.errors import Conflict, Gone, NotAllowed, Refused
from qa.organizations import mailing
from qa.organizations.access import memberships_of
from qa.organizations.addresses import fold, same
from qa.organizations.invitations import LASTS
from qa.organizations.models import Membership, User
from qa.outbox.actions import send_later
from qa.outbox.models import Mail
from qa.tenancy.base import Actor
from qa.tenancy.context import tenant

SALT: Final = "heard.new_address"
AN_HOUR: Final = timedelta(hours=1)
AN_HOURS: Final = 5  # mails that a member can have sent to addresses they type


@dataclass(frozen=True, slots=True)
class NewAddress:
    """What a link to another address says: whose log-in, who asked, and the address."""

    user_id: UUID
    member_id: UUID | None  # in whose organization an admin asked; None if they did themself
    email: str

    @property
    def token(self) -> str:
        """What the link ends in; only the mail to the new address holds it."""
        member = self.member_id.hex if self.member_id else ""
        return signing.dumps([self.user_id.hex, member, self.email], salt=SALT, compress=True)


def read_token(token: str) -> NewAddress | None:
    """What a link says, if it was made here and its time has not run out."""
    try:
        user, member, email = signing.loads(token, salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return None
    return NewAddress(UUID(user), UUID(member) if member else None, email)


@transaction.atomic
def change_name(*, by: Membership, name: str) -> None:
    """Give oneself another name, in all organizations; each one's trail says so."""
    name = " ".join(name.split())
    if not name:
        raise Refused(_("Type your name."))
    if name == by.user.name:
        return
    for member in _everywhere(by.user):
        with tenant(member.organization_id):
            audit.record(member, "member.renamed", member, {})
    User.objects.filter(pk=by.user_id).update(name=name)
    by.user.name = name


@transaction.atomic
def ask(*, by: Membership, email: str, site: str) -> str:
    """Ask for another address of one's own; it holds once the link that goes there is used."""
    email = _usable(email, by.user)
    since = timezone.now() - AN_HOUR
    asked = AuditEvent.objects.visible_to(by).filter(actor=by.actor_label, at__gt=since)
    if asked.filter(action="member.address_asked").count() >= AN_HOURS:
        raise Refused(_("You have asked several times already. Try again in an hour."))
    audit.record(by, "member.address_asked", by, {})
    User.objects.filter(pk=by.user_id).update(new_email=email)
    send_later(Mail.Kind.OWN_ADDRESS, about=f"{by.user_id.hex}/{email}", site=site)
    return email


@transaction.atomic
def take_back(*, by: Membership) -> None:
    """Keep one's address after all: the link that was sent dies."""
    User.objects.filter(pk=by.user_id).update(new_email="")


@transaction.atomic
def propose(member: Membership, *, by: Actor, email: str, site: str) -> str:
    """Ask a member to sign in with another address from now on; they decide."""
    email = _usable(email, member.user)
    members = Membership.objects.visible_to(by)
    if members.filter(user__email__iexact=email).exists():
        raise Conflict(_("Another of your members signs in with this address."))
    if not members.filter(pk=member.pk).update(new_email=email):
        raise Gone(_("This person is no longer a member."))
    audit.record(by, "member.address_proposed", member, {})
    about = f"{member.organization_id.hex}/{member.pk.hex}/{email}"
    send_later(Mail.Kind.MEMBER_ADDRESS, about=about, site=site)
    return email


@transaction.atomic
def withdraw(member: Membership, *, by: Actor) -> None:
    """Ask no more: the link that was sent dies."""
    rows = Membership.objects.visible_to(by).filter(pk=member.pk).exclude(new_email="")
    if rows.update(new_email=""):
        audit.record(by, "member.address_withdrawn", member, {})


def fits(wanted: NewAddress, user: User) -> bool:
    """True if this link is for this log-in."""
    return wanted.user_id == user.pk


def waits(wanted: NewAddress, user: User) -> bool:
    """True if it is still asked for: not used, not taken back, and no newer one took its place."""
    if wanted.member_id is None:
        return user.new_email == wanted.email
    mine = [member for member in memberships_of(user) if member.pk == wanted.member_id]
    return any(member.new_email == wanted.email for member in mine)


@transaction.atomic
def confirm(wanted: NewAddress, *, user: User, site: str) -> None:
    """Sign in with the new address from now on; the old one is told."""
    if not fits(wanted, user):
        raise NotAllowed(_("This link is for another log-in."))
    if not waits(wanted, user):
        raise Gone(_("This link no longer works."))
    before = user.email
    for member in _everywhere(user):
        with tenant(member.organization_id):
            asked = Membership.objects.visible_to(member).filter(pk=member.pk)
            asked.filter(new_email=wanted.email).update(new_email="")
            audit.record(member, "member.address_changed", member, {})
    try:
        with transaction.atomic():
            rows = User.objects.filter(pk=user.pk, email=before)
            changed = rows.update(email=wanted.email, new_email="")
    except IntegrityError:
        words = _("You have another log-in with this address already. Sign in with that one.")
        raise Conflict(words) from None
    if not changed:
        raise Gone(_("This link no longer works."))
    send_later(Mail.Kind.OLD_ADDRESS, about=f"{user.pk.hex}/{before}", site=site)


def _usable(email: str, user: User) -> str:
    """The address as it is kept. Raises Refused where nobody could prove it, or nothing changes."""
    if not mailing.goes_out():
        words = _("Heard can't send mail here, so a new address can't be confirmed.")
        raise Refused(words)
    email = fold(email)
    if same(user.email, email):
        raise Refused(_("That is already the address."))
    return email


def _everywhere(user: User) -> list[Membership]:
    """Every membership, in the one order in which several organizations' trails are locked."""
    return sorted(memberships_of(user), key=lambda member: member.organization_id)
