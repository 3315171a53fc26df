"""The organization that an operator names on the command line."""

from django.core.management.base import CommandError

from qa.organizations.models import Organization
from qa.tenancy.context import directory


def organization_of(slug: str) -> Organization:
    """The organization with this slug; ends the command with status 2 if there is none."""
    with directory():
        found = Organization.objects.open().filter(slug=slug).first()
    if found is None:
        raise CommandError(f"There is no organization with the slug {slug}.", returncode=2)
    return found
