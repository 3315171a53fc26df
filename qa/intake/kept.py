"""What a file that asks holds, kept redacted until its question is answered or a day is over.

    kept.keep(file, form, by=member)     # in the place of what was kept before
    form = kept.of(file, by=member)      # None where nothing is kept

A form is JSON: see qa/intake/answerable.py. It is compressed, for answers that may still be given
can make several readings of one file.
"""

import zlib
from datetime import datetime
from typing import Any, Final, TypeAlias

import orjson
from django.conf import settings

from qa.tenancy.base import Actor
from transcripts.models import KeptReading, UploadedFile
from transcripts.remembered import UNANSWERED_KEPT

Form: TypeAlias = dict[str, Any]

LEVEL: Final = 6


def fits(form: Form) -> bool:
    """True if a form is no larger than a file may be."""
    return len(_packed(form)) <= settings.MAX_FILE_BYTES


def keep(file: UploadedFile, form: Form, *, by: Actor) -> None:
    """Keep the form of a file, in the place of the one before."""
    KeptReading.objects.update_or_create(
        organization_id=by.organization_id, file_id=file.pk, defaults={"content": _packed(form)}
    )


def of(file: UploadedFile, *, by: Actor) -> Form | None:
    """Find what is kept of a file."""
    row = KeptReading.objects.visible_to(by).filter(file_id=file.pk).first()
    return orjson.loads(zlib.decompress(bytes(row.content))) if row else None


def drop(file: UploadedFile, *, by: Actor) -> None:
    """Let go of what is kept of a file."""
    KeptReading.objects.visible_to(by).filter(file_id=file.pk).delete()


def until(file: UploadedFile) -> datetime:
    """Say when what waits is gone."""
    return file.created_at + UNANSWERED_KEPT


def _packed(form: Form) -> bytes:
    return zlib.compress(orjson.dumps(form), LEVEL)
