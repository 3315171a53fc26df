"""`manage.py export_reviews --organization SLUG > reviews.jsonl`: to measure an engine on them.

One JSON line for each confirmed review, with its conversation as stored; `manage.py evaluate`
reads the file. The audit trail says that they were written.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from qa.agreement.export import export_reviews
from qa.management.organization import organization_of
from qa.tenancy.base import System
from qa.tenancy.context import tenant


class Command(BaseCommand):
    help = "Print every confirmed review with its conversation, as JSON lines for evaluate."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", required=True, metavar="SLUG")

    def handle(self, *args: Any, **options: Any) -> None:
        organization = organization_of(options["organization"])
        by = System(organization.pk, actor_label="export_reviews")
        with tenant(organization.pk):
            number = export_reviews(self.stdout.write, organization=organization, by=by)
        self.stderr.write(f"{number:,} confirmed reviews")
