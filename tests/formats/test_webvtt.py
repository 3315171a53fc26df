"""WebVTT captions."""

import pytest

from transcripts.formats import FormatError, parse


def read(text: str) -> list[tuple[str | None, str, float | None, float | None]]:
    (one,) = parse(text.encode(), name="x.vtt").interactions
    return [(turn.speaker, turn.text, turn.started_s, turn.ended_s) for turn in one.turns]


def test_voice_tags_name_the_speakers() -> None:
    talk = read(
        "WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.500\n<v Dana Reyes>Hello &amp; welcome</v>\n\n"
        "2\n00:00:03.000 --> 00:00:04.000\n<v Customer>Hi\n"
    )
    assert talk == [
        ("Dana Reyes", "Hello & welcome", 1.0, 2.5),
        ("Customer", "Hi", 3.0, 4.0),
    ]


def test_a_customers_tag_gives_the_role() -> None:
    data = b"WEBVTT\n\n00:01.000 --> 00:02.000\n<v Customer>Hi\n"
    assert parse(data, name="x.vtt").interactions[0].turns[0].role == "customer"


def test_names_before_the_text_are_speakers_if_they_recur() -> None:
    talk = read(
        "WEBVTT\n\n00:01.000 --> 00:02.000\nDana: Hello\n\n00:02.000 --> 00:03.000\nSam: Hi\n\n"
        "00:03.000 --> 00:04.000\nDana: Bye\n\n00:04.000 --> 00:05.000\nSam: Meeting title: none\n"
    )
    assert [speaker for speaker, *_ in talk] == ["Dana", "Sam", "Dana", "Sam"]
    assert talk[3][1] == "Meeting title: none"


def test_a_cue_without_a_name_continues_the_speaker_and_is_listed() -> None:
    data = (
        b"WEBVTT\n\n00:01.000 --> 00:02.000\n<v Dana>Hello\n\n00:02.000 --> 00:03.000\nand more\n"
    )
    parsed = parse(data, name="x.vtt")
    assert [turn.speaker for turn in parsed.interactions[0].turns] == ["Dana", "Dana"]
    assert parsed.interactions[0].metadata == {"continued_turns": [1]}
    assert any("previous speaker" in note for note in parsed.notes)


def test_unpadded_times_of_teams_are_milliseconds() -> None:
    talk = read("WEBVTT\n\n0:8:42.7 --> 0:8:43.50\n<v Dana>Hello</v>\n")
    assert talk[0][2:] == (522.007, 523.05)


def test_notes_and_styles_are_no_turns() -> None:
    talk = read(
        "WEBVTT\n\nNOTE a remark\n\nSTYLE\n::cue {}\n\n00:01.000 --> 00:02.000\n<v Dana>Hello\n"
    )
    assert [text for _, text, *_ in talk] == ["Hello"]


def test_a_byte_order_mark_and_mixed_line_ends_are_read() -> None:
    data = b"\xef\xbb\xbfWEBVTT\r\n\r\n00:01.000 --> 00:02.000\n<v Dana>Hello\r\n"
    assert parse(data, name="x.vtt").interactions[0].turns[0].text == "Hello"


def test_a_file_with_no_cues_holds_nothing() -> None:
    with pytest.raises(FormatError, match="nothing to import"):
        parse(b"WEBVTT\n\n", name="x.vtt")


def test_a_file_without_its_header_is_refused() -> None:
    with pytest.raises(FormatError, match="does not begin with WEBVTT"):
        parse(b"00:01.000 --> 00:02.000\nHello\n", name="x.vtt")
