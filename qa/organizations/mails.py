"""The mails about a log-in, written when they are sent: their links stand nowhere before."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from qa.organizations import invitations, sign_up
from qa.organizations.accounts import NewAddress
from qa.organizations.models import Invitation, Membership, User
from qa.organizations.reading import written_for
from qa.organizations.sign_in import mailed_links, name_of_only_organization
from qa.outbox.models import Mail
from qa.tenancy.base import System
from qa.tenancy.context import tenant

AUTOMATIC: Final = {"Auto-Submitted": "auto-generated"}


def password_link(about: str, site: str) -> list[EmailMessage]:
    """The link to set a password, for each account of this address; none, if there is none.

    It says in which organization an account is good that is good in one only.
    """
    place = urlsplit(site)
    accounts = User.objects.of_address(about).filter(is_active=True)
    return [_password_link(user, place.scheme, place.netloc) for user in accounts]


def _password_link(user: User, protocol: str, domain: str) -> EmailMessage:
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    context = {"email": user.email, "uid": uid, "token": mailed_links.make_token(user)}
    context |= {"protocol": protocol, "domain": domain}
    context["only_in"] = name_of_only_organization(user)
    with written_for(user):
        subject = render_to_string("registration/password_reset_subject.txt", context)
        body = render_to_string("registration/password_reset_email.html", context)
    return EmailMessage(" ".join(subject.split()), body, to=[user.email])


def invitation(about: str, site: str) -> list[EmailMessage]:
    """The link to join, to whoever is invited; none, if they have accepted or are not any more.

    It is made here and now: the link of an attempt before this one dies.
    """
    organization_id, _slash, invitation_id = about.partition("/")
    by = System(UUID(organization_id))
    with tenant(by.organization_id):
        made = invitations.make_mailed_link(UUID(invitation_id), by=by)
        if made is None:
            return []
        found, token = made
        inviter = found.invited_by
        context = {
            "invitation": found,
            "organization": found.organization.name,
            "inviter": inviter.user.name if inviter else "",
            "link": site + reverse("invitation", kwargs={"token": token}),
        }
        with written_for(None, found.organization):
            message = _invitation(found, context)
    return [message]


def _invitation(found: Invitation, context: Mapping[str, Any]) -> EmailMessage:
    where = " ".join(found.organization.name.split())
    return EmailMessage(
        subject=_("Join %(organization)s in Heard") % {"organization": where},
        body=render_to_string("organizations/invitation_email.txt", context),
        to=[found.email],
        headers=AUTOMATIC,
    )


def sign_up_link(about: str, site: str) -> list[EmailMessage]:
    """The link to open an organization, to whoever reads the mail of this address.

    The mail alone says whether there is an account: only its owner reads it.
    """
    token = sign_up.make_mailed_link(about)
    account = sign_up.account_of(about)
    context = {
        "email": about,
        "link": site + reverse("sign_up_open", kwargs={"token": token}),
        "has_account": account is not None,
        "hours": sign_up.LASTS // timedelta(hours=1),
    }
    with written_for(account):
        message = EmailMessage(
            subject=_("Create your organization in Heard"),
            body=render_to_string("registration/sign_up_email.txt", context),
            to=[about],
            headers=AUTOMATIC,
        )
    return [message]


def own_address(about: str, site: str) -> list[EmailMessage]:
    """The link to confirm a new address; none, if it isn't asked for any more."""
    user_id, _slash, email = about.partition("/")
    user = User.objects.filter(pk=UUID(user_id), new_email=email, is_active=True).first()
    if user is None:
        return []
    with written_for(user):
        return [_new_address(NewAddress(user.pk, None, email), site)]


def member_address(about: str, site: str) -> list[EmailMessage]:
    """The same, where an admin asked for it."""
    organization_id, member_id, email = about.split("/", 2)
    by = System(UUID(organization_id))
    with tenant(by.organization_id):
        rows = Membership.objects.visible_to(by).select_related("organization", "user")
        member = rows.filter(pk=UUID(member_id), new_email=email).first()
    if member is None:
        return []
    wanted = NewAddress(member.user_id, member.pk, email)
    with written_for(member.user, member.organization):
        return [_new_address(wanted, site, organization=member.organization.name)]


def _new_address(wanted: NewAddress, site: str, organization: str = "") -> EmailMessage:
    link = site + reverse("address_confirm", kwargs={"token": wanted.token})
    context = {"organization": organization, "link": link, "days": invitations.LASTS.days}
    return EmailMessage(
        subject=_("Confirm your new e-mail address for Heard"),
        body=render_to_string("organizations/address_email.txt", context),
        to=[wanted.email],
        headers=AUTOMATIC,
    )


def reactivated(about: str, site: str) -> list[EmailMessage]:
    """Tell a member that an admin took them back; none, if they are out again."""
    organization_id, member_id = about.split("/", 1)
    by = System(UUID(organization_id))
    with tenant(by.organization_id):
        rows = Membership.objects.visible_to(by).select_related("organization", "user")
        member = rows.filter(pk=UUID(member_id)).first()
    if member is None:
        return []
    where = " ".join(member.organization.name.split())
    context = {"organization": where, "role": member.get_role_display, "site": site}
    with written_for(member.user, member.organization):
        return [
            EmailMessage(
                subject=_("You have access to %(organization)s again") % {"organization": where},
                body=render_to_string("organizations/reactivated_email.txt", context),
                to=[member.user.email],
                headers=AUTOMATIC,
            )
        ]


def old_address(about: str, site: str) -> list[EmailMessage]:
    """Tell the address that signed in until now; its mailbox may be how somebody learns of it."""
    user_id, _slash, email = about.partition("/")
    with written_for(User.objects.filter(pk=UUID(user_id)).first()):
        body = render_to_string("organizations/address_changed_email.txt", {"site": site})
        subject = _("Your e-mail address for Heard has changed")
        return [EmailMessage(subject=subject, body=body, to=[email], headers=AUTOMATIC)]


# For each kind of mail: from what it is about, and where its links lead, to what is sent.
WRITERS: Final[Mapping[str, Callable[[str, str], list[EmailMessage]]]] = {
    Mail.Kind.PASSWORD: password_link,
    Mail.Kind.INVITATION: invitation,
    Mail.Kind.SIGN_UP: sign_up_link,
    Mail.Kind.OWN_ADDRESS: own_address,
    Mail.Kind.MEMBER_ADDRESS: member_address,
    Mail.Kind.REACTIVATED: reactivated,
    Mail.Kind.OLD_ADDRESS: old_address,
}
