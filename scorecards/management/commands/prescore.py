"""`python manage.py prescore FILE…`: pre-score files without any database or broker."""

import json
from typing import Any

from django.core.management.base import CommandError, CommandParser

from scorecards import empathy
from scorecards.management.report import Report
from transcripts.formats import FORMATS
from transcripts.management.inputs import FilesCommand, Found


class Command(FilesCommand):
    help = "Parse and pre-score transcript files. Nothing is stored."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--json",
            action="store_true",
            help="one JSON object a line for each interaction; of several files with its file",
        )
        parser.add_argument(
            "--stream",
            action="store_true",
            help="read JSON lines one at a time, in memory that does not grow with the input",
        )

    def check_arguments(self, options: dict[str, Any]) -> None:
        super().check_arguments(options)
        name = options["format"]
        if options["stream"] and name and not FORMATS[name].read_record:
            raise CommandError(f"--stream needs JSON lines; {name} is not.", returncode=2)

    def handle(self, *args: Any, **options: Any) -> None:
        self.pack = empathy.load_pack()
        self.json = options["json"]
        self.live = options["stream"]
        self.several = len(options["files"]) > 1
        self.report = Report()
        super().handle(*args, **options)

    def show(self, found: Found) -> None:
        interaction = found.interaction
        scored = empathy.prescore(interaction.turns, pack=self.pack, language=interaction.language)
        if self.json:
            known_as = {"external_id": interaction.external_id, "channel": interaction.channel}
            origin = {"file": found.file} if self.several else {}
            line = {**origin, **known_as, **scored.to_dict()}
            self.stdout.write(json.dumps(line, ensure_ascii=False))
        else:
            self.stdout.write(self.report.on(found.file, interaction, scored))
        if self.live:
            self.stdout.flush()

    def finish(self) -> None:
        if not self.json and (summary := self.report.summary()):
            self.stdout.write(summary)
