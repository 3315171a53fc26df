"""Chats of help desks: Zendesk Chat, Intercom and LiveChat."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from transcripts.formats import CanonicalInteraction, FormatError, Parsed, parse, recognise
from transcripts.formats.remarks import KEY
from transcripts.formats.tickets.automation import AUTOMATIC


def read(value: Any, expected: str) -> Parsed:
    data = json.dumps(value).encode()
    assert recognise(data, "x.json").format == expected
    assert recognise(data, "x.json").clear
    return parse(data, name="x.json")


def only(value: Any, expected: str) -> CanonicalInteraction:
    parsed = read(value, expected)
    assert len(parsed.interactions) == 1
    assert not parsed.errors
    return parsed.interactions[0]


ZENDESK: dict[str, Any] = {
    "type": "chat",
    "id": "1904.1",
    "timestamp": "2026-03-05T10:15:00Z",
    "visitor": {"id": "v1", "name": "Jane", "email": "jane@example.org"},
    "agent_ids": ["7"],
    "agent_names": ["Dana"],
    "department_name": "Billing",
    "history": [
        {"type": "chat.memberjoin", "name": "Jane", "timestamp": "2026-03-05T10:15:00Z"},
        {
            "type": "chat.triggered",
            "name": "Acme",
            "msg": "Hi!",
            "timestamp": "2026-03-05T10:15:01Z",
        },
        {"type": "chat.msg", "name": "Dana", "msg": "Hello", "timestamp": "2026-03-05T10:15:20Z"},
        {
            "type": "chat.msg",
            "name": "Jane",
            "msg": "It broke",
            "timestamp": "2026-03-05T10:15:10Z",
        },
        {"type": "chat.msg", "name": "Someone", "msg": "?", "timestamp": "2026-03-05T10:15:30Z"},
        {"type": "chat.file", "name": "Jane", "timestamp": "2026-03-05T10:15:40Z"},
        {"type": "chat.rating", "new_rating": "good", "timestamp": "2026-03-05T10:15:50Z"},
    ],
}


def test_zendesk_roles_come_from_the_names_on_each_side() -> None:
    found = only(ZENDESK, "zendesk_chat")
    assert [(turn.role, turn.text) for turn in found.turns] == [
        ("bot", "Hi!"),
        ("customer", "It broke"),
        ("agent", "Hello"),
        ("unknown", "?"),
    ]
    assert found.started_at == datetime(2026, 3, 5, 10, 15, 1, tzinfo=UTC)
    assert found.agent is not None
    assert (found.agent.external_id, found.agent.name) == ("7", "Dana")
    assert found.customer is not None
    assert found.customer.name == "Jane"
    assert found.metadata == {"department_name": "Billing", KEY: [AUTOMATIC]}


def test_zendesk_sender_types_and_nicks_outweigh_names() -> None:
    events = [
        {"type": "chat.msg", "name": "Dana", "msg": "a", "sender_type": "Visitor"},
        {"type": "chat.msg", "name": "Dana", "msg": "b", "nick": "agent:12"},
        {"type": "chat.msg", "name": "Acme", "msg": "c", "nick": "agent:trigger"},
        {"type": "chat.msg", "name": "Dana", "msg": "d"},
    ]
    found = only({**ZENDESK, "visitor": {"name": "Dana"}, "history": events}, "zendesk_chat")
    assert [turn.role for turn in found.turns] == ["customer", "agent", "bot", "unknown"]


@pytest.mark.parametrize(
    "wrap",
    [
        lambda chat: {"chats": [chat, {**chat, "id": "2"}], "next_url": None},
        lambda chat: {"docs": {"1904.1": chat, "2": {**chat, "id": "2"}}, "count": 2},
        lambda chat: [chat, {**chat, "id": "2"}],
    ],
)
def test_zendesk_lists_of_chats_are_read(wrap: Any) -> None:
    assert [
        interaction.external_id for interaction in read(wrap(ZENDESK), "zendesk_chat").interactions
    ] == [
        "1904.1",
        "2",
    ]


def test_zendesk_lines_of_chats_are_read_beside_broken_ones() -> None:
    data = f"{json.dumps(ZENDESK)}\n{{\n{json.dumps({**ZENDESK, 'id': '2'})}\n".encode()
    parsed = parse(data, name="chats.jsonl")
    assert len(parsed.interactions) == 2
    assert [error.line for error in parsed.errors] == [2]


def test_a_chat_in_which_nobody_wrote_is_left_out_and_told() -> None:
    parsed = read([ZENDESK, {**ZENDESK, "history": []}], "zendesk_chat")
    assert len(parsed.interactions) == 1
    assert any("nobody wrote" in note for note in parsed.notes)


def test_a_message_left_offline_is_the_customers() -> None:
    found = only(
        {
            "type": "offline_msg",
            "message": "Call me",
            "visitor": {"name": "Jane"},
            "timestamp": "2026-03-05T10:15:00Z",
        },
        "zendesk_chat",
    )
    assert [(turn.role, turn.speaker, turn.text) for turn in found.turns] == [
        ("customer", "Jane", "Call me")
    ]


def part(kind: str, body: str | None, author: str, at: int, **more: Any) -> dict[str, Any]:
    who = {"type": author, "id": f"{author}-1", "name": author.title()}
    return {"part_type": kind, "body": body, "author": who, "created_at": at, **more}


INTERCOM: dict[str, Any] = {
    "type": "conversation",
    "id": "99",
    "created_at": 1_772_705_700,
    "source": {
        "type": "conversation",
        "subject": "<p>Broken &amp; late</p>",
        "body": "<p>It <b>broke</b></p><ul><li>twice</li></ul>",
        "author": {"type": "lead", "id": "u1", "name": "Jane"},
    },
    "contacts": {"contacts": [{"type": "contact", "id": "u1"}]},
    "admin_assignee_id": 25,
    "conversation_parts": {
        "total_count": 9,
        "conversation_parts": [
            part("comment", "<p>I am sorry</p>", "admin", 1_772_705_800),
            part("note", "<p>She is cross</p>", "admin", 1_772_705_790),
            part("assignment", None, "admin", 1_772_705_791),
            part("close", "<p>Closing now</p>", "admin", 1_772_705_900),
            part("comment", "<p>Hi, I am Fin</p>", "bot", 1_772_705_750),
            part("conversation_rating_changed", "<p>5</p>", "user", 1_772_705_950),
            part("comment", "<p>gone</p>", "user", 1_772_705_960, redacted=True),
        ],
    },
}


def test_intercom_notes_stand_apart_and_events_are_no_turns() -> None:
    parsed = read(INTERCOM, "intercom")
    found = parsed.interactions[0]
    assert [(turn.role, turn.speaker, turn.text) for turn in found.turns] == [
        ("customer", "Jane", "It broke\n\n- twice"),
        ("bot", "Bot", "Hi, I am Fin"),
        ("system", "Note (Admin)", "She is cross"),
        ("agent", "Admin", "I am sorry"),
        ("agent", "Admin", "Closing now"),
    ]
    assert found.subject == "Broken & late"
    assert found.started_at == datetime(2026, 3, 5, 10, 15, tzinfo=UTC)
    assert found.agent is not None
    assert found.agent.external_id == "25"
    assert found.customer is not None
    assert (found.customer.external_id, found.customer.name) == ("u1", "Jane")
    assert any("more parts" in note for note in parsed.notes)
    assert any("deleted" in note for note in parsed.notes)


@pytest.mark.parametrize(
    "wrap",
    [
        lambda conversation: {"type": "conversation.list", "conversations": [conversation]},
        lambda conversation: {"type": "notification_event", "data": {"item": conversation}},
        lambda conversation: {"type": "list", "data": [conversation]},
        lambda conversation: [conversation],
    ],
)
def test_intercom_wrappers_are_taken_off(wrap: Any) -> None:
    assert only(wrap(INTERCOM), "intercom").external_id == "99"


def test_intercom_by_mail_is_mail() -> None:
    mail = {**INTERCOM, "source": {**INTERCOM["source"], "type": "email"}}
    assert only(mail, "intercom").channel == "email"


LIVECHAT: dict[str, Any] = {
    "id": "CHAT1",
    "users": [
        {"id": "c1", "name": "Jane", "type": "customer"},
        {"id": "dana@acme.example", "name": "Dana", "type": "agent"},
    ],
    "thread": {
        "id": "T1",
        "created_at": "2026-03-05T10:15:00.000000Z",
        "events": [
            {
                "id": "T1_1",
                "type": "message",
                "text": "Hello",
                "author_id": "dana@acme.example",
                "created_at": "2026-03-05T10:15:01.5Z",
                "properties": {"lc2": {"welcome_message": True}},
            },
            {
                "type": "message",
                "text": "psst",
                "author_id": "boss@acme.example",
                "recipients": "agents",
                "created_at": "2026-03-05T10:15:03Z",
            },
            {
                "type": "message",
                "text": "It broke",
                "author_id": "c1",
                "created_at": "2026-03-05T10:15:02Z",
            },
            {"type": "system_message", "text": "transferred", "created_at": "2026-03-05T10:15:04Z"},
            {"type": "filled_form", "fields": [{"label": "Name", "value": "Jane"}]},
            {
                "type": "rich_message",
                "author_id": "nobody",
                "elements": [{"title": "Pick one", "subtitle": "of two"}],
                "created_at": "2026-03-05T10:15:05Z",
            },
        ],
    },
}


def test_livechat_words_to_agents_are_notes_and_events_no_turns() -> None:
    found = only(LIVECHAT, "livechat")
    assert [(turn.role, turn.speaker, turn.text) for turn in found.turns] == [
        ("bot", "Dana", "Hello"),
        ("customer", "Jane", "It broke"),
        ("system", "Note (boss@acme.example)", "psst"),
        ("unknown", None, "Pick one\nof two"),
    ]
    assert found.external_id == "T1"
    assert found.metadata == {"chat": "CHAT1", "canned_messages": ["T1_1"], KEY: [AUTOMATIC]}
    assert found.agent is not None
    assert found.agent.external_id == "dana@acme.example"


def test_livechat_threads_are_conversations_each() -> None:
    chat = {key: value for key, value in LIVECHAT.items() if key != "thread"}
    threads = [LIVECHAT["thread"], {**LIVECHAT["thread"], "id": "T2"}]
    parsed = read({"chats": [{**chat, "threads": threads}], "found_chats": 1}, "livechat")
    assert [interaction.external_id for interaction in parsed.interactions] == ["T1", "T2"]


def test_a_livechat_webhook_of_one_event_is_a_thread_of_one() -> None:
    event = LIVECHAT["thread"]["events"][2]
    hook = {
        "action": "incoming_event",
        "payload": {"chat_id": "C", "thread_id": "T", "event": event},
    }
    found = only(hook, "livechat")
    assert (found.external_id, found.turns[0].role, found.turns[0].text) == (
        "T",
        "unknown",
        "It broke",
    )


def test_livechat_archives_before_threads_are_read() -> None:
    older = {
        "id": "OLD1",
        "visitor": {"id": "v", "name": "Jane"},
        "agents": [{"display_name": "Dana", "email": "dana@acme.example"}],
        "messages": [
            {"author_name": "Dana", "text": "Hi", "user_type": "agent", "timestamp": 1_772_705_700},
            {"author_name": "Jane", "text": "It broke", "user_type": "visitor", "timestamp": 2e9},
        ],
        "events": [{"type": "event", "text": "closed"}],
    }
    found = only({"chats": [older], "total": 1}, "livechat")
    assert [(turn.role, turn.text) for turn in found.turns] == [
        ("agent", "Hi"),
        ("customer", "It broke"),
    ]


def test_a_zero_time_is_no_year_1970() -> None:
    events = [
        {"type": "message", "text": "a", "author_id": "c1", "created_at": "1970-01-01T00:00:00Z"},
        {"type": "message", "text": "b", "author_id": "c1", "created_at": "2026-03-05T10:15:02Z"},
    ]
    found = only({**LIVECHAT, "thread": {"id": "T", "events": events}}, "livechat")
    assert found.turns[0].sent_at is None
    assert found.started_at == datetime(2026, 3, 5, 10, 15, 2, tzinfo=UTC)


@pytest.mark.parametrize("format_name", ["zendesk_chat", "intercom", "livechat"])
@pytest.mark.parametrize("value", [{}, [], None, 5, "x", [[]], [None], {"chats": [None]}])
def test_anything_else_is_refused_in_words(format_name: str, value: Any) -> None:
    with pytest.raises(FormatError):
        parse(json.dumps(value).encode(), name="x.json", format=format_name)
