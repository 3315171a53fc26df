"""A call that one agent puts through to another, as tests of several agents take it.

Alex says sorry and no more, and puts the customer through; Bo answers the worry, and says sorry
later. `HANDED_OVER` needs the real engine.
"""

from typing import Any

from qa.organizations import actions as organizations
from qa.organizations.models import Membership, Organization, Role
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.world import make_interaction, make_member
from transcripts.models import Interaction

ALEX: dict[str, Any] = {"external_id": "a-1", "name": "Alex Finch", "team": "Billing"}
BO: dict[str, Any] = {"external_id": "a-2", "name": "Bo Lind", "team": "Sales"}
FRUSTRATED, WORRIED = 1, 6  # the turns of the two feelings
SORRY, IMAGINE, SORRY_AGAIN = 2, 7, 9

HANDED_OVER: list[dict[str, Any]] = [
    {"role": "agent", "speaker": "Alex", "text": "Thank you for calling Larkfield, this is Alex."},
    {
        "role": "customer",
        "speaker": "Caller",
        "text": "This is the third time I've called and nobody helps me!",
    },
    {
        "role": "agent",
        "speaker": "Alex",
        "text": "I'm sorry about that. Can I have your account number?",
    },
    {"role": "customer", "speaker": "Caller", "text": "It is 5521."},
    {"role": "agent", "speaker": "Alex", "text": "Thank you, I will put you through to sales."},
    {"role": "agent", "speaker": "Bo Lind", "text": "Hello, you are speaking to Bo."},
    {
        "role": "customer",
        "speaker": "Caller",
        "text": "I am so worried that I will lose the booking.",
    },
    {
        "role": "agent",
        "speaker": "Bo Lind",
        "text": "I can imagine how worrying that must be after saving for it for two years.",
    },
    {"role": "customer", "speaker": "Caller", "text": "Thanks."},
    {
        "role": "agent",
        "speaker": "Bo Lind",
        "text": "I'm sorry for all the trouble that this has caused you.",
    },
    {"role": "customer", "speaker": "Caller", "text": "Bye."},
]


def handed_over(**changes: Any) -> dict[str, Any]:
    """Such a call in canonical form, both agents named."""
    return {
        "channel": "call",
        "started_at": "2026-11-02T10:15:00Z",
        "agent": ALEX,
        "agents": [{**ALEX, "speakers": ["Alex"]}, {**BO, "speakers": ["Bo Lind"]}],
        "turns": HANDED_OVER,
        **changes,
    }


def make_handed_over(organization: Organization, **changes: Any) -> Interaction:
    """Push such a call and have it pre-scored."""
    return make_interaction(organization, **handed_over(**changes))


def make_bo(organization: Organization) -> Membership:
    """The second agent, with a log-in of their own."""
    with tenant(organization.id):
        agent = organizations.find_or_add_agent(by=System(organization.id), **BO)
    return make_member(organization, "Bo", Role.AGENT, agent)
