"""Chats of contact center platforms: Amazon Connect and Twilio Conversations."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from transcripts.formats import FormatError, Parsed, Question, parse, recognise


def read(value: Any, expected: str) -> Parsed:
    data = json.dumps(value).encode()
    assert recognise(data, "x.json").format == expected
    assert recognise(data, "x.json").clear
    return parse(data, name="x.json")


def item(role: str, content: Any, second: int = 0, **more: Any) -> dict[str, Any]:
    return {
        "AbsoluteTime": f"2026-03-05T10:15:{second:02d}.735Z",
        "ContentType": "text/plain",
        "Type": "MESSAGE",
        "ParticipantRole": role,
        "DisplayName": role.title(),
        "Content": content,
        **more,
    }


def connect(*items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"Version": "2019-08-26", "ContactId": "c-1", "Transcript": list(items), **more}


def test_connect_roles_are_stated_and_events_are_no_turns() -> None:
    joined = {
        "AbsoluteTime": "2026-03-05T10:15:00Z",
        "ContentType": "application/vnd.amazonaws.connect.event.participant.joined",
        "Type": "EVENT",
    }
    parsed = read(
        connect(
            joined,
            item("CUSTOMER", "It broke", 5),
            item("AGENT", "I see", 9, ContentType="text/markdown"),
            item("SYSTEM", "Please wait", 2),
            item("CUSTOMER", None, 10, Type="ATTACHMENT"),
            LanguageCode="en-US",
        ),
        "connect_chat",
    )
    found = parsed.interactions[0]
    assert [(turn.role, turn.text) for turn in found.turns] == [
        ("system", "Please wait"),
        ("customer", "It broke"),
        ("agent", "I see"),
    ]
    assert found.started_at == datetime(2026, 3, 5, 10, 15, 2, 735_000, tzinfo=UTC)
    assert (found.external_id, found.language, found.channel) == ("c-1", "en-US", "chat")
    assert found.agent is not None
    assert found.agent.name == "Agent"


@pytest.mark.parametrize(
    "words",
    [
        "[customer connecting with agent - disregard]",
        "CUSTOM_SYSTEM_MESSAGE_QUEUE please hold",
    ],
)
def test_connect_flows_that_write_as_the_customer_are_the_system(words: str) -> None:
    parsed = read(
        connect(item("CUSTOMER", words), item("CUSTOMER", "[no] thanks", 2)), "connect_chat"
    )
    assert [turn.role for turn in parsed.interactions[0].turns] == ["system", "customer"]


def test_connect_buttons_become_the_words_they_show() -> None:
    menu = {
        "templateType": "ListPicker",
        "version": "1.0",
        "data": {"content": {"title": "How can we help?", "elements": [{"title": "Billing"}]}},
    }
    chosen = {"data": {"content": {"title": "Billing"}}}
    parsed = read(
        connect(
            item("SYSTEM", json.dumps(menu)),
            item(
                "CUSTOMER",
                json.dumps(chosen),
                2,
                ContentType="application/vnd.amazonaws.connect.message.interactive.response",
            ),
            item("CUSTOMER", "{not json", 3),
        ),
        "connect_chat",
    )
    assert [(turn.role, turn.text) for turn in parsed.interactions[0].turns] == [
        ("bot", "How can we help?\nBilling"),
        ("customer", "Billing"),
        ("customer", "{not json"),
    ]


def test_connect_participants_give_a_role_that_the_message_lacks() -> None:
    said = item("", "hello", DisplayName="UNKNOWN", ParticipantId="p1")
    people = [{"ParticipantId": "p1", "ParticipantRole": "AGENT"}]
    turn = read(connect(said, Participants=people), "connect_chat").interactions[0].turns[0]
    assert (turn.role, turn.speaker) == ("agent", None)


def test_connect_calls_are_not_taken_for_chats() -> None:
    call = {"Channel": "VOICE", "Transcript": [{"Content": "Hi", "BeginOffsetMillis": 0}]}
    assert recognise(json.dumps(call).encode(), "x.json").format != "connect_chat"


def test_connect_with_two_agents_names_none_of_them_as_the_one() -> None:
    parsed = read(
        connect(item("AGENT", "a", DisplayName="Dana"), item("AGENT", "b", 1, DisplayName="Sam")),
        "connect_chat",
    )
    assert parsed.interactions[0].agent is None


def message(text: str | None, index: int, author: str = "jane", **more: Any) -> dict[str, Any]:
    return {
        "conversation_sid": "CH1",
        "body": text,
        "author": author,
        "index": index,
        "participant_sid": f"MB-{author}",
        "date_created": f"2026-03-05T10:15:{index:02d}Z",
        "attributes": '{"importance": "high"}',
        **more,
    }


def test_twilio_roles_come_from_the_participants_only() -> None:
    messages = [message("b", 5, "dana"), message("a", 0), message(None, 7, media=[{"sid": "ME"}])]
    alone = read(
        {"messages": messages, "meta": {"next_page_url": "https://x"}}, "twilio_conversations"
    )
    assert [(turn.role, turn.text) for turn in alone.interactions[0].turns] == [
        ("unknown", "a"),
        ("unknown", "b"),
    ]
    assert Question.ROLES in alone.open
    assert any("one page" in note for note in alone.notes)
    people = [
        {"sid": "MB-jane", "conversation_sid": "CH1", "messaging_binding": {"address": "+1555"}},
        {"sid": "MB-dana", "conversation_sid": "CH1", "identity": "dana"},
    ]
    told = read({"messages": messages, "participants": people}, "twilio_conversations")
    assert [turn.role for turn in told.interactions[0].turns] == ["customer", "agent"]
    assert told.interactions[0].agent is not None
    assert told.interactions[0].agent.external_id == "dana"


def test_twilio_participants_who_all_have_identities_are_not_guessed() -> None:
    people = [{"sid": "MB-jane", "identity": "jane"}, {"sid": "MB-dana", "identity": "dana"}]
    parsed = read({"messages": [message("a", 0)], "participants": people}, "twilio_conversations")
    assert parsed.interactions[0].turns[0].role == "unknown"


def test_twilio_conversations_in_one_list_are_told_apart() -> None:
    parsed = read(
        [message("a", 0), message("b", 0, conversation_sid="CH2"), message("c", 1)],
        "twilio_conversations",
    )
    assert [interaction.external_id for interaction in parsed.interactions] == ["CH1", "CH2"]
    assert [len(interaction.turns) for interaction in parsed.interactions] == [2, 1]


def test_twilio_dates_of_the_older_api_are_read() -> None:
    said = message("a", 0, date_created="Thu, 05 Mar 2026 10:15:00 +0000")
    found = read([said], "twilio_conversations").interactions[0]
    assert found.started_at == datetime(2026, 3, 5, 10, 15, tzinfo=UTC)


def test_twilio_authors_that_are_addresses_write_from_outside() -> None:
    said = message("a", 0, "whatsapp:+15550100")
    assert read([said], "twilio_conversations").interactions[0].turns[0].role == "customer"


@pytest.mark.parametrize("format_name", ["connect_chat", "twilio_conversations"])
@pytest.mark.parametrize("value", [{}, [], None, 5, "x", [[]], {"Transcript": 3}, {"messages": 1}])
def test_anything_else_is_refused_in_words(format_name: str, value: Any) -> None:
    with pytest.raises(FormatError):
        parse(json.dumps(value).encode(), name="x.json", format=format_name)
