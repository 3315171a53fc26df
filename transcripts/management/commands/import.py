"""`manage.py import --organization SLUG DIR_OR_FILE…`: store the transcripts of files.

One line for each file. Run again after a stop, or over the same files: what is here is
recognised and kept once. Exit status: 0; 1 if something was refused; 2 for wrong arguments.
"""

# ruff: noqa: N999  (the command is called import)

import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from qa.organizations.models import Organization
from qa.tenancy.base import System
from qa.tenancy.context import directory, tenant
from qa.uploads import Incoming, take_file, too_large
from transcripts.actions import open_upload
from transcripts.formats import CHANNELS, FORMATS
from transcripts.models import UploadedFile

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

    def handle(self, *args: Any, **options: Any) -> None:
        for path in options["paths"]:
            if not path.exists():
                raise CommandError(f"{path}: there is no such file or directory", returncode=2)
        by = System(_organization(options["organization"]).pk, actor_label="import")
        with tenant(by.organization_id):
            upload = open_upload(by=by)
        counts: Counter[str] = Counter()
        for position, (path, name) in enumerate(_files(options["paths"])):
            with tenant(by.organization_id):
                file = take_file(
                    upload,
                    _incoming(path, name),
                    by=by,
                    position=position,
                    format=options["format"],
                    channel=options["channel"],
                )
            counts[file.status] += 1
            self.stdout.write(_line(file, name))
        self.stderr.write(_total(counts))
        if any(counts[status] for status in REFUSED):
            sys.exit(1)


def _organization(slug: str) -> Organization:
    with directory():
        found = Organization.objects.filter(slug=slug).first()
    if found is None:
        raise CommandError(f"There is no organization with the slug {slug}.", returncode=2)
    return found


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


def _incoming(path: Path, name: str) -> Incoming:
    size = 0
    try:
        size = path.stat().st_size
        if size > settings.MAX_FILE_BYTES:
            return Incoming(name, b"", size, too_large(size))
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
    return f"{UploadedFile.Status(file.status).label:<16} {shown}: {'; '.join(parts)}"


def _total(counts: Counter[str]) -> str:
    parts = [f"{counts[s.value]:,} {s.label.lower()}" for s in UploadedFile.Status if counts[s]]
    return f"{sum(counts.values()):,} files: {', '.join(parts) or 'nothing found'}"
