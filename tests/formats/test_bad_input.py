"""Whatever is uploaded, the answer is interactions or one clear reason."""

import io
import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcripts.formats import (
    FORMATS,
    CanonicalInteraction,
    FormatError,
    LineError,
    Parsed,
    parse,
    stream,
)

GOOD = b'{"channel": "chat", "turns": [{"role": "agent", "text": "hi"}]}'
EXTENSIONS = ("json", "jsonl", "txt", "csv", "vtt", "")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b" \n\t\r\n", "nothing but blanks"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "looks like a PNG image"),
        (b"%PDF-1.7\n%abc", "a PDF document"),
        (b"PK\x03\x04" + bytes(100), "a zip archive or an Office document"),
        (b"Agent: a\nCustomer: b\x00c\n", "NUL byte"),
        (bytes(1000), "binary file|NUL"),
        (b"Agent: h\xc3\xa9llo w\xc3\xb6rld \xc3\xa0\nCustomer: \xc3\x28 \xc3\xa9\n", "UTF-8"),
        (b"\xff\xfeA", "is not valid UTF-16"),
        (b"Agent: a\n" + b"\x01\x02\x03" * 100, "control characters"),
    ],
)
@pytest.mark.parametrize("name", ["x.txt", "x.json", "x.csv"])
def test_a_file_that_is_no_text_is_refused_with_the_reason(
    data: bytes, reason: str, name: str
) -> None:
    with pytest.raises(FormatError, match=reason) as refused:
        parse(data, name=name)
    assert refused.value.file == name


def test_random_bytes_are_refused() -> None:
    for seed in range(20):
        with pytest.raises(FormatError):
            parse(random.Random(seed).randbytes(4000), name="x.bin")


def test_the_line_of_a_nul_byte_is_told() -> None:
    with pytest.raises(FormatError) as refused:
        parse(b"Agent: a\nCustomer: b\nAgent: c\x00\n", name="x.txt")
    assert refused.value.line == 3


def test_no_message_quotes_what_was_said() -> None:
    said = "my secret story"
    for data in (f'{{"channel": "{said}", "turns": "{said}"}}', f"{said}\n{said}"):
        with pytest.raises(FormatError) as refused:
            parse(data.encode(), name="x.json")
        assert said not in str(refused.value)


def test_a_huge_line_of_a_stream_is_refused_by_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transcripts.formats.strict_json.MAX_LINE", 1000)
    huge = b'{"channel": "chat", "turns": [{"role": "agent", "text": "' + b"x" * 5000 + b'"}]}'
    results = list(stream(io.BytesIO(GOOD + b"\n" + huge + b"\n" + GOOD)))
    assert [number for number, _ in results] == [1, 2, 3]
    assert [isinstance(result, LineError) for _, result in results] == [False, True, False]


def test_a_huge_turn_is_refused_with_its_path() -> None:
    long = b'{"channel": "chat", "turns": [{"role": "agent", "text": "' + b"x" * 200_000 + b'"}]}'
    with pytest.raises(FormatError, match=r"turns\[0\]\.text"):
        parse(long, name="x.json")


def test_lines_of_a_stream_are_numbered_and_faults_kept_apart() -> None:
    results = list(stream(io.BytesIO(b"\n" + GOOD + b"\nnope\n\n" + GOOD)))
    assert [number for number, _ in results] == [2, 3, 5]
    assert isinstance(results[1][1], LineError)
    assert isinstance(results[2][1], CanonicalInteraction)


@given(st.binary(max_size=400), st.sampled_from(EXTENSIONS))
def test_any_bytes_give_interactions_or_a_format_error(data: bytes, extension: str) -> None:
    _parses_or_refuses(data, f"x.{extension}", None)


LINES = st.lists(
    st.one_of(
        st.text(max_size=40),
        st.sampled_from(
            [
                "WEBVTT", "", "00:01.000 --> 00:02.000", "<v Dana>Hello</v>", "<v", "&#0;", "NOTE",
                "Agent: hi", "Customer: no", "[00:01] Dana: x", "Dana:", ": x", "role,text,time",
                'agent,"x', "customer,b,99999999999999999", '{"channel": "chat", "turns": [',
                '{"role": "agent", "text": "x"}', "]}", "[", "{}", '{"turns": null}', "sep=;",
                "speaker;text", "9999-99-99T99:99", "99:99:99 Agent: x", "0:0:0.0 --> 9:9:9.9",
                "\u2028", "\x0c", "Agent\uff1a x", "\\n",
            ]
        ),
    ),
    max_size=12,
).map("\n".join)  # fmt: skip


@given(
    LINES,
    st.sampled_from(EXTENSIONS),
    st.sampled_from([None, *FORMATS]),
    st.sampled_from(["utf-8", "utf-16", "utf-8-sig"]),
)
def test_any_text_gives_interactions_or_a_format_error(
    text: str, extension: str, name: str | None, encoding: str
) -> None:
    _parses_or_refuses(text.encode(encoding, "replace"), f"x.{extension}", name)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["channel", "turns", "role", "text", "metadata", "agent", "started_s"])
            | st.text(max_size=4),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_any_json_gives_interactions_or_a_format_error(value: object) -> None:
    _parses_or_refuses(json.dumps(value).encode(), "x.json", "canonical")


def _parses_or_refuses(data: bytes, name: str, format_name: str | None) -> None:
    refusal = ""
    parsed = Parsed("none", ())
    try:
        parsed = parse(data, name=name, format=format_name)
    except FormatError as error:
        refusal = error.reason
    assert refusal or parsed.format != "none"
    assert all(interaction.turns for interaction in parsed.interactions)
    assert all(error.message for error in parsed.errors)
