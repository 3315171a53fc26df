"""Segments over a change of speaker, where the words themselves say whose they are."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from transcripts.formats import parse

Word = tuple[str, str]


def voices(said: str) -> list[Word]:
    """`A:One two. B:Three.` as words, each with its voice."""
    found: list[Word] = []
    voice = ""
    for piece in said.split(" "):
        voice = piece[0] if piece[1:2] == ":" else voice
        found.append((piece.removeprefix(f"{voice}:"), voice))
    return found


def timed(words: list[Word]) -> list[tuple[str, str, float, float]]:
    return [(word, voice, n * 0.5, n * 0.5 + 0.4) for n, (word, voice) in enumerate(words)]


def whisperx(words: list[Word], owner: str) -> dict[str, Any]:
    told = [
        {"word": word, "start": start, "end": end, **({"speaker": voice} if voice != "_" else {})}
        for word, voice, start, end in timed(words)
    ]
    text = " ".join(word for word, _ in words)
    segment = {"start": 0.0, "end": 30.0, "text": f" {text}", "words": told, "speaker": owner}
    return {"language": "en", "segments": [segment]}


def deepgram(words: list[Word], owner: str) -> dict[str, Any]:
    number = {"A": 0, "B": 1}
    told = [
        {"word": word.lower(), "punctuated_word": word, "start": start, "end": end}
        | ({"speaker": number[voice]} if voice != "_" else {})
        for word, voice, start, end in timed(words)
    ]
    text = " ".join(word for word, _ in words)
    utterance = {"start": 0.0, "end": 30.0, "transcript": text, "words": told, "channel": 0}
    return {"results": {"utterances": [utterance | {"speaker": number[owner]}]}}


def assemblyai(words: list[Word], owner: str) -> dict[str, Any]:
    told = [
        {"text": word, "start": start * 1000, "end": end * 1000, "speaker": voice.strip("_")}
        for word, voice, start, end in timed(words)
    ]
    text = " ".join(word for word, _ in words)
    utterance = {"start": 0, "end": 30000, "text": text, "words": told, "speaker": owner}
    return {"status": "completed", "audio_duration": 40, "utterances": [utterance]}


def transcribe(words: list[Word], owner: str) -> dict[str, Any]:
    items = [
        {
            "id": n,
            "type": "pronunciation",
            "alternatives": [{"content": word}],
            "start_time": str(start),
            "end_time": str(end),
            **({"speaker_label": voice} if voice != "_" else {}),
        }
        for n, (word, voice, start, end) in enumerate(timed(words))
    ]
    text = " ".join(word for word, _ in words)
    segment = {"start_time": "0.0", "end_time": "30.0", "speaker_label": owner}
    return {
        "results": {
            "transcripts": [{"transcript": text}],
            "items": items,
            "audio_segments": [
                segment | {"transcript": text, "items": [item["id"] for item in items]}
            ],
        }
    }


def transcribe_labels(words: list[Word], owner: str) -> dict[str, Any]:
    found = transcribe(words, owner)
    (segment,) = found["results"].pop("audio_segments")
    keys = ("start_time", "end_time", "speaker_label")
    segment["items"] = [
        {key: item[key] for key in keys if key in item} for item in found["results"]["items"]
    ]
    found["results"]["speaker_labels"] = {"speakers": 2, "segments": [segment]}
    return found


MAKERS = [whisperx, deepgram, assemblyai, transcribe, transcribe_labels]
NAMES = {"Speaker 0": "A", "Speaker 1": "B", "Speaker A": "A", "Speaker B": "B"}
CASES = [
    ("A:Is it late? B:Yes, and I am cross.", ["A Is it late?", "B Yes, and I am cross."]),
    ("A:Is it late? B:Yes.", ["A Is it late?", "B Yes."]),
    ("B:No. A:Is it not late at all?", ["B No.", "A Is it not late at all?"]),
    (
        "A:is it late B:yes and i am cross A:i see that now",
        ["A is it late", "B yes and i am cross", "A i see that now"],
    ),
    # slips: a word or two of another voice within a sentence
    ("A:Is it B:very A:late? I look it up.", ["A Is it very late? I look it up."]),
    ("A:is it late B:or not A:i look it up", ["A is it late or not i look it up"]),
    ("B:Is A:it late? I look it up.", ["A Is it late? I look it up."]),
    ("A:Is it late? B:Yes, _:and B:I am cross.", ["A Is it late?", "B Yes, and I am cross."]),
    ("A:Is _:it late?", ["A Is it late?"]),
]


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
@pytest.mark.parametrize(("said", "expected"), CASES)
def test_a_segment_is_cut_where_its_words_change_speaker(
    said: str, expected: list[str], make: Callable[[list[Word], str], dict[str, Any]]
) -> None:
    words = voices(said)
    parsed = parse(json.dumps(make(words, "A")).encode(), name="x.json")
    turns = parsed.interactions[0].turns
    found = [f"{NAMES.get(turn.speaker or '', turn.speaker)} {turn.text}" for turn in turns]
    assert found == expected
    assert " ".join(turn.text for turn in turns) == " ".join(word for word, _ in words)
    starts = [turn.started_s for turn in turns]
    assert starts == sorted(start for start in starts if start is not None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Is it late? Yes & I'm cross.", ["Is it late?", "Yes & I'm cross."]),
        ("Is it eyes late? Yes, cross.", ["Is it eyes late?", "Yes, cross."]),
        ("Is it late? Yeah, cross.", ["Is it late? Yeah, cross."]),  # it can't be told where
    ],
)
def test_no_word_of_the_text_is_lost_where_its_list_has_others(
    text: str, expected: list[str]
) -> None:
    document = whisperx(voices("A:is it late B:yes and i am cross"), "A")
    document["segments"][0]["text"] = text
    parsed = parse(json.dumps(document).encode(), name="x.json")
    assert [turn.text for turn in parsed.interactions[0].turns] == expected
