"""Answers about a source's files: kept, found again, forgotten; and questions that nobody answered.

A source is known by a keyed hash of what its files have in common (see qa/intake/asks.py).
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from qa.audit import actions as audit
from qa.organizations.models import Membership
from qa.tenancy.base import Actor
from transcripts.models import KeptReading, RememberedAnswer, UploadedFile

Key = tuple[str, str]  # question, fingerprint

UNANSWERED_KEPT: Final = timedelta(hours=24)
NOBODY_ANSWERED: Final = gettext_noop("left a question open that nobody answered within 24 hours")


@transaction.atomic
def remember(*, by: Membership, key: Key, value: Any, words: str) -> RememberedAnswer:
    """Keep what a person answered, in the place of an earlier answer about the same source."""
    question, fingerprint = key
    answer, _ = RememberedAnswer.objects.update_or_create(
        organization_id=by.organization_id,
        question=question,
        fingerprint=fingerprint,
        defaults={
            "value": value,
            "words": words,
            "answered_by": by,
            "answered_at": timezone.now(),
        },
    )
    audit.record(by, "answer.remembered", answer, {"question": question})
    return answer


@transaction.atomic
def forget(answer: RememberedAnswer, *, by: Membership) -> None:
    """Ask again next time; what came in under the answer stays as it is."""
    audit.record(by, "answer.forgotten", answer, {"question": answer.question})
    RememberedAnswer.objects.visible_to(by).filter(pk=answer.pk).delete()


def recall(keys: Iterable[Key], *, by: Actor) -> list[RememberedAnswer]:
    """Find what is remembered for questions about their sources."""
    wanted = Q(pk__in=[])
    for question, fingerprint in keys:
        wanted |= Q(question=question, fingerprint=fingerprint)
    return list(RememberedAnswer.objects.visible_to(by).filter(wanted))


def drop_unanswered(*, by: Actor) -> int:
    """Let go of files whose questions nobody answered: all that was kept of them goes.

    The refusal is told. An answer that is just being given holds its row; it comes first.
    """
    fault = {"line": None, "path": "", "message": NOBODY_ANSWERED}
    before = timezone.now() - UNANSWERED_KEPT
    waiting = UploadedFile.objects.visible_to(by).filter(
        status=UploadedFile.Status.ASKS, created_at__lt=before
    )
    dropped = waiting.update(
        status=UploadedFile.Status.REFUSED, faults=[fault], summary={}, redacted={}, source=""
    )
    settled = KeptReading.objects.visible_to(by).exclude(file__status=UploadedFile.Status.ASKS)
    settled.delete()
    return dropped
