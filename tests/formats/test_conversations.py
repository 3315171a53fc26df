"""vCon, World Transcription Format and Azure Language: one file for any channel."""

import base64
import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from transcripts.formats import (
    Answers,
    CanonicalInteraction,
    FormatError,
    Parsed,
    Question,
    parse,
    recognise,
)

START = "2026-03-05T10:15:00+00:00"
PARTIES = [
    {"name": "Dana Reyes", "mailto": "dana@acme.example", "role": "agent"},
    {"name": "Jane Doe", "tel": "+15550100", "meta": {"role": "customer"}},
]


def read(value: Any, expected: str, **answers: Any) -> Parsed:
    data = json.dumps(value).encode()
    recognised = recognise(data, "x.json")
    assert (recognised.format, recognised.clear) == (expected, True)
    return parse(data, name="x.json", answers=Answers(**answers))


def vcon(dialog: list[Any], **more: Any) -> dict[str, Any]:
    return {"uuid": "v-1", "parties": PARTIES, "dialog": dialog, **more}


def written(body: Any, party: Any, start: str = START, **more: Any) -> dict[str, Any]:
    return {"type": "text", "start": start, "parties": party, "body": body, **more}


def recording(**more: Any) -> dict[str, Any]:
    return {"type": "recording", "start": START, "duration": 33.5, "parties": [0, 1], **more}


def only(value: Any, **answers: Any) -> CanonicalInteraction:
    parsed = read(value, "vcon", **answers)
    assert len(parsed.interactions) == 1
    return parsed.interactions[0]


def base64url(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def test_text_dialogs_are_turns_in_order_of_time_with_stated_roles() -> None:
    found = only(
        vcon(
            [
                written("I see", 0, "2026-03-05T10:16:00Z", mediatype="text/plain"),
                written("It broke", [1, 0], mimetype="text/plain"),
                written("<p>Let me <b>look</b></p>", [0, 1], "2026-03-05T10:17:00Z",
                        mediatype="text/html"),
                written(base64url("Thanks"), [1, 0], "2026-03-05T10:18:00Z", encoding="base64url"),
                written({"text": "Bye"}, [0], "Thu, 05 Mar 2026 10:19:00 +0000", encoding="json"),
            ],
            subject="Broken",
        )
    )  # fmt: skip
    assert [(turn.role, turn.speaker, turn.text) for turn in found.turns] == [
        ("customer", "Jane Doe", "It broke"),
        ("agent", "Dana Reyes", "I see"),
        ("agent", "Dana Reyes", "Let me look"),
        ("customer", "Jane Doe", "Thanks"),
        ("agent", "Dana Reyes", "Bye"),
    ]
    assert found.started_at == datetime(2026, 3, 5, 10, 15, tzinfo=UTC)
    assert (found.channel, found.external_id, found.subject) == ("chat", "v-1", "Broken")
    assert found.agent is not None
    assert found.agent.name == "Dana Reyes"


def test_the_originator_speaks_not_the_first_party() -> None:
    found = only(vcon([written("Hi", [0, 1], originator=1)]))
    assert found.turns[0].speaker == "Jane Doe"


def test_mails_lose_what_they_quote_and_their_pictures() -> None:
    body = (
        "--b\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\nGot it.\r\n\r\n"
        "On Thu, 5 Mar 2026 at 10:00, Dana <dana@acme.example> wrote:\r\n> old words\r\n"
        "--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0\r\n"
        "--b--"
    )
    found = only(vcon([written(body, [1, 0], mediatype='multipart/mixed; boundary="b"')]))
    assert (found.channel, found.turns[0].text) == ("email", "Got it.")
    plain = written("Yes\n\n> old words", [1, 0], mediatype="text/plain", message_id="<1@x>")
    assert only(vcon([plain])).turns[0].text == "Yes"


def test_recordings_transfers_and_sound_are_no_words() -> None:
    sound = recording(body="UklGR", encoding="base64url", mediatype="audio/x-wav")
    found = only(vcon([sound, {"type": "transfer"}, {"type": "incomplete"}, written("Hi", 0)]))
    assert [turn.text for turn in found.turns] == ["Hi"]
    with pytest.raises(FormatError, match="recording without a transcript"):
        read(vcon([sound]), "vcon")


def test_a_transcript_by_parties_gives_the_turns_of_its_recording() -> None:
    body = [
        {"parties": 0, "start": "2026-03-05T10:15:01.5+00:00", "duration": 0.5, "text": "Hello."},
        {"parties": 1, "start": 3.0, "duration": 1, "text": "It broke."},
    ]
    found = only(vcon([recording()], analysis=[{"type": "transcript", "dialog": 0, "body": body}]))
    assert [(turn.role, turn.started_s, turn.ended_s) for turn in found.turns] == [
        ("agent", 1.5, 2.0),
        ("customer", 3.0, 4.0),
    ]
    assert (found.channel, found.duration_s) == ("call", 33.5)


def test_a_transcript_by_speakers_is_read_whatever_its_type_says() -> None:
    body = [{"speaker": "Agent", "message": "Hi"}, {"speaker": "Jane", "message": "It broke"}]
    found = only(
        vcon([recording()], analysis=[{"type": "analysis_info", "dialog": 0, "body": body}])
    )
    assert [(turn.role, turn.speaker) for turn in found.turns] == [
        ("agent", "Agent"),
        ("customer", "Jane"),
    ]


LABELLED = "Dana Reyes: Good day.\nJane Doe: It broke.\nDana Reyes: Oh.\nJane Doe: Yes."
CAPTIONS = (
    "WEBVTT\n\n00:00.000 --> 00:02.000\n<v Dana Reyes>Good day.</v>\n\n"
    "00:03.000 --> 00:04.000\n<v Jane Doe>It broke.</v>\n"
)


@pytest.mark.parametrize("body", [LABELLED, CAPTIONS], ids=["labels", "captions"])
def test_what_parties_are_holds_for_the_speakers_of_a_transcript(body: str) -> None:
    held = {"type": "transcript", "dialog": 0, "encoding": "none", "body": body}
    roles = {turn.speaker: turn.role for turn in only(vcon([recording()], analysis=[held])).turns}
    assert roles == {"Dana Reyes": "agent", "Jane Doe": "customer"}


def test_a_name_that_two_parties_bear_tells_no_role() -> None:
    parties = [{"name": "Sam Hill", "role": "agent"}, {"name": "Sam Dale", "role": "customer"}]
    body = [{"speaker": "Sam", "message": "Hi"}, {"speaker": "Sam Dale", "message": "It broke"}]
    value = vcon([recording()], analysis=[{"type": "transcript", "dialog": 0, "body": body}])
    found = only({**value, "parties": parties})
    assert [turn.role for turn in found.turns] == ["unknown", "customer"]


@pytest.mark.parametrize(
    ("word", "role"),
    [
        ("contact", "customer"),
        ("end_user", "customer"),
        ("endUser", "customer"),
        ("External", "customer"),
        ("caller", "customer"),
        ("patient", "customer"),
        ("notary", "unknown"),
        ("", "unknown"),
    ],
)
def test_words_for_the_other_side_are_the_customer_where_an_agent_is_there(
    word: str, role: str
) -> None:
    parties = [{"name": "Dana", "role": "agent"}, {"name": "+15550100", "role": word}]
    found = only({**vcon([written("Hello?", [1])]), "parties": parties})
    assert found.turns[0].role == role
    assert (found.customer is not None) == (role == "customer")
    alone = only({**vcon([written("Hello?", [0])]), "parties": [{"name": "Jo", "role": "contact"}]})
    assert alone.turns[0].role == "unknown"


@pytest.mark.parametrize(
    "held",
    [
        {"transcript": "[]"},
        {"transcript": '{"error": "nothing heard"}'},
        {"body": "null"},
        {"body": "{}", "encoding": "json"},
        {"body": '""'},
        {"body": "17"},
    ],
)
def test_json_without_words_is_no_transcript(held: dict[str, Any]) -> None:
    analysis = [{"type": "transcript", "dialog": 0, **held}]
    with pytest.raises(FormatError, match="a recording without a transcript"):
        read(vcon([recording()], analysis=analysis), "vcon")


@pytest.mark.parametrize(
    ("duration", "seconds"),
    [
        (95, 95.0),
        ("410.5", 410.5),
        ("PT1M35S", 95.0),
        ("00:01:35", 95.0),
        ("95s", 95.0),
        ("?", None),
    ],
)
def test_a_text_dialog_lasts_as_long_as_it_says(duration: Any, seconds: float | None) -> None:
    dialog = {"type": "text", "start": START, "duration": duration, "parties": [0, 1]}
    held = {"type": "transcript", "dialog": 0, "body": LABELLED}
    assert only(vcon([dialog], analysis=[held])).duration_s == seconds


DEEPGRAM = {
    "metadata": {"duration": 5.0, "channels": 1},
    "results": {
        "channels": [{"alternatives": [{"transcript": "hello there"}]}],
        "utterances": [
            {"start": 0.5, "end": 1.5, "channel": 0, "speaker": 0, "transcript": "Hello."},
            {"start": 2.0, "end": 3.0, "channel": 0, "speaker": 1, "transcript": "Hi there."},
        ],
    },
}
WTF = {
    "transcript": {"text": "Hello. Hi.", "language": "en-US", "duration": 8.5},
    "segments": [
        {"id": 1, "start": 3.2, "end": 8.5, "text": "Hi.", "speaker": 1},
        {"id": 0, "start": 0.0, "end": 3.2, "text": "Hello.", "speaker": 0},
        {"id": 2, "start": "NaN", "end": None, "text": " ", "speaker": None},
    ],
    "words": [{"text": "Hello", "start": 0.0}],
    "speakers": {"0": {"id": 0, "label": "Agent Dana"}, "1": {"id": 1, "label": "Jane"}},
    "metadata": {"created_at": "2026-03-05T12:00:00Z", "provider": "acme"},
}


@pytest.mark.parametrize("as_text", [False, True])
@pytest.mark.parametrize(
    ("body", "first", "last"), [(DEEPGRAM, "Hello.", "Hi there."), (WTF, "Hello.", "Hi.")]
)
def test_a_recognisers_own_transcript_is_read_by_its_reader(
    as_text: bool, body: Any, first: str, last: str
) -> None:
    held = {"type": "transcript", "dialog": [0], "encoding": "json"}
    held["body"] = json.dumps(body) if as_text else body
    found = only(vcon([recording()], analysis=[held]))
    assert (found.turns[0].text, found.turns[-1].text) == (first, last)
    assert len(found.turns) == 2


def test_one_of_two_transcripts_of_the_same_recording_is_taken() -> None:
    listed = [{"speaker": "Agent", "message": "Hi"}]
    analysis = [
        {"type": "summary_info", "dialog": 0, "body": [{"speaker": "A", "message": "other"}]},
        {"type": "transcript", "dialog": 0, "body": listed},
        {"type": "transcript", "dialog": 0, "body": DEEPGRAM},
        {"type": "summary", "dialog": 0, "body": "They spoke."},
    ]
    assert [turn.text for turn in only(vcon([recording()], analysis=analysis)).turns] == ["Hi"]


@pytest.mark.parametrize(
    "more",
    [
        {"analysis": [{"type": "x", "transcript": "Agent: Hi\nCustomer: Hello"}]},
        {"analysis": {"transcript": "Agent: Hi\nCustomer: Hello"}},
        {"attachments": [{"type": "transcript", "body": "Agent: Hi\nCustomer: Hello"}]},
    ],
)
def test_older_places_of_a_transcript_are_looked_at(more: dict[str, Any]) -> None:
    assert [turn.role for turn in only(vcon([recording()], **more)).turns] == ["agent", "customer"]


def test_a_call_and_words_written_after_it_are_one_conversation() -> None:
    analysis = [
        {"type": "transcript", "dialog": 1, "body": [{"speaker": "Agent", "message": "Hi"}]}
    ]
    later = written("And one thing more", 1, "2026-03-05T11:00:00Z")
    found = only(vcon([later, recording()], analysis=analysis))
    assert [turn.text for turn in found.turns] == ["Hi", "And one thing more"]
    assert found.channel == "call"


def test_a_start_without_a_zone_is_asked_and_created_at_is_no_start() -> None:
    made = vcon([written("Hi", 0, "2026-03-05T10:15:00")], created_at="2026-03-09T00:00:00Z")
    asked = read(made, "vcon")
    assert Question.TIME_ZONE in asked.open
    assert asked.interactions[0].started_at is None
    told = only(made, time_zone=ZoneInfo("Europe/Berlin"))
    assert told.started_at == datetime(2026, 3, 5, 9, 15, tzinfo=UTC)


def test_a_signed_vcon_is_read_and_its_signature_not_vouched_for() -> None:
    payload = base64url(json.dumps(vcon([written("Hi", 0)])))
    parsed = read({"payload": payload, "signatures": [{"signature": "x"}]}, "vcon")
    assert parsed.interactions[0].turns[0].text == "Hi"
    assert "The signature of the file was not checked." in parsed.notes


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"ciphertext": "x", "protected": "y", "recipients": []}, "encrypted"),
        ({"payload": "!!", "signatures": []}, "signed payload that can't be read"),
        ({"payload": base64url("[1]"), "signatures": []}, "no vCon"),
        ({"uuid": "1", "parties": [], "dialog": []}, "holds no words"),
        ({"uuid": "1", "parties": [], "redacted": {"uuid": "2"}}, "points to another vCon"),
        (
            {"uuid": "1", "parties": [], "dialog": [{"type": "text", "url": "https://x"}]},
            "no words",
        ),
    ],
)
def test_what_holds_no_words_is_refused_with_the_reason(value: Any, reason: str) -> None:
    with pytest.raises(FormatError, match=reason):
        read(value, "vcon")


def test_lines_of_vcons_are_read() -> None:
    lines = [json.dumps(vcon([written("Hi", 0)], uuid=f"v-{number}")) for number in range(3)]
    parsed = parse("\n".join(lines).encode(), name="x.jsonl")
    assert [interaction.external_id for interaction in parsed.interactions] == ["v-0", "v-1", "v-2"]


def test_wtf_segments_are_turns_by_their_speakers_labels() -> None:
    found = read(WTF, "wtf").interactions[0]
    assert [(turn.role, turn.speaker, turn.text) for turn in found.turns] == [
        ("agent", "Agent Dana", "Hello."),
        ("unknown", "Jane", "Hi."),
    ]
    assert (found.channel, found.language, found.duration_s) == ("call", "en-US", 8.5)
    assert found.started_at is None


def test_wtf_words_serve_where_there_are_no_segments() -> None:
    words = [
        {"text": "Hello", "speaker": 0, "start": 0.0, "end": 0.5},
        {"text": ",", "speaker": 0, "is_punctuation": True},
        {"text": "you", "speaker": 0, "start": 0.6, "end": 0.9},
        {"text": "Hi", "speaker": 1, "start": 1.0, "end": 1.2},
    ]
    found = read({**WTF, "segments": [], "words": words}, "wtf").interactions[0]
    assert [turn.text for turn in found.turns] == ["Hello, you", "Hi"]
    bare = read({**WTF, "segments": [], "words": []}, "wtf").interactions[0]
    assert [turn.text for turn in bare.turns] == ["Hello. Hi."]


ITEMS = [
    {"id": "2", "participantId": "C", "role": "Customer", "text": "It broke",
     "conversationItemLevelTiming": {"offset": 20_000_000, "duration": 5_000_000}},
    {"id": "1", "participantId": "A", "role": "Agent", "text": "Hello", "lexical": "hello",
     "wordLevelTimings": [{"word": "hello", "offset": 1_000_000, "duration": 2_000_000}]},
    {"id": "3", "participantId": "X", "itn": "and who are you"},
]  # fmt: skip


@pytest.mark.parametrize(
    "wrap",
    [
        lambda found: {"conversations": found},
        lambda found: {"analysisInput": {"conversations": found}, "tasks": []},
        lambda found: {"parameters": {"body": {"analysisInput": {"conversations": found}}}},
        lambda found: found,
    ],
)
def test_azure_items_are_turns_with_ticks_as_seconds(wrap: Any) -> None:
    conversation = {
        "id": "1",
        "language": "en",
        "modality": "transcript",
        "conversationItems": ITEMS,
    }
    found = read(wrap([conversation]), "azure_language").interactions[0]
    assert [(turn.role, turn.text, turn.started_s, turn.ended_s) for turn in found.turns] == [
        ("agent", "Hello", 0.1, 0.3),
        ("unknown", "and who are you", None, None),
        ("customer", "It broke", 2.0, 2.5),
    ]
    assert (found.channel, found.language, found.external_id) == ("call", "en", None)


def test_azure_text_is_a_chat_and_several_conversations_are_told_apart() -> None:
    conversation = {"id": "1", "modality": "text", "conversationItems": ITEMS}
    parsed = read(
        {"conversations": [conversation, {**conversation, "conversationItems": []}, conversation]},
        "azure_language",
    )
    assert [found.channel for found in parsed.interactions] == ["chat", "chat"]
    assert any("nobody wrote" in note for note in parsed.notes)


@pytest.mark.parametrize("format_name", ["vcon", "wtf", "azure_language"])
@pytest.mark.parametrize(
    "value",
    [{}, [], None, 5, "x", [[]], {"dialog": 1}, {"transcript": 1}, {"conversations": [None, 3]}],
)
def test_anything_else_is_refused_in_words(format_name: str, value: Any) -> None:
    with pytest.raises(FormatError):
        parse(json.dumps(value).encode(), name="x.json", format=format_name)
