"""Slack: threads and channel days, from an export's zip, a day's file or the API."""

import io
import json
import zipfile
from datetime import UTC, datetime
from typing import Any

import pytest

from transcripts.formats import FormatError, Parsed, parse, recognise

FIRST = "1706800200.000100"
USERS = [
    {"id": "U1", "team_id": "T", "name": "jane", "profile": {"real_name": "Jane Doe"}},
    {"id": "U2", "team_id": "T", "name": "dana", "profile": {"display_name": "Dana"}},
    {"id": "U3", "team_id": "T", "name": "helper", "profile": {}, "is_bot": True},
]
CHANNELS = [{"id": "C1", "name": "support", "created": 1, "members": ["U1"]}]


def said(text: str, ts: str = FIRST, user: str = "U1", **more: Any) -> dict[str, Any]:
    return {"type": "message", "user": user, "text": text, "ts": ts, **more}


def read(messages: Any) -> Parsed:
    return parse(json.dumps(messages).encode(), name="2024-02-01.json")


def export(files: dict[str, Any], top: str = "") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, value in files.items():
            content = value if isinstance(value, str | bytes) else json.dumps(value)
            packed.writestr(top + name, content)
    return target.getvalue()


def test_a_thread_is_one_conversation_and_the_rest_of_the_day_another() -> None:
    parsed = read(
        [
            said("later", "1706800900.000000"),
            said("root"),
            said("reply", "1706800300.000100", "U2", thread_ts=FIRST),
        ]
    )
    thread = next(
        interaction
        for interaction in parsed.interactions
        if interaction.metadata["conversation"] == "thread"
    )
    day = next(
        interaction
        for interaction in parsed.interactions
        if interaction.metadata["conversation"] == "day"
    )
    assert [turn.text for turn in thread.turns] == ["root", "reply"]
    assert [turn.text for turn in day.turns] == ["later"]
    assert thread.external_id == FIRST
    assert thread.started_at == datetime(2024, 2, 1, 15, 10, 0, 100, tzinfo=UTC)
    assert any("Each thread is one conversation" in note for note in parsed.notes)


def test_the_api_gives_the_newest_first() -> None:
    parsed = read(
        {"ok": True, "has_more": True, "messages": [said("b", "1706800300.1"), said("a")]}
    )
    assert [turn.text for turn in parsed.interactions[0].turns] == ["a", "b"]
    assert "The file holds one page of several." in parsed.notes


def test_lines_of_messages_are_read_and_broken_ones_named() -> None:
    data = f"{json.dumps(said('a'))}\n{{broken\n{json.dumps(said('b', '1706800300.1'))}\n".encode()
    parsed = parse(data, name="messages.jsonl")
    assert [turn.text for turn in parsed.interactions[0].turns] == ["a", "b"]
    assert [error.line for error in parsed.errors] == [2]


@pytest.mark.parametrize(
    "event",
    [
        {"subtype": "channel_join"},
        {"subtype": "channel_topic"},
        {"subtype": "message_deleted"},
        {"subtype": "tombstone"},
        {"hidden": True},
    ],
)
def test_events_are_no_turns(event: dict[str, Any]) -> None:
    parsed = read([said("joined", **event), said("hello", "1706800300.1")])
    assert [turn.text for turn in parsed.interactions[0].turns] == ["hello"]


def test_mentions_links_and_entities_are_written_out() -> None:
    text = (
        "<@U2|dana> see <https://x.org/a|the page> or <https://x.org>, <#C1|support> <!here> "
        "<mailto:a@x.org|a@x.org> 1 &lt; 2 &amp;lt; <!subteam^S1|@crew> <!date^1^{date}|Feb 1>"
    )
    found = read([said(text)]).interactions[0].turns[0].text
    assert found == (
        "@dana see the page or https://x.org, #support @here a@x.org 1 < 2 &lt; @crew Feb 1"
    )


def test_bots_are_bots_and_nobody_else_is_given_a_role() -> None:
    parsed = read(
        [
            {"type": "message", "bot_id": "B1", "text": "beep", "ts": FIRST, "username": "Deploys"},
            said("boo", "1706800300.1"),
        ]
    )
    assert [(turn.role, turn.speaker) for turn in parsed.interactions[0].turns] == [
        ("bot", "Deploys"),
        ("unknown", "U1"),
    ]


def test_the_first_message_of_a_thread_given_twice_is_read_once() -> None:
    root = said("root", thread_ts=FIRST, reply_count=1)
    parsed = read([root, root, said("reply", "1706800300.1", thread_ts=FIRST)])
    assert [turn.text for turn in parsed.interactions[0].turns] == ["root", "reply"]


@pytest.mark.parametrize("top", ["", "Acme Slack export/"])
def test_an_exports_zip_is_read_with_names_and_threads_across_days(top: str) -> None:
    data = export(
        {
            "users.json": USERS,
            "channels.json": CHANNELS,
            "support/2024-02-01.json": [said("<@U2> help"), said("x", "1706800999.0", "U2")],
            "support/2024-02-02.json": [said("sure", "1706886600.0", "U2", thread_ts=FIRST)],
            "random/2024-02-01.json": [said("beep", FIRST, "U3")],
            "integration_logs.json": [],
        },
        top,
    )
    assert recognise(data, "export.zip").format == "slack"
    assert recognise(data, "export.zip").clear
    parsed = parse(data, name="export.zip")
    found = {interaction.external_id: interaction for interaction in parsed.interactions}
    assert set(found) == {f"support/{FIRST}", "support/2024-02-01", "random/2024-02-01"}
    thread = found[f"support/{FIRST}"]
    assert [(turn.speaker, turn.text) for turn in thread.turns] == [
        ("Jane Doe", "@Dana help"),
        ("Dana", "sure"),
    ]
    assert found["random/2024-02-01"].turns[0].role == "bot"
    assert not parsed.errors


def test_a_days_file_that_cannot_be_read_is_named() -> None:
    data = export(
        {"users.json": USERS, "a/2024-02-01.json": "{oops", "a/2024-02-02.json": [said("hi")]}
    )
    parsed = parse(data, name="export.zip")
    assert len(parsed.interactions) == 1
    assert [error.field for error in parsed.errors] == ["a/2024-02-01.json"]


@pytest.mark.parametrize("listing", [USERS, CHANNELS])
def test_lists_of_users_and_channels_are_told_to_hold_no_messages(listing: Any) -> None:
    with pytest.raises(FormatError, match="holds no messages"):
        read(listing)


def test_a_day_without_words_is_refused() -> None:
    with pytest.raises(FormatError, match="no messages with words"):
        read([said("joined", subtype="channel_join")])
