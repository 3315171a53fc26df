"""WebVTT captions."""

import pytest

from transcripts.formats import FormatError, parse


def read(text: str) -> list[tuple[str | None, str, float | None, float | None]]:
    (interaction,) = parse(text.encode(), name="x.vtt").interactions
    return [(turn.speaker, turn.text, turn.started_s, turn.ended_s) for turn in interaction.turns]


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


def test_a_speaker_named_by_an_id_keeps_it() -> None:
    guid = "8a3f0c1d-2b4e-4f6a-9c8d-0e1f2a3b4c5d@72f988bf-86f1-41af-91ab-2d7cd011db47"
    talk = read(f"WEBVTT\n\n{guid}\n0:0:1.0 --> 0:0:2.5\n<v {guid}>Hello</v>\n")
    assert talk == [(guid, "Hello", 1.0, 2.005)]


def test_teams_wraps_lines_within_a_tag() -> None:
    talk = read(
        "WEBVTT\n\ne84a7995-f8d8-40dc-845a-223814337f09/5-0\n00:00:01.000 --> 00:00:02.000\n"
        "<v Jean Lescure>Hello\nthere.</v>\n"
    )
    assert talk[0][:2] == ("Jean Lescure", "Hello\nthere.")


def test_two_voices_in_a_cue_are_two_turns() -> None:
    talk = read("WEBVTT\n\n00:01.000 --> 00:02.000\n<v Dana>Hello</v>\n<v.loud Sam>Hi &lt;3</v>\n")
    assert [(speaker, text) for speaker, text, *_ in talk] == [("Dana", "Hello"), ("Sam", "Hi <3")]


def test_a_cue_id_that_recurs_is_the_speaker() -> None:
    talk = read(
        "WEBVTT\n\nSpeaker 1\n00:01.000 --> 00:02.000\nHello\n\n"
        "Speaker 2\n00:02.000 --> 00:03.000\nHi\n\nSpeaker 1\n00:03.000 --> 00:04.000\nBye\n\n"
        "Speaker 2\n00:04.000 --> 00:05.000\nBye\n"
    )
    assert [speaker for speaker, *_ in talk] == ["Speaker 1", "Speaker 2", "Speaker 1", "Speaker 2"]


def test_a_quoted_name_in_the_cue_id_is_the_speaker() -> None:
    talk = read(
        'WEBVTT\n\n1 "Dana Reyes" (3428938496)\n00:01.000 --> 00:02.000\nHello\n\n'
        '2 "Sam" (99)\n00:02.000 --> 00:03.000\nHi\n'
    )
    assert [speaker for speaker, *_ in talk] == ["Dana Reyes", "Sam"]


def test_numbered_cues_name_nobody() -> None:
    talk = read("WEBVTT\n\n1\n00:01.000 --> 00:02.000\nHello\n\n1\n00:02.000 --> 00:03.000\nHi\n")
    assert [speaker for speaker, *_ in talk] == [None, None]


def test_screen_names_throughout_a_meeting_are_speakers() -> None:
    cue = "00:01.000 --> 00:02.000\n"
    said = ["mary k: Hello", "iPhone (2): Hi", "mary k: well", "iPhone (2): note: no", "Ringo: Bye"]
    talk = read("WEBVTT\n\n" + "\n\n".join(cue + words for words in said * 2))
    assert [speaker for speaker, *_ in talk][:5] == [
        "mary k", "iPhone (2)", "mary k", "iPhone (2)", "Ringo",
    ]  # fmt: skip
    assert talk[3][1] == "note: no"


def test_lines_that_roll_up_are_taken_once() -> None:
    talk = read(
        "WEBVTT\nKind: captions\nLanguage: en\n\n"
        "00:00:00.000 --> 00:00:02.000 align:start position:0%\n"
        "hello<00:00:01.040><c> and</c><00:00:01.500><c> welcome</c>\n\n"
        "00:00:02.000 --> 00:00:02.010\nhello and welcome\n \n\n"
        "00:00:02.010 --> 00:00:04.000\nhello and welcome\nto<00:00:03.040><c> us</c>\n"
    )
    assert [text for _, text, *_ in talk] == ["hello and welcome", "to us"]


def test_a_tag_that_names_nobody_gives_no_speaker() -> None:
    talk = read("WEBVTT\n\n00:01.000 --> 00:02.000\n<v ->Hello</v>\n")
    assert talk[0][:2] == (None, "Hello")


def test_an_arrow_in_the_words_stays_there() -> None:
    talk = read("WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n\n00:02.000 --> 00:03.000\na --&gt; b\n")
    assert [text for _, text, *_ in talk] == ["Hello", "a --> b"]


def test_a_nul_is_replaced_as_the_standard_says() -> None:
    data = b"WEBVTT\n\n00:01.000 --> 00:02.000\nHel\x00lo &#0;\n"
    assert parse(data, name="x.vtt").interactions[0].turns[0].text == "Hel\ufffdlo \ufffd"


def test_cues_are_put_in_order_of_time() -> None:
    talk = read(
        "WEBVTT\n\n00:05.000 --> 00:06.000\n<v Dana>late\n\n00:01.000 --> 00:07.000\n<v Sam>early\n"
    )
    assert [text for _, text, *_ in talk] == ["early", "late"]


def test_words_a_blank_line_below_their_times_are_read() -> None:
    text = (
        "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n\nThe lift is late\n\n"
        "00:00:03.000 --> 00:00:04.000\n\nAt 02:10.000 --> it rang\n\nNOTE nothing\n\n"
        "7/1-0\n00:00:05.000 --> 00:00:06.000\n\nI am sorry\n"
    )
    parsed = parse(text.encode(), name="x.vtt")
    assert [turn.text for turn in parsed.interactions[0].turns] == [
        "The lift is late",
        "At 02:10.000 --> it rang",
        "I am sorry",
    ]
    assert not any("without times" in note for note in parsed.notes)


def test_a_cue_without_words_takes_none_from_the_next() -> None:
    text = "WEBVTT\n\n1\n00:01.000 --> 00:02.000\n\n2\n00:03.000 --> 00:04.000\nHello\n\n3\n"
    text += "00:05.000 --> 00:06.000\n\nstray words\n\n4\n00:07.000 --> 00:08.000\nBye\n"
    parsed = parse(text.encode(), name="x.vtt")
    assert [turn.text for turn in parsed.interactions[0].turns] == ["Hello", "Bye"]
    assert "Text without times was left out (1 time)." in parsed.notes
