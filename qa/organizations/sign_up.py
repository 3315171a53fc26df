"""Create an organization by oneself, where the operator lets people (SIGN_UP).

    ask ── link by mail ──▶ the page behind it ──▶ open_with_account, or open_with_new_account

The address comes first and is proven by the link before anything is made or a password is set.
Whether an address has an account is said in the mail alone, so to its owner alone.
"""

import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import count
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from qa.audit import actions as audit
from qa.core.errors import Conflict, Gone, NotAllowed
from qa.organizations import invitations
from qa.organizations.actions import create_organization
from qa.organizations.addresses import fold, same
from qa.organizations.models import Invitation, Membership, Organization, Role, User
from qa.organizations.own_models import SignUp
from qa.organizations.setup import refuse_unknown_zone
from qa.outbox import actions as outbox
from qa.outbox.models import Mail
from qa.tenancy.base import System
from qa.tenancy.context import tenant

LASTS: Final = timedelta(days=1)
PAUSE: Final = timedelta(minutes=10)  # between two mails to one address
HOURLY: Final = 60  # mails an hour, to all addresses together
SLUG: Final = 60


def ask(email: str, *, site: str) -> None:
    """Have the link mailed to this address; not again within the pause, whoever asks."""
    now, address = timezone.now(), fold(email)
    lately = SignUp.objects.filter(sent_at__gt=now - timedelta(hours=1)).count()
    if lately + outbox.waiting(Mail.Kind.SIGN_UP) >= HOURLY:
        raise Conflict(_("Too many people are signing up right now. Try again in an hour."))
    if not SignUp.objects.filter(email=address, sent_at__gt=now - PAUSE).exists():
        outbox.send_later(Mail.Kind.SIGN_UP, about=address, site=site)


def make_mailed_link(email: str) -> str:
    """What the link ends in that a mail brings, made as it is written; the one before dies."""
    token, now = secrets.token_urlsafe(32), timezone.now()
    values = {"link_hash": _hash(token), "sent_at": now, "expires_at": now + LASTS}
    SignUp.objects.update_or_create(email=email, defaults=values)
    return token


def find(token: str) -> SignUp | None:
    """Whose link this is, if it still works."""
    return SignUp.objects.filter(link_hash=_hash(token), expires_at__gt=timezone.now()).first()


def account_of(email: str) -> User | None:
    """The account of a proven address; one that has never had a password is made anew."""
    account = User.objects.of_address(email).filter(only_in__isnull=True).first()
    return account if account and account.has_usable_password() else None


@transaction.atomic
def open_with_account(
    found: SignUp, *, user: User, organization: str, time_zone: str
) -> Membership:
    """Create an organization with the account one is signed in with, and be its admin."""
    if user.only_in_id is not None or not user.is_active or not same(user.email, found.email):
        raise NotAllowed(_("This link is for another person."))
    place, invitation = _open(found, organization, time_zone, name=user.name)
    with tenant(place.pk):
        return _opened(invitations.accept(invitation, user=user))


@transaction.atomic
def open_with_new_account(
    found: SignUp, *, name: str, password: str, organization: str, time_zone: str
) -> Membership:
    """Create an organization, and make the account of its first admin."""
    place, invitation = _open(found, organization, time_zone, name=name)
    with tenant(place.pk):
        member = invitations.accept_with_new_account(invitation, name=name, password=password)
        return _opened(member)


def drop_old(*, now: datetime) -> None:
    """Forget the addresses that never went on."""
    SignUp.objects.filter(expires_at__lt=now).delete()


def _open(
    found: SignUp, organization: str, time_zone: str, *, name: str
) -> tuple[Organization, Invitation]:
    """Use the link up, and make the place: of several who use it at once one is first."""
    refuse_unknown_zone(time_zone)
    link = SignUp.objects.select_for_update().filter(pk=found.pk, link_hash=found.link_hash)
    if not link.filter(expires_at__gt=timezone.now()).exists():
        raise Gone(_("This link no longer works."))
    link.delete()
    place = _place(organization, time_zone)
    with tenant(place.pk):
        invitation, _token = invitations.invite(
            by=System(place.pk), email=found.email, name=name, role=Role.ADMIN, mailed=True
        )
    return place, invitation


def _opened(member: Membership) -> Membership:
    audit.record(member, "organization.opened", member.organization, {"by": "sign_up"})
    return member


def _place(name: str, time_zone: str) -> Organization:
    for slug in _slugs(name):
        try:
            return create_organization(name=name, slug=slug, time_zone=time_zone)
        except Conflict:
            continue
    raise AssertionError("slugs never end")


def _slugs(name: str) -> Iterator[str]:
    """Addresses for this name: the plain one, then numbered, then with chance letters."""
    plain = slugify(name)[: SLUG - 10].strip("-")
    if plain:
        yield plain
        yield from (f"{plain}-{number}" for number in range(2, 6))
    for _number in count():
        yield f"{plain or 'organization'}-{secrets.token_hex(4)}"[:SLUG]


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
