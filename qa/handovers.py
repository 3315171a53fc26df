"""Many interactions that are given to an agent: some at a time, until the row says that all are.

A message that is lost, or comes twice, does no harm: the row knows how far it is, and the sweep
sends another one (qa/tasks.py). Whoever asked for it is told when a worker is done.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from qa import dispatch, pipeline
from qa.core.errors import DomainError
from qa.notices.actions import notify
from qa.notices.models import Notice
from qa.organizations.models import Agent, Membership
from qa.organizations.moves import Handover
from qa.tenancy.base import Actor
from transcripts.models import Interaction

AT_ONCE: Final = 50  # interactions in one transaction


@transaction.atomic
def begin(ids: Sequence[UUID], *, agent: Agent | None, by: Membership) -> Handover:
    """Have these given to an agent, or to nobody, whoever has them now."""
    job = Handover.objects.create(
        organization_id=by.organization_id, by=by, agent=agent, interactions=list(ids)
    )
    dispatch.enqueue_handover_on_commit(by.organization_id, job.pk)
    return job


def unfinished(*, by: Actor) -> list[UUID]:
    """Those that are not through yet, oldest first."""
    rows = Handover.objects.visible_to(by).filter(finished_at__isnull=True)
    return list(rows.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def go_on(pk: UUID, *, by: Actor) -> bool:
    """Give the next ones away; True if more are left."""
    rows = Handover.objects.visible_to(by).filter(finished_at__isnull=True, pk=pk)
    job = rows.select_for_update(of=("self",), skip_locked=True).first()
    if job is None:
        return False
    ids = job.interactions[job.done : job.done + AT_ONCE]
    changed, left = _give(ids, job)
    job.done, job.changed, job.left = job.done + len(ids), job.changed + changed, job.left + left
    if job.done >= len(job.interactions):
        job.finished_at = timezone.now()
        _tell(job, by=by)
    job.save(update_fields=["done", "changed", "left", "finished_at"])
    return job.finished_at is None


def _tell(job: Handover, *, by: Actor) -> None:
    """Tell whoever asked for it that it is done, unless they have waited for it themself."""
    to = job.merge.twin.survivor if job.merge else job.agent and job.agent.survivor
    page = reverse("interactions", kwargs={"slug": job.by.organization.slug})
    facts = {"event": "handover.done", "number": job.changed, "left": job.left}
    notify(
        [job.by],
        by=by,
        kind=Notice.Kind.HANDED_OVER,
        subject=job.pk,
        address=f"{page}?agent={to.pk}" if to else page,
        facts=facts | {"merge": job.merge_id is not None},
    )


def _give(ids: Sequence[UUID], job: Handover) -> tuple[int, int]:
    """Give these away, or each by itself where one can't be; how many changed, and were left."""
    try:
        with transaction.atomic():
            return _give_all(ids, job), 0
    except DomainError:
        if len(ids) == 1:
            return 0, 1
    found = [_give([pk], job) for pk in ids]
    return sum(changed for changed, _ in found), sum(left for _, left in found)


def _give_all(ids: Sequence[UUID], job: Handover) -> int:
    if job.merge:
        return pipeline.give_back(ids, merge=job.merge, by=job.by)
    rows = Interaction.objects.visible_to(job.by).filter(pk__in=ids)
    expected = dict(rows.values_list("pk", "agent_id"))
    # Whoever was merged meanwhile is the one who stayed.
    agent = job.agent and job.agent.survivor
    return pipeline.name_agent(expected, by=job.by, agent=agent)
