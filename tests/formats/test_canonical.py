"""Canonical JSON: one interaction, a list, or one a line; every fault with its path."""

import json
from typing import Any

import pytest

from transcripts.formats import FormatError, parse, read_json, validate

FULL: dict[str, Any] = {
    "external_id": "c-1001",
    "source": "genesys",
    "channel": "call",
    "started_at": "2026-11-02T10:15:00Z",
    "duration_s": 412.5,
    "language": "en",
    "subject": None,
    "agent": {"external_id": "a-7", "name": "Dana Reyes", "team": "Billing"},
    "customer": {"external_id": "u-9", "name": None},
    "metadata": {"queue": "billing", "tags": [1, {"deep": True}]},
    "turns": [
        {
            "role": "agent",
            "speaker": "Dana",
            "text": "Thanks for calling.",
            "started_s": 0.0,
            "ended_s": 2.1,
            "sent_at": None,
        }
    ],
}
LEAST = {"channel": "chat", "turns": [{"role": "customer", "text": "hi"}]}


def as_bytes(value: object) -> bytes:
    return json.dumps(value).encode()


def faults_of(value: object) -> dict[str, str]:
    with pytest.raises(FormatError) as refused:
        validate(value)
    return {fault.path: fault.message for fault in refused.value.faults}


def test_a_full_interaction_comes_back_unchanged() -> None:
    assert validate(FULL).to_dict() == FULL


def test_channel_and_turns_are_enough() -> None:
    (interaction,) = parse(as_bytes(LEAST), name="x.json").interactions
    assert interaction.to_dict()["turns"][0]["text"] == "hi"
    assert interaction.metadata == {}


def test_a_list_and_lines_hold_the_same_interactions() -> None:
    listed = parse(as_bytes([FULL, LEAST]), name="x.json")
    lines = parse(as_bytes(FULL) + b"\n\n" + as_bytes(LEAST) + b"\n", name="x.jsonl")
    assert listed.interactions == lines.interactions
    assert len(lines.interactions) == 2


def test_times_with_another_zone_are_told_in_utc() -> None:
    moved = validate(FULL | {"started_at": "2026-11-02T12:15:00+02:00"})
    assert moved.to_dict()["started_at"] == "2026-11-02T10:15:00Z"


def test_unknown_keys_are_named() -> None:
    turn = {"role": "agent", "text": "x", "mood": 1}
    faults = faults_of({**LEAST, "colour": 1, "agent": {"shoe": 2}, "turns": [turn]})
    assert set(faults) == {"colour", "agent.shoe", "turns[0].mood"}
    assert "is not a known key" in faults["colour"]


def test_a_turn_without_role_is_told_with_its_path() -> None:
    faults = faults_of(
        {"channel": "chat", "turns": [{"role": "agent", "text": "a"}, {"text": "b"}]}
    )
    assert list(faults) == ["turns[1].role"]
    assert faults["turns[1].role"].startswith("is missing; expected one of customer, agent")


def test_a_turn_without_role_in_json_lines_is_told_with_its_line() -> None:
    bad = {"channel": "chat", "turns": [{"text": "b"}]}
    parsed = parse(as_bytes(LEAST) + b"\n" + as_bytes(bad), name="x.jsonl")
    assert len(parsed.interactions) == 1
    assert [str(error)[:30] for error in parsed.errors] == ["line 2: turns[0].role is missi"]


def test_a_turn_without_role_in_a_list_is_told_with_its_index() -> None:
    bad = {"channel": "chat", "turns": [{"text": "b"}]}
    parsed = parse(as_bytes([LEAST, bad]), name="x.json")
    assert [error.field for error in parsed.errors] == ["[1].turns[0].role"]


def test_every_fault_of_an_object_is_told_at_once() -> None:
    faults = faults_of(
        {
            "channel": "fax",
            "duration_s": -1,
            "started_at": "yesterday",
            "language": "the language of love",
            "turns": [{"role": "agent", "text": "x", "started_s": 5, "ended_s": 4}],
        }
    )
    assert set(faults) == {
        "channel",
        "duration_s",
        "started_at",
        "language",
        "turns[0].ended_s",
    }


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"turns": []}, "turns"),
        ({"turns": "x"}, "turns"),
        ({"turns": [3]}, "turns[0]"),
        ({"channel": 3}, "channel"),
        ({"started_at": "2026-11-02T10:15:00"}, "started_at"),
        ({"duration_s": float("inf")}, "duration_s"),
        ({"duration_s": True}, "duration_s"),
        ({"agent": "Dana"}, "agent"),
        ({"metadata": [1]}, "metadata"),
        ({"metadata": {"a": "\x00"}}, "metadata.a"),
        ({"external_id": "\ud800"}, "external_id"),
        ({"subject": "x" * 5_000}, "subject"),
    ],
)
def test_a_field_of_the_wrong_kind_is_named(change: dict[str, Any], path: str) -> None:
    assert list(faults_of({**LEAST, **change})) == [path]


def test_something_else_than_an_object_is_refused() -> None:
    assert faults_of([1]) == {"": "must be a JSON object, not a list"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"a": 1, "a": 2}', "twice"),
        ('{"a": NaN}', "NaN"),
        ("[" * 100_000, "nested too deeply"),
        ('{"a": ' + "9" * 5_000 + "}", "digits"),
        ('{"a": 1,}', "not valid JSON"),
    ],
)
def test_json_of_a_dangerous_shape_is_refused(text: str, reason: str) -> None:
    with pytest.raises(FormatError, match=reason):
        read_json(text)


def test_metadata_nested_too_deeply_is_refused() -> None:
    deep: dict[str, Any] = {}
    for _ in range(50):
        deep = {"a": deep}
    (path,) = faults_of({**LEAST, "metadata": deep})
    assert path.startswith("metadata.a.a")


def test_invalid_json_is_told_with_its_line() -> None:
    with pytest.raises(FormatError) as refused:
        parse(b'{\n "channel": "chat",\n oops\n}', name="x.json")
    assert refused.value.line == 3
    assert str(refused.value).startswith("x.json, line 3: is not valid JSON")


def test_json_of_another_make_is_told_by_its_keys() -> None:
    with pytest.raises(FormatError, match="its keys: jobName, results"):
        parse(b'{"jobName": "x", "results": {}}', name="x.json")


def test_several_agents_come_back_unchanged() -> None:
    agents = [
        {"external_id": "a-7", "name": "Dana Reyes", "team": "Billing", "speakers": ["Dana"]},
        {"external_id": None, "name": "Rui Costa", "team": None, "speakers": []},
    ]
    found = validate(FULL | {"agents": agents, "agent": None})
    assert found.to_dict() == FULL | {"agents": agents, "agent": None}
    assert found.main_agent == found.agents[0].agent


def test_faults_of_agents_are_named() -> None:
    faults = faults_of(
        {
            **LEAST,
            "agents": [
                {"name": "Dana", "speakers": ["D"], "shoe": 1},
                {"team": "Billing"},
                "Rui",
                {"name": "Kim", "speakers": ["d ", 5]},
                {"name": "Lee", "speakers": "Lee"},
            ],
        }
    )
    assert set(faults) == {
        "agents[0].shoe",
        "agents[1]",
        "agents[2]",
        "agents[3].speakers",
        "agents[3].speakers[1]",
        "agents[4].speakers",
    }
    assert "another agent" in faults["agents[3].speakers"]
    assert set(faults_of({**LEAST, "agents": {}})) == {"agents"}
    assert set(faults_of({**LEAST, "agents": [{"name": "x"}] * 101})) == {"agents"}


@pytest.mark.parametrize("times", [{}, {"started_s": 1.0, "ended_s": 2.0}, {"started_s": 1}])
def test_every_line_end_becomes_one_character(times: dict[str, Any]) -> None:
    turn = {"role": "agent", "text": "Dear Ivy,\r\n\r\nit \U0001f69a comes\rtoday\n", **times}
    whole = {"channel": "email", "turns": [turn]}
    said = "Dear Ivy,\n\nit \U0001f69a comes\ntoday\n"
    assert validate(whole).turns[0].text == said
    for data in (as_bytes(whole), as_bytes([whole]), as_bytes(whole) + b"\n" + as_bytes(whole)):
        assert parse(data, name="x.json").interactions[0].turns[0].text == said


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (
            '{"channel": "call", "turns": [{"role": "agent", "text": "a", "started_s": NaN}]}',
            "turns",
        ),
        ('{"channel": "call", "duration_s": -Infinity, "turns": []}', "duration_s"),
        ('{"channel": "call", "metadata": {"a": [NaN]}, "turns": []}', "metadata.a"),
    ],
)
def test_what_is_no_number_is_refused_by_name_in_a_file(text: str, path: str) -> None:
    with pytest.raises(FormatError) as refused:
        parse(text.encode(), name="x.json")
    assert any(fault.path.startswith(path) for fault in refused.value.faults)
