"""What becomes of conversations that wait when the first rule goes on or the last one off."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa.core.errors import Refused
from qa.sampling.models import QueueEntry, Rule
from qa.sampling.queries import in_queue
from qa.tenancy.base import Actor
from transcripts.models import Interaction, InteractionQuerySet

AT_ONCE = 1000  # rows of a statement
Status = Interaction.Status


class Waiting(models.TextChoices):
    """What is wished for them: the first two when a rule goes on, the others when it goes off."""

    KEEP = "keep", gettext_lazy("Keep them in the queue")
    LET_GO = "let_go", gettext_lazy("Let them go")
    LET_IN = "let_in", gettext_lazy("Let them into the queue")
    LEAVE_OUT = "leave_out", gettext_lazy("Leave them out")


WHEN_ON = (Waiting.KEEP, Waiting.LET_GO)
WHEN_OFF = (Waiting.LET_IN, Waiting.LEAVE_OUT)


@dataclass(frozen=True, slots=True)
class QueueChange:
    """How many conversations a switch moves, when nobody says otherwise.

    `leaving`: waiting in the queue, and no rule has picked them. `coming`: not in the queue, and
    in it once no rule is on. One of the two is always 0.
    """

    leaving: int = 0
    coming: int = 0

    @property
    def number(self) -> int:
        return self.leaving or self.coming


def queue_change(rule: Rule, *, begun: InteractionQuerySet, by: Actor) -> QueueChange:
    """What switching this rule over moves; what somebody has `begun` stays in any case."""
    rows = unpicked(by).filter(status=Status.PRESCORED).exclude(pk__in=begun.values("pk"))
    if Rule.objects.visible_to(by).on().exclude(pk=rule.pk).exists():
        return QueueChange()
    if rule.on:
        return QueueChange(coming=rows.count())
    return QueueChange(leaving=in_queue(rows, sampled=False).count())


def refuse_unanswered(change: QueueChange, answer: str, *, on: bool) -> None:
    """Refuse to switch before somebody has said what becomes of those that it moves."""
    if change.number and answer not in (WHEN_ON if on else WHEN_OFF):
        raise Refused(
            _("Choose whether to keep the waiting conversations in the queue or let them go.")
            if on
            else _("Choose whether the other conversations come into the queue or stay out of it.")
        )


def unpicked(by: Actor) -> InteractionQuerySet:
    """What is not reviewed yet and has no place of its own in the queue."""
    return Interaction.objects.visible_to(by).filter(
        status__in=(Status.RECEIVED, Status.PRESCORED), place__isnull=True
    )


def keep_waiting(rows: InteractionQuerySet, *, by: Actor) -> int:
    """Give these a place of their own, so that they wait whatever rules pick. How many."""
    places = [
        QueueEntry(
            organization_id=by.organization_id,
            interaction_id=pk,
            priority=Rule.Priority.NORMAL,
            since=received_at,
        )
        for pk, received_at in rows.values_list("pk", "received_at")
    ]
    QueueEntry.objects.bulk_create(places, batch_size=AT_ONCE, ignore_conflicts=True)
    return len(places)
