"""Single e-mails: one message is one turn, with what its headers say and none of their faults."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.fixture_files import FIXTURES
from transcripts.formats import (
    Answers,
    CanonicalInteraction,
    FormatError,
    Parsed,
    Question,
    parse,
    recognise,
)
from transcripts.formats.roles import AgentList, assign_known_agents

# file, sender, sent, first words, last words, role
FILES = [
    (
        "mikel_attachment_message_rfc822",
        "foo@example.com",
        "2005-06-06T20:21:22",
        "This is the first part.",
        "This is the first part.",
        "unknown",
    ),
    (
        "mikel_basic_email_lf",
        "Mikel Lindsaar <test@lindsaar.net>",
        "2008-11-22T04:04:59",
        "Plain email.",
        "Mikel",
        "unknown",
    ),
    (
        "mikel_content_transfer_encoding_qp_with_space",
        "Wilmer Capps <fyouizjnp@swissonline.ch>",
        "2004-11-07T21:23:56",
        "If you're in need",
        "if you are interested.",
        "unknown",
    ),
    (
        "list_mail_with_x_uuencode",
        "Walter L. Sand <walter@EXAMPLE.COM>",
        "2002-01-10T21:59:53",
        "Attached are the comments",
        "sender and delete it.  Thank you.",
        "unknown",
    ),
    (
        "mikel_japanese_iso_2022",
        "Mikel Lindsaar <raasdnil@gmail.com>",
        None,
        "すみません。",
        "すみません。",
        "unknown",
    ),
    (
        "mikel_japanese_shift_jis",
        "xxxxxxx@docomo.ne.jp",
        "2014-05-28T08:18:19",
        "あいうえお",
        "よろしくお願い申し上げます\uff01",
        "unknown",
    ),
    (
        "mikel_ks_c_5601-1987",
        "from@example.com",
        "2014-05-28T08:18:19",
        "스티해",
        "스티해",
        "unknown",
    ),
    (
        "mikel_raw_email2",
        "xxxxxxxxx xxxxxxx <xxxxxxxxx.xxxxxxx@gmail.com>",
        "2005-05-08T19:09:11",
        "We should not include",
        "sort of exclusions list?",
        "unknown",
    ),
    (
        "mikel_raw_email_reply",
        "Testing <xxxxxxxx@xxx.org>",
        "2007-11-18T08:56:07",
        "Message body",
        "Message body",
        "unknown",
    ),
    (
        "mikel_raw_email_with_nested_attachment",
        "Jamis Buck <jamis@37signals.com>",
        "2007-02-22T18:20:31",
        "Here is a test",
        "- Jamis",
        "unknown",
    ),
    (
        "mikel_report_422",
        "Mail Delivery Subsystem <MAILER-DAEMON@tppppp.com.au>",
        "2008-01-16T16:40:52",
        "*****",
        "",
        "system",
    ),
    ("mikel_utf8_headers", "Jöhn Doe <jdöe@mächine.example>", None, "body", "body", "unknown"),
    (
        "talon_android",
        "Sergey Obykhov <bob@example.com>",
        "2012-04-02T14:22:10",
        "Hello",
        "Hello",
        "unknown",
    ),
    ("talon_apple_mail", "xxx <xxx@gmail.com>", "2012-04-03T12:55:26", "Hello", "Hello", "unknown"),
    (
        "talon_gmail",
        "Megan One <xxx@gmail.com>",
        "2012-04-02T16:21:52",
        "Hello",
        "Hello",
        "unknown",
    ),
    (
        "talon_hotmail",
        "Alexey Q <xxx@hotmail.com>",
        "2012-04-02T13:47:37",
        "Hello",
        "Hello",
        "unknown",
    ),
    ("talon_outlook", "me@example.com", None, "Hello", "Hello", "unknown"),
    (
        "talon_thunderbird",
        "bob <bob@xxx.mailgun.org>",
        "2012-04-02T14:27:08",
        "Hello",
        "Hello",
        "unknown",
    ),
    ("talon_yahoo", "Alex Q <xxx@yahoo.com>", "2012-04-02T13:45:30", "Hello", "Hello", "unknown"),
]


@pytest.mark.parametrize("name", ["", "mail.txt"], ids=["eml", "txt"])
@pytest.mark.parametrize("expected", FILES, ids=lambda row: row[0])
def test_real_mails_are_read(expected: tuple[str, ...], name: str) -> None:
    file, sender, sent, first, last, role = expected
    parsed = parse((FIXTURES / "eml" / f"{file}.eml").read_bytes(), name=name or f"{file}.eml")
    (interaction,) = parsed.interactions
    (turn,) = interaction.turns
    assert (parsed.format, interaction.channel, turn.speaker, turn.role) == (
        "eml",
        "email",
        sender,
        role,
    )
    assert turn.sent_at == (datetime.fromisoformat(sent).replace(tzinfo=UTC) if sent else None)
    assert interaction.started_at == turn.sent_at
    assert turn.text.startswith(first)
    assert turn.text.endswith(last)


def test_a_real_mail_without_a_body_is_refused_in_words() -> None:
    with pytest.raises(FormatError, match="an e-mail without words in its body"):
        parse((FIXTURES / "eml" / "mikel_bad_date_header2.eml").read_bytes(), name="x.eml")


@pytest.mark.parametrize("name", ["letter.tnef", "letter_and_files.tnef"])
def test_a_winmail_file_is_named_as_not_read(name: str) -> None:
    with pytest.raises(FormatError, match="Outlook winmail"):
        parse((FIXTURES / "tnef" / name).read_bytes(), name=name)


def test_facts_of_real_mails_stand_in_the_metadata() -> None:
    mail = parse((FIXTURES / "eml" / "mikel_raw_email2.eml").read_bytes(), name="x.eml")
    interaction = mail.interactions[0]
    assert interaction.subject == "Fwd: Signed email causes file attachments"
    assert interaction.metadata["attachments"] == [
        {"turn": 0, "name": "smime.p7s", "type": "application/pkcs7-signature"}
    ]
    assert interaction.metadata["message_ids"] == ["e85734b90505081209eaaa17b@mail.gmail.com"]
    assert "xxxxx xxxx <xxxxx@xxxxxxxxx.com>" in interaction.metadata["participants"]
    bare = parse((FIXTURES / "eml" / "mikel_japanese_iso_2022.eml").read_bytes(), name="x.eml")
    assert bare.interactions[0].subject == "まみむめも"


def read(body: str | bytes, headers: str = "", **named: object) -> Parsed:
    head = f"From: Jo Doe <jo@shop.example>\nTo: me@x.org\nSubject: Order\n{headers}\n"
    rest = body if isinstance(body, bytes) else body.encode()
    return parse(head.encode() + rest, name="x.eml", **named)  # type: ignore[arg-type]


def said(body: str | bytes, headers: str = "") -> str:
    return read(body, headers).interactions[0].turns[0].text


def only(parsed: Parsed) -> CanonicalInteraction:
    return parsed.interactions[0]


MIXED = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n"
EITHER = "MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n"


@pytest.mark.parametrize(
    ("headers", "body", "text"),
    [
        ("Content-Type: text/plain; charset=cp-850\n", b"Gr\x81n", "Grün"),
        (
            "Content-Type: text/plain; charset=unicode-1-1-utf-7\n",
            b"Hi Mom +Jjo-!",
            "Hi Mom \u263a!",
        ),
        ("Content-Type: text/plain; charset=x-unknown\n", b"Gr\xfc\xdfe", "Grüße"),
        ("Content-Type: text/plain; charset=us-ascii\n", "Grüße".encode(), "Grüße"),
        ("Content-Type: text/plain; charset=utf-8\n", b"caf\xc3", "caf\ufffd"),
        ("Content-Type: text/plain; charset=zlib\n", b"hi", "hi"),
        ("Content-Type: text/plain; charset=punycode\n", b"hi-there", "hi-there"),
        ("", b"Gr\xfc\xdfe \x93ja\x94", "Grüße “ja”"),
        ("Content-Transfer-Encoding: base64\n", b"SGVsb G8\n!=", "Hello"),
        ("Content-Transfer-Encoding: quoted printable\n", b"a=C3=A9 b=\nc", "aé bc"),
        ("Content-Transfer-Encoding: x-uuencode\n", b"begin 644 x\n%2&5L;&\\\n`\nend\n", "Hello"),
        ("", b"a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("", b"a\x00b", "ab"),
        (
            "Content-Type: text/html\n",
            b"<style>x</style><p>Hi<p>Bye<script>x</script>",
            "Hi\n\nBye",
        ),
        ("Content-Type: nonsense\n", b"Hi", "Hi"),
        ("Content-Type: multipart/mixed\n", b"Hi", "Hi"),
        (MIXED, b"--b\n\none\n--b\nContent-Type: text/plain\n\ntwo", "one\n\ntwo"),
        (EITHER, b"--b\n\n \n--b\nContent-Type: text/html\n\n<b>Hi</b>\n--b--", "Hi"),
        (EITHER, b"--b\n\nplain\n--b\nContent-Type: text/html\n\n<b>html</b>\n--b--", "plain"),
        (
            EITHER,
            b"--b\n\nSee HTML.\n--b\nContent-Type: text/html\n\n" + b"<p>word</p>" * 200,
            "\n\n".join(["word"] * 200),
        ),
        (
            MIXED,
            b"--b\nContent-Type: message/rfc822\n\nFrom: x@y.z\nSubject: in\n\ninner\n--b--",
            "inner",
        ),
    ],
)
def test_bodies_are_read_whatever_their_charset_and_shape(
    headers: str, body: bytes, text: str
) -> None:
    assert said(body, headers) == text


def test_an_attachment_is_named_and_never_read() -> None:
    bomb = '<!DOCTYPE l [<!ENTITY a "lol"><!ENTITY b "&a;&a;">]><l>&b;</l>'
    parsed = read(
        f"--b\n\nSee file.\n--b\nContent-Type: text/xml\n"
        f"Content-Disposition: attachment; filename*=utf-8''na%C3%AFve.xml\n\n{bomb}\n--b--",
        MIXED,
    )
    assert only(parsed).turns[0].text == "See file."
    assert only(parsed).metadata["attachments"] == [
        {"turn": 0, "name": "naïve.xml", "type": "text/xml"}
    ]


def test_winmail_dat_is_told_as_not_read() -> None:
    parsed = read(
        "--b\n\nHi\n--b\nContent-Type: application/ms-tnef; name=winmail.dat\n\nx\n--b--", MIXED
    )
    assert parsed.notes == ("An attachment winmail.dat was not read.",)


def test_an_enclosed_mail_is_an_attachment_beside_words() -> None:
    parsed = read("--b\n\nHi\n--b\nContent-Type: message/rfc822\n\nSubject: in\n\nx\n--b--", MIXED)
    assert [turn.text for turn in only(parsed).turns] == ["Hi"]
    assert only(parsed).metadata["attachments"] == [
        {"turn": 0, "name": "in", "type": "message/rfc822"}
    ]


def test_quoted_words_stay_in_the_metadata() -> None:
    parsed = read("Still broken\n\nOn 3 Jan 2022 at 10:12 Jo <jo@x.org> wrote:\n> Try again\n")
    assert only(parsed).turns[0].text == "Still broken"
    assert only(parsed).metadata["quoted"] == [
        {"turn": 0, "text": "On 3 Jan 2022 at 10:12 Jo <jo@x.org> wrote:\n> Try again"}
    ]


@pytest.mark.parametrize(
    ("headers", "role"),
    [
        ("Auto-Submitted: auto-replied (vacation)\n", "bot"),
        ("Auto-Submitted: auto-generated\n", "bot"),
        ("Auto-Submitted: no\n", "unknown"),
        ("Precedence: auto_reply\n", "bot"),
        ("Return-Path: <>\n", "bot"),
        ("Return-Path: <jo@x.example>\n", "unknown"),
        ("X-Autoresponder: 1\n", "bot"),
        ("X-Auto-Reply: true\n", "bot"),
        ("X-Autoreply: no\n", "unknown"),
        ("X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent\n", "bot"),
        ("Subject: Automatic reply: my order\n", "bot"),
        ("Subject: Automatische Antwort: Bestellung\n", "bot"),
        ("Subject: =?utf-8?B?6Ieq5Yqo5Zue5aSNOiDorqLljZU=?=\n", "bot"),
        ("Subject: Re: Automatic reply: my order\n", "unknown"),  # a person answers it
        ("Subject: Out of office space, please help\n", "unknown"),
        ("Subject: We received your request\nPrecedence: bulk\n", "bot"),
        ("Subject: We received your request\nX-Auto-Response-Suppress: All\n", "bot"),
        ("Subject: We received your request\n", "unknown"),
        ("Precedence: list\n", "unknown"),  # of a mailing list
        ("X-Auto-Response-Suppress: DR, OOF, AutoReply\n", "unknown"),  # of a help desk
        ("", "unknown"),
    ],
)
def test_words_of_a_program_are_told_by_its_headers(headers: str, role: str) -> None:
    subject = "" if "Subject:" in headers else "Subject: Order\n"
    data = f"From: Jo <jo@shop.example>\nTo: me@x.org\n{subject}{headers}\nI am away.".encode()
    assert only(parse(data, name="x.eml")).turns[0].role == role


def test_roles_are_left_open_and_known_from_the_companys_domain() -> None:
    parsed = read("Hello")
    assert parsed.open == (Question.ROLES,)
    known = assign_known_agents(parsed, AgentList(domains=frozenset({"shop.example"})))
    assert only(known).turns[0].role == "agent"
    assert known.open == ()


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        ("Date: Tue, 3 Mar 2020 10:00:00 +0100\n", "2020-03-03T09:00:00+00:00"),
        ("Date: Tue, 3 Mar 2020 10:00 EST\n", "2020-03-03T15:00:00+00:00"),
        ("Date: 3 Mar 2020 10:00:00 GMT (a comment)\n", "2020-03-03T10:00:00+00:00"),
        ("Date: Tue, 3 Mar 2020 10:00:00 CET\n", None),  # which of several is asked for
        ("Date: Thu, 1 Jan 1970 00:00:00 +0000\n", None),
        ("Date: 99 Foo 99999 77:00 +9999\n", None),
        ("Date:\n", None),
        ("", None),
    ],
)
def test_dates_are_moments_or_nothing(date: str, moment: str | None) -> None:
    interaction = only(read("Hello", date))
    assert (interaction.started_at.isoformat() if interaction.started_at else None) == moment


def test_the_time_of_delivery_stands_for_a_date_that_cannot_be_read() -> None:
    parsed = read("Hello", "Date: soon\nReceived: from a by b;\n\tTue, 3 Mar 2020 10:00:00 +0000\n")
    assert only(parsed).started_at == datetime(2020, 3, 3, 10, tzinfo=UTC)
    assert "time of delivery" in parsed.notes[0]


def test_a_date_without_a_zone_is_asked_for() -> None:
    date = "Date: Tue, 3 Mar 2020 10:00:00\n"
    parsed = read("Hello", date)
    assert Question.TIME_ZONE in parsed.open
    assert only(parsed).started_at is None
    told = read("Hello", date, answers=Answers(time_zone=ZoneInfo("Europe/Vienna")))
    assert only(told).started_at == datetime(2020, 3, 3, 9, tzinfo=UTC)
    assert Question.TIME_ZONE not in told.open


@pytest.mark.parametrize(
    "data",
    [
        b"half a line was lost\nFrom: Jo <jo@x.org>\nTo: a@b.c\nMessage-ID: <1@x>\n\nHello",
        b"From jo@x.org Sat Nov  8 11:37:32 2014\nFrom: jo@x.org\nTo: a\nMIME-Version: 1\n\nHello",
        b"\xef\xbb\xbfFrom: jo@x.org\r\nTo: a@b.c\r\nSubject: x\r\n\r\nHello",
        "From: jo@x.org\nTo: a@b.c\nSubject: x\n\nHello".encode("utf-16"),
        b"Received: by x\nFrom: jo@x.org\nTo: a@b.c\nHello",
    ],
)
def test_odd_beginnings_are_recognised_under_any_name(data: bytes) -> None:
    for name in ("x.eml", "x.txt", "mail"):
        parsed = parse(data, name=name)
        assert (parsed.format, only(parsed).turns[0].text) == ("eml", "Hello")


@pytest.mark.parametrize(
    ("data", "format"),
    [
        (b"Agent: Hello, this is support.\nCustomer: Hi, it fails.\n", "plain_text"),
        (b"Date: 3 May 2020\nSubject: a call\n\nAgent: Hello\nCustomer: It fails\n", "plain_text"),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\nFrom: a@b.c\n", "webvtt"),
    ],
)
def test_other_texts_are_not_taken_for_mails(data: bytes, format: str) -> None:  # noqa: A002
    assert recognise(data, "x.txt").format == format


def test_a_bare_reply_is_read_without_headers() -> None:
    text = b"Still broken\n\nOn 3 Jan 2022 at 10:12 Jo <jo@x.org> wrote:\n> Try again\n"
    parsed = parse(text, name="reply.txt")
    assert (parsed.format, only(parsed).turns[0].text) == ("eml", "Still broken")
    assert only(parsed).turns[0].speaker is None
