"""`python manage.py rebuild_dashboards`: the daily tables, computed anew from what they count."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from qa.dashboards import actions
from qa.organizations.models import Organization
from qa.tenancy.base import System
from qa.tenancy.context import directory, tenant


class Command(BaseCommand):
    help = "Compute the tables that dashboards read from pre-scores and reviews."

    def add_arguments(self, parser: CommandParser) -> None:
        filters = parser.add_mutually_exclusive_group(required=True)
        filters.add_argument("--organization", metavar="SLUG", help="one organization")
        filters.add_argument("--all", action="store_true", help="every organization")

    def handle(self, *args: Any, **options: Any) -> None:
        with directory():
            found = Organization.objects.order_by("slug")
            if options["organization"]:
                found = found.filter(slug=options["organization"])
            organizations = list(found)
        if not organizations:
            raise CommandError("There is no such organization.")
        for organization in organizations:
            with tenant(organization.id):
                actions.rebuild(by=System(organization.id))
            self.stdout.write(f"{organization.slug}: rebuilt")
