"""The use cases that take steps in several apps, and the journey of a transcript among them.

    submit ── rows RECEIVED, commit enqueues ──▶ tasks.process ──▶ advance ──▶ queue
                                                      ▲
                                  tasks.sweep ────────┘  enqueues again what nobody took up

The row is the job; a message only says that it is there (qa/dispatch.py). A lost message costs
minutes, never a transcript; a message that comes twice changes nothing.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from qa import dispatch, removing
from qa.agreement import actions as agreement
from qa.calibration import actions as calibration
from qa.coaching import actions as coaching
from qa.coaching import automatic, note_drafts
from qa.dashboards import actions as dashboards
from qa.disputes import actions as disputes
from qa.disputes.models import Dispute
from qa.organizations import actions as organizations
from qa.organizations import departures, known_agents, merging, teams
from qa.organizations.models import Agent, Membership, Role, Team
from qa.organizations.moves import Handover, Merge
from qa.reviews import actions as reviews
from qa.reviews import amendments, corrections, queue
from qa.reviews import recall as recalls
from qa.reviews.amendments import Changes
from qa.reviews.corrections import Correction
from qa.reviews.models import Review
from qa.sampling import actions as sampling
from qa.tenancy.base import Actor, System
from qa.tenancy.context import tenant
from scorecards import actions as scorecards
from transcripts import actions as transcripts
from transcripts import attempts, handling, speakers
from transcripts.cast import cast_of
from transcripts.formats import CanonicalInteraction, Pushed
from transcripts.models import Interaction, UploadedFile
from transcripts.receiving import Receipt, Received, receive_many

GIVEN_AT_ONCE: Final = 50  # interactions that change hands within a request


def submit(
    interactions: Sequence[CanonicalInteraction],
    *,
    by: Actor,
    file: UploadedFile | None = None,
) -> list[Received]:
    """Keep interactions as their sources state them, and have the new ones pre-scored."""
    pushed = [Pushed(interaction, interaction) for interaction in interactions]
    return submit_settled(known_agents.settle(pushed, by=by), by=by, file=file)


def submit_settled(
    pushed: Sequence[Pushed], *, by: Actor, file: UploadedFile | None = None
) -> list[Received]:
    """Keep interactions in which the known agents have their roles, and have them pre-scored.

    Every door comes through here.
    """
    results = receive_many(pushed, by=by, file=file)
    new = [result.id for result in results if result.receipt is Receipt.RECEIVED]
    dispatch.enqueue_on_commit(by.organization_id, new)
    return results


@transaction.atomic
def replace(stated: CanonicalInteraction, *, by: Actor, interaction_id: UUID) -> Interaction:
    """Put new content into an interaction: what was found in the old one goes."""
    before = Interaction.objects.visible_to(by).select_for_update().get(pk=interaction_id)
    (pushed,) = known_agents.settle([Pushed(stated, stated)], by=by)
    after = transcripts.replace(pushed, by=by, interaction_id=interaction_id)
    _start_anew(before, by=by)
    return after


@transaction.atomic
def reassign(
    interaction_id: UUID,
    *,
    by: Actor,
    roles: Mapping[int, str] | None = None,
    discard_draft: bool = False,
) -> Interaction:
    """Swap customer and agent, or give some turns (by index) other roles, and score anew.

    Never under a confirmed review. A draft review goes only where that is said.
    """
    before = Interaction.objects.visible_to(by).select_for_update().get(pk=interaction_id)
    reviews.refuse_to_lose(before, by=by, discard_draft=discard_draft)
    after = speakers.reassign(interaction_id, by=by, roles=roles)
    if after.revision != before.revision:
        _start_anew(before, by=by)
    return after


@transaction.atomic
def name_agent(
    expected: Mapping[UUID, UUID | None], *, by: Membership, agent: Agent | None, place: int = 0
) -> int:
    """Give interactions to an agent, or to nobody; gives how many have changed hands.

    `expected` says whose each is by the page that was shown: where somebody was faster, nothing is
    done. Dashboards move at once, and feedback goes from the old agent to the new one. Where
    several took part, `place` says whose part it is (transcripts/handling.py).
    """
    if agent is not None:
        agent = organizations.hold_agent(agent, by=by)
    held = handling.take_hold(expected, by=by)
    handling.refuse_overtaken(held, expected, place=place)
    disputes.refuse_undecided(expected, agents=handling.losing(held, agent, place=place), by=by)
    return _pass_on(held, partial(handling.give, by=by, agent=agent, place=place), by)


def _pass_on(
    held: Sequence[Interaction], give: Callable[[Interaction], bool], by: Membership
) -> int:
    """Give locked interactions to others, with all that follows; gives how many changed hands."""
    before = {row.pk: set(cast_of(row).agent_ids) for row in held}
    dashboards.leave(held, by=by)
    changed = {row.pk for row in held if give(row)}
    now = handling.anew(held, by=by)
    for row in now:
        scorecards.reattribute(row, by=by)
    dashboards.enter(now, by=by)
    for row in now:
        if row.pk in changed:
            _hand_over(row, before[row.pk], by)
    return len(changed)


@transaction.atomic
def merge_agents(twin: Agent, *, into: Agent, by: Membership, login: Agent | None = None) -> Agent:
    """Two agents are one person: all that is the twin's goes to the other, also in what follows.

    Where both have a log-in, `login` says whose stays: the other's person reads no feedback any
    more. Dashboards move at once; files that name the twin find the one that stays.
    """
    twin, into = merging.hold(twin, into, by=by)
    made = merging.note(twin, into, by=by)
    merging.move_login(twin, into, login, by=by)
    system = System(by.organization_id)  # an admin sees no other's notices
    handling.hold_all_of([twin.pk, into.pk], by=by)
    both = handling.shared_by(twin, into, by=system)
    dashboards.leave(both, by=system)
    made.interactions, made.participations = handling.merge(twin, into=into, by=system)
    scorecards.merge_agents(twin, into=into, by=system)
    automatic.merge_agents(twin, into=into, by=system)
    sampling.merge_agents(twin, into=into, by=system)
    dashboards.merge_agents(twin, into=into, by=system)
    dashboards.enter(handling.anew(both, by=system), by=system)
    made.save(force_insert=True)
    return merging.close(twin, into, by=by)


@transaction.atomic
def undo_merge(merge: Merge, *, by: Membership) -> Handover:
    """Take two merged agents apart: the twin is on the list again, and gets back what it handled.

    What came in since stays where it is, and so does what sampling has counted. A few go back at
    once, many in a worker (qa/handovers.py).
    """
    merge = merging.reopen(merge, by=by)
    ids = handling.of_merge(merge, by=by)
    job = Handover(
        organization_id=by.organization_id,
        by=by,
        agent=merge.twin,
        merge=merge,
        interactions=ids,
    )
    if len(ids) <= GIVEN_AT_ONCE:
        job.changed = give_back(ids, merge=merge, by=by)
        job.done, job.finished_at = len(ids), timezone.now()
    else:
        dispatch.enqueue_handover_on_commit(by.organization_id, job.pk)
    job.save(force_insert=True)
    return job


@transaction.atomic
def give_back(ids: Sequence[UUID], *, merge: Merge, by: Membership) -> int:
    """Give the twin of an undone merge these back, where they are still with the other agent.

    Where one of the two was merged meanwhile, who stayed counts for them.
    """
    apart = merging.hold_apart(merge, by=by)
    if apart is None:
        return 0
    twin, into = apart
    held = handling.take_hold(ids, by=by)
    disputes.refuse_undecided(ids, agents={into.pk}, by=by)
    give = partial(handling.give_back, merge=merge, twin=twin, into=into, by=by)
    return _pass_on(held, give, by)


@transaction.atomic
def remove_team(team: Team, *, by: Membership, to: Team | None, even_so: bool = False) -> int:
    """Close a team; its agents, and what came in for it, go to another one, or to none."""
    system = System(by.organization_id)
    handling.merge_teams(team, into=to, by=system)
    scorecards.merge_teams(team, into=to, by=system)
    dashboards.merge_teams(team, into=to, by=system)
    return teams.remove_team(team, by=by, to=to, even_so=even_so)


def _hand_over(row: Interaction, before: set[UUID], by: Membership) -> None:
    """Feedback follows the agents; what waits for a reviewer whose own it is now goes back."""
    after = set(cast_of(row).agent_ids)
    automatic.hand_over(row, by=by, lost=before - after)
    counts = Review.objects.visible_to(by).counted().filter(interaction=row)
    if review := counts.select_related("interaction").first():
        coaching.hand_over(review, by=by, lost=before - after, won=after - before)
        if coaching.read_by(review, before - after, by=by):
            correct(review, None, by=by)  # what one agent has read and answered is not another's
    for member in Membership.objects.visible_to(by).filter(agent__in=after - before):
        sampling.give_back(member, by=by)


def delete_interactions(ids: Collection[UUID], *, by: Membership) -> removing.Deleted:
    """Delete conversations with everything made of them, by an admin; AT_ONCE at most."""
    return removing.delete_interactions(ids, by=by)


@transaction.atomic
def retry(interaction: Interaction, *, by: Actor) -> Interaction:
    """Start a failed interaction again."""
    interaction = attempts.retry(interaction, by=by)
    dispatch.enqueue_on_commit(by.organization_id, [interaction.pk])
    return interaction


@transaction.atomic
def confirm(review: Review, *, by: Membership, revision: int | None = None) -> Review:
    """Settle a review, and let the dashboards count the person's word instead of the machine's.

    After a blind one the pre-score's labels are weighed anew. A reading for a calibration counts
    in its session alone.
    """
    if review.calibrates:
        return calibration.submit(review, by=by, revision=revision)
    review = reviews.confirm(review, by=by, revision=revision)
    note_drafts.refuse_unfinished(review, by=by)
    if review.kind == Review.Kind.REGULAR:
        dashboards.settle(review, by=by)
        coaching.share(review, by=by)
        if review.blind:
            agreement.weigh(by=by)
    return review


@transaction.atomic
def change_member(
    member: Membership, *, by: Membership, role: Role, agent: Agent | None
) -> Membership:
    """Give a member another role or agent; what they can't review any more is everyone's again."""
    member = organizations.change_member(member, by=by, role=role, agent=agent)
    sampling.give_back(member, by=by)
    return member


@transaction.atomic
def remove_member(member: Membership, *, by: Membership, returns: bool = False) -> None:
    """Take a member out, or let them leave (`by` themself); with `returns` only for a while.

    What waits for them goes back; what they settled and wrote stays, with their name.
    """
    member = departures.end_membership(member, by=by, returns=returns)
    sampling.give_back(member, by=by)
    queue.give_up(member, by=by)
    calibration.leave(member, by=by)


@transaction.atomic
def decide_dispute(
    dispute: Dispute, *, by: Membership, upheld: bool, reason: str, change: Correction | None
) -> Dispute:
    """Settle a dispute. Where it is upheld the review gets a corrected version, and counts as that.

    `change` is what holds instead; None where a note goes. Another dispute of the same review may
    have led to a correction meanwhile: the change is then made to that version.
    """
    dispute = disputes.decide(dispute, by=by, upheld=upheld, reason=reason)
    if upheld:
        note = dispute.key if dispute.kind == Dispute.Kind.NOTE else ""
        counts = corrections.latest(dispute.review, by=by)
        dispute.corrected = correct(counts, change, by=by, without_note=note)
        dispute.save(update_fields=["corrected"])
    disputes.tell_decided(dispute, by=by)
    return dispute


def correct(
    old: Review, change: Correction | None, *, by: Membership, without_note: str = ""
) -> Review:
    """Make a new version of a confirmed review; the dashboards move by what differs."""
    change = change or Correction()
    new = corrections.begin(old, change, by=by)
    coaching.copy_notes(old, new, by=by, without=without_note)
    new = corrections.finish(new, by=by, change=change)
    dashboards.resettle(old, new, by=by)
    coaching.share(new, by=by)
    return new


@transaction.atomic
def amend(review: Review, changes: Changes, *, by: Membership, reason: str) -> Review:
    """Correct a submitted review, by its author or a manager; whoever is concerned is told."""
    amendments.check(review, changes, by=by, reason=reason)
    disputes.refuse_disputed(review, by=by)
    new = corrections.begin(review, *changes.parts, by=by, summary=changes.summary)
    coaching.copy_notes(review, new, by=by, instead=changes.notes)
    new = corrections.finish(new, by=by)
    amendments.keep(new, changes, by=by, reason=reason)
    dashboards.resettle(review, new, by=by)
    coaching.share(new, by=by)
    coaching.tell_amended(new, by=by)
    return new


@transaction.atomic
def recall(review: Review, *, by: Membership) -> Review:
    """Take a submitted review back: it is its reviewer's draft again, and nothing was submitted."""
    review = recalls.hold(review, by=by)
    coaching.refuse_read(review, by=by)
    disputes.refuse_disputed(review, by=by, any_state=True)
    dashboards.unsettle(review, by=by)
    review = recalls.reopen(review, by=by)
    coaching.unshare(review, by=by)
    if review.blind:
        agreement.weigh(by=by)
    return review


def rescore(interaction: Interaction, result: scorecards.Result, *, by: Actor) -> bool:
    """Put another pre-score in the place of the current one; False if there is nothing to do.

    The old one stays, and so do the reviews made on it. Raises OtherDefinitions.
    """
    with tenant(by.organization_id):
        superseded = scorecards.supersede(interaction, result, by=by)
        if superseded is None:
            return False
        dashboards.recount(*superseded, by=by)
    return True


def advance(
    interaction: Interaction, *, by: Actor, result: scorecards.Result | None = None
) -> None:
    """Take the steps after intake: compute outside a transaction, write in one short one.

    Raises OtherDefinitions, and writes nothing, if others were put to use between the two.
    """
    result = result or scorecards.run_engine(interaction)
    with tenant(by.organization_id):
        prescore = scorecards.keep_prescore(interaction, result, by=by)
        if prescore is not None:
            dashboards.count(prescore, by=by)
            sampling.pick(prescore, by=by)
            automatic.share_prescore(prescore, by=by)


def _start_anew(before: Interaction, *, by: Actor) -> None:
    """Drop what was found in an interaction, and have what it is now pre-scored."""
    dashboards.forget(before, by=by)
    reviews.discard_draft(before, by=by)
    scorecards.discard_prescores(before, by=by)
    sampling.forget(before, by=by)
    dispatch.enqueue_on_commit(by.organization_id, [before.pk])
