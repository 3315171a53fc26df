"""Who speaks in a ticket: third parties, automations, forwarded mails, chats in one comment."""

import json
from typing import Any

import pytest

from tests.formats.test_tickets_desks import conversation, freshdesk_ticket, front_message
from tests.formats.test_tickets_zendesk import USERS, comment, ticket
from transcripts.formats import CanonicalInteraction, Question, parse
from transcripts.formats.remarks import STRANGER, remarks_of
from transcripts.formats.roles import AgentList, assign_known_agents
from transcripts.formats.tickets.automation import AUTOMATIC
from transcripts.formats.tickets.entries import CHAT, FORWARDED, SURVEY
from transcripts.formats.tickets.repetition import REPEATED, repeats

CORA = {"id": "c", "type": "customer", "first": "Cora", "last": "Lee", "email": "cora@x.example"}
DANA = {"id": "a", "type": "user", "first": "Dana", "last": "Reyes", "email": "dana@shop.example"}
VAN = {"id": "v", "type": "customer", "first": "Val", "email": "val@courier.example"}


def only(document: Any) -> CanonicalInteraction:
    (interaction,) = parse(json.dumps(document).encode(), name="x.json").interactions
    return interaction


def roles(found: CanonicalInteraction) -> list[tuple[str, str | None]]:
    return [(turn.role, turn.speaker) for turn in found.turns]


def zendesk(*comments: dict[str, Any], users: Any = USERS, **more: Any) -> dict[str, Any]:
    return {"ticket": ticket(**more), "comments": list(comments), "users": users}


def thread(number: int, by: dict[str, Any], said: str, **more: Any) -> dict[str, Any]:
    kind = "customer" if by["type"] == "customer" else "message"
    return {
        "id": number, "type": kind, "state": "published", "body": said, "createdBy": by,
        "createdAt": f"2024-05-0{number}T10:00:00Z", **more,
    }  # fmt: skip


def help_scout(*threads: dict[str, Any]) -> dict[str, Any]:
    return {"id": 9, "type": "email", "primaryCustomer": CORA, "_embedded": {"threads": threads}}


def intercom(*parts: dict[str, Any], **source: Any) -> dict[str, Any]:
    first = {
        "type": "conversation",
        "body": "<p>It broke</p>",
        "author": person("user", "1", "Cora"),
    }
    return {
        "type": "conversation", "id": "7", "created_at": 1_772_704_800,
        "source": {**first, **source}, "conversation_parts": {"conversation_parts": list(parts)},
    }  # fmt: skip


def person(kind: str, identity: str, name: str) -> dict[str, Any]:
    return {"type": kind, "id": identity, "name": name}


def part(said: str, author: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "part_type": "comment",
        "body": said,
        "created_at": 1_772_704_900,
        "author": author,
        **more,
    }


def inbound(number: int, handle: str) -> dict[str, Any]:
    sender = [{"handle": handle, "role": "from"}]
    return front_message(number, True, "No such address", recipients=sender)


COURIER = [*USERS, {"id": 8, "name": "Val", "role": "end-user", "email": "val@courier.example"}]
SAID = [comment(1, 1, "It broke"), comment(2, 2, "Soon"), comment(3, 8, "No")]
ADMIN = person("admin", "2", "Dana")


@pytest.mark.parametrize(
    "document",
    [
        freshdesk_ticket(
            conversations=[
                conversation(2, "Soon"),
                conversation(3, "No", incoming=True, user_id=8, from_email="val@courier.example"),
            ]
        ),
        zendesk(*SAID, users=COURIER),
        {"comments": SAID, "users": COURIER},
        help_scout(thread(1, CORA, "It broke"), thread(2, DANA, "Soon"), thread(3, VAN, "No")),
        {"id": "cnv_7", "recipient": {"handle": "cora@x.org"}, "messages": [
            inbound(0, "cora@x.org"), front_message(1, False, "Soon"),
            inbound(2, "val@courier.example")]},
        {"_results": [inbound(0, "cora@x.org"), front_message(1, False, "Soon"),
                      inbound(2, "val@courier.example")]},
        intercom(part("Soon", ADMIN), part("No", person("user", "8", "Val"))),
    ],
    ids=["freshdesk", "zendesk", "comments", "help scout", "front", "front page", "intercom"],
)  # fmt: skip
def test_who_writes_in_without_having_asked_is_no_customer(document: Any) -> None:
    data = json.dumps(document).encode()
    parsed = parse(data, name="x.json")
    (found,) = parsed.interactions
    assert [turn.role for turn in found.turns] == ["customer", "agent", "unknown"]
    assert remarks_of(found.metadata) == [STRANGER]
    assert parsed.open == (Question.ROLES,)


def test_a_stranger_beside_known_agents_does_not_become_the_customer() -> None:
    document = zendesk(comment(1, 2, "Where is it?"), comment(2, 8, "No"), users=COURIER)
    parsed = parse(json.dumps(document).encode(), name="x.json")
    assert roles(assign_known_agents(parsed, AgentList()).interactions[0])[1] == ("unknown", "Val")


@pytest.mark.parametrize(
    "more",
    [{"user_id": 8, "from_email": "Cora@X.example"}, {"user_id": 1, "from_email": "c@y.org"}],
)
def test_who_asked_may_write_from_elsewhere(more: dict[str, Any]) -> None:
    asked = freshdesk_ticket(
        requester={"name": "Cora", "email": "cora@x.example"},
        conversations=[conversation(1, "And?", incoming=True, **more)],
    )
    assert {turn.role for turn in only(asked).turns} == {"customer"}


@pytest.mark.parametrize(
    "document",
    [
        freshdesk_ticket(conversations=[conversation(1, "Soon", automation_id=77)]),
        freshdesk_ticket(conversations=[conversation(1, "Soon", auto_response=True)]),
        zendesk(comment(1, 1, "a"), comment(2, 2, "Soon", via={"channel": "rule"})),
        zendesk(
            comment(1, 1, "a"),
            comment(2, 2, "Soon", via={"channel": "system", "source": {"rel": "automation"}}),
        ),
        help_scout(thread(1, CORA, "a"), thread(2, DANA, "Soon", source={"type": "workflow"})),
        *(
            intercom(part("Soon", person("admin", "2", "Dana"), delivered_as=how))
            for how in ("automated", "campaigns_initiated", "operator_initiated")
        ),
    ],
)
def test_what_a_rule_or_a_campaign_sends_is_no_agents_words(document: Any) -> None:
    found = only(document)
    assert [turn.role for turn in found.turns] == ["customer", "bot"]
    assert remarks_of(found.metadata) == [AUTOMATIC]


def test_what_an_admin_began_is_the_admins() -> None:
    dana = person("admin", "2", "Dana")
    found = only(intercom(part("Hm", person("user", "1", "Cora")), author=dana,
                          delivered_as="admin_initiated"))  # fmt: skip
    assert roles(found) == [("agent", "Dana"), ("customer", "Cora")]


def test_an_answer_to_a_survey_is_shown_apart() -> None:
    survey = conversation(2, "Awful", incoming=True, user_id=1, source=6)
    found = only(freshdesk_ticket(conversations=[survey]))
    assert roles(found)[1] == ("system", "Survey (Cora)")
    assert remarks_of(found.metadata) == [SURVEY]


HEADERS = (
    "From: {sender}\nDate: Fri, 3 May 2024 at 09:00\nSubject: broken\nTo: Ada <ada@shop.example>"
)
GMAIL = "Please look.\n\n---------- Forwarded message ---------\n" + HEADERS + "\n\nIt broke twice!"
BARE = "Please look.\n\n" + HEADERS + "\n\nIt broke twice!"
GERMAN = (
    "---------- Weitergeleitete Nachricht ---------\nVon: {sender}\nDatum: 3. Mai 2024\n"
    "Betreff: kaputt\nAn: Ada <ada@shop.example>\n\nIt broke twice!"
)
CORA_SENDS = "Cora <cora@x.example>"


@pytest.mark.parametrize("body", [GMAIL, BARE, GERMAN], ids=["mark", "headers", "german"])
@pytest.mark.parametrize(
    ("sender", "role"), [(CORA_SENDS, "customer"), ("Val <val@courier.example>", "unknown")]
)
def test_a_forwarded_mail_is_its_senders(body: str, sender: str, role: str) -> None:
    found = only(zendesk(comment(1, 3, body.format(sender=sender)), comment(2, 2, "Sorry")))
    own = [("agent", "Please look.")] if body.startswith("Please") else []
    said = [*own, (role, "It broke twice!"), ("agent", "Sorry")]
    assert [(turn.role, turn.text) for turn in found.turns] == said
    assert remarks_of(found.metadata)[0] == FORWARDED
    assert (STRANGER in remarks_of(found.metadata)) == (role == "unknown")


def test_what_an_agents_answer_quotes_is_a_turn_where_the_ticket_lacks_it() -> None:
    found = only(zendesk(comment(1, 1, "It broke"), comment(2, 2, BARE.format(sender=CORA_SENDS))))
    assert [turn.text for turn in found.turns] == ["It broke", "It broke twice!", "Please look."]
    note = comment(2, 2, GMAIL.format(sender=CORA_SENDS), public=False)
    assert roles(only(zendesk(comment(1, 1, "It broke"), note)))[1] == ("system", "Note (Dana)")


STARRED = """Chat started on 2024-05-01 11:58:50 PM (+0200)

(11:58:59 PM) *** Visitor 42 has joined the chat ***
(11:59:10 PM) Visitor 42: It broke
and it smells
(11:59:20 PM) *** Dana has joined the chat ***
(12:00:20 AM) Dana: Oh dear
(12:01:00 AM) *** Visitor 42 has left ***"""
SQUARE = "[23:59] Visitor 42: It broke\nand it smells\n[00:00] Dana: Oh dear\n[00:01] Dana has left"
SPANS = "Agent Dana\n( 10s ) Visitor 42: It broke\nand it smells\n( 1m 20s ) Dana: Oh dear"
AFTER = "Visitor 42 (23:59): It broke\nand it smells\nDana (00:00): Oh dear"
WEB = (
    "<p>Chat Origin: web</p>( 10s ) Visitor 42: It broke<br>and it smells<br>( 80s ) Dana: Oh dear"
)


@pytest.mark.parametrize(
    "body", [STARRED, SQUARE, SPANS, AFTER], ids=["stars", "[]", "spans", "()"]
)
def test_a_chat_in_one_comment_is_its_messages(body: str) -> None:
    found = only(zendesk(comment(1, 1, body), comment(2, 2, "As said", via={"channel": "email"})))
    assert [(turn.role, turn.speaker, turn.text) for turn in found.turns] == [
        ("customer", "Visitor 42", "It broke\nand it smells"),
        ("agent", "Dana", "Oh dear"),
        ("agent", "Dana", "As said"),
    ]
    assert found.channel == "chat"
    assert remarks_of(found.metadata) == [CHAT]


def test_a_chat_knows_its_day_and_passes_midnight() -> None:
    found = only(zendesk(comment(1, 1, STARRED)))
    sent = [turn.sent_at.isoformat() for turn in found.turns if turn.sent_at]
    assert sent == ["2024-05-01T21:59:10+00:00", "2024-05-01T22:00:20+00:00"]


def test_a_chat_in_html_and_words_above_one_are_read() -> None:
    found = only(zendesk(comment(1, 1, None, html_body=WEB)))
    assert [turn.role for turn in found.turns] == ["customer", "agent"]
    above = only(zendesk(comment(1, 1, f"Your colleague told me this. Is it true?\n\n{SQUARE}")))
    assert roles(above)[0] == ("customer", "Cora")
    assert len(above.turns) == 3


def test_a_note_with_a_chat_and_a_list_of_times_stay_what_they_are() -> None:
    note = only(zendesk(comment(1, 1, "a"), comment(2, 2, SQUARE, public=False)))
    assert roles(note)[1] == ("system", "Note (Dana)")
    agenda = "I was home all day:\n10:15 Kitchen: nobody rang\n11:30 Garden: nobody either"
    assert roles(only(zendesk(comment(1, 1, agenda)))) == [("customer", "Cora")]


@pytest.mark.parametrize(
    ("description", "message", "same"),
    [
        ("It broke again today", "It broke again today", True),
        ("Chat request: It broke again", "It broke again", True),
        ("Conversation with Cora\nIt broke", "It broke", True),
        ("It broke again and the…", "It broke again and the light flickers", True),
        ("Chat: It broke again and th...", "It broke again and the light flickers", True),
        ("It broke", "It broke again today", False),
        ("I wrote on Monday. Please help me", "Please help me", False),
        ("Please help me", "It broke", False),
        ("", "It broke", False),
        ("…", "…", False),
    ],
)
def test_a_description_repeats_a_message_or_does_not(
    description: str, message: str, same: bool
) -> None:
    assert repeats(description, message) is same


def test_a_repeated_description_is_no_turn_and_says_so() -> None:
    again = part("<p>It broke</p>", person("user", "1", "Cora"))
    found = only(intercom(again, body="<p>Chat: It broke</p>"))
    assert [turn.text for turn in found.turns] == ["It broke"]
    assert remarks_of(found.metadata) == [REPEATED]


def test_one_person_has_one_label_in_a_freshdesk_ticket() -> None:
    answers = [
        conversation(1, "a"),
        conversation(2, "b", private=True),
        conversation(3, "c", from_email="care@shop.example"),
    ]
    own = only(freshdesk_ticket(conversations=answers))
    assert [speaker for _, speaker in roles(own)[1:]] == [
        "care@shop.example", "Note (care@shop.example)", "care@shop.example",
    ]  # fmt: skip
    shared = conversation(4, "d", user_id=3, from_email="care@shop.example")
    both = only(freshdesk_ticket(conversations=[*answers, shared]))
    assert [speaker for _, speaker in roles(both)[1:]] == ["2", "Note (2)", "2", "3"]
