"""Zoom's saved chats: offsets or a clock's times, several lines a message, reactions."""

from zoneinfo import ZoneInfo

import pytest

from transcripts.formats import Answers, FormatError, Question, parse, recognise

OFFSETS = "00:21:14\tDana Reyes:\tHello all\n00:21:35\tJane Doe:\tHi\nand good morning\n"
CLOCK = (
    "23:58:00\t From Dana Reyes to Everyone : Hello\n"
    "00:01:00\t From  Jane: Doe  to  Everyone:\n\tHi there\n\tall of you\n"
)
DATED = "2026-03-05 10:15:22 From Dana Reyes to Everyone:\n\tHello\n"


def test_offsets_of_the_recording_are_kept() -> None:
    found = parse(OFFSETS.encode(), name="meeting_chat.txt").interactions[0]
    assert found.channel == "chat"
    assert [(turn.speaker, turn.started_s) for turn in found.turns] == [
        ("Dana Reyes", 1274.0),
        ("Jane Doe", 1295.0),
    ]
    assert found.turns[1].text == "Hi\nand good morning"


def test_a_clock_is_counted_from_the_first_message_past_midnight() -> None:
    found = parse(CLOCK.encode(), name="x.txt").interactions[0]
    assert [turn.started_s for turn in found.turns] == [0.0, 180.0]
    assert [turn.text for turn in found.turns] == ["Hello", "Hi there\nall of you"]
    assert found.turns[1].speaker == "Jane: Doe"
    assert found.started_at is None


def test_dated_messages_need_a_zone() -> None:
    asked = parse(DATED.encode(), name="x.txt")
    assert Question.TIME_ZONE in asked.open
    told = parse(DATED.encode(), name="x.txt", answers=Answers(time_zone=ZoneInfo("UTC")))
    start = told.interactions[0].started_at
    assert start is not None
    assert start.isoformat() == "2026-03-05T10:15:22+00:00"


def test_reactions_are_no_turns_and_replies_keep_their_own_words() -> None:
    text = (
        '10:00:00\t From Dana to Everyone : Reacted to "Hello" with 👍\n'
        '10:00:01\t From Dana to Everyone : Removed a 👍 reaction from "Hello"\n'
        '10:00:02\t From Jane to Everyone : Replying to "Where is it?"\n\nOn its way\n'
    )
    assert [turn.text for turn in parse(text.encode(), name="x.txt").interactions[0].turns] == [
        "On its way"
    ]


def test_words_to_one_person_are_told() -> None:
    text = "10:00:00\t From Dana to Jane (Direct Message) : psst\n"
    assert any("one person" in note for note in parse(text.encode(), name="x.txt").notes)


def test_the_list_of_participants_is_refused_by_name() -> None:
    table = "\ufeffMeeting ID,Topic,Start Time,End Time\r\n1,Talk,a,b\r\n"
    assert recognise(table.encode(), "participants.csv").format == "zoom_chat"
    with pytest.raises(FormatError, match="list of participants"):
        parse(table.encode(), name="participants.csv")


def test_a_byte_order_mark_and_mixed_line_ends_do_no_harm() -> None:
    data = b"\xef\xbb\xbf" + OFFSETS.replace("\n", "\r\n", 1).encode()
    assert len(parse(data, name="x.txt").interactions[0].turns) == 2


def test_messages_without_an_addressee_are_messages() -> None:
    text = (
        "18:40:09\t From  Ada Holm  to  Everyone : hello\n"
        "18:40:30\t From  Tam Reed : which door to use: the left one?\n"
        "18:40:40\t From  Ada Holm : to be sure: the right one\nor wait\n"
        "18:40:50 From Tam Reed: thanks\n"
    )
    parsed = parse(text.encode(), name="x.txt")
    assert [(turn.speaker, turn.text) for turn in parsed.interactions[0].turns] == [
        ("Ada Holm", "hello"),
        ("Tam Reed", "which door to use: the left one?"),
        ("Ada Holm", "to be sure: the right one\nor wait"),
        ("Tam Reed", "thanks"),
    ]
    assert not any("one person" in note for note in parsed.notes)


def test_reactions_and_replies_are_told_in_other_languages_by_what_they_quote() -> None:
    text = (
        "10:00:00\t From Dana to Everyone : The lift comes on Friday morning\n"
        '10:00:01\t From Ron to Everyone : Hat auf "The lift comes on ..." mit 👍 reagiert\n'
        '10:00:02\t From Ron to Everyone : Antworten auf "The lift comes..."\n\nAt last\n'
        '10:00:03\t From Ron to Everyone : You said "The lift comes on Friday morning"\n'
    )
    parsed = parse(text.encode(), name="x.txt")
    assert [turn.text for turn in parsed.interactions[0].turns] == [
        "The lift comes on Friday morning",
        "At last",
        'You said "The lift comes on Friday morning"',
    ]
