"""`python manage.py demo`: the demo organization, pushed through the real intake and worker."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from qa.core.errors import Conflict, DomainError
from qa.demo import load
from qa.organizations.models import Organization
from qa.tenancy.context import directory


class Command(BaseCommand):
    help = "Load the demo organization (needs a running worker), or print its log-ins."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="leave an installation alone that has data"
        )
        parser.add_argument("--logins", action="store_true", help="print the demo log-ins only")
        parser.add_argument(
            "--wait", type=float, default=120, help="seconds to wait for a worker that does nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if not options["logins"]:
                self._load_unless_here(options)
        except DomainError as error:
            raise CommandError(error.message) from error
        finally:
            self._print_logins()

    def _print_logins(self) -> None:
        if load.demo_organization():
            self.stdout.write("Demo log-ins:")
            for line in load.login_lines():
                self.stdout.write(line)

    def _load_unless_here(self, options: dict[str, Any]) -> None:
        organization = load.demo_organization()
        if organization is None and options["if_empty"] and any_organization():
            return
        if organization and load.is_complete(organization):
            if not options["if_empty"]:
                raise Conflict("The demo organization is here already.")
            return
        self.stdout.write("Loading the demo organization …")
        self.stdout.flush()
        organization = organization or load.open_organizations()
        load.wait_for_worker(organization, options["wait"])
        reviewed = load.review_some(organization)
        self.stdout.write(f"Loaded; {reviewed} interactions are reviewed already.\n")


def any_organization() -> bool:
    """True if somebody has opened an organization here."""
    with directory():
        return Organization.objects.exists()
