"""Attempts to pre-score an interaction, counted on its row: the row is the job."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from qa.audit import actions as audit
from qa.core.errors import Refused
from qa.tenancy.base import Actor
from transcripts.models import Interaction


def count_attempt(interaction_id: UUID, *, by: Actor) -> Interaction | None:
    """Note that a worker takes the interaction up; None if there is nothing to do."""
    waiting = Interaction.objects.visible_to(by).received().filter(pk=interaction_id)
    if not waiting.update(attempts=F("attempts") + 1):
        return None
    return Interaction.objects.visible_to(by).select_related("transcript").get(pk=interaction_id)


def waiting_afresh(interaction_ids: Sequence[UUID], *, by: Actor) -> list[tuple[UUID, int]]:
    """Find those that no worker has taken up yet, in order, with their numbers of turns."""
    rows = Interaction.objects.visible_to(by).received().filter(attempts=0)
    turns = dict(rows.filter(pk__in=interaction_ids).values_list("pk", "turn_count"))
    return [(pk, turns[pk]) for pk in interaction_ids if pk in turns]


@transaction.atomic
def count_first_attempts(interaction_ids: Sequence[UUID], *, by: Actor) -> list[Interaction]:
    """Note that a worker takes up several at once; those that another one has are left out."""
    mine = Interaction.objects.visible_to(by)
    afresh = mine.received().filter(pk__in=interaction_ids, attempts=0)
    locked = list(afresh.select_for_update(skip_locked=True).values_list("pk", flat=True))
    mine.filter(pk__in=locked).update(attempts=1)
    rows = mine.filter(pk__in=locked).select_related("transcript")
    return list(rows.defer("transcript__search").order_by("pk"))


def take_back(interaction_id: UUID, *, by: Actor) -> None:
    """Let an attempt not count that ended for no reason of the interaction's; it waits on."""
    waiting = Interaction.objects.visible_to(by).received().filter(pk=interaction_id)
    waiting.filter(attempts__gt=0).update(attempts=F("attempts") - 1)


def fail(interaction_id: UUID, *, by: Actor, reason: str) -> None:
    """Give up on an interaction, with a reason that people can read."""
    Interaction.objects.visible_to(by).received().filter(pk=interaction_id).update(
        status=Interaction.Status.FAILED, failure=reason
    )


@transaction.atomic
def retry(interaction: Interaction, *, by: Actor) -> Interaction:
    """Give a failed interaction a fresh set of attempts."""
    won = (
        Interaction.objects.visible_to(by)
        .filter(pk=interaction.pk, status=Interaction.Status.FAILED)
        .update(status=Interaction.Status.RECEIVED, attempts=0, failure="")
    )
    if not won:
        raise Refused(_("Only a failed conversation can be tried again."))
    audit.record(by, "interaction.retried", interaction, {})
    interaction.refresh_from_db()
    return interaction
