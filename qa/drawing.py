"""What rules of sampling do to the queue: the use cases across sampling and reviews."""

from django.db import transaction

from qa import dispatch
from qa.organizations.models import Membership
from qa.reviews.models import Review
from qa.reviews.visibility import hidden_in_summaries
from qa.sampling import actions as sampling
from qa.sampling import queries as picks
from qa.sampling.models import Pick, Rule
from qa.sampling.previews import Preview, preview
from qa.sampling.simulation import Simulation, simulate
from qa.sampling.waiting import QueueChange, Waiting, queue_change, refuse_unanswered
from qa.tenancy.base import Actor
from transcripts.models import Interaction, InteractionQuerySet


@transaction.atomic
def switch_on(rule: Rule, *, by: Actor, look_back: bool, waiting: str = Waiting.LET_GO) -> Rule:
    """Switch a rule of sampling on, and let a worker draw. Raises Refused if unanswered."""
    refuse_unanswered(change_of_queue(rule, by=by), waiting, on=True)
    rule = sampling.switch_on(rule, by=by, look_back=look_back, waiting=waiting, begun=_begun(by))
    dispatch.enqueue_draw_on_commit(by.organization_id, rule.pk)
    return rule


@transaction.atomic
def switch_off(rule: Rule, *, by: Actor, waiting: str) -> Rule:
    """Switch a rule of sampling off. Raises Refused if nobody says what becomes of the others."""
    refuse_unanswered(change_of_queue(rule, by=by), waiting, on=False)
    return sampling.switch_off(rule, by=by, waiting=waiting or Waiting.LET_IN, begun=_begun(by))


def change_of_queue(rule: Rule, *, by: Actor) -> QueueChange:
    """Return how many conversations leave the queue, or come into it, if this rule is switched."""
    return queue_change(rule, begun=_begun(by), by=by)


def _begun(by: Actor) -> InteractionQuerySet:
    """What somebody has a review of in hand, or had when their hold of it ended."""
    open_reviews = Review.objects.visible_to(by).regular().open()
    return Interaction.objects.visible_to(by).filter(pk__in=open_reviews.values("interaction"))


def simulate_rule(rule: Rule, *, by: Membership) -> Simulation:
    """Return what a rule would have picked in the last full weeks, less what may not be told."""
    return simulate(rule, by=by, hidden=hidden_in_summaries(by))


def newest_picks(rule: Rule, *, by: Membership) -> list[Pick]:
    """Return what a rule picked last, less what may not be told to this member yet."""
    return picks.newest_picks(rule, by=by, hidden=hidden_in_summaries(by, "interaction__"))


def preview_rule(rule: Rule, *, by: Membership) -> Preview:
    """Return what a rule would pick, less what may not be told to this member yet."""
    return preview(rule, by=by, hidden=hidden_in_summaries(by))
