"""Zendesk: comments, audits, tickets and lines of them, with who said what to whom."""

import contextlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.fixture_files import FIXTURES
from transcripts.formats import Agent, Customer, FormatError, Parsed, Question, parse, recognise

FOLDER = FIXTURES / "zendesk_ticket"


@pytest.mark.parametrize(
    ("file", "ticket", "start", "turns"),
    [
        (
            "gozendesk_ticket.json",
            "2",
            "2019-06-03T02:23:47",
            [("customer", "Yosuke Tamura", "Mail to create", "nukosuke (●ↀ ω ↀ●)")],
        ),
        (
            "gozendesk_ticket_audits.json",
            "666",
            "2011-09-25T22:35:44",
            [("system", "Note (5246746)", "This is a new", "private comment")],
        ),
        (
            "gozendesk_ticket_comments.json",
            None,
            "2019-06-03T01:23:47",
            [("unknown", "377922500012", "Mail to create", "for testing")] * 2,
        ),
    ],
    ids=["ticket", "audits", "comments"],
)
def test_real_tickets_are_read(
    file: str, ticket: str | None, start: str, turns: list[tuple[str, ...]]
) -> None:
    data = (FOLDER / file).read_bytes()
    parsed = parse(data, name=file)
    (interaction,) = parsed.interactions
    assert recognise(data, file).clear
    assert (parsed.format, interaction.channel, interaction.external_id) == (
        "zendesk",
        "email",
        ticket,
    )
    assert interaction.started_at == datetime.fromisoformat(start).replace(tzinfo=UTC)
    assert len(interaction.turns) == len(turns)
    for turn, (role, speaker, first, last) in zip(interaction.turns, turns, strict=True):
        assert (turn.role, turn.speaker) == (role, speaker)
        assert turn.text.startswith(first)
        assert turn.text.endswith(last)


def test_a_page_of_many_and_a_lone_description_are_told() -> None:
    page = parse((FOLDER / "gozendesk_ticket_comments.json").read_bytes(), name="x.json")
    assert page.notes == ("The file holds one page of several.",)
    assert page.open == (Question.ROLES,)
    alone = parse((FOLDER / "gozendesk_ticket.json").read_bytes(), name="x.json")
    assert "Only the first message" in alone.notes[0]


def comment(number: int, author: Any, body: str | None, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "type": "Comment",
        "author_id": author,
        "body": body,
        "public": True,
        "created_at": f"2024-05-0{number}T10:00:00Z",
        **more,
    }


def ticket(**more: Any) -> dict[str, Any]:
    return {"id": 7, "requester_id": 1, "submitter_id": 1, "assignee_id": 2, **more}


USERS = [
    {"id": 1, "name": "Cora", "role": "end-user"},
    {"id": 2, "name": "Dana", "role": "agent"},
    {"id": 3, "name": "Ada", "role": "admin"},
]


def read(document: Any) -> Parsed:
    return parse(json.dumps(document).encode(), name="x.json", format="zendesk")


def turns(parsed: Parsed) -> list[tuple[str, str | None, str]]:
    return [
        (turn.role, turn.speaker, turn.text)
        for interaction in parsed.interactions
        for turn in interaction.turns
    ]


def test_users_tell_roles_and_names_and_time_tells_the_order() -> None:
    parsed = read(
        {
            "ticket": ticket(subject="Order", description="It broke", via={"channel": "chat"}),
            "comments": [
                comment(3, 2, "Psst", public=False),
                comment(2, "2", "Sorry to hear that"),
                comment(1, 1, "It broke"),
                comment(4, 3, "Refunded"),
                comment(5, -1, "This ticket was closed"),
            ],
            "users": USERS,
        }
    )
    assert turns(parsed) == [
        ("customer", "Cora", "It broke"),
        ("agent", "Dana", "Sorry to hear that"),
        ("system", "Note (Dana)", "Psst"),
        ("agent", "Ada", "Refunded"),
        ("bot", "-1", "This ticket was closed"),
    ]
    interaction = parsed.interactions[0]
    assert (
        interaction.channel,
        interaction.subject,
        interaction.external_id,
        interaction.source,
    ) == (
        "chat",
        "Order",
        "7",
        "zendesk",
    )
    assert interaction.agent == Agent("2", "Dana")
    assert interaction.customer == Customer("1", "Cora")
    assert parsed.open == ()


def test_requester_and_assignee_tell_roles_without_users() -> None:
    parsed = read([ticket(comments=[comment(1, 1, "a"), comment(2, 2, "b"), comment(3, 9, "c")])])
    assert [role for role, _, _ in turns(parsed)] == ["customer", "agent", "unknown"]


def test_comments_of_several_tickets_are_several_interactions() -> None:
    listed = [
        comment(1, 1, "one", ticket_id=10),
        comment(2, 1, "two", ticket_id=11),
        comment(3, 2, "three", ticket_id=10),
    ]
    for document in ({"zendesk_ticket_comments": listed}, {"comments": listed}, listed):
        parsed = read(document)
        assert [interaction.external_id for interaction in parsed.interactions] == ["10", "11"]
        assert [len(interaction.turns) for interaction in parsed.interactions] == [2, 1]
    lines = "\n".join(map(json.dumps, listed)).encode()
    assert recognise(lines, "x.jsonl").format == "zendesk"
    assert len(parse(lines, name="x.jsonl").interactions) == 2


def test_tickets_one_a_line_are_read_each() -> None:
    lines = "\n".join(
        json.dumps(ticket(id=number, comments=[comment(1, 1, f"words {number}")]))
        for number in (1, 2, 3)
    )
    parsed = parse(lines.encode(), name="export.json")
    assert (parsed.format, len(parsed.interactions)) == ("zendesk", 3)


def test_the_description_is_not_repeated_before_the_comments() -> None:
    parsed = read(
        {"tickets": [ticket(description="It broke", comments=[comment(1, 1, "It broke")])]}
    )
    assert turns(parsed) == [("customer", "1", "It broke")]


def test_a_ticket_submitted_for_another_leaves_its_author_open() -> None:
    parsed = read({"ticket": ticket(submitter_id=2, description="Caller says it broke")})
    assert turns(parsed) == [("unknown", None, "Caller says it broke")]


def test_html_voice_merges_and_quotes_are_read_as_what_they_are() -> None:
    merge = {"channel": "web", "source": {"rel": "merge"}}
    quoted = "Yes.\n\nOn 3 Jan 2024 at 10:12 Dana <d@x.org> wrote:\n> Is it on?"
    parsed = read(
        {
            "comments": [
                comment(1, 1, None, html_body="<p>Hi</p><script>x</script><p>there</p>"),
                comment(2, 1, "Call from", type="VoiceComment", data={"transcription_text": "Hm"}),
                comment(3, 2, "Request #8 was merged into this", via=merge),
                comment(4, 1, quoted),
                comment(5, 2, "We got your mail", via={"channel": "rule"}),
                comment(6, 1, "  "),
                comment(7, 1, "solved", type="Change"),
            ],
            "users": USERS,
        }
    )
    assert turns(parsed) == [
        ("customer", "Cora", "Hi\n\nthere"),
        ("customer", "Cora", "Hm"),
        ("system", "Note (Dana)", "Request #8 was merged into this"),
        ("customer", "Cora", "Yes."),
        ("bot", "Dana", "We got your mail"),
    ]
    assert "Is it on?" in str(parsed.interactions[0].metadata["quoted"])


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({"users": USERS}, "list of users and no tickets"),
        ({"comments": []}, "no conversations"),
        ({"ticket": ticket()}, "nothing to import"),
        ({"comments": [comment(1, 1, "")]}, "nothing to import"),
        ([], "no conversations"),
        ("text", "no conversations"),
        ([1, None], "no conversations"),
    ],
)
def test_files_without_words_are_refused(document: Any, reason: str) -> None:
    with pytest.raises(FormatError, match=reason):
        read(document)


@pytest.mark.parametrize("odd", [None, 3, 1e300, "x", [], {}, [[]], {"a": [1]}, True])
def test_odd_values_never_raise_anything_else(odd: Any) -> None:
    tried = 0
    for key in comment(1, 1, "x"):
        document = {"comments": [comment(1, 1, "words") | {key: odd}, comment(2, 2, "b")]}
        assert turns(read(document))
        tried += 1
    for key in ("comments", "requester_id", "via", "users", "requester", "created_at", "id"):
        with contextlib.suppress(FormatError):
            read({"ticket": ticket(description="words") | {key: odd}, key: odd})
        tried += 1
    assert tried == 13


def test_what_an_agents_comment_quotes_or_forwards_is_its_writers_turn() -> None:
    quoted = "So sorry.\n\nOn 3 Jan 2024 at 10:12 Cora <c@home.example> wrote:\n> It broke!"
    alone = read({"ticket": ticket(), "comments": [comment(4, 2, quoted)], "users": USERS})
    assert turns(alone) == [
        ("customer", "Cora <c@home.example>", "It broke!"),
        ("agent", "Dana", "So sorry."),
    ]
    assert alone.interactions[0].metadata["quoted_turns"] == [0]
    both = [comment(3, 1, "It broke!"), comment(4, 2, quoted)]
    there = read({"ticket": ticket(), "comments": both, "users": USERS})
    assert turns(there) == [("customer", "Cora", "It broke!"), ("agent", "Dana", "So sorry.")]
    handed = "---------- Forwarded message ----------\nFrom: Cora <c@home.example>\nTo: Dana\n"
    forward = comment(4, 2, f"{handed}Subject: kettle\n\nIt broke!")
    opened = read({"ticket": ticket(), "comments": [forward], "users": USERS})
    assert turns(opened) == [("customer", "Cora", "It broke!")]
