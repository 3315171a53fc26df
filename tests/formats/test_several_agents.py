"""Importers whose files know several agents name them, and which turns are whose."""

import json
from typing import Any

import pytest

from transcripts.formats import parse, parts_of

SAID = ("It broke again.", "I am sorry.", "Who are you?", "I am Rui, let me look.")


def intercom() -> Any:
    def part(kind: str, who: str, name: str, said: str, at: int) -> dict[str, Any]:
        author = {"type": kind, "id": who, "name": name}
        return {"part_type": "comment", "body": said, "created_at": at, "author": author}

    return {
        "type": "conversation",
        "id": "9",
        "created_at": 1760000000,
        "source": {"type": "conversation", "body": SAID[0], "author": {"type": "user", "id": "u"}},
        "admin_assignee_id": "1",
        "conversation_parts": {
            "conversation_parts": [
                part("admin", "1", "Dana Reyes", SAID[1], 1760000010),
                part("bot", "3", "Fin", "One moment.", 1760000015),
                part("user", "u", "Jo", SAID[2], 1760000020),
                part("admin", "2", "Rui Costa", SAID[3], 1760000030),
            ]
        },
    }


def zendesk() -> Any:
    authors = ("5", "1", "5", "2")
    comments = [
        {"id": n, "type": "Comment", "author_id": who, "body": said, "public": True,
         "created_at": f"2026-11-02T10:0{n}:00Z"}
        for n, (who, said) in enumerate(zip(authors, SAID, strict=True))
    ]  # fmt: skip
    users = [
        {"id": "5", "role": "end-user", "name": "Jo"},
        {"id": "1", "role": "agent", "name": "Dana Reyes"},
        {"id": "2", "role": "agent", "name": "Rui Costa"},
    ]
    ticket = {"id": 7, "requester_id": "5", "submitter_id": "5", "assignee_id": "1"}
    return {"ticket": {**ticket, "subject": "x"}, "comments": comments, "users": users}


def freshdesk() -> Any:
    def entry(n: int, user: int, incoming: bool) -> dict[str, Any]:
        return {"id": n, "user_id": user, "incoming": incoming, "private": False,
                "body_text": SAID[n], "created_at": f"2026-11-02T10:0{n}:00Z"}  # fmt: skip

    return {
        "id": 7,
        "requester_id": 5,
        "responder_id": 1,
        "responder_name": "Dana Reyes",
        "source": 1,
        "description_text": SAID[0],
        "created_at": "2026-11-02T10:00:00Z",
        "conversations": [entry(1, 1, False), entry(2, 5, True), entry(3, 2, False)],
    }


def genesys() -> Any:
    sides = ("external", "internal", "external", "internal")
    phrases = [
        {"text": said, "participantPurpose": side, "startTimeMs": 1000 * n,
         "duration": {"milliseconds": 500}}
        for n, (side, said) in enumerate(zip(sides, SAID, strict=True))
    ]  # fmt: skip
    agent = {"participantPurpose": "agent"}
    return {
        "conversationId": "c-1",
        "transcripts": [{"language": "en", "phrases": phrases}],
        "participants": [
            {"participantPurpose": "customer"},
            {**agent, "userId": "1", "startTimeMs": 0, "endTimeMs": 1900},
            {**agent, "userId": "2", "startTimeMs": 1950, "endTimeMs": 9000},
        ],
    }


def vcon() -> Any:
    parties = [
        {"name": "Jo", "role": "customer"},
        {"name": "Dana Reyes", "role": "agent", "uuid": "1"},
        {"name": "Rui Costa", "role": "agent", "uuid": "2"},
    ]
    dialog = [
        {"type": "text", "start": f"2026-11-02T10:0{n}:00Z", "parties": [who], "body": said,
         "mediatype": "text/plain", "encoding": "none"}
        for n, (who, said) in enumerate(zip((0, 1, 0, 2), SAID, strict=True))
    ]  # fmt: skip
    return {"vcon": "0.3.0", "uuid": "v-1", "parties": parties, "dialog": dialog, "analysis": []}


def connect() -> Any:
    people = (("CUSTOMER", "Jo"), ("AGENT", "Dana Reyes"), ("CUSTOMER", "Jo"), ("AGENT", "Rui"))
    items = [
        {"AbsoluteTime": f"2026-11-02T10:0{n}:00Z", "ContentType": "text/plain", "Content": said,
         "Type": "MESSAGE", "ParticipantRole": role, "DisplayName": name, "ParticipantId": name}
        for n, ((role, name), said) in enumerate(zip(people, SAID, strict=True))
    ]  # fmt: skip
    return {"Version": "2019-08-26", "ContactId": "c-1", "Transcript": items, "Participants": []}


def livechat() -> Any:
    events = [
        {"id": str(n), "type": "message", "text": said, "author_id": who,
         "created_at": f"2026-11-02T10:0{n}:00Z"}
        for n, (who, said) in enumerate(zip(("u", "1", "u", "2"), SAID, strict=True))
    ]  # fmt: skip
    users = [
        {"id": "u", "type": "customer", "name": "Jo"},
        {"id": "1", "type": "agent", "name": "Dana Reyes"},
        {"id": "2", "type": "agent", "name": "Rui Costa"},
    ]
    return {"chats": [{"id": "c", "users": users, "threads": [{"id": "t", "events": events}]}]}


@pytest.mark.parametrize("make", [intercom, zendesk, freshdesk, genesys, vcon, connect, livechat])
def test_each_turn_is_its_agents(make: Any) -> None:
    (one,) = parse(json.dumps(make()).encode(), name="export.json").interactions
    parts = parts_of(one)
    assert [[one.turns[at].text for at in part.turns] for part in parts] == [[SAID[1]], [SAID[3]]]
    named = [part.agent.external_id or part.agent.name for part in parts if part.agent]
    assert named == (["Dana Reyes", "Rui"] if make is connect else ["1", "2"])


def test_one_agent_is_no_several() -> None:
    told = zendesk()
    told["comments"] = told["comments"][:3]
    (one,) = parse(json.dumps(told).encode(), name="export.json").interactions
    assert one.agents == ()
    assert one.agent is not None
    assert one.agent.external_id == "1"
