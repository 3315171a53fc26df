"""Messages to the workers. The row is the job; a message only says that it is there.

Tasks are named, not imported, so that the use cases which send and the tasks which run them do
not need each other. Where the broker is away nothing fails: the sweep (qa/tasks.py) sends again
what has waited too long.
"""

import logging
from collections.abc import Sequence
from functools import partial
from uuid import UUID

from celery.exceptions import CeleryError
from django.db import transaction
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from qa.celery import app

logger = logging.getLogger(__name__)

BATCH_SIZE = 100  # interactions named in one message


def enqueue_on_commit(organization_id: UUID, interaction_ids: Sequence[UUID]) -> None:
    """Have these interactions pre-scored once the transaction has come to its end."""
    if interaction_ids:
        transaction.on_commit(partial(_enqueue_all, organization_id, interaction_ids))


def enqueue_many(organization_id: UUID, interaction_ids: Sequence[UUID]) -> bool:
    """Name several interactions in one message. False if the broker can't be reached."""
    if len(interaction_ids) == 1:
        return enqueue(organization_id, interaction_ids[0])
    ids = [str(pk) for pk in interaction_ids]
    return _send("qa.tasks.process_many", str(organization_id), ids, row=ids[0])


def enqueue(organization_id: UUID, interaction_id: UUID, after_seconds: float = 0) -> bool:
    """Name one interaction. False if the broker can't be reached: the row waits for the sweep."""
    pk = str(interaction_id)
    return _send("qa.tasks.process", str(organization_id), pk, row=pk, after_seconds=after_seconds)


def enqueue_draw_on_commit(organization_id: UUID, rule_id: UUID) -> None:
    """Have the organization's sampling rules drawn once this one's change is committed."""
    draw = partial(_send, "qa.tasks.draw", str(organization_id), row=str(rule_id))
    transaction.on_commit(draw)


def enqueue_recount(organization_id: UUID) -> bool:
    """Have an organization's figures counted by its time zone; else the sweep finds it."""
    return _send("qa.tasks.recount", str(organization_id), row=str(organization_id))


def enqueue_removal(organization_id: UUID) -> bool:
    """Have the rows of a closed organization deleted; else the sweep finds it."""
    return _send("qa.tasks.remove", str(organization_id), row=str(organization_id))


def enqueue_handover(organization_id: UUID, handover_id: UUID) -> bool:
    """Name one handover of interactions. False if the broker can't be reached."""
    pk = str(handover_id)
    return _send("qa.tasks.hand_over", str(organization_id), pk, row=pk)


def enqueue_handover_on_commit(organization_id: UUID, handover_id: UUID) -> None:
    """Have a handover go on once the transaction has come to its end."""
    transaction.on_commit(partial(enqueue_handover, organization_id, handover_id))


def enqueue_mail(mail_id: UUID) -> bool:
    """Name one mail of the outbox. False if the broker can't be reached: the sweep finds it."""
    return _send("qa.tasks.send_mail", str(mail_id), row=str(mail_id))


def _enqueue_all(organization_id: UUID, interaction_ids: Sequence[UUID]) -> None:
    for start in range(0, len(interaction_ids), BATCH_SIZE):
        if not enqueue_many(organization_id, interaction_ids[start : start + BATCH_SIZE]):
            return  # the broker is away: the sweep sends for these


def _send(task: str, *args: str | list[str], row: str, after_seconds: float = 0) -> bool:
    try:
        app.send_task(task, args, countdown=after_seconds)
    except (KombuError, RedisError, CeleryError, OSError):
        logger.warning("broker unreachable row=%s", row)
        return False
    return True
