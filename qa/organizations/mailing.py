"""Mail about invitations. `send` is the one place where it leaves."""

from smtplib import SMTPException
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from qa.core.errors import Refused
from qa.organizations.models import Invitation, Organization

# These write mail down where operators read it: it reaches nobody, and proves nothing.
PRINTING: Final = tuple(
    f"django.core.mail.backends.{kind}.EmailBackend" for kind in ("console", "dummy", "filebased")
)


def goes_out() -> bool:
    """True if mail reaches the people it is addressed to."""
    return settings.EMAIL_BACKEND not in PRINTING


def send(message: EmailMessage) -> None:
    """Let a mail go; a refusal where no server takes it."""
    try:
        message.send()
    except (SMTPException, OSError) as error:
        raise Refused(
            "The mail could not be sent. Nothing was changed; try again later."
        ) from error


def invitation_mail(
    invitation: Invitation, *, organization: Organization, link: str
) -> EmailMessage:
    """The mail with an invitation's link."""
    inviter = invitation.invited_by
    context = {
        "invitation": invitation,
        "organization": organization.name,
        "inviter": inviter.user.name if inviter else "",
        "link": link,
    }
    where = " ".join(organization.name.split())
    return EmailMessage(
        subject=f"Join {where} in Heard",
        body=render_to_string("organizations/invitation_email.txt", context),
        to=[invitation.email],
        headers={"Auto-Submitted": "auto-generated"},
    )
