"""`python manage.py create_organization NAME --admin EMAIL`: how a real installation begins."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.urls import reverse
from django.utils.text import slugify

from qa.errors import DomainError
from qa.organizations import actions
from qa.organizations.models import Role
from qa.tenancy.base import System
from qa.tenancy.context import tenant


class Command(BaseCommand):
    help = "Open an organization and print its first admin's one-time link to set a password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--admin", required=True, metavar="EMAIL")
        parser.add_argument("--admin-name", default="", help="default: the part before the @")
        parser.add_argument("--slug", default="", help="default: made from the name")

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["admin"]
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError("--admin must be an e-mail address.") from error
        slug = options["slug"] or slugify(options["name"])
        if not slug:
            raise CommandError("Give a --slug: none can be made from this name.")
        try:
            organization = actions.create_organization(name=options["name"], slug=slug)
            with tenant(organization.id):
                member = actions.add_member(
                    by=System(organization.id),
                    email=email,
                    name=options["admin_name"] or email.partition("@")[0],
                    role=Role.ADMIN,
                )
        except DomainError as error:
            raise CommandError(error.message) from error
        uid, token = actions.set_password_path(member.user)
        path = reverse("password_reset_confirm", kwargs={"uidb64": uid, "token": token})
        self.stdout.write(f"Organization {slug} is open: /o/{slug}/")
        self.stdout.write(f"Admin's one-time link to set a password: {path}")
