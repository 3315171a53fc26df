"""Gorgias, HubSpot, Kustomer and Salesforce: messages that say which way they went."""

import contextlib
import json
from typing import Any

import pytest

from tests.formats.test_tickets_desks import _changed
from transcripts.formats import FormatError, parse, recognise
from transcripts.formats.remarks import STRANGER, remarks_of
from transcripts.formats.tickets.automation import AUTOMATIC

SAID = ["It broke", "We got it", "Oh dear", "No such address", "He is cross"]
ROLES = ["customer", "bot", "agent", "unknown", "system"]
DAY = "2024-05-0{}T10:00:00Z"


def gorgias() -> Any:
    def message(at: int, ours: bool, name: str, **more: Any) -> dict[str, Any]:
        sender = {
            "id": {"Cora": 1, "Dana": 2}.get(name, 3),
            "name": name,
            "email": f"{name.lower()}@x.example",
        }
        return {"id": at, "ticket_id": 7, "from_agent": ours, "public": True, "sender": sender,
                "channel": "email", "body_text": SAID[at], "sent_datetime": DAY.format(at + 1),
                **more}  # fmt: skip

    return {
        "id": 7, "channel": "email", "subject": "Order",
        "customer": {"id": 1, "name": "Cora", "email": "cora@x.example"},
        "messages": [
            message(0, False, "Cora"), message(1, True, "Dana", rule_id=5),
            message(2, True, "Dana"), message(3, False, "Val"),
            message(4, True, "Dana", public=False, channel="internal-note"),
        ],
    }  # fmt: skip


def hubspot() -> Any:
    def message(at: int, actor: str, name: str, **more: Any) -> dict[str, Any]:
        way = "INCOMING" if actor[0] == "V" else "OUTGOING"
        return {"id": str(at), "conversationsThreadId": "7", "type": "MESSAGE", "direction": way,
                "senders": [{"actorId": actor, "name": name}], "text": SAID[at],
                "createdAt": DAY.format(at + 1), **more}  # fmt: skip

    return {
        "results": [
            message(4, "A-2", "Dana", type="COMMENT"), message(3, "V-9", "Val"),
            message(2, "A-2", "Dana"), message(1, "A-2", "Dana", type="WELCOME_MESSAGE"),
            message(0, "V-1", "Cora"),
            {"type": "ASSIGNMENT", "createdBy": "A-2", "createdAt": DAY.format(9)},
        ]
    }  # fmt: skip


def kustomer() -> Any:
    def message(at: int, way: str | None, by: str, **more: Any) -> dict[str, Any]:
        whose = {"conversation": {"data": {"id": "7"}}, "customer": {"data": {"id": by}},
                 "createdBy": {"data": {"id": by}}}  # fmt: skip
        held = {"channel": "email", "direction": way, "preview": SAID[at], **more}
        held |= {"sentAt": DAY.format(at + 1), "meta": {"from": f"{by}@x.example"}}
        kind = "message" if way else "note"
        return {"type": kind, "id": str(at), "attributes": held, "relationships": whose}

    return {
        "data": [
            message(0, "in", "cora"), message(1, "out", "dana", auto=True),
            message(2, "out", "dana"), message(3, "in", "val"), message(4, None, "dana"),
        ]
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "document"),
    [("gorgias", gorgias()), ("hubspot", hubspot()), ("kustomer", kustomer())],
)
def test_messages_are_told_apart_by_their_way_and_what_sent_them(name: str, document: Any) -> None:
    data = json.dumps(document).encode()
    assert (recognise(data, "x.json").format, recognise(data, "x.json").clear) == (name, True)
    (found,) = parse(data, name="x.json").interactions
    assert [(turn.role, turn.text) for turn in found.turns] == list(zip(ROLES, SAID, strict=True))
    assert found.external_id == "7"
    assert set(remarks_of(found.metadata)) == {AUTOMATIC, STRANGER}


def test_mails_of_salesforce_cases_are_grouped_and_drafts_left_out() -> None:
    def mail(at: int, incoming: bool, **more: Any) -> dict[str, Any]:
        name = "Cora" if incoming else "Dana"
        held = {"ParentId": "500x", "Incoming": incoming, "FromName": name, "Status": "3"}
        return {**held, "TextBody": SAID[at], "MessageDate": DAY.format(at + 1), **more}

    records = [mail(0, True), mail(2, False), mail(3, False, Status="5"),
               mail(1, True, ParentId="501x")]  # fmt: skip
    found = parse(json.dumps({"records": records}).encode(), name="x.json").interactions
    assert [each.external_id for each in found] == ["500x", "501x"]
    assert [turn.role for turn in found[0].turns] == ["customer", "agent"]
    assert (found[0].channel, found[0].source) == ("email", "salesforce")


@pytest.mark.parametrize("odd", [None, 3, "x", [], {}, [[]], True])
def test_odd_values_never_raise_anything_else(odd: Any) -> None:
    for name, sample in (("gorgias", gorgias()), ("hubspot", hubspot()), ("kustomer", kustomer())):
        for changed in _changed(sample, odd)[:120]:
            with contextlib.suppress(FormatError):
                assert parse(json.dumps(changed).encode(), name="x.json", format=name)
