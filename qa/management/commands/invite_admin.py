"""`python manage.py invite_admin SLUG EMAIL`: for an organization whose admins can't sign in."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.urls import reverse

from qa.core.errors import DomainError
from qa.organizations import invitations
from qa.organizations.models import Invitation, Organization, Role
from qa.tenancy.base import System
from qa.tenancy.context import directory, tenant


class Command(BaseCommand):
    help = "Print a one-time link with which another admin joins an organization."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("email")
        parser.add_argument("--name", default="", help="default: the part before the @")

    def handle(self, *args: Any, **options: Any) -> None:
        check_address(options["email"])
        with directory():
            organization = Organization.objects.open().filter(slug=options["slug"]).first()
        if organization is None:
            raise CommandError(f"There is no organization with the slug {options['slug']}.")
        try:
            with tenant(organization.id):
                link = admin_link(organization, options["email"], options["name"])
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"Admin's one-time link to join: {link}")


def check_address(email: str) -> None:
    """Refuse what is no address, in words."""
    try:
        validate_email(email)
    except ValidationError as error:
        raise CommandError("The admin is named by their e-mail address.") from error


def admin_link(organization: Organization, email: str, name: str) -> str:
    """The address of a one-time link, for the operator to pass on; an open one is replaced."""
    by = System(organization.id)
    for open_one in Invitation.objects.visible_to(by).filter(email__iexact=email):
        invitations.withdraw(open_one, by=by)
    _, token = invitations.invite(
        by=by, email=email, name=name or email.partition("@")[0], role=Role.ADMIN, mailed=False
    )
    return settings.SITE_URL + reverse("invitation", kwargs={"token": token})
