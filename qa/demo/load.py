"""Load the demo organization through the same actions that people and clients use."""

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from qa import pipeline
from qa.coaching import actions as coaching
from qa.core.errors import Refused
from qa.demo.calibrations import calibrate_some
from qa.demo.disputes import dispute_some
from qa.demo.people import NAMES, PASSWORD, PEOPLE, SLUG, Person
from qa.demo.sampling import sample_some
from qa.organizations import actions as organizations
from qa.organizations import invitations
from qa.organizations.models import Agent, Membership, Organization, Role
from qa.reviews import actions as reviews
from qa.reviews import answers, queue
from qa.reviews.models import Decision, Review, ReviewMoment
from qa.reviews.policy import set_policy
from qa.reviews.proposals import card_of
from qa.tenancy.base import System
from qa.tenancy.context import directory, tenant
from scorecards.card import Answer, read_answers
from transcripts.formats import CanonicalInteraction, parse
from transcripts.models import Interaction

HERE = Path(__file__).parent
INTERACTIONS = HERE / "interactions.jsonl"
REVIEWS = HERE / "reviews.json"
BLIND_PERCENT = 10  # of what the demo's visitors review
SECOND_PERCENT = 20  # of what is reviewed already


def demo_organization() -> Organization | None:
    """The demo organization, if it is here."""
    with directory():
        return Organization.objects.filter(slug=SLUG).first()


def is_complete(organization: Organization) -> bool:
    """Whether the last step of loading has been done; one that was interrupted can go on."""
    with tenant(organization.id):
        return Review.objects.visible_to(System(organization.id)).confirmed().exists()


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


def wait_for_worker(organization: Organization, seconds: float) -> int:
    """Give the worker time to pre-score; returns how many still wait when the time is up."""
    by = System(organization.id)
    end = time.monotonic() + seconds
    while True:
        with tenant(organization.id):
            left = Interaction.objects.visible_to(by).received().count()
        if not left or time.monotonic() > end:
            return left
        time.sleep(0.2)


def review_some(organization: Organization) -> int:
    """Let the demo's specialists review what reviews.json names; returns how many they did.

    All or nothing, so that an interrupted load begins this step anew.
    """
    by = System(organization.id)
    with tenant(organization.id):
        members = Membership.objects.visible_to(by).select_related("user", "organization")
        specialists = list(members.filter(role=Role.SPECIALIST).order_by("id"))
        agents = {m.agent_id: m for m in members.filter(role=Role.AGENT)}
        share = partial(set_policy, by=by, second_percent=SECOND_PERCENT, threshold=0.6, least=30)
        share(blind_percent=0)
        done = sum(
            _review(wanted, specialists[number % len(specialists)], agents)
            for number, wanted in enumerate(json.loads(REVIEWS.read_text()))
        )
        dispute_some(by=by, agents=agents)
        calibrate_some(by=by)
        sample_some(by=by)
        share(blind_percent=BLIND_PERCENT)
        return done


def _review(wanted: dict[str, Any], specialist: Membership, agents: dict[Any, Membership]) -> bool:
    rows = Interaction.objects.visible_to(specialist).select_related("transcript")
    interaction = rows.get(source="demo", external_id=wanted["external_id"])
    if interaction.status != Interaction.Status.PRESCORED:
        return False
    review = queue.claim(interaction.pk, by=specialist)
    for note in wanted["notes"]:
        coaching.write_note(review, by=specialist, **_place(interaction, note))
    _decide(review, wanted.get("moments", []), specialist)
    _answer(review, wanted, specialist)
    reviews.write_summary(review, by=specialist, text=wanted["summary"])
    review = pipeline.confirm(review, by=specialist)
    agent = agents.get(interaction.agent_id)
    if agent and wanted["acknowledged"]:
        coaching.acknowledge(review, by=agent)
    return True


def _decide(review: Review, corrections: list[dict[str, Any]], specialist: Membership) -> None:
    """Decide the written moments as written, then accept what the machine found elsewhere.

    One that is written as the machine has it is accepted; one without a feeling is rejected.
    """
    rows = ReviewMoment.objects.visible_to(specialist).filter(review=review)
    by_turn = {one.cue_turn: one for one in rows.select_related("review", "moment")}
    for written in corrections:
        turn, reason = written["cue_turn"], written["reason"]
        values = {key: written[key] for key in ("emotion", "outcome", "strength") if key in written}
        one = by_turn.get(turn)
        if one is None and values:
            reviews.add_moment(review, by=specialist, cue_turn=turn, **values)
        elif one and values:
            reviews.change(one, by=specialist, reason=reason, **values)
        elif one:
            reviews.reject(one, by=specialist, reason=reason)
    pending = rows.filter(decision=Decision.PENDING).select_related("review", "moment")
    reviews.accept(review, list(pending), by=specialist)


def _answer(review: Review, wanted: dict[str, Any], specialist: Membership) -> None:
    """As the moments propose, the others Yes; but for what is written: answers, causes, reasons."""
    review = answers.confirm_proposals(review, by=specialist)
    given = read_answers(review.answers)
    free = [one.id for one in card_of(review).questions if one.bound is None]
    said: dict[str, str | Answer] = dict.fromkeys(free, "yes") | wanted.get("answers", {})
    for pk, cause in wanted.get("causes", {}).items():
        said[pk] = Answer(given[pk].value, cause)
    for pk, (value, reason) in wanted.get("changed", {}).items():
        said[pk] = Answer(value, reason=reason)
    answers.answer_all(review, by=specialist, answers=said)


def _place(interaction: Interaction, note: dict[str, Any]) -> dict[str, Any]:
    """The note's arguments, its quote turned into a character range."""
    text = interaction.transcript.turns[note["turn"]]["text"]
    start = text.find(note["quote"])
    if start < 0:
        raise Refused(f"The demo's note on {interaction.external_id} quotes other words.")
    return {
        "turn": note["turn"],
        "kind": note["kind"],
        "text": note["text"],
        "start": start,
        "end": start + len(note["quote"]),
    }


def move_to(
    interactions: Iterable[CanonicalInteraction], now: datetime
) -> list[CanonicalInteraction]:
    """Move all by the same number of whole weeks, the newest into the seven days before `now`.

    Whole weeks, so that a Monday's call stays a Monday's.
    """
    listed = list(interactions)
    newest = max(one.started_at for one in listed if one.started_at)
    weeks = timedelta(weeks=(now - newest).days // 7)
    return [_moved(one, weeks) for one in listed]


def _moved(one: CanonicalInteraction, by: timedelta) -> CanonicalInteraction:
    turns = tuple(replace(turn, sent_at=turn.sent_at and turn.sent_at + by) for turn in one.turns)
    return replace(one, started_at=one.started_at and one.started_at + by, turns=turns)


def login_lines() -> Iterator[str]:
    """The demo log-ins as aligned lines of text."""
    width = max(len(person.email) for person in PEOPLE)
    for person in PEOPLE:
        yield f"  {person.email:{width}}  {person.role:10}  {NAMES[person.organization]}"
    yield f"  password for all: {PASSWORD}"
