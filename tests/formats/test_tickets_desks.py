"""Freshdesk, Help Scout and Front: replies, notes and pages in the versions there are."""

import contextlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.fixture_files import FIXTURES
from transcripts.formats import Agent, FormatError, Parsed, parse, recognise

FOLDER = FIXTURES / "freshdesk"

Turns = list[tuple[str, str | None, str]]


def read(document: Any, format: str | None = None) -> Parsed:  # noqa: A002
    return parse(json.dumps(document).encode(), name="x.json", format=format)


def turns(parsed: Parsed) -> Turns:
    return [
        (turn.role, turn.speaker, turn.text)
        for interaction in parsed.interactions
        for turn in interaction.turns
    ]


SAMPLE = "This is a sample ticket, feel free to delete it."


@pytest.mark.parametrize(
    ("file", "start", "expected"),
    [
        (
            "pyfreshdesk_v1_ticket_1_with_notes.json",
            "2014-12-31T02:27:09",
            [("customer", "Rachel", SAMPLE), ("agent", "William", "This is a reply.")],
        ),
        (
            "pyfreshdesk_v2_conversations.json",
            "2016-05-19T05:36:12",
            [
                ("system", "Note (Rachel <rachel@freshdesk.com>)", "This is a private note"),
                ("agent", "Rachel <rachel@freshdesk.com>", "This is a reply"),
            ],
        ),
        (
            "pyfreshdesk_v2_ticket_1.json",
            "2016-05-18T04:36:04",
            [("customer", "Dummyname", SAMPLE)],
        ),
    ],
    ids=["v1", "conversations", "v2"],
)
def test_real_freshdesk_files_are_read(file: str, start: str, expected: Turns) -> None:
    data = (FOLDER / file).read_bytes()
    parsed = parse(data, name=file)
    assert recognise(data, file).clear
    assert parsed.format == "freshdesk"
    assert turns(parsed) == expected
    (interaction,) = parsed.interactions
    assert (interaction.channel, interaction.external_id) == ("email", "1")
    assert interaction.started_at == datetime.fromisoformat(start).replace(tzinfo=UTC)


def conversation(number: int, body: str, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "body": f"<div>{body}</div>",
        "body_text": body,
        "incoming": False,
        "private": False,
        "user_id": 2,
        "source": 0,
        "ticket_id": 1,
        "created_at": f"2024-05-0{number}T10:00:00Z",
        **more,
    }


def freshdesk_ticket(**more: Any) -> dict[str, Any]:
    return {
        "id": 1,
        "description": "<div>It broke</div>",
        "description_text": "It broke",
        "requester_id": 1,
        "responder_id": 2,
        "requester": {"id": 1, "name": "Cora"},
        "source": 1,
        "created_at": "2024-05-01T09:00:00Z",
        "subject": "Order &amp; more",
        **more,
    }


def test_freshdesk_conversations_are_ordered_and_told_apart() -> None:
    parsed = read(
        freshdesk_ticket(
            conversations=[
                conversation(3, "Thanks!", incoming=True, user_id=1),
                conversation(2, "Call him", private=True),
                conversation(1, "Sorry to hear that", from_email="Help <help@shop.example>"),
                conversation(4, "We got it", user_id=None),
                conversation(5, "gone", deleted=True),
            ]
        )
    )
    assert turns(parsed) == [
        ("customer", "Cora", "It broke"),
        ("agent", "Help <help@shop.example>", "Sorry to hear that"),
        ("system", "Note (Help <help@shop.example>)", "Call him"),
        ("customer", "Cora", "Thanks!"),
        ("bot", None, "We got it"),
    ]
    assert parsed.interactions[0].subject == "Order & more"


def test_a_freshdesk_chat_does_not_say_its_first_words_twice() -> None:
    parsed = read(
        freshdesk_ticket(
            source=7, conversations=[conversation(1, "It broke", incoming=True, user_id=1)]
        )
    )
    assert turns(parsed) == [("customer", "Cora", "It broke")]
    assert parsed.interactions[0].channel == "chat"


def test_a_freshdesk_ticket_that_the_company_began_begins_with_the_agent() -> None:
    parsed = read(freshdesk_ticket(source=10, responder={"name": "Dana"}, conversations=[]))
    assert turns(parsed) == [("agent", "Dana", "It broke")]


def test_freshdesk_lists_lines_and_conversations_of_several_tickets_are_read() -> None:
    listed = [freshdesk_ticket(id=number) for number in (1, 2)]
    assert len(read(listed).interactions) == 2
    assert len(read({"tickets": listed}).interactions) == 2
    lines = "\n".join(map(json.dumps, listed)).encode()
    assert len(parse(lines, name="x.ndjson").interactions) == 2
    several = [conversation(1, "a"), conversation(2, "b", ticket_id=9), conversation(3, "c")]
    assert [len(interaction.turns) for interaction in read(several).interactions] == [2, 1]
    apart = {"ticket": freshdesk_ticket(), "conversations": several[:1]}
    assert [len(interaction.turns) for interaction in read(apart, "freshdesk").interactions] == [2]


def thread(number: int, kind: str, body: str | None, by: str, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "type": kind,
        "state": "published",
        "body": body,
        "createdBy": {"id": 5, "type": by, "first": "Jo", "last": by.title(), "email": "j@x.org"},
        "createdAt": f"2024-05-0{number}T10:00:00Z",
        **more,
    }


THREADS = [
    thread(6, "lineitem", "", "user"),
    thread(5, "message", "<p>not sent</p>", "user", state="draft"),
    thread(4, "note", "<p>He is cross</p>", "user"),
    thread(3, "customer", "Still broken<blockquote>Sorry<br>about it</blockquote>", "customer"),
    thread(2, "message", "Sorry<br>about it", "user"),
    thread(1, "customer", "<p>It broke</p>", "customer"),
]
SAID = [
    ("customer", "Jo Customer", "It broke"),
    ("agent", "Jo User", "Sorry\nabout it"),
    ("customer", "Jo Customer", "Still broken"),
    ("system", "Note (Jo User)", "He is cross"),
]


@pytest.mark.parametrize(
    "document",
    [
        {"id": 9, "type": "email", "subject": "Order", "_embedded": {"threads": THREADS}},
        {"_embedded": {"threads": THREADS}, "page": {"number": 1, "totalPages": 1}},
        {"_embedded": {"conversations": [{"id": 9, "_embedded": {"threads": THREADS}}]}},
        {"item": {"id": 9, "type": "email", "subject": "Order", "threads": THREADS}},
        THREADS,
    ],
    ids=["conversation", "threads", "conversations", "v1", "list"],
)
def test_help_scout_threads_are_ordered_and_told_apart(document: Any) -> None:
    assert recognise(json.dumps(document).encode(), "x.json").format == "help_scout"
    parsed = read(document)
    assert turns(parsed) == SAID
    assert parsed.interactions[0].channel == "email"
    assert "Drafts and hidden messages were left out." in parsed.notes


def test_help_scout_pages_of_threads_know_their_conversation_by_their_link() -> None:
    link = {"self": {"href": "https://api.example.test/v2/conversations/123/threads"}}
    document = {"_embedded": {"threads": THREADS}, "_links": link}
    (interaction,) = parse(json.dumps(document).encode(), name="x.json").interactions
    assert interaction.external_id == "123"


def test_help_scout_names_of_the_first_version_and_chats_are_read() -> None:
    by = {"id": 5, "type": "customer", "firstName": "Cora", "lastName": "Lee"}
    item = {
        "id": 9,
        "type": "chat",
        "customer": {"id": 5, "firstName": "Cora"},
        "owner": {"id": 2, "firstName": "Dana"},
        "threads": [{**thread(1, "chat", "Hi", "customer"), "createdBy": by}],
    }
    parsed = read({"item": item, "pages": 3})
    interaction = parsed.interactions[0]
    assert turns(parsed) == [("customer", "Cora Lee", "Hi")]
    assert (interaction.channel, interaction.external_id) == ("chat", "9")
    assert interaction.agent == Agent("2", "Dana")


def front_message(number: int, inbound: bool, text: str, **more: Any) -> dict[str, Any]:
    handle = "cora@x.org" if inbound else "help@shop.example"
    author = None if inbound else {"id": "tea_1", "first_name": "Dana", "last_name": "Reyes"}
    return {
        "id": f"msg_{number}",
        "type": "email",
        "is_inbound": inbound,
        "created_at": 1_700_000_000.5 + number,
        "author": author,
        "recipients": [{"handle": "x", "role": "to"}, {"handle": handle, "role": "from"}],
        "body": f"<p>{text}</p>",
        "text": text,
        "subject": "Order",
        "_links": {"related": {"conversation": "https://x.api.example/conversations/cnv_7"}},
        **more,
    }


def test_front_pages_are_ordered_and_told_apart() -> None:
    comment = {"id": "com_1", "body": "He is cross", "posted_at": 1_700_000_002, "author": None}
    quoted = "Still broken\n\nOn 3 Jan 2024 at 10:12 Dana <d@x.org> wrote:\n> Sorry"
    page = {
        "_pagination": {"next": "https://x.api.example/next"},
        "_results": [
            front_message(9, False, "never sent", is_draft=True),
            front_message(3, True, quoted),
            front_message(1, False, "Sorry"),
            front_message(0, True, "It broke"),
        ],
    }
    parsed = read(page)
    (interaction,) = parsed.interactions
    assert (parsed.format, interaction.external_id, interaction.subject) == (
        "front",
        "cnv_7",
        "Order",
    )
    assert turns(parsed) == [
        ("customer", "cora@x.org", "It broke"),
        ("agent", "Dana Reyes", "Sorry"),
        ("customer", "cora@x.org", "Still broken"),
    ]
    assert interaction.started_at == datetime.fromtimestamp(1_700_000_000.5, UTC)
    assert "The file holds one page of several." in parsed.notes
    notes = read({"_results": [comment]})
    assert turns(notes) == [("system", "Note", "He is cross")]


def test_a_front_event_says_its_message_once() -> None:
    message = front_message(1, True, "It broke")
    event = {
        "id": "evt_1",
        "type": "inbound",
        "emitted_at": 1_700_000_001,
        "conversation": {"id": "cnv_7", "subject": "Order", "last_message": message},
        "target": {"_meta": {"type": "message"}, "data": message},
    }
    assert recognise(json.dumps(event).encode(), "x.json").format == "front"
    assert turns(read(event)) == [("customer", "cora@x.org", "It broke")]
    bare = {key: value for key, value in event.items() if key != "target"}
    assert turns(read(bare)) == [("customer", "cora@x.org", "It broke")]


def test_a_front_conversation_holds_messages_and_comments() -> None:
    comment = {"body": "Careful", "posted_at": 1_700_000_001, "author": {"username": "dana"}}
    whole = {
        "id": "cnv_7",
        "subject": "Order",
        "messages": [front_message(0, True, "It broke", type="sms")],
        "comments": [comment],
    }
    parsed = read(whole)
    assert turns(parsed) == [
        ("customer", "cora@x.org", "It broke"),
        ("system", "Note (dana)", "Careful"),
    ]
    assert parsed.interactions[0].channel == "chat"


@pytest.mark.parametrize("odd", [None, 3, 1e300, "x", [], {}, [[]], {"a": [1]}, True, [None]])
def test_odd_values_never_raise_anything_else(odd: Any) -> None:
    samples: list[tuple[str, Any]] = [
        ("freshdesk", freshdesk_ticket(conversations=[conversation(1, "a")])),
        ("freshdesk", {"helpdesk_ticket": {"notes": [{"note": conversation(1, "a")}]}}),
        ("help_scout", {"id": 9, "_embedded": {"threads": THREADS}}),
        ("front", {"_results": [front_message(0, True, "It broke")]}),
    ]
    tried = 0
    for name, sample in samples:
        for changed in _changed(sample, odd):
            with contextlib.suppress(FormatError):
                assert read(changed, name).format == name
            tried += 1
    assert tried > 80


def _changed(value: Any, odd: Any) -> list[Any]:
    """The value with each of its parts in turn replaced by the odd one."""
    found = [odd]
    if isinstance(value, dict):
        for key, inner in value.items():
            found += [{**value, key: other} for other in _changed(inner, odd)]
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            found += [
                [*value[:index], other, *value[index + 1 :]] for other in _changed(inner, odd)
            ]
    return found
