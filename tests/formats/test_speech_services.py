"""Azure Speech, Deepgram, AssemblyAI and Whisper."""

import json
from typing import Any

import pytest

from transcripts.formats import CanonicalInteraction, FormatError, parse, recognise


def read(document: Any) -> CanonicalInteraction:
    (interaction,) = parse(json.dumps(document).encode(), name="x.json").interactions
    return interaction


def talk(document: Any) -> list[tuple[str | None, str]]:
    return [(turn.speaker, turn.text) for turn in read(document).turns]


def times(document: Any) -> list[tuple[float | None, float | None]]:
    return [(turn.started_s, turn.ended_s) for turn in read(document).turns]


def phrase(said: str, **more: Any) -> dict[str, Any]:
    return {"recognitionStatus": "Success", "nBest": [{"display": said}], **more}


def test_azure_phrases_are_sorted_across_channels_and_failures_dropped() -> None:
    document = {
        "combinedRecognizedPhrases": [{"display": "Hello. Hi."}],
        "recognizedPhrases": [
            phrase("Hi.", channel=1, offset="PT1M1.5S", duration="PT0.5S"),
            phrase("Hello.", channel=0, offset="PT0.04S", duration="PT1S"),
            phrase("lost", channel=0, recognitionStatus="NoMatch"),
        ],
    }
    assert talk(document) == [("Channel 0", "Hello."), ("Channel 1", "Hi.")]
    assert times(document) == [(0.04, 1.04), (61.5, 62.0)]


def test_azure_ticks_may_have_fractions() -> None:
    phrases = [phrase("Hi", offsetInTicks=1300000.0, durationInTicks=4300000, speaker=0)]
    document = {"recognizedPhrases": phrases, "durationTicks": 130300000}
    assert times(document) == [(0.13, 0.56)]
    assert (talk(document), read(document).duration_s) == ([("Speaker 0", "Hi")], 13.03)


def test_azure_fast_transcription_is_read() -> None:
    phrases = [
        {"speaker": 1, "offsetMilliseconds": 80, "durationMilliseconds": 20, "text": "Hello."}
    ]
    document = {"combinedPhrases": [{"text": "Hello."}], "phrases": phrases}
    assert (talk(document), times(document)) == ([("Speaker 1", "Hello.")], [(0.08, 0.1)])


def test_azure_combined_phrases_serve_where_there_is_nothing_else() -> None:
    document = {"recognizedPhrases": [], "combinedRecognizedPhrases": [{"display": "Hello."}]}
    assert talk(document) == [(None, "Hello.")]


def test_azure_real_time_results_of_nothing_recognised_are_dropped() -> None:
    said = {"RecognitionStatus": "Success", "Offset": 900000, "Duration": 100000, "NBest": []}
    document = [
        {**said, "NBest": [{"Display": "Hello."}], "SpeakerId": "1"},
        {**said, "RecognitionStatus": "InitialSilenceTimeout", "DisplayText": "no"},
        {**said, "DisplayText": "Hi.", "NBest": None},
    ]
    assert talk(document) == [("Speaker 1", "Hello."), (None, "Hi.")]


def deepgram(*alternatives: dict[str, Any], **results: Any) -> dict[str, Any]:
    channels = [{"alternatives": [alternative]} for alternative in alternatives]
    return {"metadata": {"duration": 9}, "results": {"channels": channels, **results}}


def spoken(text: str, start: float, speaker: int | None = None) -> dict[str, Any]:
    word: dict[str, Any] = {"word": text.lower(), "punctuated_word": text}
    return {**word, "start": start, "end": start + 0.2, "speaker": speaker}


def test_deepgram_utterances_are_read_first_and_channels_number_their_speakers_anew() -> None:
    said = {"transcript": "x", "words": [spoken("x", 1, 0)]}
    utterances = [
        {"start": 3, "end": 4, "channel": 1, "speaker": 0, "transcript": "Hi."},
        {"start": 1, "end": 2, "channel": 0, "speaker": 0, "transcript": "Hello."},
    ]
    assert talk(deepgram(said, said, utterances=utterances)) == [
        ("Channel 0, Speaker 0", "Hello."),
        ("Channel 1, Speaker 0", "Hi."),
    ]
    assert talk({"result": deepgram(said, utterances=utterances)})[0] == ("Speaker 0", "Hello.")


def test_deepgram_words_serve_where_there_are_no_utterances() -> None:
    words = [spoken("Hello", 1, 0), spoken("there.", 1.3, 0), spoken("Hi.", 2, 1)]
    assert talk(deepgram({"transcript": "Hello there. Hi.", "words": words})) == [
        ("Speaker 0", "Hello there."),
        ("Speaker 1", "Hi."),
    ]


def test_deepgram_channels_without_speakers_take_turns() -> None:
    first = {"transcript": "a", "words": [spoken("Hello.", 1), spoken("Good.", 5)]}
    second = {"transcript": "b", "words": [spoken("Hi.", 3)]}
    assert talk(deepgram(first, second)) == [
        ("Channel 0", "Hello."),
        ("Channel 1", "Hi."),
        ("Channel 0", "Good."),
    ]


def test_deepgram_of_a_silent_recording_is_refused() -> None:
    with pytest.raises(FormatError, match="holds no words"):
        read(deepgram({"transcript": "", "words": []}))


def assembly(**more: Any) -> dict[str, Any]:
    return {"status": "completed", "audio_url": "x", "audio_duration": 25, **more}


def test_assemblyai_utterances_are_in_milliseconds_and_speakers_are_letters() -> None:
    utterances = [{"speaker": "A", "start": 170, "end": 1200, "text": "Hello."}]
    document = assembly(utterances=utterances, words=[{"text": "Hello.", "start": 1, "end": 2}])
    assert (talk(document), times(document)) == ([("Speaker A", "Hello.")], [(0.17, 1.2)])


def test_assemblyai_words_serve_where_utterances_are_null() -> None:
    words = [
        {"text": "Hello", "start": 100, "end": 200, "speaker": "A"},
        {"text": "Hi", "start": 300, "end": 400, "speaker": "B"},
    ]
    document = assembly(utterances=None, words=words, text="Hello Hi")
    assert talk(document) == [("Speaker A", "Hello"), ("Speaker B", "Hi")]
    assert talk(assembly(words=[], text="Hello Hi")) == [(None, "Hello Hi")]


def test_assemblyai_channels_are_no_diarized_speakers() -> None:
    utterances = [
        {"speaker": "1", "channel": "1", "start": 1, "end": 2, "text": "Hello."},
        {"speaker": "2A", "channel": "2", "start": 3, "end": 4, "text": "Hi."},
    ]
    document = assembly(utterances=utterances, multichannel=True)
    assert talk(document) == [("Channel 1", "Hello."), ("Channel 2, 2A", "Hi.")]


def test_assemblyai_dumps_of_the_client_library_are_read() -> None:
    utterances = [{"speaker": "A", "start_ms": 500, "end_ms": 900, "text": "Hello."}]
    document = {"status": "TranscriptStatus.completed", "utterances": utterances}
    assert times(document) == [(0.5, 0.9)]


def test_assemblyai_segments_of_old_files_are_read() -> None:
    segments = [{"start": 500, "end": 900, "transcript": "Hello."}]
    inner = {"status": "completed", "audio_src_url": "x", "segments": segments}
    for document in (inner, {"transcript": inner}):
        assert recognise(json.dumps(document).encode(), "x").format == "assemblyai"
        assert (talk(document), times(document)) == ([(None, "Hello.")], [(0.5, 0.9)])


def test_assemblyai_times_that_can_only_be_seconds_are_seconds() -> None:
    utterances = [{"speaker": "A", "start": 0.5, "end": 8.5, "text": "Hello."}]
    assert times(assembly(utterances=utterances)) == [(0.5, 8.5)]


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({"status": "error", "error": "Download error, https://x.test/a?k=1"}, r"error, \(address"),
        ({"status": "TranscriptStatus.error"}, "transcription failed"),
        ({"status": "processing", "words": None}, "was not finished"),
    ],
)
def test_assemblyai_failures_are_refused_with_their_reason(
    document: dict[str, Any], reason: str
) -> None:
    data = json.dumps({"audio_url": "x", "text": None, **document}).encode()
    assert recognise(data, "x").format == "assemblyai"
    with pytest.raises(FormatError, match=reason):
        parse(data, name="x.json")


def segment(said: str, start: float | None = 0.0, **more: Any) -> dict[str, Any]:
    return {"start": start, "end": None if start is None else start + 1, "text": said, **more}


def test_whisper_segments_lose_their_leading_blank_and_empty_ones_are_left_out() -> None:
    document = {
        "language": "en",
        "segments": [segment(" Hello."), segment(" ", 1), segment("!", 2)],
    }
    assert talk(document) == [(None, "Hello."), (None, "!")]


@pytest.mark.parametrize(
    ("name", "tag"),
    [("english", "en"), ("English", "en"), ("de", "de"), ("Haitian creole", None), (7, None)],
)
def test_whisper_names_the_language_by_word_or_by_code(name: Any, tag: str | None) -> None:
    assert read({"language": name, "segments": [segment("Hello.")]}).language == tag


def test_whisperx_speakers_come_from_the_segment_or_else_from_its_words() -> None:
    words = [{"word": "a", "speaker": "SPEAKER_01"}, {"word": "b"}, {"speaker": "SPEAKER_01"}]
    document = {
        "segments": [
            segment("Hello.", speaker="SPEAKER_00", words=words),
            segment("Hi.", 1, words=words),
            segment("Well.", 2),
            segment("Bye.", None, speaker="Agent"),
        ],
        "word_segments": [],
    }
    assert [(turn.role, turn.speaker, turn.started_s) for turn in read(document).turns] == [
        ("unknown", "SPEAKER_00", 0.0),
        ("unknown", "SPEAKER_01", 1.0),
        ("unknown", None, 2.0),
        ("agent", "Agent", None),
    ]


def test_a_bare_list_of_segments_is_read() -> None:
    document = [segment("Hello.", speaker="SPEAKER_00"), {"start": 1, "end": None, "text": "Hi"}]
    assert talk(document) == [("SPEAKER_00", "Hello."), (None, "Hi")]


def test_whisper_cpp_has_offsets_in_milliseconds() -> None:
    part = {"offsets": {"from": 500, "to": 2500}, "text": " Hello.", "speaker": "?"}
    document = {"result": {"language": "en"}, "transcription": [part]}
    interaction = read(document)
    assert (interaction.language, interaction.turns[0].speaker) == ("en", None)
    assert times(document) == [(0.5, 2.5)]


def test_openai_s_verbose_and_diarized_answers_are_read() -> None:
    verbose = {"task": "transcribe", "language": "english", "duration": "8.47", "text": "Hello."}
    words = [{"word": "Hello.", "start": 0.5, "end": 0.9}]
    assert (read(verbose).duration_s, talk(verbose)) == (8.47, [(None, "Hello.")])
    assert times({**verbose, "words": words}) == [(0.5, 0.9)]
    assert talk({**verbose, "segments": [segment("Hi.", speaker="A")]}) == [("Speaker A", "Hi.")]


def test_chunks_with_stamps_are_read_and_those_with_speakers_first() -> None:
    chunk = {"timestamp": [0.5, None], "text": " Hello."}
    assert times({"text": "Hello.", "chunks": [chunk]}) == [(0.5, None)]
    speakers = [{**chunk, "speaker": "SPEAKER_00"}]
    assert talk({"chunks": [chunk], "speakers": speakers}) == [("SPEAKER_00", "Hello.")]


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_timeline_of_speakers_without_words_is_refused(*, wrapped: bool) -> None:
    timeline = [{"start": 0.5, "end": 2, "speaker": "SPEAKER_00", "label": "0"}]
    data = json.dumps({"segments": timeline} if wrapped else timeline).encode()
    with pytest.raises(FormatError, match="who spoke when, but holds no words"):
        parse(data, name="x.json")


def test_segments_of_another_family_are_not_taken_for_whisper() -> None:
    other = {"transcript": {"text": "x"}, "segments": [segment("x")], "words": []}
    assert "whisper" not in str(recognise(json.dumps(other).encode(), "x"))
