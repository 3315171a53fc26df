"""`python manage.py demo`: the demo organization, pushed through the real intake and worker."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from qa.demo import load
from qa.demo.people import EMPTY_SLUG, SLUG
from qa.organizations.models import Organization
from qa.tenancy.context import directory


class Command(BaseCommand):
    help = "Load the demo organization (needs a running worker), or print its log-ins."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing if any data exists")
        parser.add_argument("--logins", action="store_true", help="print the demo log-ins only")
        parser.add_argument("--wait", type=float, default=60, help="seconds to wait for the worker")

    def handle(self, *args: Any, **options: Any) -> None:
        with directory():
            slugs = set(Organization.objects.values_list("slug", flat=True))
        if options["logins"]:
            self._print_logins(slugs)
            return
        if options["if_empty"] and slugs:
            return
        if slugs & {SLUG, EMPTY_SLUG}:
            raise CommandError("The demo organization is here already.")
        self._load(options["wait"])
        self._print_logins({SLUG})

    def _load(self, wait: float) -> None:
        organization = load.open_organizations()
        if left := load.wait_for_worker(organization, wait):
            self.stderr.write(f"{left} demo interactions still wait for the worker.")
        reviewed = load.review_some(organization)
        self.stdout.write(f"Demo organization loaded, {reviewed} interactions reviewed.")

    def _print_logins(self, slugs: set[str]) -> None:
        if SLUG in slugs:
            self.stdout.write("Demo log-ins:")
            for line in load.login_lines():
                self.stdout.write(line)
