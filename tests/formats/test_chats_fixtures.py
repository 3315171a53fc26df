"""Real exports of chats and conversations: what each of them holds.

The expectations were written down from the files by hand.
"""

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.fixture_files import FIXTURES
from transcripts.formats import FormatError, parse, recognise


@dataclass(frozen=True)
class Holds:
    """What a file's interactions are: turns of each, first and last words, roles, start."""

    format: str
    turns: tuple[int, ...]
    first: str
    last: str
    roles: frozenset[str]
    start: str | None
    channel: str = "chat"


UNKNOWN = frozenset({"unknown"})
ROOM = "Is the room still free on Monday?"
LOREM = "Lorem ipsum dolor sit amet."
WHATSAPP = Holds(
    "whatsapp",
    (7,),
    LOREM,
    "Lorem ipsum dolor sit amet,\nconsectetur adipiscing elit. Duis libero.",
    UNKNOWN,
    None,
)
INTERCOM = Holds(
    "intercom",
    (2,),
    "Hi Alice,\n\nWe noticed you using our Product, do you have any questions?\n\n- Jane",
    "Hi Jane, it's all great thanks!",
    frozenset({"agent", "customer"}),
    "2014-05-23T13:16:13+00:00",
)
FILES = {
    "zendesk_chat/offline_message.json": Holds(
        "zendesk_chat", (1,), ROOM, ROOM, frozenset({"customer"}), "2026-03-02T09:14:05+00:00",
    ),
    "intercom/intercom_go_conversation.json": INTERCOM,
    "intercom/intercom_go_conversations.json": INTERCOM,
    "livechat/livechat_incoming_chat.json": Holds(
        "livechat", (1,), "Hello. How may I help you?", "Hello. How may I help you?",
        frozenset({"bot"}), "2019-10-11T09:40:59.249000+00:00",
    ),
    "connect_chat/contact_lens_docs_chat_original.json": Holds(
        "connect_chat",
        (31,),
        "Hello, thanks for contacting us. This is an example of what the Amazon Connect virtual "
        "contact center can enable you to do.",
        "Ok great! Have a great day.",
        frozenset({"system", "agent", "customer"}),
        "2022-10-27T03:31:53.390000+00:00",
    ),
    "twilio_conversations/oai_messages_readFull.json": Holds(
        "twilio_conversations", (2,), "I like pie.", "Cake is my favorite!", UNKNOWN,
        "2016-03-24T20:37:57+00:00",
    ),
    "slack/intake_slack_export.json": Holds(
        "slack",
        (3, 4),
        "We need to redesign the notification system. The current one is too slow and users are "
        "missing critical alerts.",
        "Decided: We will implement the notification queue first, then add push notifications in "
        "phase 2. Target launch is end of February.",
        UNKNOWN,
        "2024-02-01T15:10:00.000100+00:00",
    ),
    "slack/zulip_normal_thread.json": Holds(
        "slack", (2, 2), "message body text", "another thread message", UNKNOWN,
        "2015-06-12T19:58:22.000002+00:00",
    ),
    "whatsapp/chatminer_test_ddmmyy_24hrs.txt": WHATSAPP,
    "whatsapp/chatminer_test_mmddyy_24hrs.txt": WHATSAPP,
    "whatsapp/chatminer_test_mmddyy_br_24hrs.txt": WHATSAPP,
    "whatsapp/chatminer_test_mmddyyyy_12hrs.txt": WHATSAPP,
    "whatsapp/chatminer_test_yyyymmdd_24hrs.txt": WHATSAPP,
    "zoom_chat/zoom_meeting001_chat.txt": Holds(
        "zoom_chat",
        (10,),
        "Hello Everyone - It\u2019s great to see folks dropping into the session. We\u2019ll get "
        "started here in just about 5 minutes.",
        "Fuselage",
        UNKNOWN,
        None,
    ),
    "vcon/conserver_b217b61e.vcon.json": Holds(
        "vcon",
        (11,),
        "Hello! My name is Walter Gonzalez, and I'm with Clean Shirts R Us, your friendly dry "
        "cleaning service.",
        "I understand, and I\u2019ll do my best to expedite the process. Thank you for your time, "
        "Tiffany. Have a wonderful day!",
        frozenset({"agent", "customer"}),
        None,
        "call",
    ),
    "vcon/ietf_ab_call_ext_rec_analysis.vcon": Holds(
        "vcon",
        (4,),
        "Hello. This is example.com. My name is Bob. How can I help you? Hi.",
        "Goodbye. Goodbye. Have a nice day.",
        UNKNOWN,
        "2022-06-21T17:53:26+00:00",
        "call",
    ),
    "vcon/ietf_ab_call_ext_rec_redacted.vcon": Holds(
        "vcon", (18,), "Hello.", "Have a nice day.", UNKNOWN, "2022-06-21T17:53:26+00:00", "call"
    ),
    "vcon/ietf_ab_email_acct_prob_thread.vcon": Holds(
        "vcon",
        (2,),
        "Alice:Please find the image attached.\n\nRegards,Bob",
        "Hi Bob:Got it. Thanks.",
        UNKNOWN,
        "2022-09-23T21:44:25+00:00",
        "email",
    ),
    "vcon/ietf_ab_email_prob_followup_text_thread.vcon": Holds(
        "vcon",
        (3,),
        "Hi Bob:\nI just wanted to follow up to see that your account is ok now.\n\n"
        "Regards,\nAlice",
        "Awesome!",
        UNKNOWN,
        "2022-09-23T23:24:59+00:00",
        "email",
    ),
    "wtf_transcript/wtf_sample.json": Holds(
        "wtf", (2,), "Hello, this is a sample transcription.",
        "It demonstrates the typical structure of WTF JSON output.", UNKNOWN, None, "call",
    ),
    "azure_language_conversation/rest_pii_submit.json": Holds(
        "azure_language", (1,), "Good morning John Doe.", "Good morning John Doe.", UNKNOWN, None,
        "call",
    ),
}  # fmt: skip
REFUSED = {
    "zoom_chat/zoom_meeting001_participants.csv": "list of participants",
    "vcon/ietf_ab.vcon": "holds no words",
    "vcon/ietf_ab_call_ext_rec_signed.vcon": "recording without a transcript",
    "vcon/ietf_ab_call_int_rec.vcon": "recording without a transcript",
    "vcon/ietf_simple-vcon.vcon": "JSON of a kind not known here",
    "vcon/ietf_vcon_json_schema.json": "JSON of a kind not known here",
}
FOLDERS = {path.partition("/")[0] for path in FILES}


@pytest.mark.parametrize("path", FILES)
def test_a_real_file_holds_what_its_reader_finds(path: str) -> None:
    data, expected = (FIXTURES / path).read_bytes(), FILES[path]
    recognition = recognise(data, Path(path).name)
    assert (recognition.format, recognition.clear) == (expected.format, True)
    parsed = parse(data, name=Path(path).name)
    assert not parsed.errors
    found = parsed.interactions
    assert tuple(len(interaction.turns) for interaction in found) == expected.turns
    assert found[0].turns[0].text == expected.first
    assert found[-1].turns[-1].text == expected.last
    assert {turn.role for interaction in found for turn in interaction.turns} == expected.roles
    start = found[0].started_at
    assert (start.isoformat() if start else None) == expected.start
    assert {interaction.channel for interaction in found} == {expected.channel}


@pytest.mark.parametrize("path", REFUSED)
def test_a_real_file_without_words_is_refused_with_the_reason(path: str) -> None:
    with pytest.raises(FormatError, match=REFUSED[path]):
        parse((FIXTURES / path).read_bytes(), name=Path(path).name)


def test_no_real_file_of_these_formats_is_left_unread() -> None:
    there = {
        f"{folder}/{path.name}" for folder in FOLDERS for path in (FIXTURES / folder).iterdir()
    }
    assert there == set(FILES) | set(REFUSED)


def test_files_of_other_formats_are_not_taken_for_these() -> None:
    ours = {expected.format for expected in FILES.values()} | {"zip"}
    taken = {}
    for path in FIXTURES.glob("*/*"):
        if path.parent.name in FOLDERS or not path.is_file():
            continue
        try:
            taken[f"{path.parent.name}/{path.name}"] = recognise(
                path.read_bytes(), path.name
            ).format
        except FormatError:
            continue
    assert not {path: name for path, name in taken.items() if name in ours}
