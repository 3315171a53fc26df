"""Answers kept for an Idempotency-Key, so that the same request again is answered alike."""

from datetime import timedelta
from typing import Final

from django.utils import timezone

from qa.tenancy.base import Actor
from transcripts.models import IdempotentAnswer

ANSWERS_KEPT: Final = timedelta(hours=24)


def claim_answer(*, by: Actor, key: str, request_hash: str) -> IdempotentAnswer:
    """Return the answer that was given to this Idempotency-Key, or a fresh row with `status` 0.

    A second request with the key waits here until the first one's transaction has ended.
    """
    answers = IdempotentAnswer.objects.visible_to(by).filter(key=key)
    answers.filter(created_at__lt=timezone.now() - ANSWERS_KEPT).delete()
    mine = IdempotentAnswer(
        organization_id=by.organization_id, key=key, request_hash=request_hash, status=0, body={}
    )
    IdempotentAnswer.objects.bulk_create([mine], ignore_conflicts=True)
    return answers.get()


def keep_answer(
    answer: IdempotentAnswer, *, by: Actor, status: int, body: dict[str, object]
) -> None:
    """Remember what the first request with a key was answered."""
    IdempotentAnswer.objects.visible_to(by).filter(pk=answer.pk).update(status=status, body=body)


def drop_old_answers(*, by: Actor) -> None:
    """Let go of answers that have been kept long enough."""
    before = timezone.now() - ANSWERS_KEPT
    IdempotentAnswer.objects.visible_to(by).filter(created_at__lt=before).delete()
