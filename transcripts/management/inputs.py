"""What the commands that read transcript files share: arguments, reading, exit status.

Status 0; 1 if some input could not be read, after all others were; 2 for wrong arguments.
"""

import os
import sys
from argparse import ArgumentTypeError
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from transcripts.formats import (
    CHANNELS,
    FORMATS,
    CanonicalInteraction,
    FormatError,
    LineError,
    parse,
    stream,
)
from transcripts.formats.errors import shortened
from transcripts.formats.lines import format_of_lines

STDIN: Final = "-"
NOTHING: Final = "holds nothing to import"


@dataclass(frozen=True, slots=True)
class Found:
    """One interaction, the file that holds it and the format in which it was written."""

    file: str
    format: str
    interaction: CanonicalInteraction


@dataclass(frozen=True, slots=True)
class Unread:
    """A file, or a record in one, that could not be read."""

    file: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: {self.reason}"


class FilesCommand(BaseCommand):
    """Reads transcripts from files and standard input; needs no database, broker or key."""

    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "files",
            nargs="+",
            metavar="FILE",
            help="a transcript of any known format; - is standard input, canonical JSON lines",
        )
        parser.add_argument(
            "--format",
            metavar="NAME",
            type=_one_of(FORMATS),
            help=f"what the files are, instead of telling it by content: {', '.join(FORMATS)}",
        )
        parser.add_argument(
            "--channel",
            metavar="NAME",
            type=_one_of(CHANNELS),
            help=f"the channel of files that don't state one: {', '.join(CHANNELS)}",
        )

    def show(self, found: Found) -> None:
        """Print one interaction."""
        raise NotImplementedError

    def finish(self) -> None:
        """Print what comes after all of them."""

    def handle(self, *args: Any, **options: Any) -> None:
        self.check_arguments(options)
        status = 0
        try:
            for result in self.results(options):
                failed = self._shown(result) if isinstance(result, Found) else result
                if failed is not None:
                    status = 1
                    self.stdout.flush()
                    self.stderr.write(str(failed))
            self.finish()
            self.stdout.flush()
        except BrokenPipeError:
            leave_pipe()
        except KeyboardInterrupt:
            raise SystemExit(130) from None
        if status:
            raise SystemExit(status)

    def _shown(self, found: Found) -> Unread | None:
        """Print one interaction; what it does to the engine or the redaction stops no other."""
        try:
            self.show(found)
        except (OSError, CommandError):
            raise
        except Exception as error:
            which = f" (conversation {shortened(known)})" if (known := _known_as(found)) else ""
            return Unread(found.file, f"{_fault_of_ours(error)}{which}")
        return None

    def results(self, options: dict[str, Any]) -> Iterator[Found | Unread]:
        """What the named files hold."""
        flat = options.get("stream", False)
        return read(options["files"], options["format"], options["channel"], flat=flat)

    def check_arguments(self, options: dict[str, Any]) -> None:
        """Refuse arguments that contradict each other, with status 2."""
        if options["files"].count(STDIN) > 1:
            raise CommandError("- (standard input) can be read only once.", returncode=2)


def _one_of(names: Collection[str]) -> Callable[[str], str]:
    """An argument's type: one of a few names, told all of them when it is none."""

    def check(value: str) -> str:
        if value not in names:
            known = ", ".join(names)
            raise ArgumentTypeError(f"{shortened(value)} is not known; expected one of {known}")
        return value

    return check


def read(
    files: list[str], name: str | None, channel: str | None, *, flat: bool = False
) -> Iterator[Found | Unread]:
    """Every interaction of the files, in input order, and what could not be read.

    `flat` reads JSON lines one at a time; other files only if they are small enough to hold.
    """
    for file in files:
        shown = shortened(file, 300)
        try:
            yield from _read_file(file, shown, name, channel, flat=flat)
        except FormatError as error:
            place = "" if error.line is None else f"line {error.line}: "
            yield Unread(shown, place + error.reason)
        except (BrokenPipeError, CommandError):
            raise
        except OSError as error:
            yield Unread(shown, error.strerror or "cannot be read")
        except Exception as error:  # whatever a file does to a reader, the next one is read
            yield Unread(shown, _fault_of_ours(error))


def _fault_of_ours(error: Exception) -> str:
    """Say that Heard failed, and on what kind of error; its message may hold what was said."""
    return f"met a fault in Heard while it was read ({type(error).__name__}); please report it"


def _known_as(found: Found) -> str:
    return found.interaction.external_id or ""


def leave_pipe() -> None:
    """The reader has gone (as `head` does): what is still buffered goes nowhere, silently."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _read_file(
    file: str, shown: str, name: str | None, channel: str | None, *, flat: bool
) -> Iterator[Found | Unread]:
    if file == STDIN:
        lines = sys.stdin.buffer
        if name is None or FORMATS[name].read_record:
            return _lines(lines, shown, name or "canonical")
        return _whole(lines.read(), shown, name, channel)
    if not flat:
        return _whole(Path(file).read_bytes(), file, name, channel)
    return _flat(file, shown, name, channel)


def _flat(file: str, shown: str, name: str | None, channel: str | None) -> Iterator[Found | Unread]:
    with Path(file).open("rb") as opened:
        told = format_of_lines(opened, Path(file).name) if name is None else name
        opened.seek(0)
        if told and FORMATS[told].read_record:
            yield from _lines(opened, shown, told)
            return
        data = opened.read(settings.MAX_FILE_BYTES + 1)
    if len(data) > settings.MAX_FILE_BYTES:
        limit = settings.MAX_FILE_BYTES // (1024 * 1024)
        yield Unread(shown, f"is larger than {limit} MB; only JSON lines are read piece by piece")
        return
    yield from _whole(data, file, name, channel)


def _lines(lines: BinaryIO, shown: str, name: str) -> Iterator[Found | Unread]:
    results = stream(lines, format=name)
    first = next(results, None)
    if first is None:
        yield Unread(shown, NOTHING)
        return
    for _, result in chain([first], results):
        if isinstance(result, LineError):
            yield Unread(shown, str(result))
        else:
            yield Found(shown, name, result)


def _whole(
    data: bytes, file: str, name: str | None, channel: str | None
) -> Iterator[Found | Unread]:
    shown = shortened(file, 300)
    parsed = parse(data, name=Path(file).name, format=name, channel=channel)
    for interaction in parsed.interactions:
        yield Found(shown, parsed.format, interaction)
    for error in parsed.errors:
        yield Unread(shown, str(error))
    if not parsed.interactions and not parsed.errors:
        yield Unread(shown, " ".join([f"{NOTHING}.", *parsed.notes]))
