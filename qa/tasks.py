"""Every Celery task: what workers run when a message says so, and what goes by the clock.

A task that runs twice changes nothing: each asks the row first. Those by the clock go through
all organizations, each in transactions of its own.
"""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from functools import partial
from itertools import takewhile
from smtplib import SMTPException
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import get_connection
from django.db import InterfaceError, OperationalError
from django.db.models import F, Min
from django.utils import timezone
from django.utils.translation import gettext_noop

from qa import dispatch, handovers, heartbeat, pipeline
from qa.celery import app
from qa.dashboards import days
from qa.disputes.reminding import remind_of_unread
from qa.inbox import digests
from qa.notices import actions as notices
from qa.notices.mail import MailConnection
from qa.organizations import sign_up
from qa.organizations.closing import remove_some
from qa.organizations.mails import WRITERS
from qa.organizations.models import Organization
from qa.outbox import actions as outbox
from qa.reviews import assignment, leases
from qa.sampling import actions as sampling
from qa.tenancy.base import Actor, System
from qa.tenancy.context import directory, tenant
from scorecards import actions as scorecards
from scorecards.in_use import DefinitionsUnusable, OtherDefinitions
from transcripts import attempts, idempotency, remembered
from transcripts.models import Interaction

logger = logging.getLogger(__name__)

ATTEMPTS = 4
FAILED = gettext_noop("Pre-scoring failed 4 times.")  # ATTEMPTS of them
STOPPED = gettext_noop("The pre-scoring process stopped each time it tried this.")
RETRY_SECONDS = 15
UNHEARD_AGE = timedelta(minutes=5)
SWEEP_LIMIT = 1000
TURNS_AT_ONCE = 5000  # that the engine reads of several interactions in one go
TASK_BUDGET_SECONDS = 30  # after which a task passes the rest on; far below the time limit
MAILING_SECONDS = 60  # after which a run of digests stops; far below the time limit
UNUSABLE = "definitions unusable organization=%s; manage.py check --database default says why"
# A task that meets a database which is away is not done: it comes again, after 5, 10, 20, 40 and
# then 60 seconds, a little more or less. The sweep finds what came in vain for five minutes.
COMES_AGAIN: dict[str, Any] = {
    "autoretry_for": (OperationalError, InterfaceError),
    "max_retries": 8,
    "retry_backoff": 5,
    "retry_backoff_max": 60,
}
# In this order, each in a transaction of its own.
PERIODIC: tuple[Callable[..., int], ...] = (
    leases.tell_ending,
    remind_of_unread,
    notices.forget_old,
    assignment.return_unused,
)


@app.task(name="qa.tasks.process", **COMES_AGAIN)
def process(organization_id: str, interaction_id: str) -> None:
    """Pre-score one interaction. Running it twice, or half, changes nothing."""
    by = System(UUID(organization_id))
    with tenant(by.organization_id):
        interaction = attempts.count_attempt(UUID(interaction_id), by=by)
    if interaction is None:
        return  # done, failed or deleted meanwhile
    if interaction.attempts > ATTEMPTS:
        _give_up(interaction, by, STOPPED)
        return
    _advance_or_try_again(interaction, by=by)


@app.task(name="qa.tasks.process_many", **COMES_AGAIN)
def process_many(organization_id: str, interaction_ids: list[str]) -> None:
    """Pre-score several interactions: the engine reads those that come for the first time at once.

    One that was tried before goes by itself, as if a message of its own had come: it may be the
    one that stopped the worker, and must not take its neighbours with it again.
    """
    by, end = System(UUID(organization_id)), time.monotonic() + TASK_BUDGET_SECONDS
    left = [UUID(pk) for pk in interaction_ids]
    with tenant(by.organization_id):
        afresh = attempts.waiting_afresh(left, by=by)
    steps = list(_bundles(afresh))
    together = {pk for step in steps for pk in step}
    steps += [[pk] for pk in left if pk not in together]
    for position, step in enumerate(steps):
        if time.monotonic() > end:
            later = [pk for rest in steps[position:] for pk in rest]
            dispatch.enqueue_many(by.organization_id, later)
            return
        alone = step if len(step) == 1 else _process_at_once(step, by=by)
        for pk in alone:
            process(organization_id, str(pk))


def _bundles(waiting: Sequence[tuple[UUID, int]]) -> Iterator[list[UUID]]:
    """Bundles of which the engine reads each in a few seconds."""
    bundle: list[UUID] = []
    turns = 0
    for pk, more in waiting:
        if bundle and turns + more > TURNS_AT_ONCE:
            yield bundle
            bundle, turns = [], 0
        bundle.append(pk)
        turns += more
    if bundle:
        yield bundle


def _process_at_once(interaction_ids: Sequence[UUID], *, by: System) -> list[UUID]:
    """Run the engine on all, write each in a transaction of its own; gives those it did not get."""
    with tenant(by.organization_id):
        taken = attempts.count_first_attempts(interaction_ids, by=by)
    try:
        for interaction, result in scorecards.run_engine_many(taken):
            if result is None:
                _try_again(interaction, by)
            else:
                _advance_or_try_again(interaction, by=by, result=result)
    except DefinitionsUnusable:  # before the first of them
        logger.error(UNUSABLE, by.organization_id)
        _leave_waiting(taken, by)
    got = {interaction.pk for interaction in taken}
    return [pk for pk in interaction_ids if pk not in got]


def _advance_or_try_again(
    interaction: Interaction, *, by: System, result: scorecards.Result | None = None
) -> None:
    try:
        pipeline.advance(interaction, by=by, result=result)
    except DefinitionsUnusable:
        logger.error(UNUSABLE, by.organization_id)  # the reason may quote the pack
        _leave_waiting([interaction], by)
    except OtherDefinitions:
        _leave_waiting([interaction], by)
        dispatch.enqueue(by.organization_id, interaction.pk)
    except Exception:  # whatever a transcript does to the engine, it must not stop the worker
        logger.exception("pre-score failed interaction=%s", interaction.pk)
        _try_again(interaction, by)
    else:
        heartbeat.note_finished()


def _leave_waiting(interactions: Sequence[Interaction], by: System) -> None:
    """Have them come again as if they had not been tried: what stopped them is not in them.

    Where the definitions can't be used, the sweep brings them until others are put to use.
    """
    with tenant(by.organization_id):
        for interaction in interactions:
            attempts.take_back(interaction.pk, by=by)


def _try_again(interaction: Interaction, by: System) -> None:
    if interaction.attempts >= ATTEMPTS:
        _give_up(interaction, by, FAILED)
    else:
        dispatch.enqueue(by.organization_id, interaction.pk, RETRY_SECONDS * interaction.attempts)


@app.task(name="qa.tasks.hand_over", **COMES_AGAIN)
def hand_over(organization_id: str, handover_id: str) -> None:
    """Give away the interactions of a handover, some in each transaction; a message brings more."""
    by, end = System(UUID(organization_id)), time.monotonic() + TASK_BUDGET_SECONDS
    more = True
    while more and time.monotonic() < end:
        with tenant(by.organization_id):
            more = handovers.go_on(UUID(handover_id), by=by)
    if more:
        dispatch.enqueue_handover(by.organization_id, UUID(handover_id))


@app.task(name="qa.tasks.draw", **COMES_AGAIN)
def draw(organization_id: str) -> None:
    """Draw what the rules of an organization have not drawn yet; the sweep does it as well."""
    by = System(UUID(organization_id))
    with tenant(by.organization_id):
        sampling.draw(by=by)


@app.task(name="qa.tasks.recount", **COMES_AGAIN)
def recount(organization_id: str) -> None:
    """Count an organization's figures by the days of the time zone it has chosen."""
    by = System(UUID(organization_id))
    with tenant(by.organization_id):
        days.recount(by=by)


@app.task(name="qa.tasks.remove", **COMES_AGAIN)
def remove(organization_id: str) -> None:
    """Delete the rows of a closed organization, as many as there is time for, and go on."""
    if not remove_some(UUID(organization_id), seconds=TASK_BUDGET_SECONDS):
        dispatch.enqueue_removal(UUID(organization_id))


@app.task(name="qa.tasks.sweep")
def sweep(older_than_seconds: float = UNHEARD_AGE.total_seconds()) -> int:
    """Enqueue again what has waited too long; returns how many interactions that were.

    And what else goes by the clock: mails that wait, answers that are kept for a day, and what
    the rules of sampling draw. Then it notes how long the oldest interaction has waited.
    """
    now = timezone.now()
    before = now - timedelta(seconds=older_than_seconds)
    sent, waiting = 0, []
    all(map(dispatch.enqueue_mail, outbox.due(now=now)))
    sign_up.drop_old(now=now)
    _enqueue_left_over()
    for organization_id in organizations():
        by = System(organization_id)
        with tenant(organization_id):
            mine = Interaction.objects.visible_to(by)
            waiting.append(mine.received().aggregate(oldest=Min("received_at"))["oldest"])
            due = list(mine.due_for_sweep(before, SWEEP_LIMIT).values_list("pk", flat=True))
            idempotency.drop_old_answers(by=by)
            remembered.drop_unanswered(by=by)
            left = handovers.unfinished(by=by)
        all(dispatch.enqueue_handover(organization_id, pk) for pk in left)
        with tenant(organization_id):
            sampling.draw(by=by)
        named = list(takewhile(partial(dispatch.enqueue, organization_id), due))
        with tenant(organization_id):
            mine.filter(pk__in=named).update(rung_at=now)
        sent += len(named)
        if len(named) < len(due):
            return sent  # the broker is away: the next sweep finds the rest
    heartbeat.note_sweep(min(filter(None, waiting), default=None))
    return sent


def _give_up(interaction: Interaction, by: Actor, reason: str) -> None:
    with tenant(by.organization_id):
        attempts.fail(interaction.pk, by=by, reason=reason)
    heartbeat.note_finished()


@app.task(name="qa.tasks.remind")
def remind() -> None:
    """Go through all organizations: leases about to end, what waits to be read, old notices."""
    for organization_id in organizations():
        for step in PERIODIC:
            _do(step, System(organization_id))


@app.task(name="qa.tasks.send_digests")
def send_digests() -> int:
    """Mail the digests that are due; gives how many went out. See qa/inbox/digests.py.

    Nothing is taken up while the mail server cannot be reached: the next run finds it all.
    """
    if not settings.DIGESTS:
        return 0
    now, end = timezone.now(), time.monotonic() + MAILING_SECONDS
    sent = 0
    with closing(MailConnection()) as mail:
        for by in map(System, organizations()):
            with tenant(by.organization_id):
                waiting = digests.due(by=by, now=now)
            for choice_id in waiting:
                if time.monotonic() > end or not mail.reach():
                    return sent  # the next run goes on
                sent += _send_one(choice_id, mail, by=by, now=now)
    return sent


def _send_one(choice_id: UUID, mail: MailConnection, *, by: System, now: datetime) -> int:
    """Take, send, and write down how it went: three steps, for the mail can't be taken back."""
    with tenant(by.organization_id):
        digest = digests.claim(choice_id, by=by, now=now)
    if digest is None:
        return 0
    try:
        mail.send(digest.message)
    except (SMTPException, OSError) as error:
        logger.warning("digest not sent choice=%s error=%s", choice_id, type(error).__name__)
        mail.close()
        if digests.can_be_retried(error):
            with tenant(by.organization_id):
                digests.give_back(digest, by=by)
        return 0
    with tenant(by.organization_id):
        digests.done(digest, by=by)
    return 1


@app.task(name="qa.tasks.send_mail", **COMES_AGAIN)
def send_mail(mail_id: str) -> bool:
    """Send one mail of the outbox, see qa/outbox/actions.py. False if it waits or is gone."""
    mail = outbox.take(UUID(mail_id), now=timezone.now())
    if mail is None:
        return False
    messages = WRITERS[mail.kind](mail.about, mail.site)
    try:
        if messages:
            get_connection().send_messages(messages)
    except (SMTPException, OSError) as error:
        logger.warning("mail not sent mail=%s error=%s", mail.pk, type(error).__name__)
        return False
    outbox.done(mail)
    return True


def organizations() -> list[UUID]:
    """The id of every organization that is not closed, oldest first."""
    with directory():
        return list(Organization.objects.open().order_by("id").values_list("id", flat=True))


def _enqueue_left_over() -> None:
    """Organizations whose figures are of another zone's days, and those that are closed."""
    with directory():
        moved = Organization.objects.open().exclude(days_zone=F("time_zone"))
        closed = Organization.objects.filter(closed_at__isnull=False)
        ids = [list(rows.values_list("id", flat=True)) for rows in (moved, closed)]
    all(map(dispatch.enqueue_recount, ids[0]))
    all(map(dispatch.enqueue_removal, ids[1]))


def _do(step: Callable[..., int], by: Actor) -> None:
    """Take one step in one organization; where it fails the others still get theirs."""
    try:
        with tenant(by.organization_id):
            step(by=by)
    except Exception:
        logger.exception("%s failed organization=%s", step.__name__, by.organization_id)


# Messages and schedules of the release before this one, still there while it is upgraded.
for task, name_before in (
    (process, "qa.pipeline.process"),
    (process_many, "qa.pipeline.process_many"),
    (draw, "qa.pipeline.draw"),
    (sweep, "qa.pipeline.sweep"),
    (remind, "qa.reminders.remind"),
    (send_digests, "qa.reminders.send_digests"),
):
    app.task(name=name_before)(task.run)
