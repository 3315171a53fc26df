"""Real transcripts of calls, with what a reader finds in each."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.fixture_files import FIXTURES
from transcripts.formats import FormatError, parse, recognise


@dataclass(frozen=True)
class Expected:
    turns: int
    first: str
    last: str
    roles: str = "unknown"
    speakers: tuple[str | None, ...] = ()
    start: str | None = None


SHE = "She was gone out into the village on some errand when, as she was descending"
LEG = "a characteristic little incident connected with tabbies fractured leg"
HOLD = "I've been on hold for an hour."
WALK = "celebrating the first spacewalk with an all"
TODAY = "get the same opportunities that we have today"

FILES = {
    "amazon_transcribe/aws_01_plain.json": Expected(1, SHE, LEG),
    "amazon_transcribe/aws_03_speaker_identification.json": Expected(
        24, SHE, LEG, speakers=("spk_0", "spk_1", "spk_2")
    ),
    "amazon_transcribe/aws_05_redacted.json": Expected(1, SHE, LEG),
    "amazon_transcribe/aws_12_channel_identification.json": Expected(
        7, "She was gone out into the on some errand", LEG, speakers=("ch_1", "ch_0")
    ),
    "amazon_transcribe/aws_docs_channel_id.json": Expected(
        2, HOLD, "Sorry about that.", speakers=("ch_0", "ch_1")
    ),
    "amazon_transcribe/aws_docs_diarization.json": Expected(
        2, HOLD, "Sorry about that.", speakers=("spk_0", "spk_1")
    ),
    "amazon_call_analytics/contact_lens_docs_call_original.json": Expected(
        10, "Okay.", "Thank you. Sir. Have a nice evening.", "agent customer", ("AGENT", "CUSTOMER")
    ),
    "amazon_call_analytics/tca_example_call.json": Expected(
        37, "Thank you for calling Anchor Credit Union", "Bye.", "agent customer"
    ),
    "ccai_insights/google_generated_en.json": Expected(
        14,
        "Hi, welcome to support, how can I help you today?",
        "the problem is with the website or app itself.",
        "agent customer",
        start="2026-10-27T21:38:26+00:00",
    ),
    "ccai_insights/google_readme_sample.json": Expected(
        14,
        "Hi there, what can I help you with today?",
        "the problem is with the website or app itself.",
        "agent customer",
        start="2023-02-01T05:49:41+00:00",
    ),
    "azure_speech/azure_ingestion_with_analytics.json": Expected(
        4,
        "Hi.",
        "bring the disk to the nearest Microsoft Store to return it.",
        speakers=("Speaker 1", "Speaker 2"),
    ),
    "azure_speech/azure_realtime_result.json": Expected(
        2, "Hello.", "Hello hello.", speakers=("Speaker 0", "Speaker 1")
    ),
    # 22 utterances, three of them over a change of speaker
    "deepgram/dg_speakers.json": Expected(
        25, "And,", "Copy.", speakers=("Speaker 0", "Speaker 1", "Speaker 2")
    ),
    "deepgram/dg_speakers_no_utterances.json": Expected(
        11,
        "And, Jessica, Christina, we are so proud of you. You're gonna do great today.",
        "We need it in pouch and DCM cover clothes. Copy.",
        speakers=("Speaker 0", "Speaker 1", "Speaker 2"),
    ),
    "deepgram/dg_transcription.json": Expected(1, "Yeah. As as much as,", f"{TODAY}."),
    "deepgram/dg_utterances.json": Expected(
        6, "Yeah. As as much as, it's worth celebrating,", f"and didn't {TODAY}."
    ),
    "deepgram/dg_whisper_transcription.json": Expected(
        1, f"yeah as much as it's worth {WALK}", TODAY
    ),
    "deepgram/dg_wtf_sample.json": Expected(
        1,
        "Hello, this is a sample transcription from Deepgram.",
        "structure of Deepgram JSON output.",
        speakers=("Speaker 0",),
    ),
    "assemblyai/assemblyai_transcription.json": Expected(
        1, f"Yeah. As much as it's worth {WALK} female", f"{TODAY}.", speakers=("Speaker A",)
    ),
    "assemblyai/assemblyai_utterances.json": Expected(
        1, f"Yeah. As much as it's worth {WALK} female", f"{TODAY}.", speakers=("Speaker A",)
    ),
    "whisper/whisper_timestamped.json": Expected(
        4, f"Yeah, as much as it's worth {WALK}-female", f"and didn't {TODAY}."
    ),
    "whisper/whisper_wtf_sample.json": Expected(
        2, "Hello, this is a sample", "structure of Whisper JSON output."
    ),
    "whisper/whisperx_aligned_transcript.json": Expected(
        1, "This is a test audio file", "about phone line quality in English."
    ),
    "whisper/whisperx_transcript.json": Expected(
        1, "This is a test audio file", "about phone line quality in English."
    ),
    "twilio_intelligence/oai_sentences_readFull.json": Expected(
        1, "test test", "test test", speakers=("Channel 1",)
    ),
    "genesys_cloud/bare_transcript.json": Expected(1, "Is anybody", "there?", "customer"),
    "harper_valley/0002f70f7386445b.json": Expected(
        18,
        "hello this is harper valley national bank",
        "[noise]",
        "agent customer",
        ("agent", "caller"),
        start="2020-06-02T00:13:03.285000+00:00",
    ),
}

REFUSED = {
    "whisper/whisperx_diarazition.json": "who spoke when, but holds no words",
    "whisper/whisperx_transcript-wrong.json": "JSON of a kind not known here",
    "twilio_intelligence/oai_transcript_fetch.json": "without its sentences",
}


@pytest.mark.parametrize("name", FILES)
def test_a_real_transcript_is_told_by_its_content(name: str) -> None:
    recognition = recognise((FIXTURES / name).read_bytes(), "x.txt")
    assert (recognition.format, recognition.clear) == (name.partition("/")[0], True)


@pytest.mark.parametrize(("name", "expected"), FILES.items(), ids=list(FILES))
def test_a_real_transcript_comes_out_as_it_reads(name: str, expected: Expected) -> None:
    parsed = parse((FIXTURES / name).read_bytes(), name=Path(name).name)
    (interaction,) = parsed.interactions
    assert (interaction.channel, parsed.errors, len(interaction.turns)) == (
        "call",
        (),
        expected.turns,
    )
    assert interaction.turns[0].text.startswith(expected.first)
    assert interaction.turns[-1].text.endswith(expected.last)
    assert " ".join(sorted({turn.role for turn in interaction.turns})) == expected.roles
    assert (
        interaction.started_at.isoformat() if interaction.started_at else None
    ) == expected.start
    if expected.speakers:
        assert tuple(dict.fromkeys(turn.speaker for turn in interaction.turns)) == expected.speakers


@pytest.mark.parametrize("name", FILES)
def test_the_turns_of_a_real_transcript_are_in_order_of_time(name: str) -> None:
    (interaction,) = parse((FIXTURES / name).read_bytes(), name="x.json").interactions
    starts = [turn.started_s for turn in interaction.turns if turn.started_s is not None]
    assert starts == sorted(starts)
    assert all(turn.text == turn.text.strip() for turn in interaction.turns)


@pytest.mark.parametrize(("name", "reason"), REFUSED.items(), ids=list(REFUSED))
def test_a_real_file_without_a_talk_is_refused_with_the_reason(name: str, reason: str) -> None:
    with pytest.raises(FormatError, match=reason):
        parse((FIXTURES / name).read_bytes(), name=Path(name).name)


def test_segments_of_amazon_keep_their_cuts_and_times() -> None:
    data = (FIXTURES / "amazon_transcribe/aws_03_speaker_identification.json").read_bytes()
    turns = parse(data, name="x.json").interactions[0].turns
    assert [turn.speaker for turn in turns[:4]] == ["spk_0", "spk_0", "spk_1", "spk_1"]
    assert (turns[0].started_s, turns[0].ended_s) == (0.49, 7.2)
    assert turns[0].text.endswith("her foot slipped on the ice and she fell.")


def test_channels_of_amazon_alternate_where_the_talk_does() -> None:
    data = (FIXTURES / "amazon_transcribe/aws_12_channel_identification.json").read_bytes()
    turns = parse(data, name="x.json").interactions[0].turns
    assert [turn.speaker for turn in turns] == ["ch_1", "ch_0"] * 3 + ["ch_1"]
    assert [turn.started_s for turn in turns] == [0.49, 15.09, 34.4, 58.04, 81.22, 94.93, 116.74]
    assert turns[3].text.startswith("from the under surface of the clouds, there are")


def test_both_channels_of_harper_valley_count_from_the_start_of_the_call() -> None:
    data = (FIXTURES / "harper_valley/0002f70f7386445b.json").read_bytes()
    turns = parse(data, name="x.json").interactions[0].turns
    assert [(turn.role, turn.started_s) for turn in turns[:4]] == [
        ("agent", 3.72),
        ("agent", 6.89),
        ("agent", 8.52),
        ("customer", 12.89),
    ]
