"""Plain text with speaker labels."""

import json
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from transcripts.formats import Answers, FormatError, Parsed, Question, parse
from transcripts.formats.labels import role_of, without_asides
from transcripts.formats.pieces import cut


def turns_of(text: str, name: str = "talk.txt") -> list[tuple[str, str | None, str]]:
    (interaction,) = parse(text.encode(), name=name).interactions
    return [(turn.role, turn.speaker, turn.text) for turn in interaction.turns]


def starts_of(text: str) -> list[float | None]:
    (interaction,) = parse(text.encode(), name="talk.txt").interactions
    return [turn.started_s for turn in interaction.turns]


def test_labels_give_roles_and_speakers() -> None:
    assert turns_of("Agent: Hello.\nCustomer: Hi, it broke.\n") == [
        ("agent", "Agent", "Hello."),
        ("customer", "Customer", "Hi, it broke."),
    ]


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("Agent Mike Rivera", "agent"),
        ("Customer Service Rep", "agent"),
        ("Jane (caller)", "customer"),
        ("**Agent**", "agent"),
        ("CUSTOMER", "customer"),
        ("Technician", "agent"),
        ("Support Bot", "bot"),
        ("Virtual Assistant", "bot"),
        ("System", "system"),
    ],
)
def test_a_label_states_its_role(label: str, role: str) -> None:
    assert turns_of(f"{label}: one\nCustomer: two\n")[0][0] == role


def test_lines_without_a_label_continue_the_turn() -> None:
    talk = turns_of("Agent: Hello.\nHow are you?\n\nStill me.\nCustomer: Well.\n")
    assert talk[0][2] == "Hello.\nHow are you?\n\nStill me."
    assert len(talk) == 2


def test_a_colon_in_speech_is_no_label() -> None:
    talk = turns_of("Agent: Please try this.\nNote: it takes a while.\nCustomer: ok: done\n")
    assert [text for _, _, text in talk] == [
        "Please try this.\nNote: it takes a while.",
        "ok: done",
    ]


def test_names_that_recur_are_speakers_of_unknown_role() -> None:
    talk = turns_of("Dana: Hello\nSam: Hi\nDana: How can I help?\nSam: It broke\n")
    assert [role for role, _, _ in talk] == ["unknown"] * 4
    assert [speaker for _, speaker, _ in talk] == ["Dana", "Sam", "Dana", "Sam"]


def test_times_beside_labels_become_offsets() -> None:
    assert starts_of("[00:00:05] Agent: a\n[00:01:02] Customer: b\n") == [5.0, 62.0]
    assert starts_of("Agent (00:12): a\nCustomer (1:02): b\n") == [12.0, 62.0]


def test_clock_times_are_counted_from_the_first() -> None:
    assert starts_of("10:15:00 Agent: a\n10:15:30 Customer: b\n") == [0.0, 30.0]


def test_a_speaker_seen_once_beside_a_time_is_a_speaker() -> None:
    text = "10:15:00 Dana: Hello\n10:15:20 Ringo Starr: Hi\n10:15:40 Dana: Bye\n and more\n"
    assert [speaker for _, speaker, _ in turns_of(text)] == ["Dana", "Ringo Starr", "Dana"]


def test_lines_before_the_first_label_are_a_heading() -> None:
    parsed = parse(b"Call of Monday\n\nAgent: a\nCustomer: b\n", name="x.txt")
    assert parsed.interactions[0].metadata == {"heading": "Call of Monday"}
    assert any("heading" in note for note in parsed.notes)


def test_text_without_labels_is_refused_for_who_spoke_is_not_guessed() -> None:
    with pytest.raises(FormatError, match="has no speaker labels"):
        parse(b"Hello there.\nHow can I help?\n", name="x.txt")


def test_an_uploader_may_state_the_channel() -> None:
    parsed: Parsed = parse(b"Agent: a\nCustomer: b\n", name="x.txt", channel="chat")
    assert parsed.interactions[0].channel == "chat"


def test_windows_line_ends_and_a_byte_order_mark_are_read() -> None:
    data = b"\xef\xbb\xbfAgent: a\r\nCustomer: b\r\n"
    assert [turn.text for turn in parse(data, name="x.txt").interactions[0].turns] == ["a", "b"]


def test_literal_line_breaks_are_read() -> None:
    assert len(turns_of(r"Agent: Hello\nCustomer: Hi\nAgent: Bye")) == 3


def test_a_label_with_a_time_alone_on_its_line_opens_a_turn() -> None:
    text = "Speaker 1 00:12\nHello\nthere\n\nSpeaker 2 | 00:15\nHi\n\nSpeaker 1 (1:02)\nBye\n"
    assert [(speaker, said) for _, speaker, said in turns_of(text)] == [
        ("Speaker 1", "Hello\nthere"),
        ("Speaker 2", "Hi"),
        ("Speaker 1", "Bye"),
    ]
    assert starts_of(text) == [12.0, 15.0, 62.0]


def test_a_time_alone_on_its_line_is_the_next_turns_and_a_tools_last_words_are_nobodys() -> None:
    text = (
        "Call with Sam - Transcript\n\n00:00:00\n \nDana Doe: Hello.\nSam Roe: I'm upset.\n\n"
        "00:05:00\n\nDana Doe: I see why.\nSam Roe: At 10:30:\n10:45\n \n"
        "Meeting ended after 00:06:12 \N{WAVING HAND SIGN}\n\nThis editable transcript was ...\n"
    )
    assert [(speaker, said) for _, speaker, said in turns_of(text)] == [
        ("Dana Doe", "Hello."),
        ("Sam Roe", "I'm upset."),
        ("Dana Doe", "I see why."),
        ("Sam Roe", "At 10:30:\n10:45"),
    ]
    assert starts_of(text) == [0.0, None, 300.0, None]


def test_bracketed_times_before_single_letters_are_read() -> None:
    text = "[00:01:02] A: Hello\n[00:01:09] B: Hi\n"
    assert [speaker for _, speaker, _ in turns_of(text)] == ["A", "B"]
    assert starts_of(text) == [62.0, 69.0]


def test_blocks_with_a_label_above_them_are_turns() -> None:
    text = "Agent\nHello.\nHow are you?\n\nCustomer\nIt broke.\n\nAgent\nSorry.\n"
    assert turns_of(text) == [
        ("agent", "Agent", "Hello.\nHow are you?"),
        ("customer", "Customer", "It broke."),
        ("agent", "Agent", "Sorry."),
    ]


def test_names_above_blocks_are_speakers_if_they_recur() -> None:
    text = "Dana\nHello.\n\nSam\nHi.\n\nDana\nBye.\n\nSam\nBye.\n"
    assert [speaker for _, speaker, _ in turns_of(text)] == ["Dana", "Sam", "Dana", "Sam"]


def test_labels_within_one_line_are_turns() -> None:
    text = "Customer: Hi there. Agent: Hello, can I help? Customer: It broke. Agent Mike: Sorry."
    assert turns_of(text) == [
        ("customer", "Customer", "Hi there."),
        ("agent", "Agent", "Hello, can I help?"),
        ("customer", "Customer", "It broke."),
        ("agent", "Agent Mike", "Sorry."),
    ]


ENVELOPE = {
    "ClientId": "10007",
    "ConversationId": "c-1",
    "StartTime": "2026-12-07 02:00:00",
    "EndTime": "2026-12-07 02:16:00",
    "Content": "**Service Call**\n\n**Agent:** Thank you.\n\n**Customer:** Hi.\n",
}


def test_the_text_may_stand_in_a_json_envelope() -> None:
    parsed = parse(json.dumps(ENVELOPE).encode(), name="x.json")
    (interaction,) = parsed.interactions
    assert (parsed.format, interaction.external_id, interaction.duration_s) == (
        "plain_text",
        "c-1",
        960.0,
    )
    assert [(turn.role, turn.text) for turn in interaction.turns] == [
        ("agent", "Thank you."),
        ("customer", "Hi."),
    ]
    assert (interaction.started_at, parsed.open) == (None, (Question.TIME_ZONE,))


def test_the_time_zone_of_an_envelope_may_be_told() -> None:
    answers = Answers(time_zone=ZoneInfo("Europe/Berlin"))
    parsed = parse(json.dumps(ENVELOPE).encode(), name="x.json", answers=answers)
    assert parsed.interactions[0].to_dict()["started_at"] == "2026-12-07T01:00:00Z"
    assert parsed.open == ()


def test_many_envelopes_are_many_conversations_and_bad_ones_are_told() -> None:
    lines = [ENVELOPE, {**ENVELOPE, "Content": "no labels"}, {**ENVELOPE, "ConversationId": 2}]
    parsed = parse("\n".join(map(json.dumps, lines)).encode(), name="x.jsonl")
    assert [interaction.external_id for interaction in parsed.interactions] == ["c-1", "2"]
    assert str(parsed.errors[0]).startswith("line 2: Content has no speaker labels")


ONE_LINE = "Good morning. My bill is wrong again. Oh, twice is too often. Yes it is."


@pytest.mark.parametrize("key", ["Content", "transcript", "text", "conversation_text"])
@pytest.mark.parametrize("wrap", [lambda one: one, lambda one: [one]], ids=["object", "list"])
def test_an_envelope_alone_without_labels_may_be_told_apart(key: str, wrap: Any) -> None:
    data = json.dumps(wrap({"ConversationId": "c-1", key: ONE_LINE})).encode()
    told = ("agent", "customer", "agent", "customer")
    found = parse(data, name="x.json", answers=Answers(pieces=told))
    assert [turn.role for turn in found.interactions[0].turns] == list(told)
    with pytest.raises(FormatError, match="send the file by itself on the upload page") as caught:
        parse(data, name="x.json")
    assert caught.value.question is Question.PIECES


def test_of_several_envelopes_the_one_without_labels_is_named_with_a_way_out() -> None:
    several = [{"ConversationId": "c-1", "Content": ONE_LINE}, ENVELOPE]
    parsed = parse(json.dumps(several).encode(), name="x.json")
    assert len(parsed.interactions) == 1
    (error,) = parsed.errors
    assert error.field == "[0].Content"
    assert "save it as a separate file" in error.message


@pytest.mark.parametrize("other", [{"a": {"text": ONE_LINE}}, {"text": "Hi"}, {"n": ONE_LINE}])
def test_other_json_with_a_text_somewhere_is_no_envelope(other: dict[str, Any]) -> None:
    with pytest.raises(FormatError, match="is JSON of a kind not known here"):
        parse(json.dumps(other).encode(), name="x.json")


@pytest.mark.parametrize("wrong", [None, 3, [], {"a": 1}, "x"])
def test_an_envelope_with_wrong_values_is_read_as_far_as_it_goes(wrong: object) -> None:
    envelope = {**ENVELOPE, "StartTime": wrong, "EndTime": wrong, "ConversationId": wrong}
    (interaction,) = parse(json.dumps(envelope).encode(), name="x.json").interactions
    assert (interaction.started_at, interaction.duration_s, len(interaction.turns)) == (
        None,
        None,
        2,
    )


def pieces_of(text: str) -> list[str]:
    return [piece.text for piece in cut(text)]


def test_a_text_without_labels_is_cut_into_lines_and_long_lines_into_sentences() -> None:
    long = "Mr. Vale called us back. " * 9
    assert pieces_of("One. Two.\n\n---\n Three? \n") == ["One. Two.", "Three?"]
    assert pieces_of(long) == ["Mr. Vale called us back."] * 9
    assert pieces_of("Was it lost?No, it was not.") == ["Was it lost?", "No, it was not."]
    assert pieces_of(r"Hello.\nHi there.\n") == ["Hello.", "Hi there."]


def test_a_wrapped_paragraph_is_put_together_before_it_is_cut() -> None:
    wrapped = (
        "I have called three times now about the very same\n"
        "parcel and nobody could tell me where it is. I am\n"
        "really tired of it.\n\nI can imagine.\n"
    )
    first, second = pieces_of(wrapped)
    assert first == " ".join(wrapped.split("\n\n", maxsplit=1)[0].split())
    assert second == "I can imagine."


def test_pieces_become_turns_as_they_are_told() -> None:
    talk = "One.\nTwo.\nThree.\nFour.\n"
    told = ("agent", "joined", "out", "customer")
    parsed = parse(talk.encode(), name="talk.txt", answers=Answers(pieces=told))
    assert [(turn.role, turn.text) for turn in parsed.interactions[0].turns] == [
        ("agent", "One.\nTwo."),
        ("customer", "Four."),
    ]


def test_neighbours_in_one_line_with_one_speaker_are_one_turn() -> None:
    talk = f"{'It is so. ' * 30}\nIt is so.\n"
    told = ("agent",) * 30 + ("agent",)
    parsed = parse(talk.encode(), name="talk.txt", answers=Answers(pieces=told))
    assert [len(turn.text) for turn in parsed.interactions[0].turns] == [299, 9]


TEAMS = [
    "Ivy Marsh (Millbank){}0 minutes 3 seconds{}Thanks for joining.",
    "Ron Ask{}0 minutes 9 seconds{}The lift is late.{}{}It is the third time.",
    "Ivy Marsh (Millbank){}1 minute 2 seconds{}I am sorry.",
]


@pytest.mark.parametrize(
    ("minutes", "seconds", "extra"),
    [
        ("minute", "second", ""),
        ("Minuten", "Sekunden", ""),
        ("minutes et", "secondes", ""),
        ("minutos", "segundos", "0:03"),
    ],
)
def test_names_above_times_in_words_are_speakers(minutes: str, seconds: str, extra: str) -> None:
    text = "\n\n".join(TEAMS).replace("{}", "\n")
    text = text.replace("minutes", minutes).replace("minute ", f"{minutes} ")
    text = text.replace("seconds", f"{seconds}{extra}")
    (interaction,) = parse(text.encode(), name="x.txt").interactions
    assert [(turn.speaker, turn.text, turn.started_s) for turn in interaction.turns] == [
        ("Ivy Marsh (Millbank)", "Thanks for joining.", 3.0),
        ("Ron Ask", "The lift is late.\n\nIt is the third time.", 9.0),
        ("Ivy Marsh (Millbank)", "I am sorry.", 62.0),
    ]


def test_a_name_and_time_written_twice_is_no_word() -> None:
    text = (
        "Ivy Marsh\n0 minutes 3 seconds0:03\nIvy Marsh 0 minutes 3 seconds\nHello.\n"
        "Ron Ask\n0 minutes 9 seconds0:09\nRon Ask 0 minutes 9 seconds\nIn 5 minutes\n"
    )
    (interaction,) = parse(text.encode(), name="x.txt").interactions
    assert [(turn.speaker, turn.text) for turn in interaction.turns] == [
        ("Ivy Marsh", "Hello."),
        ("Ron Ask", "In 5 minutes"),
    ]


def test_who_was_there_is_a_speaker_though_seen_once() -> None:
    text = (
        "Lift call - Transcript\nAttendees\nIvy Marsh, Ron Ask\nTranscript\n00:00:00\n"
        "Ivy Marsh: Thanks for joining.\nRon Ask: The lift is late.\nNote: urgent\n"
        "Ivy Marsh: I am sorry.\n"
    )
    (interaction,) = parse(text.encode(), name="x.txt").interactions
    assert [(turn.speaker, turn.text) for turn in interaction.turns] == [
        ("Ivy Marsh", "Thanks for joining."),
        ("Ron Ask", "The lift is late.\nNote: urgent"),
        ("Ivy Marsh", "I am sorry."),
    ]


def test_two_names_seen_once_above_their_words_are_speakers() -> None:
    text = "Ivy Marsh  0:03\nThanks for joining.\n\nRon Ask  0:09\nThe lift is late.\n"
    (interaction,) = parse(text.encode(), name="x.txt").interactions
    assert [(turn.speaker, turn.started_s) for turn in interaction.turns] == [
        ("Ivy Marsh", 3.0),
        ("Ron Ask", 9.0),
    ]


@pytest.mark.parametrize(
    "event",
    [
        "Ivy Marsh stopped transcription",
        "Ivy Marsh hat die Transkription beendet",
        "Ivy Marsh a arrêté la transcription",
        "Ivy Marsh ha detenido la transcripción",
        "Ivy Marsh stopped recording",
    ],
)
def test_what_a_speaker_did_with_the_transcript_is_no_word_of_theirs(event: str) -> None:
    text = "Ivy Marsh   0:03\nHello.\n\nRon Ask   0:09\nIt is late.\n\nIvy Marsh   0:12\nI see.\n\n"
    for said in (f"{text}{event}\n", f"{text}I read the transcription\n"):
        *_, last = parse(said.encode(), name="x.txt").interactions[0].turns
        assert last.text.startswith("I see.")
        assert event not in last.text
    assert "transcription" in last.text


@pytest.mark.parametrize(
    ("label", "role", "named"),
    [
        ("CUSTOMER (crying)", "customer", "CUSTOMER"),
        ("Customer [very upset]", "customer", "Customer"),
        ("Caller - angry", "customer", "Caller"),
        ("Customer, sobbing", "customer", "Customer"),
        ("Agent (calm)", "agent", "Agent"),
        ("Kundin (weint)", "customer", "Kundin"),
        ("Agent (Ivy)", "agent", "Agent (Ivy)"),
        ("Agent Ivy Marsh (on hold)", "agent", "Agent Ivy Marsh"),
        ("customer (jane)", "customer", "customer (jane)"),
        ("Ivy Marsh (millbank)", None, "Ivy Marsh (millbank)"),
    ],
)
def test_a_mood_beside_a_role_is_no_part_of_the_name(
    label: str, role: str | None, named: str
) -> None:
    assert role_of(label) == role
    assert without_asides(label) == named
