"""`python manage.py convert FILE…`: what files hold, as canonical JSON lines."""

import json
from typing import Any

from django.core.management.base import CommandParser

from transcripts.management.inputs import FilesCommand, Found
from transcripts.names_model import redact


class Command(FilesCommand):
    help = "Print the canonical interactions that files hold, redacted. Nothing is stored."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--raw", action="store_true", help="leave redaction out")

    def handle(self, *args: Any, **options: Any) -> None:
        self.raw = options["raw"]
        super().handle(*args, **options)

    def show(self, found: Found) -> None:
        interaction = found.interaction if self.raw else redact(found.interaction)[0]
        line = {"file": found.file, "format": found.format, **interaction.to_dict()}
        self.stdout.write(json.dumps(line, ensure_ascii=False))
