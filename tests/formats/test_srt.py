"""SubRip captions: every shape and trap of a format without a standard."""

import pytest

from transcripts.formats import FormatError, Parsed, parse, recognise


def read(text: str | bytes, name: str = "x.srt") -> Parsed:
    return parse(text.encode() if isinstance(text, str) else text, name=name)


def talk(text: str) -> list[tuple[str | None, str]]:
    (interaction,) = read(text).interactions
    return [(turn.speaker, turn.text) for turn in interaction.turns]


def cues(*texts: str) -> str:
    return "\n".join(
        f"{n}\n00:00:{n:02d},000 --> 00:00:{n + 1:02d},000\n{text}\n"
        for n, text in enumerate(texts, start=1)
    )


def test_cues_have_their_times() -> None:
    (interaction,) = read("1\n00:00:01,500 --> 01:00:02,250\nHello\nthere\n").interactions
    (turn,) = interaction.turns
    assert (turn.text, turn.started_s, turn.ended_s) == ("Hello\nthere", 1.5, 3602.25)
    assert (interaction.channel, interaction.duration_s) == ("video", 3602.25)


@pytest.mark.parametrize("name", ["x.srt", "x.txt", "x.vtt", "x"])
def test_the_times_tell_the_format_whatever_the_name(name: str) -> None:
    recognition = recognise(cues("Hello", "Hi").encode(), name)
    assert (recognition.format, recognition.clear) == ("srt", True)


def test_names_before_the_words_are_speakers() -> None:
    assert talk(cues("Dana: When you", "first start", "Sam: Yes", "Dana: no", "Sam: So: go")) == [
        ("Dana", "When you"),
        ("Dana", "first start"),
        ("Sam", "Yes"),
        ("Dana", "no"),
        ("Sam", "So: go"),
    ]


def test_words_before_a_colon_are_a_speaker_only_if_they_recur() -> None:
    assert talk(cues("Dana: One", "Sam: Two", "Dana: a", "Sam: b", "Remember: act"))[4] == (
        "Sam",
        "Remember: act",
    )


def test_cues_that_continue_are_listed() -> None:
    parsed = read(cues("Agent: Hello,", "welcome", "Customer: Hi"))
    assert parsed.interactions[0].metadata == {"continued_turns": [1]}
    assert [turn.role for turn in parsed.interactions[0].turns] == ["agent", "agent", "customer"]


@pytest.mark.parametrize(
    ("first", "speaker"),
    [
        ("[SPEAKER_00]: Hello", "SPEAKER_00"),
        ("[SPEAKER_00] Hello", "SPEAKER_00"),
        ("MAN:\nHello", "MAN"),
        ("Speaker 1: Hello", "Speaker 1"),
        ("\u0413\u043e\u043b\u043e\u0441 \u21161: Hello", "\u0413\u043e\u043b\u043e\u0441 \u21161"),
        ("<b>Dana:</b> Hello", "Dana"),
        ("{\\an8}<i>Dana</i>: Hello", "Dana"),
    ],
)  # fmt: skip
def test_a_speaker_is_written_in_many_ways(first: str, speaker: str) -> None:
    assert talk(cues(first, "WOMAN: Hi", first, "WOMAN: Bye"))[0] == (speaker, "Hello")


def test_a_numbered_speaker_in_brackets_need_not_recur() -> None:
    assert talk(cues("[Speaker 1]: Hello", "[Speaker 2]: Hi: you")) == [
        ("Speaker 1", "Hello"),
        ("Speaker 2", "Hi: you"),
    ]


def test_a_remark_in_brackets_is_no_speaker() -> None:
    assert talk(cues("[Laughter] Well", "[Laughter] Yes"))[0] == (None, "[Laughter] Well")


def test_a_dash_is_a_change_of_speaker_and_names_nobody() -> None:
    assert talk(cues("Dana: Hello", "Dana: Tea?", "- Yes, please.\n- Not for me.")) == [
        ("Dana", "Hello"),
        ("Dana", "Tea?"),
        (None, "Yes, please."),
        (None, "Not for me."),
    ]


def test_a_minus_is_no_dash() -> None:
    assert talk(cues("-5 degrees", "--and then"))[:2] == [
        (None, "-5 degrees"),
        (None, "--and then"),
    ]


def test_a_cue_without_text_is_passed_over() -> None:
    assert [text for _, text in talk(cues("one", "", "three"))] == ["one", "three"]


def test_words_without_times_are_left_out_and_told_never_added_to_the_cue_above() -> None:
    text = (
        "1\n00:00:01,000 --> 00:00:02,000\none\n\n2\ntwo\n\n3\n00:00:03,000 --> 00:00:04,000\nthree"
    )
    parsed = read(text)
    assert [turn.text for turn in parsed.interactions[0].turns] == ["one", "three"]
    assert "Text without times was left out (1 time)." in parsed.notes


def test_gaps_in_the_numbers_and_missing_ones_do_no_harm() -> None:
    text = "7\n00:00:01,000 --> 00:00:02,000\none\n\n00:00:03,000 --> 00:00:04,000\ntwo\n"
    assert [text for _, text in talk(text)] == ["one", "two"]


def test_a_blank_line_within_a_cue_is_not_its_end() -> None:
    assert talk("1\n00:00:01,000 --> 00:00:02,000\none\n\nand more\n")[0][1] == "one\nand more"


def test_one_digit_hours_and_dots_for_commas_are_read() -> None:
    (interaction,) = read("1\n0:00:01,5 --> 0:00:02.250 X1:40 X2:600\nHello\n").interactions
    assert (interaction.turns[0].started_s, interaction.turns[0].ended_s) == (1.5, 2.25)


def test_cues_are_put_in_order_of_time() -> None:
    text = "1\n00:00:05,000 --> 00:00:06,000\nlate\n\n2\n00:00:01,000 --> 00:00:02,000\nearly\n"
    assert [text for _, text in talk(text)] == ["early", "late"]


def test_an_end_before_the_start_is_dropped() -> None:
    (interaction,) = read("1\n00:00:05,000 --> 00:00:01,000\nHello\n").interactions
    assert (interaction.turns[0].started_s, interaction.turns[0].ended_s) == (5.0, None)


def test_entities_and_tags_are_taken_out() -> None:
    assert talk(cues('<font color="red">A &amp; B</font> a < b'))[0][1] == "A & B a < b"


def test_a_byte_order_mark_and_mixed_line_ends_are_read() -> None:
    data = (
        b"\xef\xbb\xbf1\r\n00:00:01,000 --> 00:00:02,000\r\nHello\r\r"
        b"2\n00:00:03,000 --> 00:00:04,000\nHi"
    )
    assert [turn.text for turn in read(data).interactions[0].turns] == ["Hello", "Hi"]


def test_a_chinese_encoding_is_told() -> None:
    said = "\u60a8\u597d\uff0c\u6b22\u8fce\u81f4\u7535\u5ba2\u670d\u4e2d\u5fc3\uff0c"
    said += "\u8bf7\u95ee\u6709\u4ec0\u4e48\u53ef\u4ee5\u5e2e\u60a8"
    parsed = read(cues(said, said, said).encode("gb2312"))
    assert parsed.interactions[0].turns[0].text == said
    assert any("encoding" in note for note in parsed.notes)


def test_times_without_words_hold_nothing() -> None:
    with pytest.raises(FormatError, match="nothing to import"):
        read("1\n00:00:01,000 --> 00:00:02,000\n\n")


def test_a_later_line_with_a_speakers_label_is_that_speakers() -> None:
    said = talk(
        cues(
            "Agent: Millbank Tools, how can I help?",
            "Customer: The lift is late!\nAgent: I am sorry. I know you\nneed it.",
            "Customer: Third time! Agent: I can see that.",
            "and I have called you:\nplease note: nothing\nCustomer: Good.",
        )
    )
    assert said == [
        ("Agent", "Millbank Tools, how can I help?"),
        ("Customer", "The lift is late!"),
        ("Agent", "I am sorry. I know you\nneed it."),
        ("Customer", "Third time!"),
        ("Agent", "I can see that."),
        ("Agent", "and I have called you:\nplease note: nothing"),
        ("Customer", "Good."),
    ]


def test_names_that_only_answer_are_speakers_if_they_recur() -> None:
    asked = cues("Ivy: Hot?\nRon: Cold.", "Ivy: Since when?\nRon: May.", "Ivy: Long.\nNote: later")
    assert talk(asked) == [
        ("Ivy", "Hot?"),
        ("Ron", "Cold."),
        ("Ivy", "Since when?"),
        ("Ron", "May."),
        ("Ivy", "Long.\nNote: later"),
    ]


ROLLING = {  # cues between bars, lines between slashes
    "line by line": "the lift is|the lift is/still not here|still not here/and I|and I/am cross",
    "word by word": "the|the lift|the lift is still|the lift is still not here and I am cross",
    "both": "the lift is/still|the lift is/still not here|still not here/and I|and I am cross",
    "held": "the lift is|the lift is/still not here|still not here|still not here/and I am cross",
}


@pytest.mark.parametrize("shown", ROLLING.values(), ids=ROLLING)
def test_captions_that_roll_are_taken_once(shown: str) -> None:
    parsed = read(cues(*shown.replace("/", "\n").split("|")))
    said = " ".join(turn.text.replace("\n", " ") for turn in parsed.interactions[0].turns)
    assert said == "the lift is still not here and I am cross"
    assert "Lines that scroll from one caption to the next were read only once." in parsed.notes


@pytest.mark.parametrize(
    "shown",
    [
        ["Yes.", "Yes.", "Yes.", "Yes.", "Yes."],
        ["No", "No way", "The lift", "It is late", "Very late"],
        ["Hello", "Hello?", "Hello?", "Is anybody there", "I am here", "Good"],
    ],
)
def test_what_is_said_again_stays(shown: list[str]) -> None:
    assert [text for _, text in talk(cues(*shown))] == shown
