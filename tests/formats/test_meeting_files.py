"""Real captions, texts and tables, each read by hand.

Times, words and counts below were taken from the files, not from what the importers gave.
"""

from dataclasses import dataclass

import pytest

from tests.fixture_files import FIXTURES
from transcripts.formats import FormatError, Question, parse


@dataclass(frozen=True)
class Expected:
    """What a person reads in a file with one conversation."""

    format: str
    turns: int
    first: str
    last: str
    starts: float | None
    ends: float | None
    speakers: frozenset[str | None] = frozenset({None})
    roles: frozenset[str] = frozenset({"unknown"})


def names(*said: str | None) -> frozenset[str | None]:
    return frozenset(said)


FILES = {
    "webvtt/podcast_namespace_example.vtt": Expected(
        "webvtt", 7, "In today's episode,", "need a podcast trailer?", 0.0, 25.35,
        names("Sarah", "Gillian"),
    ),
    "webvtt/teams_new_style.vtt": Expected(
        "webvtt", 4, "Y vamos a compartir", "directamente en la en la MAC.", 4.795, 27.235,
        names("Jean Lescure"),
    ),
    "webvtt/webvttpy_captions_with_bom.vtt": Expected(
        "webvtt", 4, "Caption text #1", "Caption text #4", 0.5, 21.58
    ),
    # three cues, two of them with two speakers, each marked by a dash
    "webvtt/webvttpy_comments.vtt": Expected(
        "webvtt", 5, "Ta en kopp varmt te.", "Ta en kopp", 135.0, 150.0
    ),
    "webvtt/webvttpy_cue_tags.vtt": Expected(
        "webvtt", 3, "When the moon hits your eye", "That's amore", 16.5, 21.5
    ),
    "webvtt/webvttpy_metadata_headers.vtt": Expected(
        "webvtt", 2, "Caption text #1", "Caption text #2", 0.5, 11.89
    ),
    # the second cue has no text
    "webvtt/webvttpy_missing_caption_text.vtt": Expected(
        "webvtt", 4, "Caption text #1", "Caption text #5", 0.5, 23.88
    ),
    # "Caption text #2" has no times
    "webvtt/webvttpy_missing_timeframe.vtt": Expected(
        "webvtt", 6, "Caption text #1", "Caption text #7", 0.5, 30.28
    ),
    "webvtt/webvttpy_styles.vtt": Expected("webvtt", 1, "Hello world.", "Hello world.", 0.0, 10.0),
    "webvtt/webvttpy_using_identifiers.vtt": Expected(
        "webvtt", 6, "Caption text #1", "Caption text #6", 0.5, 27.28
    ),
    # four cues; "yeah" rolls up into the second, and the fourth only repeats the third
    "webvtt/webvttpy_youtube_dl.vtt": Expected(
        "webvtt", 3, "yeah", "this will happen is I'm telling", 286.07, 305.069
    ),
    "webvtt/zoom_meeting001_transcript.vtt": Expected(
        "webvtt", 300, "Okay, so we're recording.", "See you in our next program.", 4.859, 3341.97,
        names("Andrew Knight", "Paul McCartney", "George Harrison", "John Lennon", "Ringo Starr"),
    ),
    "srt/podcast_namespace_example.srt": Expected(
        "srt", 222, "When you first get", "episodes.", 0.179, 754.769,
        names("Travis", "Sarah", "Gilon"),
    ),
    "srt/webvttpy_invalid_timeframe.srt": Expected(
        "srt", 5, "Caption text #1", "Caption text #5", 0.5, 23.88
    ),
    "srt/webvttpy_missing_caption_text.srt": Expected(
        "srt", 4, "Caption text #1", "Caption text #5", 0.5, 23.88
    ),
    "srt/webvttpy_missing_timeframe.srt": Expected(
        "srt", 4, "Caption text #1", "Caption text #5", 0.5, 23.88
    ),
    "srt/webvttpy_one_caption.srt": Expected(
        "srt", 1, "Caption text #1", "Caption text #1", 0.5, 7.0
    ),
    "srt/webvttpy_sample.srt": Expected(
        "srt", 5, "Caption text #1", "Caption text #5", 0.5, 23.88
    ),
    "srt/whisperx_audio_en.srt": Expected(
        "srt", 1, "This is a test audio file", "in English.", 2.878, 10.199
    ),
    "plain_text/markdown_bold_customer_agent.txt": Expected(
        "plain_text", 19, "Hi, I'm having some issues", "Have a great day!", None, None,
        names("Customer", "Agent"), frozenset({"customer", "agent"}),
    ),
}  # fmt: skip
REFUSED = {
    "webvtt/webvttpy_invalid.vtt": "does not begin with WEBVTT",
    "plain_text/insurance_script_no_labels.txt": "has no speaker labels",
}


@pytest.mark.parametrize("file", FILES)
def test_a_real_file_is_read_as_a_person_reads_it(file: str) -> None:
    expected = FILES[file]
    parsed = parse((FIXTURES / file).read_bytes(), name=file)
    (interaction,) = parsed.interactions
    first, last = interaction.turns[0], interaction.turns[-1]
    assert (parsed.format, len(interaction.turns)) == (expected.format, expected.turns)
    assert first.text.startswith(expected.first)
    assert last.text.endswith(expected.last)
    assert (first.started_s, last.ended_s) == (expected.starts, expected.ends)
    assert interaction.started_at is None
    assert {turn.role for turn in interaction.turns} == expected.roles
    assert {turn.speaker for turn in interaction.turns} == expected.speakers
    assert (Question.ROLES in parsed.open) == ("unknown" in expected.roles)


@pytest.mark.parametrize("file", REFUSED)
def test_a_file_with_nothing_to_import_says_so(file: str) -> None:
    with pytest.raises(FormatError, match=REFUSED[file]):
        parse((FIXTURES / file).read_bytes(), name=file)


def test_the_table_of_47_conversations_is_read_as_a_person_reads_it() -> None:
    file = FIXTURES / "csv_turns" / "agentune_sample_conversations.csv"
    parsed = parse(file.read_bytes(), name=file.name)
    assert (parsed.format, len(parsed.interactions), parsed.open) == ("csv_turns", 47, ())
    first, last = parsed.interactions[0], parsed.interactions[-1]
    assert (first.external_id, last.external_id) == ("conv_001", "conv_047")
    assert first.to_dict()["started_at"] == "2025-04-27T22:22:05Z"
    assert first.turns[0].role == "agent"
    assert first.turns[0].text == "Thank you for calling PC Support, how can I help you today?"
    assert last.turns[-1].role == "customer"
    assert last.turns[-1].text.endswith("once I get the new drive installed.")
    assert last.to_dict()["turns"][-1]["sent_at"] == "2025-04-27T23:10:05Z"
