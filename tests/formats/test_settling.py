"""What is set right whichever program wrote a file: single words, doubled channels, reactions."""

import json
from collections.abc import Iterable
from typing import Any

import pytest

from transcripts.formats import Parsed, parse
from transcripts.formats.answers import Question
from transcripts.formats.metadata_size import LEFT_OUT
from transcripts.formats.same_words import NOTE
from transcripts.formats.settling import REACTIONS

SAID = "Nobody came on Monday and I stayed at home all day. My name is Orla Finch."


def read(document: object, name: str = "x.json") -> Parsed:
    text = document if isinstance(document, str) else json.dumps(document)
    return parse(text.encode(), name=name)


def said(parsed: Parsed) -> list[tuple[str | None, str]]:
    return [(turn.speaker, turn.text) for turn in parsed.interactions[0].turns]


def segments(words: Iterable[str], *, step: float = 0.4, **facts: Any) -> list[dict[str, Any]]:
    return [
        {"start": round(n * step, 2), "end": round(n * step + 0.3, 2), "text": word, **facts}
        for n, word in enumerate(words)
    ]


def captions(words: Iterable[str]) -> str:
    times = (f"00:00:{n // 2:02d},{n % 2 * 500:03d}" for n in range(100))
    ends = (f"00:00:{n // 2:02d},{n % 2 * 500 + 400:03d}" for n in range(100))
    cues = zip(times, ends, words, strict=False)
    return "\n".join(f"{start} --> {end}\n{word}\n" for start, end, word in cues)


def test_single_words_are_one_turn() -> None:
    whisper = {"language": "en", "segments": segments(SAID.split())}
    assembly = {
        "status": "completed",
        "audio_duration": 9,
        "utterances": [
            {"start": s["start"] * 1000, "end": s["end"] * 1000, "text": s["text"], "speaker": "A"}
            for s in segments(SAID.split())
        ],
    }
    assert said(read(whisper)) == [(None, SAID)]
    assert said(read(assembly)) == [("Speaker A", SAID)]
    assert said(read(captions(SAID.split()), "x.srt")) == [(None, SAID)]
    (turn,) = read(whisper).interactions[0].turns
    assert (turn.started_s, turn.ended_s) == (0.0, round(15 * 0.4 + 0.3, 1))


def test_single_words_change_turns_with_the_speaker_and_in_a_long_pause() -> None:
    first = segments(["Thank", "you", "for", "calling", "Millbank", "Tools."], speaker="SPEAKER_00")
    later = [
        {**word, "start": word["start"] + 20, "end": word["end"] + 20}
        for word in segments(["The", "lift", "is", "still", "not", "here"], speaker="SPEAKER_01")
    ]
    again = [{**word, "start": word["start"] + 9, "end": word["end"] + 9} for word in later]
    assert said(read({"language": "en", "segments": [*first, *later, *again]})) == [
        ("SPEAKER_00", "Thank you for calling Millbank Tools."),
        ("SPEAKER_01", "The lift is still not here"),
        ("SPEAKER_01", "The lift is still not here"),
    ]


def test_single_words_of_a_script_without_blanks_get_none() -> None:
    words = ["我", "等", "了", "三个", "星期", "包裹", "没有", "到", "。"]
    assert said(read({"language": "zh", "segments": segments(words)})) == [(None, "".join(words))]


@pytest.mark.parametrize(
    ("words", "step"),
    [
        (["yes", "no", "right", "okay", "yes", "no", "sure"], 6.0),
        (["I rang twice", "nobody came", "yes", "no", "right", "still cold"], 0.4),
        (
            [
                "我等了三个星期",
                "包裹没有到啊",
                "我非常生气了",
                "你们怎么办呢",
                "请退钱给我",
                "谢谢你们了",
            ],
            0.4,
        ),
        (["yes", "no"], 0.4),
    ],
    ids=["answers", "phrases", "chinese sentences", "few"],
)
def test_other_short_turns_stay(words: list[str], step: float) -> None:
    found = said(read({"language": "en", "segments": segments(words, step=step)}))
    assert [text for _, text in found] == words


def test_very_many_words_are_several_turns() -> None:
    parsed = read({"language": "en", "segments": segments(["word"] * 15_000)})
    lengths = [len(text) for _, text in said(parsed)]
    assert max(lengths) < 4_000
    assert sum(length + 1 for length in lengths) == 15_000 * 5


def both(shift: int, *, other: str = "") -> dict[str, Any]:
    lines = ["Millbank Tools, how can I help?", "The lift is late and I am furious.", "I am sorry."]
    return {
        "JobStatus": "COMPLETED",
        "Transcript": [
            {
                "Content": other or line if who == "CUSTOMER" else line,
                "ParticipantRole": who,
                "BeginOffsetMillis": at * 4000 + shift * (who == "CUSTOMER"),
                "EndOffsetMillis": at * 4000 + 3000,
                "Sentiment": "NEUTRAL",
            }
            for at, line in enumerate(lines)
            for who in ("AGENT", "CUSTOMER")
        ],
    }


def test_one_recording_on_both_channels_is_kept_once_and_nobodys() -> None:
    parsed = read(both(60))
    turns = parsed.interactions[0].turns
    assert [(turn.role, turn.speaker) for turn in turns] == [("unknown", None)] * 3
    assert NOTE in parsed.notes
    assert Question.ROLES in parsed.open
    assert "source_turn_sentiment" not in parsed.interactions[0].metadata
    deepgram = {
        "results": {
            "channels": [{"alternatives": [{"transcript": "x"}]}] * 2,
            "utterances": [
                {"start": at, "end": at + 3, "channel": channel, "transcript": text}
                for at, text in ((0, "Hello, the lift is late"), (4, "I am sorry, I look it up"))
                for channel in (0, 1)
            ],
        }
    }
    assert [text for _, text in said(read(deepgram))] == [
        "Hello, the lift is late",
        "I am sorry, I look it up",
    ]


@pytest.mark.parametrize(("shift", "other"), [(3500, ""), (60, "Yes."), (60, "Sorry? The lift?")])
def test_two_who_say_the_like_are_two(shift: int, other: str) -> None:
    parsed = read(both(shift, other=other))
    assert {turn.role for turn in parsed.interactions[0].turns} == {"agent", "customer"}
    assert NOTE not in parsed.notes


def test_reactions_to_messages_are_no_turns() -> None:
    rows = [
        "conversation_id,time,speaker,message",
        "s1,2026-03-02T10:00:00Z,customer,The lift is still not here",
        "s1,2026-03-02T10:01:00Z,agent,I am so sorry. It comes on Friday.",
        "s1,2026-03-02T10:02:00Z,customer,Loved “I am so sorry. It comes on Friday.”",
        "s1,2026-03-02T10:03:00Z,customer,👍 to “I am so sorry. It comes on Friday.”",
        "s1,2026-03-02T10:04:00Z,customer,Liked an image",
    ]
    parsed = read("\n".join(rows), "sms.csv")
    assert len(said(parsed)) == 2
    assert REACTIONS in parsed.notes


def test_a_list_of_heards_own_never_costs_a_file() -> None:
    cues = "\n".join(
        f"{n}\n00:{n // 60 % 60:02d}:{n % 60:02d},000 --> 00:{n // 60 % 60:02d}:{n % 60:02d},500\n"
        f"{'Agent: ' if n == 0 else ''}two words\n"
        for n in range(13_000)
    )
    parsed = read(cues, "x.srt")
    assert len(parsed.interactions[0].turns) == 13_000
    assert parsed.interactions[0].metadata == {}
    assert LEFT_OUT in parsed.notes
