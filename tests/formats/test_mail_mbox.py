"""Mailboxes: many messages in a file become threads, each in order of time."""

from datetime import UTC, datetime

import pytest

from tests.fixture_files import FIXTURES
from transcripts.formats import FormatError, Parsed, parse, recognise
from transcripts.formats.mail.addresses import label, people

FOLDER = FIXTURES / "mbox"
BERKELEY = "Sebastian Benthall <sb@ischool.berkeley.edu>"


@pytest.mark.parametrize("name", ["list.mbox", "list.txt"])
def test_a_real_list_archive_holds_three_threads(name: str) -> None:
    parsed = parse((FOLDER / "bigbang_dev_test_pipermail.mbox").read_bytes(), name=name)
    assert parsed.format == "mbox"
    assert [len(interaction.turns) for interaction in parsed.interactions] == [3, 1, 2]
    first, second, third = parsed.interactions
    assert [turn.text for turn in first.turns] == [
        "this is a test",
        "this is a reply to the earlier test message",
        "This is a third reply to the first thread of this list, 'test'",
    ]
    assert second.turns[0].text == "a second thread for bigbang-dev"
    assert [turn.text for turn in third.turns] == ["a third thread for bigbang-dev", "thanks!"]
    assert first.started_at == datetime(2014, 11, 8, 19, 37, 32, tzinfo=UTC)
    assert {turn.speaker for interaction in parsed.interactions for turn in interaction.turns} == {
        BERKELEY
    }
    assert {turn.role for interaction in parsed.interactions for turn in interaction.turns} == {
        "unknown"
    }


def test_a_lists_mailbox_of_nine_messages_holds_four_threads() -> None:
    parsed = parse((FOLDER / "street_works_list.mbox").read_bytes(), name="x.mbox")
    assert parsed.format == "mbox"
    assert "Messages without any words were left out." in parsed.notes
    assert {interaction.subject: len(interaction.turns) for interaction in parsed.interactions} == {
        "'Draft of the plan'": 4,
        "'Information on the meeting'": 2,
        "'FW: [11.5; 1451; 18 Nov 1600 CET] Paint for the benches'": 1,
        "'Keys'": 1,
    }
    draft = parsed.interactions[0]
    assert draft.started_at == datetime(2021, 8, 24, 18, 51, 14, tzinfo=UTC)
    assert draft.turns[-1].text.startswith("Hi Milo,\n\nThanks for the clarification")
    assert draft.turns[-1].text.endswith("Best regards,\nNora")
    assert draft.turns[-1].speaker == "Nora Åström <nora@EXAMPLE.ORG>"


def test_a_list_of_senders_is_no_mailbox() -> None:
    with pytest.raises(FormatError):
        parse((FOLDER / "bigbang_from_header_variations.txt").read_bytes(), name="x.txt")


def test_every_spelling_of_a_sender_is_read() -> None:
    lines = (FOLDER / "bigbang_from_header_variations.txt").read_text().split("\n")
    spelled = [line for line in lines if line.strip()]
    labels = [label(line) for line in spelled]
    assert all("@" in label and " at " not in label for label in labels)
    assert labels[0] == "Tyrion Lannister <tyrion.lannister@gmail.com>"
    assert labels[5] == "Tyrion.Lannister@gmail.com"
    assert labels[10] == ("Tyrion Lannister, Hand of the King <halfman@council.kings-landing.gov>")
    assert labels[11] == "halfman@council.kings-landing.gov"
    assert labels[13] == "David Abián <tyrion.lannister@gmail.com>"
    assert labels[14] == "Tyrion Lannister <Tyrion.Lannister@gmail.com>"


def message(number: int, **headers: str) -> str:
    said = headers.pop("said", f"words {number}")
    given = {
        "From": "Jo <jo@x.org>",
        "To": "me@y.org",
        "Message-ID": f"<{number}@x>",
        "Date": f"Tue, 3 Mar 2020 1{number}:00:00 +0000",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    lines = "\n".join(f"{name}: {value}" for name, value in given.items() if value)
    return f"From jo@x.org Tue Mar  3 1{number}:00:00 2020\n{lines}\n\n{said}\n\n"


def read(*messages: str) -> Parsed:
    return parse("".join(messages).encode(), name="x.mbox")


def texts(parsed: Parsed) -> list[list[str]]:
    return [[turn.text for turn in interaction.turns] for interaction in parsed.interactions]


def test_messages_are_joined_by_what_they_answer_and_put_in_order() -> None:
    parsed = read(
        message(3, References="<1@x> <2@x>"),
        message(5, Subject="another"),
        message(2, In_Reply_To="<1@x>"),
        message(1),
    )
    assert texts(parsed) == [["words 1", "words 2", "words 3"], ["words 5"]]


def test_two_answers_to_a_missing_message_are_one_thread() -> None:
    parsed = read(message(1, In_Reply_To="<0@x>"), message(2, References="<0@x>"))
    assert texts(parsed) == [["words 1", "words 2"]]


def test_a_reply_without_references_joins_its_subject_among_the_same_people() -> None:
    parsed = read(
        message(1, Subject="Order"),
        message(2, Subject="AW: Re: Order", From="me@y.org", To="jo@x.org"),
        message(3, Subject="Re: Order", From="who@else.org", To="someone@else.org"),
        message(4, Subject="Order"),
    )
    assert texts(parsed) == [["words 1", "words 2"], ["words 3"], ["words 4"]]


def test_two_mails_with_one_id_are_two_and_a_copy_is_one() -> None:
    parsed = read(
        message(1, Message_ID="<a@x>"),
        message(2, Message_ID="<a@x>", said="quite another"),
        message(1, Message_ID="<a@x>"),
    )
    assert texts(parsed) == [["words 1"], ["quite another"]]


def test_from_lines_in_the_words_do_not_split_a_message() -> None:
    said = "Hello\n\n>From Monday on I wait.\nFrom Tue Mar 3 10:00:00 2020 I said\nFrom here: no"
    parsed = read(message(1, said=said), message(2))
    assert texts(parsed)[0][0].startswith("Hello\n\nFrom Monday on I wait.")
    assert len(parsed.interactions) == 2


def test_odd_from_lines_split_too() -> None:
    kinds = ("From - Tue Mar 03 10:00:00 2020", "From 12@xxx Tue Mar 3 10:00:00 +0000 2020")
    kinds += ("From jö@x.org Tue Mar  3 10:00:00 2020",)
    data = "".join(f"{line}\nFrom: a@b.c\nSubject: s\n\nwords\n\n" for line in kinds)
    assert len(parse(data.encode("latin-1"), name="x").interactions) == 3
    assert recognise(data.encode(), "x.txt").clear


def test_a_mailbox_of_one_message_is_a_mail_under_any_name() -> None:
    data = message(1, MIME_Version="1.0", Subject="s").encode()
    for name in ("x.mbox", "x.eml", "x.txt"):
        assert parse(data, name=name).format == "eml"
    assert parse(data, name="x", format="mbox").interactions[0].turns[0].text == "words 1"


def test_a_mailbox_without_words_is_refused() -> None:
    with pytest.raises(FormatError, match="without words"):
        read(message(1, said=""), message(2, said=""))


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ('"Doe, Jo" <jo@x.org>, me@y.org', ["Doe, Jo <jo@x.org>", "me@y.org"]),
        ("=?utf-8?q?J=C3=B6?= <jo@x.org>", ["Jö <jo@x.org>"]),
        ("=?utf-8?q?J=C3?= =?utf-8?q?=B6?= <jo@x.org>", ["Jö <jo@x.org>"]),
        ("undisclosed-recipients:;", ["undisclosed-recipients:;"]),
        ("", []),
    ],
)
def test_everybody_in_a_header_is_named(raw: str, shown: list[str]) -> None:
    assert people(raw) == shown
