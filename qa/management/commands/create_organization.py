"""`python manage.py create_organization NAME --admin EMAIL`: how a real installation begins."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.text import slugify

from qa.core.errors import DomainError
from qa.management.commands.invite_admin import admin_link, check_address
from qa.organizations import actions
from qa.tenancy.context import tenant


class Command(BaseCommand):
    help = "Create an organization and print its first admin's one-time link to join."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--admin", required=True, metavar="EMAIL")
        parser.add_argument("--admin-name", default="", help="default: the part before the @")
        parser.add_argument("--slug", default="", help="default: made from the name")

    def handle(self, *args: Any, **options: Any) -> None:
        name, email = options["name"].strip(), options["admin"]
        slug = options["slug"] or slugify(name)
        check(name, slug, email)
        try:
            link = open_organization(name, slug, email, options["admin_name"])
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"Organization {slug} is open: /o/{slug}/")
        self.stdout.write(f"Admin's one-time link to join: {link}")


def check(name: str, slug: str, email: str) -> None:
    """Refuse what the columns would refuse, in words."""
    if not 0 < len(name) <= 200:
        raise CommandError("Give a NAME of at most 200 characters.")
    if not slug:
        raise CommandError("Give a --slug: none can be made from this name.")
    if len(slug) > 60 or slug != slugify(slug):
        raise CommandError("--slug must be at most 60 small letters, digits and hyphens.")
    check_address(email)


@transaction.atomic
def open_organization(name: str, slug: str, email: str, admin_name: str) -> str:
    """The organization and its first admin's invitation, or neither; gives the link's address."""
    organization = actions.create_organization(name=name, slug=slug)
    with tenant(organization.id):
        return admin_link(organization, email, admin_name)
