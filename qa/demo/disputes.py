"""Two disputes in the demo: one that a manager has upheld, one that waits for her."""

from collections.abc import Mapping
from typing import Any

from qa import pipeline
from qa.disputes import actions as disputes
from qa.disputes.models import Dispute
from qa.organizations.models import Membership, Role
from qa.reviews.corrections import Correction
from qa.reviews.models import Review
from qa.tenancy.base import System

NAMED = (
    "I did not say a line there. He was ashamed to ring us at all, and I told him what it takes "
    "to make such a call. He said himself that it helped."
)
UPHELD = ("call-2009", "moment:9", NAMED)
REASON = (
    "You are right: you named what this call was like for him, and why ringing early was brave. "
    "That is specific, and the review says so now."
)
RELIEF = {"emotion": "relief", "outcome": "empathy", "strength": 2}
MEANT = (
    "The sorries are how we talk here, they are not read off a card. And the collection point "
    "down the road was my own idea, nobody told me to offer it."
)
OPEN = ("call-2004", "answer:own_words", MEANT)


def dispute_some(
    written: Mapping[str, Review], *, by: System, agents: Mapping[Any, Membership]
) -> None:
    """Let two agents object to reviews of the demo, and the manager decide on the first."""
    members = Membership.objects.visible_to(by).select_related("user", "organization")
    manager = members.get(role=Role.MANAGER)
    decided = _object(*UPHELD, written=written, agents=agents)
    if decided is not None:
        change = Correction(cue_turn=9, moment=RELIEF)
        pipeline.decide_dispute(decided, by=manager, upheld=True, reason=REASON, change=change)
    _object(*OPEN, written=written, agents=agents)


def _object(
    external_id: str,
    target: str,
    words: str,
    *,
    written: Mapping[str, Review],
    agents: Mapping[Any, Membership],
) -> Dispute | None:
    review = written.get(external_id)
    if review is None:
        return None  # a visitor was there first
    agent = agents[review.interaction.agent_id]
    return disputes.open_dispute(review, by=agent, target=target, words=words)
