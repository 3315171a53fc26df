"""HTML in tables and in canonical JSON: read as text where it is HTML, and only there."""

import csv
import io
import json

import pytest

from transcripts.formats import CanonicalInteraction, parse
from transcripts.formats.markup import plain

ABOUT = "How do I use <b> and <br> in my signature?"


@pytest.mark.parametrize(
    ("texts", "shown"),
    [
        (["<p>I&#39;m <b>late</b>!</p>"], ["I'm late!"]),
        (["  <div class='x'>Hi<br>there</div>\n"], ["Hi\nthere"]),
        (["&lt;p&gt;Hi &amp;amp; bye&lt;/p&gt;"], ["Hi & bye"]),
        (["<p>Hi</p>", "Thanks", "a &amp; b"], ["Hi", "Thanks", "a & b"]),
        (["Hi,<br><br>yes", "So,<br/>no"], ["Hi,\n\nyes", "So,\nno"]),
        ([ABOUT], [ABOUT]),
        (["<b> does nothing in mails"], ["<b> does nothing in mails"]),
        (["I typed <p>hi</p> and nothing came"], ["I typed <p>hi</p> and nothing came"]),
        (["<3 you all", "a < b > c", "<grumble>no</grumble>"],) * 2,
        (["AT&amp;T is fine", "x", "y", "z"],) * 2,
        (["<p></p>", ""],) * 2,
        (["<jo@x.example>"],) * 2,
    ],
)
def test_a_text_is_html_or_is_about_it(texts: list[str], shown: list[str]) -> None:
    assert plain(texts) == shown


def test_cells_are_read_as_text() -> None:
    written = io.StringIO()
    csv.writer(written).writerows(
        [
            ["conversation_id", "speaker", "message"],
            [1, "customer", "<p>It&#39;s <i>late</i><br>again</p>"],
            [1, "agent", "<div>Oh&nbsp;dear</div>"],
            [1, "customer", ABOUT.replace("<", "&lt;")],
        ]
    )
    (found,) = parse(written.getvalue().encode(), name="x.csv").interactions
    assert [turn.text for turn in found.turns] == ["It's late\nagain", "Oh dear", ABOUT]


def canonical(*texts: str) -> CanonicalInteraction:
    turns = [{"role": "agent", "text": text} for text in texts]
    data = json.dumps({"channel": "email", "turns": turns}).encode()
    return parse(data, name="x.json").interactions[0]


def test_canonical_words_are_shown_as_a_reader_would_see_them() -> None:
    found = canonical("<p>I&#39;m sorry.</p>", "one\r\ntwo\rthree", ABOUT)
    assert [turn.text for turn in found.turns] == ["I'm sorry.", "one\ntwo\nthree", ABOUT]
    assert canonical("Fine.\n") == canonical("Fine.\n")


BODY = (
    '<p align="center">Chat Started: Thursday, May 02, 2024, 10:15:02 (+0100)</p>'
    '<p align="center">Agent Dana R</p>( 10s ) Dana R: Hello<br>( 1m 5s ) Cora: It is broken<br>'
)


def test_a_table_of_saved_chats_is_read() -> None:
    written = io.StringIO()
    csv.writer(written).writerows(
        [["Id", "CaseId", "Body"], ["1", "c-1", BODY], ["2", "c-2", BODY]]
    )
    found = parse(written.getvalue().encode(), name="x.csv").interactions
    assert [each.external_id for each in found] == ["c-1", "c-2"]
    assert [(turn.role, turn.text) for turn in found[0].turns] == [
        ("agent", "Hello"), ("customer", "It is broken"),
    ]  # fmt: skip
    assert found[0].turns[1].sent_at is not None
    assert found[0].turns[1].sent_at.isoformat() == "2024-05-02T09:16:07+00:00"


@pytest.mark.parametrize("name", ["x.html", "x.txt", "x"])
def test_a_saved_chat_by_itself_is_a_chat(name: str) -> None:
    parsed = parse(BODY.encode(), name=name)
    assert (parsed.format, parsed.interactions[0].channel) == ("plain_text", "chat")


STARRED = """(1:38:05 PM) *** Customer has joined the chat ***
(1:38:39 PM) Customer: It broke
(1:40:26 PM) Agent Dana: Oh dear
(1:42:00 PM) *** Customer was furious and rated the chat bad ***"""
LABELLED = "Agent: Hello\nCustomer: It broke\n*** Customer has left the chat ***"


@pytest.mark.parametrize("text", [STARRED, LABELLED])
def test_lines_between_stars_are_nobodys_words(text: str) -> None:
    (found,) = parse(text.encode(), name="x.txt").interactions
    assert {turn.text for turn in found.turns} <= {"Hello", "It broke", "Oh dear"}
    assert found.channel == ("chat" if text == STARRED else "call")
