"""The two-tenant world of the tests: Larkfield's people, and Mallory who must see nothing.

Plain keyword functions that go through the real actions. `dana` and `sam` are
specialists, `mona` a manager, `ada` an admin, `alex` an agent of Larkfield;
`mallory` is an admin elsewhere.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from django.test import Client

from qa import pipeline, tasks
from qa.calibration import actions as calibration
from qa.calibration.models import Session
from qa.calibration.progress import next_reading
from qa.organizations import actions as organizations
from qa.organizations import invitations
from qa.organizations.models import Agent, ApiKey, Membership, Organization, Role, Scope
from qa.organizations.sign_in import BACKEND
from qa.reviews import actions as reviews
from qa.reviews import answers, queue
from qa.reviews.models import Decision, Review, ReviewMoment
from qa.reviews.proposals import card_of, proposals_for, unfinished
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from scorecards.card import Answer, Question, is_low, read_answers
from transcripts.formats import validate
from transcripts.models import Interaction

PASSWORD = "correct horse battery staple"

ANGRY_CALL: list[dict[str, Any]] = [
    {"role": "agent", "text": "Thank you for calling Larkfield, this is Alex."},
    {"role": "customer", "text": "This is the third time I've called and nobody helps me!"},
    {"role": "agent", "text": "I'm sorry about that. Can I have your account number?"},
    {"role": "customer", "text": "It is 5521. I am so worried that I will lose the booking."},
    {
        "role": "agent",
        "text": "I can imagine how worrying that must be after saving for it for two years.",
    },
    {"role": "customer", "text": "Thanks."},
]


def make_organization(name: str) -> Organization:
    return organizations.create_organization(name=name, slug=name.lower())


def make_member(
    organization: Organization, name: str, role: Role, agent: Agent | None = None
) -> Membership:
    by = System(organization.id)
    with tenant(organization.id):
        member = invitations.admit(
            by=by,
            email=f"{name.lower()}@{organization.slug}.example",
            name=name,
            role=role,
            agent=agent,
            password=PASSWORD,
            mailed=True,
        )
        member.organization = organization  # its row shows in its own transactions only
    return member


def interaction_json(**changes: Any) -> dict[str, Any]:
    """A canonical interaction of Alex's: an angry and worried customer, six turns."""
    return {
        "channel": "call",
        "started_at": "2026-11-02T10:15:00Z",
        "agent": {"external_id": "a-1", "name": "Alex Finch", "team": "Billing"},
        "turns": ANGRY_CALL,
        **changes,
    }


def make_interaction(
    organization: Organization, *, prescored: bool = True, **changes: Any
) -> Interaction:
    """Push one interaction through the real intake and, by default, the real pre-scoring."""
    by = System(organization.id)
    with tenant(organization.id):
        (received,) = pipeline.submit([validate(interaction_json(**changes))], by=by)
        if prescored:
            tasks.process(str(organization.id), str(received.id))
        return Interaction.objects.visible_to(by).get(pk=received.id)


def make_review(
    specialist: Membership, interaction: Interaction | None = None, *, confirmed: bool = False
) -> Review:
    """A review this specialist has taken; `confirmed` accepts all and submits it."""
    organization = specialist.organization
    with tenant(organization.id):
        interaction = interaction or make_interaction(organization)
        review = queue.claim(interaction.pk, by=specialist)
        return confirm_review(review, specialist) if confirmed else review


def confirm_review(review: Review, specialist: Membership) -> Review:
    with tenant(specialist.organization_id):
        pending = ReviewMoment.objects.visible_to(specialist).filter(
            review=review, decision=Decision.PENDING
        )
        reviews.accept(review, list(pending), by=specialist)
        answer_card(review, specialist)
        return pipeline.confirm(review, by=specialist)


def answer_card(review: Review, specialist: Membership, value: str = "yes") -> None:
    """Answer the whole card: as the moments propose, and everything else with this."""
    answers.confirm_proposals(review, by=specialist)
    for asked in card_of(review).questions:
        if asked.bound is None:
            answers.answer(review, by=specialist, question=asked.id, value=value)
    review.refresh_from_db()
    for pk, lack in unfinished(review, proposals_for(review, by=specialist)).items():
        question, given = card_of(review).question(pk), read_answers(review.answers).get(pk)
        assert question
        assert given
        assert lack == "cause", (pk, lack)
        said = Answer(given.value, question.causes[0])
        answers.answer_all(review, by=specialist, answers={pk: said})


def make_calibration(
    manager: Membership,
    readers: Sequence[Membership],
    *interactions: Interaction,
    name: str = "November",
) -> Session:
    """A calibration session that these members have still to read."""
    with tenant(manager.organization_id):
        return calibration.begin(
            by=manager,
            name=name,
            interactions=[interaction.pk for interaction in interactions],
            members=[reader.pk for reader in readers],
        )


def calibrate(
    session: Session,
    reader: Membership,
    *moments: tuple[int, str, str, int],
    answer: str = "yes",
    instead: Mapping[str, str] | None = None,
) -> None:
    """Read all of a session that this reader has left: the same moments and answers in each.

    `instead` says what else some questions are answered with.
    """
    with tenant(reader.organization_id):
        while (review := next_reading(session, by=reader)) is not None:
            for turn, emotion, outcome, strength in moments:
                reviews.add_moment(
                    review,
                    by=reader,
                    cue_turn=turn,
                    emotion=emotion,
                    outcome=outcome,
                    strength=strength,
                )
            for question in card_of(review).questions:
                said = (instead or {}).get(question.id, answer)
                answer_one(review, reader, question, said)
            pipeline.confirm(review, by=reader)


def answer_one(review: Review, by: Membership, question: Question, value: str) -> None:
    """Answer a question, with its first cause where the answer is low."""
    cause = question.causes[0] if question.causes and is_low(question, value) else ""
    answers.answer_all(review, by=by, answers={question.id: Answer(value, cause)})


def make_key(admin: Membership, *scopes: Scope) -> str:
    """An API key's secret, with these scopes or all of them."""
    with tenant(admin.organization_id):
        key, secret = organizations.create_key(
            by=admin, name="test", scopes=list(scopes or Scope.values)
        )
        assert isinstance(key, ApiKey)
    return secret


@pytest.fixture
def larkfield(db: None) -> Organization:
    return make_organization("Larkfield")


@pytest.fixture
def elsewhere(db: None) -> Organization:
    return make_organization("Elsewhere")


@pytest.fixture
def dana(larkfield: Organization) -> Membership:
    return make_member(larkfield, "Dana", Role.SPECIALIST)


@pytest.fixture
def sam(larkfield: Organization) -> Membership:
    return make_member(larkfield, "Sam", Role.SPECIALIST)


@pytest.fixture
def mona(larkfield: Organization) -> Membership:
    return make_member(larkfield, "Mona", Role.MANAGER)


@pytest.fixture
def ada(larkfield: Organization) -> Membership:
    return make_member(larkfield, "Ada", Role.ADMIN)


@pytest.fixture
def alex(larkfield: Organization) -> Membership:
    by = System(larkfield.id)
    with tenant(larkfield.id):
        agent = organizations.find_or_add_agent(
            by=by, external_id="a-1", name="Alex Finch", team="Billing"
        )
    return make_member(larkfield, "Alex", Role.AGENT, agent)


@pytest.fixture
def mallory(elsewhere: Organization) -> Membership:
    return make_member(elsewhere, "Mallory", Role.ADMIN)


@pytest.fixture
def signed_in(client: Client) -> Callable[[Membership | None], Client]:
    """`signed_in(dana)` is a browser of Dana's; `signed_in(None)` one of nobody's."""

    def sign_in(member: Membership | None) -> Client:
        client.logout()
        if member is not None:
            client.force_login(member.user, backend=BACKEND)
        return client

    return sign_in
