"""`manage.py import --organization SLUG DIR_OR_FILE…`: store the transcripts of files.

One line for each file. JSON lines are read piece by piece, however many; other files whole. Stop it
anywhere and run it again: what is here is recognised and kept once.

Exit status: 0; 1 if something was refused; 2 for wrong arguments; 130 if stopped by Ctrl-C.
"""

# ruff: noqa: N999  (the command is called import)

import os
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from qa.intake.files import Incoming, take_file, too_large
from qa.intake.line_files import take_lines
from qa.management.organization import organization_of
from qa.site.startup import load_for_good
from qa.tenancy.base import Actor, System
from qa.tenancy.context import tenant
from transcripts.actions import open_upload
from transcripts.formats import CHANNELS, FORMATS, stream
from transcripts.formats.lines import format_of_lines
from transcripts.models import Upload, UploadedFile

STOPPED = 130
REFUSED = (UploadedFile.Status.REFUSED, UploadedFile.Status.PARTLY)


class Command(BaseCommand):
    """Store the transcripts of files through the same door as the upload page."""

    help = "Store transcripts from files and directories; what is here already is recognised."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", required=True, metavar="SLUG")
        parser.add_argument(
            "--format", choices=sorted(FORMATS), help="told from each file if absent"
        )
        parser.add_argument("--channel", choices=CHANNELS, help="for files that don't say it")
        parser.add_argument("paths", nargs="+", type=Path, metavar="DIR_OR_FILE")

    def run_from_argv(self, argv: list[str]) -> None:
        """In a process of its own, as from a shell."""
        load_for_good()
        super().run_from_argv(argv)

    def handle(self, *args: Any, **options: Any) -> None:
        for path in options["paths"]:
            if not path.exists():
                raise CommandError(f"{path}: there is no such file or directory", returncode=2)
        by = System(organization_of(options["organization"]).pk, actor_label="import")
        counts: Counter[str] = Counter()
        try:
            self.take_all(list(_files(options["paths"])), counts, by=by, options=options)
        except KeyboardInterrupt:
            self.stderr.write(f"Stopped. {_total(counts)}")
            self.stderr.write("What was kept stays. Run the same command again to go on.")
            raise SystemExit(STOPPED) from None
        self.stderr.write(_total(counts))
        if any(counts[status] for status in REFUSED):
            sys.exit(1)

    def take_all(
        self, files: list[tuple[Path, str]], counts: Counter[str], *, by: Actor, options: Any
    ) -> None:
        """Take one file after the other, with a bar of the bytes read where a person looks on."""
        with tenant(by.organization_id):
            upload = open_upload(by=by)
        total = sum(_size(path) for path, _ in files)
        with tqdm(total=total, unit="B", unit_scale=True, disable=None, leave=False) as bar:
            for position, (path, name) in enumerate(files):
                door = _Door(upload, by, position, options["format"], options["channel"], bar)
                file = door.take(path, name)
                counts[file.status] += 1
                with bar.external_write_mode():
                    self.stdout.write(_line(file, name))


@dataclass(frozen=True, slots=True)
class _Door:
    """One file's way in."""

    upload: Upload
    by: Actor
    position: int
    format: str | None
    channel: str | None
    bar: Any

    def take(self, path: Path, name: str) -> UploadedFile:
        """Line by line where the file allows it, else whole."""
        try:
            with path.open("rb") as opened:
                told = format_of_lines(opened, path.name)
                kind = FORMATS[self.format or told] if told else None
                if kind and kind.read_record:
                    opened.seek(0)
                    return self._take_lines(opened, name, kind.name)
        except OSError:
            pass  # it is told below, as for any other file
        with tenant(self.by.organization_id):
            file = take_file(
                self.upload,
                _incoming(path, name),
                by=self.by,
                position=self.position,
                format=self.format,
                channel=self.channel,
            )
        self.bar.update(file.size)
        return file

    def _take_lines(self, opened: BinaryIO, name: str, kind: str) -> UploadedFile:
        before = self.bar.n
        return take_lines(
            self.upload,
            stream(opened, format=kind),
            name=name,
            size=os.fstat(opened.fileno()).st_size,
            format=kind,
            by=self.by,
            position=self.position,
            after_batch=lambda: self.bar.update(before + opened.tell() - self.bar.n),
        )


def _files(paths: list[Path]) -> Iterator[tuple[Path, str]]:
    """Every file, with the name it is known by; hidden ones inside a directory are passed over."""
    for path in paths:
        if not path.is_dir():
            yield path, path.name
            continue
        for inner in sorted(path.rglob("*")):
            name = inner.relative_to(path)
            if inner.is_file() and not any(part.startswith(".") for part in name.parts):
                yield inner, str(name)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _incoming(path: Path, name: str) -> Incoming:
    size = _size(path)
    try:
        if size > settings.MAX_FILE_BYTES:
            reason = f"{too_large(size)}; only JSON lines may be of any length"
            return Incoming(name, b"", size, reason)
        return Incoming(name, path.read_bytes(), size)
    except OSError as error:
        return Incoming(name, b"", size, f"can't be read: {error.strerror}")


def _line(file: UploadedFile, name: str) -> str:
    held = file.summary
    parts = [
        f"{held[key]:,} {word}"
        for key, word in (("received", "kept"), ("duplicates", "here already"))
        if held.get(key)
    ]
    parts += [
        " ".join(
            str(part)
            for part in (fault["line"] and f"line {fault['line']}", fault["path"], fault["message"])
            if part
        )
        for fault in file.faults[:3]
    ]
    if len(file.faults) > 3:
        parts.append(f"and {len(file.faults) - 3} more")
    shown = name.encode(errors="replace").decode()
    return f"{UploadedFile.Status(file.status).label!s:<16} {shown}: {'; '.join(parts)}"


def _total(counts: Counter[str]) -> str:
    parts = [
        f"{counts[s.value]:,} {str(s.label).lower()}" for s in UploadedFile.Status if counts[s]
    ]
    return f"{sum(counts.values()):,} files: {', '.join(parts) or 'nothing found'}"
