"""Several agents of one interaction: whose each turn is, and whose each moment."""

from typing import Any

import pytest

from qa import pipeline
from qa.organizations.models import Membership, Organization
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from scorecards.models import Moment
from tests.several import (
    ALEX,
    BO,
    FRUSTRATED,
    HANDED_OVER,
    WORRIED,
    handed_over,
    make_bo,
    make_handed_over,
)
from transcripts.cast import UNKNOWN, cast_of
from transcripts.formats import parts_of, validate
from transcripts.models import Interaction, Participation


def parts(interaction: Interaction) -> list[tuple[str, list[int]]]:
    with tenant(interaction.organization_id):
        return [(part.name, part.turns) for part in cast_of(interaction).parts]


def own_agent(interaction: Interaction) -> str:
    with tenant(interaction.organization_id):
        assert interaction.agent
        return interaction.agent.external_id


def relabelled(**names: str) -> list[dict[str, Any]]:
    """The same turns with other labels: `relabelled(Alex="Agent")`."""
    return [
        {**turn, "speaker": names.get(turn["speaker"], turn["speaker"])} for turn in HANDED_OVER
    ]


def whose(interaction: Interaction) -> dict[int, str | None]:
    """The agent of each moment, by the turn of its cue."""
    with tenant(interaction.organization_id):
        rows = Moment.objects.visible_to(System(interaction.organization_id))
        found = rows.filter(interaction=interaction).select_related("agent")
        return {one.cue_turn: one.agent.name if one.agent else None for one in found}


def test_each_turn_is_its_speakers(larkfield: Organization) -> None:
    one = make_handed_over(larkfield)
    assert parts(one) == [("Alex Finch", [0, 2, 4]), ("Bo Lind", [5, 7, 9])]
    assert own_agent(one) == "a-1"


def test_each_moment_is_of_who_answered_it(larkfield: Organization) -> None:
    one = make_handed_over(larkfield)
    assert whose(one) == {FRUSTRATED: "Alex Finch", WORRIED: "Bo Lind"}


@pytest.mark.parametrize(
    ("agents", "labels"),
    [
        ([ALEX, BO], {"Alex": "Alex", "Bo Lind": "Bo"}),  # first names
        ([ALEX, BO], {"Alex": "a-1", "Bo Lind": "a-2"}),  # ids
        ([ALEX, BO], {"Alex": "Agent Alex Finch", "Bo Lind": "Agent (Bo Lind)"}),
        (
            [{**ALEX, "speakers": ["one"]}, {**BO, "speakers": ["TWO"]}],
            {"Alex": "One", "Bo Lind": "two "},
        ),
        ([BO], {"Alex": "Agent", "Bo Lind": "Bo Lind"}),  # the rest is the main agent's
    ],
)
def test_a_label_is_listed_or_a_name(agents: list[Any], labels: dict[str, str]) -> None:
    found = parts_of(validate(handed_over(agents=agents, turns=relabelled(**labels))))
    assert [part.turns for part in found] == [(0, 2, 4), (5, 7, 9)]


def test_without_a_main_agent_other_labels_are_nobodys() -> None:
    turns = relabelled(**{"Bo Lind": "Agent"})
    found = parts_of(validate(handed_over(agent=None, agents=[ALEX, BO], turns=turns)))
    assert [(part.agent and part.agent.name, part.turns) for part in found] == [
        ("Alex Finch", (0, 2, 4)),
        ("Bo Lind", ()),
        (None, (5, 7, 9)),
    ]


def test_bots_are_no_agents() -> None:
    turns = [{**turn, "role": "bot"} if turn["speaker"] == "Alex" else turn for turn in HANDED_OVER]
    found = parts_of(validate(handed_over(turns=turns)))
    assert [part.turns for part in found] == [(), (5, 7, 9)]


def test_under_a_strangers_name_nobody_known_has_spoken(larkfield: Organization) -> None:
    """Alex speaks as Alex, so what Kim says is not Alex's."""
    turns = relabelled(**{"Bo Lind": "Kim"})
    one = make_handed_over(larkfield, agents=None, turns=turns)
    assert parts(one) == [("Alex Finch", [0, 2, 4]), (UNKNOWN, [5, 7, 9])]
    assert whose(one) == {FRUSTRATED: "Alex Finch", WORRIED: None}


def test_one_agent_under_a_label_has_it_all(larkfield: Organization) -> None:
    """No label is Alex's own: the interaction's agent is who speaks."""
    turns = relabelled(**{"Alex": "Desk", "Bo Lind": "Desk"})
    one = make_handed_over(larkfield, agents=None, turns=turns)
    assert parts(one) == []
    assert set(whose(one).values()) == {"Alex Finch"}


def test_known_agents_are_found_by_their_labels(larkfield: Organization) -> None:
    make_bo(larkfield)
    named = make_handed_over(larkfield, agents=None)
    assert parts(named) == [("Alex Finch", [0, 2, 4]), ("Bo Lind", [5, 7, 9])]


def test_two_known_agents_are_found_where_none_is_named(
    alex: Membership, larkfield: Organization
) -> None:
    make_bo(larkfield)
    turns = relabelled(Alex="Agent Alex Finch")
    one = make_handed_over(larkfield, agent=None, agents=None, turns=turns)
    assert parts(one) == [("Alex Finch", [0, 2, 4]), ("Bo Lind", [5, 7, 9])]
    assert own_agent(one) == "a-1"


def test_a_namesake_elsewhere_is_not_found(
    elsewhere: Organization, larkfield: Organization
) -> None:
    make_bo(elsewhere)
    one = make_handed_over(larkfield, agents=None)
    assert ("Bo Lind", [5, 7, 9]) not in parts(one)


def test_agents_and_their_labels_stay_named(larkfield: Organization) -> None:
    """A customer of the same first name does not take the second agent's name away."""
    customer = {"external_id": "u-1", "name": "Bo Winter"}
    one = make_handed_over(larkfield, customer=customer)
    with tenant(larkfield.id):
        turns = Interaction.objects.visible_to(System(larkfield.id)).get(pk=one.pk).transcript.turns
    assert turns[5]["speaker"] == "Bo Lind"
    assert turns[5]["text"] == "Hello, you are speaking to Bo."


def test_new_content_has_new_parts(larkfield: Organization) -> None:
    by = System(larkfield.id)
    one = make_handed_over(larkfield, external_id="c-9", source="pbx")
    alone = handed_over(external_id="c-9", source="pbx", agents=None, turns=HANDED_OVER[:4])
    with tenant(larkfield.id):
        pipeline.replace(validate(alone), by=by, interaction_id=one.pk)
        assert not Participation.objects.visible_to(by).filter(interaction=one).exists()


def test_the_same_agent_twice_is_one(larkfield: Organization) -> None:
    twice = [{**ALEX, "speakers": ["Alex"]}, {"name": "Alex Finch", "speakers": ["Bo Lind"]}]
    assert parts(make_handed_over(larkfield, agents=twice)) == []
