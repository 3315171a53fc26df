"""Load the demo organization through the same actions that people and clients use."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from qa import pipeline
from qa.core.errors import Conflict, Refused
from qa.demo.calibrations import calibrate_some
from qa.demo.disputes import dispute_some
from qa.demo.people import NAMES, PASSWORD, PEOPLE, SLUG, Person
from qa.demo.reviews import acknowledge_some, write_reviews, written_reviews
from qa.demo.sampling import sample_some
from qa.organizations import actions as organizations
from qa.organizations import invitations
from qa.organizations.models import Agent, Membership, Organization, Role
from qa.reviews.models import Review
from qa.reviews.policy import set_policy
from qa.tenancy.base import System
from qa.tenancy.context import directory, tenant
from transcripts.formats import CanonicalInteraction, parse
from transcripts.models import Interaction

INTERACTIONS = Path(__file__).parent / "interactions.jsonl"
BLIND_PERCENT = 10  # of what the demo's visitors review
SECOND_PERCENT = 20  # of what is reviewed already


def demo_organization() -> Organization | None:
    """The demo organization, if it is here."""
    with directory():
        return Organization.objects.filter(slug=SLUG).first()


def is_complete(organization: Organization) -> bool:
    """True if the last step of loading is done. A visitor's own reviews say nothing of that."""
    summaries = [review["summary"] for review in written_reviews()]
    with tenant(organization.id):
        rows = Review.objects.visible_to(System(organization.id)).confirmed()
        return rows.filter(summary__in=summaries).exists()


@transaction.atomic
def open_organizations() -> Organization:
    """Both demo organizations with their members; returns the one that gets interactions."""
    made = {
        slug: organizations.create_organization(name=name, slug=slug)
        for slug, name in NAMES.items()
    }
    push(made[SLUG])
    for person in PEOPLE:
        _add_member(person, System(made[person.organization].id))
    return made[SLUG]


def _add_member(person: Person, by: System) -> None:
    with tenant(by.organization_id):
        agents = Agent.objects.visible_to(by)
        agent = agents.get(external_id=person.agent) if person.agent else None
        invitations.admit(
            by=by,
            email=person.email,
            name=person.name,
            role=person.role,
            agent=agent,
            password=PASSWORD,
        )


def push(organization: Organization) -> int:
    """Submit every demo interaction, as if the last of them had taken place lately."""
    parsed = parse(INTERACTIONS.read_bytes(), name=INTERACTIONS.name)
    recent = move_to(parsed.interactions, timezone.now())
    with tenant(organization.id):
        return len(pipeline.submit(recent, by=System(organization.id)))


def wait_for_worker(organization: Organization, seconds: float) -> None:
    """Wait until all are pre-scored; refused once none was within so many seconds."""
    by, end, before = System(organization.id), time.monotonic() + seconds, None
    while True:
        with tenant(organization.id):
            left = Interaction.objects.visible_to(by).filter(source="demo").received().count()
        if not left:
            return
        if left != before:
            before, end = left, time.monotonic() + seconds
        if time.monotonic() >= end:
            raise Refused(f"{left} demo conversations still wait for a worker.")
        time.sleep(0.2)


def review_some(organization: Organization) -> int:
    """Let the demo's people review, object, calibrate and sample; returns the reviews they wrote.

    All or nothing, and once: an interrupted load begins this step anew.
    """
    by = System(organization.id)
    with tenant(organization.id):
        Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
        if is_complete(organization):
            raise Conflict("The demo organization is here already.")
        members = Membership.objects.visible_to(by).select_related("user", "organization")
        specialists = list(members.filter(role=Role.SPECIALIST).order_by("id"))
        agents = {member.agent_id: member for member in members.filter(role=Role.AGENT)}
        share = partial(set_policy, by=by, second_percent=SECOND_PERCENT, threshold=0.6, least=30)
        share(blind_percent=0)
        written = write_reviews(specialists)
        acknowledge_some(written, agents)
        dispute_some(written, by=by, agents=agents)
        calibrate_some(by=by)
        sample_some(by=by)
        share(blind_percent=BLIND_PERCENT)
        return len(written)


def move_to(
    interactions: Iterable[CanonicalInteraction], now: datetime
) -> list[CanonicalInteraction]:
    """Move all by the same number of whole weeks, the newest into the seven days before `now`.

    Whole weeks, so that a Monday's call stays a Monday's.
    """
    listed = list(interactions)
    newest = max(interaction.started_at for interaction in listed if interaction.started_at)
    weeks = timedelta(weeks=(now - newest).days // 7)
    return [_moved(interaction, weeks) for interaction in listed]


def _moved(interaction: CanonicalInteraction, by: timedelta) -> CanonicalInteraction:
    turns = tuple(
        replace(turn, sent_at=turn.sent_at and turn.sent_at + by) for turn in interaction.turns
    )
    return replace(
        interaction, started_at=interaction.started_at and interaction.started_at + by, turns=turns
    )


def login_lines() -> Iterator[str]:
    """The demo log-ins as aligned lines of text."""
    width = max(len(person.email) for person in PEOPLE)
    for person in PEOPLE:
        yield f"  {person.email:{width}}  {person.role:10}  {NAMES[person.organization]}"
    yield f"  password for all: {PASSWORD}"
