"""Why an interaction is not scored: shown in the queue and in the list, and a filter of both."""

from collections.abc import Callable

import pytest
from django.test import Client

from qa.organizations.models import Membership, Organization
from scorecards.empathy import fitness
from tests.world import ANGRY_CALL, make_interaction
from transcripts.models import Interaction, Unfit

SignIn = Callable[[Membership | None], Client]
ADDRESSES = ("/o/larkfield/queue/", "/o/larkfield/interactions/")


@pytest.fixture
def unfit(larkfield: Organization) -> dict[str, Interaction]:
    alone = [turn for turn in ANGRY_CALL if turn["role"] == "customer"]
    nobody = [{**turn, "role": "unknown"} for turn in ANGRY_CALL]
    return {
        "fit": make_interaction(larkfield, external_id="fit"),
        "one_sided": make_interaction(larkfield, turns=alone, external_id="alone"),
        "unknown_roles": make_interaction(larkfield, turns=nobody, external_id="nobody"),
    }


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_reason_picks_its_interactions(
    signed_in: SignIn, dana: Membership, unfit: dict[str, Interaction], address: str
) -> None:
    client = signed_in(dana)
    for reason in ("one_sided", "unknown_roles"):
        html = client.get(address, {"reason": reason}).content.decode()
        shown = {
            name
            for name, interaction in unfit.items()
            if f"/interactions/{interaction.pk}/" in html
        }
        assert shown == {reason}


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_reason_that_is_none_is_left_out(
    signed_in: SignIn, dana: Membership, unfit: dict[str, Interaction], address: str
) -> None:
    html = signed_in(dana).get(address, {"reason": "boredom"}).content.decode()
    assert all(f"/interactions/{interaction.pk}/" in html for interaction in unfit.values())


def test_the_queue_says_why_and_offers_the_reasons(
    signed_in: SignIn, dana: Membership, unfit: dict[str, Interaction]
) -> None:
    html = signed_in(dana).get(ADDRESSES[0], {"scorable": "no"}).content.decode()
    assert "Not scored: only one side speaks" in html
    assert "reason=unknown_roles" in html


def test_the_reasons_are_those_of_the_engine() -> None:
    known = {
        fitness.ONE_SIDED,
        fitness.SWAPPED,
        fitness.UNKNOWN_ROLES,
        fitness.TOO_SHORT,
        fitness.UNSUPPORTED_LANGUAGE,
        fitness.AUTOMATED_ONLY,
    }
    assert set(Unfit.values) == known
