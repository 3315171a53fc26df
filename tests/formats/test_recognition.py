"""A file is told by its content; its name only settles what content leaves open."""

import pytest

from transcripts.formats import FORMATS, FormatError, parse, recognise

SAMPLES = {
    "canonical": b'{"channel": "chat", "turns": [{"role": "agent", "text": "hi"}]}',
    "labelled_pairs": b'{"id": "1", "channel": "chat", "customer": "a", "agent": "b"}',
    "webvtt": b"WEBVTT\n\n00:01.000 --> 00:02.000\n<v Dana>Hello\n",
    "srt": b"1\n00:00:01,000 --> 00:00:02,000\nDana: Hello\n",
    "csv_turns": b"speaker,text\nAgent,Hello\nCustomer,Hi\n",
    "plain_text": b"Agent: Hello\nCustomer: Hi\n",
}


def test_the_samples_are_of_known_formats() -> None:
    assert set(SAMPLES) <= set(FORMATS)


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("file", ["x", "x.txt", "x.json", "x.vtt", "x.csv", "x.dat"])
def test_content_tells_the_format_whatever_the_name(name: str, file: str) -> None:
    recognition = recognise(SAMPLES[name], file)
    assert (recognition.format, recognition.clear) == (name, True)
    assert recognition.reason


@pytest.mark.parametrize("name", SAMPLES)
def test_utf_16_is_recognised_too(name: str) -> None:
    assert recognise(SAMPLES[name].decode().encode("utf-16"), "x").format == name


def test_a_bracketed_time_at_the_beginning_is_not_taken_for_json() -> None:
    data = b"[00:01:02] Agent: Hello\n[00:01:09] Customer: Hi\n"
    assert recognise(data, "x.json").format == "plain_text"


def test_a_file_of_no_known_format_is_told_so() -> None:
    with pytest.raises(FormatError, match="not in a format known here; expected one of canonical"):
        recognise(b"just some words", "x.dat")


def test_a_format_may_be_stated() -> None:
    with pytest.raises(FormatError, match="does not begin with WEBVTT"):
        parse(SAMPLES["plain_text"], name="x.txt", format="webvtt")


@pytest.mark.parametrize("argument", [{"format": "word"}, {"channel": "fax"}])
def test_an_unknown_format_or_channel_names_the_known_ones(argument: dict[str, str]) -> None:
    with pytest.raises(FormatError, match="is not known; expected one of"):
        parse(b"Agent: a\nCustomer: b\n", name="x.txt", **argument)
