# ruff: noqa: RUF001 - words in many alphabets
"""Whose words stand in a mail: quoted customers and forwarded mails become turns of their own."""

from datetime import UTC, datetime

import pytest

from transcripts.formats import Answers, CanonicalInteraction, parse
from transcripts.formats.mail.dates import read_date
from transcripts.formats.roles import AgentList, assign_known_agents

OURS = AgentList(domains=frozenset({"shop.example"}))
REPLY = "Subject: Re: kettle\nDate: Tue, 3 Mar 2026 10:15:00 +0100\n"
ANN, JO = "Ann Lee <ann@shop.example>", "Jo Doe <jo@home.example>"


def mail(body: str, headers: str = REPLY, *, by: str = ANN, to: str = JO) -> bytes:
    return f"From: {by}\nTo: {to}\n{headers}\n{body}".encode()


def settled(data: bytes, name: str = "a.eml") -> CanonicalInteraction:
    (interaction,) = assign_known_agents(parse(data, name=name), OURS).interactions
    return interaction


def turns_of(interaction: CanonicalInteraction) -> list[tuple[str, str, str]]:
    return [(turn.role, turn.speaker or "", turn.text) for turn in interaction.turns]


def moments_of(interaction: CanonicalInteraction) -> list[str]:
    return [f"{turn.sent_at:%d %H:%M}" if turn.sent_at else "" for turn in interaction.turns]


QUOTES = [
    "On Tue, Mar 3, 2026 at 9:12 AM Jo Doe <jo@home.example> wrote:\n> It broke, I am furious!",
    "Am 03.03.2026 um 09:12 schrieb Jo Doe <jo@home.example>:\n\nIt broke, I am furious!",
    "> On 3 Mar 2026, at 09:12, Jo Doe <jo@home.example> wrote:\n>\n> It broke, I am furious!",
    (
        "-----Original Message-----\nFrom: Jo Doe <jo@home.example>\nSent: 3 March 2026 09:12\n"
        "To: Care <care@shop.example>\nSubject: kettle\n\nIt broke, I am furious!"
    ),
    (
        "寄件者: Jo Doe <jo@home.example>\n寄件日期: 2026年3月3日 9:12\n收件者: Me\n主旨: a\n\n"
        "It broke, I am furious!"
    ),
    (
        "Kimden: Jo Doe <jo@home.example>\nGönderildi: 3 Mart 2026 09:12\nKime: Care\nKonu: a\n\n"
        "It broke, I am furious!"
    ),
]


@pytest.mark.parametrize(
    ("above", "speaker", "at"),
    [
        ("Jo Doe schrieb am 03.03.2026 um 09:12:", JO, "03 08:12"),
        ("On Tuesday, 3 March 2026 at 09:12, Jo Doe wrote:", JO, "03 08:12"),
        ("Am 03.03.26 um 09:12 schrieb Jo Doe:", JO, "03 08:12"),
        (
            "\u202bבתאריך 3 במרץ 2026 ב-9:12 מאת \u202aJo Doe\u202c <\u202ajo@home.example\u202c>:",
            JO,
            "03 08:12",
        ),
    ],
)
def test_who_and_when_stand_above_the_quote(above: str, speaker: str, at: str) -> None:
    interaction = settled(mail(f"So sorry.\n\n{above}\n\n> It broke!\n"))
    assert turns_of(interaction)[0] == ("customer", speaker, "It broke!")
    assert moments_of(interaction)[0] == at


@pytest.mark.parametrize("quoted", QUOTES)
def test_the_mail_that_an_agent_answers_is_the_turn_before(quoted: str) -> None:
    interaction = settled(mail(f"So sorry, Jo.\n\nAnn\n\n{quoted}\n"))
    assert turns_of(interaction) == [
        ("customer", JO, "It broke, I am furious!"),
        ("agent", ANN, "So sorry, Jo.\n\nAnn"),
    ]
    assert moments_of(interaction) == ["03 08:12", "03 09:15"]
    assert interaction.started_at == interaction.turns[0].sent_at
    assert interaction.metadata["quoted_turns"] == [0]
    assert "quoted" not in interaction.metadata


def test_what_the_quoted_mail_quotes_stays_aside() -> None:
    quoted = (
        f"{QUOTES[0]}\n>\n> On Mon, Mar 2, 2026 at 9 AM Care <care@shop.example> wrote:\n>> Off?"
    )
    interaction = settled(mail(f"So sorry.\n\n{quoted}\n"))
    assert [turn.text for turn in interaction.turns] == ["It broke, I am furious!", "So sorry."]
    assert "Off?" in str(interaction.metadata["quoted"])


def test_answers_between_the_customers_lines_leave_the_customer_a_turn() -> None:
    interaction = settled(mail("Hi Jo,\n\n> It broke!\n\nSo sorry.\n\n> Since May.\n\nOh dear.\n"))
    assert turns_of(interaction)[0] == ("customer", JO, "It broke!\nSince May.")
    assert "So sorry." in interaction.turns[1].text


@pytest.mark.parametrize(
    "data",
    [
        mail(f"Thanks.\n\n{QUOTES[0].replace('jo@home', 'ann@shop')}", by=JO, to=ANN),  # customer's
        mail("And also this.\n\nOn 3 Mar 2026 at 9:12 Ann Lee <ann@shop.example> wrote:\n> Hi Jo."),
        mail("Done.\n\n##- Please reply above this line -##\n\nYour request (7) has been updated."),
        mail("Only this."),
        mail("Done.\n\nOn 3 March 2026 at 09:12, Shop Care wrote:\n\n> So sorry."),  # a colleague
    ],
)
def test_no_turn_comes_of_ours_or_of_what_is_nobodys(data: bytes) -> None:
    assert len(settled(data).turns) == 1


def test_no_mail_of_a_thread_stands_in_it_twice() -> None:
    first = mail(
        "It broke, I am furious!\n",
        "Date: Tue, 3 Mar 2026 09:12:00 +0100\nSubject: kettle\nMessage-ID: <1@x>\n",
        by=JO,
        to=ANN,
    )
    second = mail(f"So sorry.\n\n{QUOTES[0]}\n", f"{REPLY}In-Reply-To: <1@x>\n")
    box = b"".join(b"From x Tue Mar  3 09:12:00 2026\n" + one + b"\n" for one in (first, second))
    interaction = settled(box, "a.mbox")
    assert [turn.role for turn in interaction.turns] == ["customer", "agent"]
    alone = settled(b"From x Tue Mar  3 09:12:00 2026\n" + second + b"\n", "b.mbox")
    assert [turn.role for turn in alone.turns] == ["customer", "agent"]


FORWARDED = [
    (
        "---------- Forwarded message ---------\nFrom: Jo Doe <jo@home.example>\n"
        "Date: Tue, 3 Mar 2026 at 09:12\nSubject: kettle\nTo: <ann@shop.example>\n\nIt broke!\n"
    ),
    (
        "Begin forwarded message:\n\n> From: Jo Doe <jo@home.example>\n> Date: 3 March 2026 09:12\n"
        "> To: ann@shop.example\n> Subject: kettle\n>\n> It broke!\n"
    ),
    (
        "________________________________\nVon: Jo Doe <jo@home.example>\nGesendet: 3. März "
        "2026 09:12\nAn: Care\nBetreff: kettle\n\nIt broke!\n"
    ),
]


@pytest.mark.parametrize("forwarded", FORWARDED)
def test_a_mail_that_ours_forward_is_its_writers_turn(forwarded: str) -> None:
    headers = REPLY.replace("Re:", "WG:")
    inside = settled(mail(f"Please handle this.\n\n{forwarded}", headers, to="care@shop.example"))
    assert turns_of(inside) == [
        ("customer", JO, "It broke!"),
        ("system", f"Note ({ANN})", "Please handle this."),
    ]
    assert moments_of(inside)[0] == "03 08:12"
    outside = settled(mail(f"Here it is.\n\n{forwarded}", headers, to="lab@repair.example"))
    assert turns_of(outside)[1] == ("agent", ANN, "Here it is.")
    bare = settled(mail(forwarded, headers, to="care@shop.example"))
    assert turns_of(bare) == [("customer", JO, "It broke!")]


def test_ours_that_a_customer_forwards_is_the_agents_turn() -> None:
    forwarded = (
        FORWARDED[0].replace("Jo Doe <jo@home.example>", ANN).replace("It broke!", "So sorry.")
    )
    interaction = settled(mail(f"Is this all?\n\n{forwarded}", REPLY.replace("Re:", "Fwd:"), by=JO))
    assert turns_of(interaction) == [("agent", ANN, "So sorry."), ("customer", JO, "Is this all?")]
    others = FORWARDED[0].replace("jo@home", "kim@third").replace("Jo Doe", "Kim")
    kept = settled(mail(f"See this.\n\n{others}", REPLY.replace("Re:", "Fwd:"), by=JO))
    assert len(kept.turns) == 1


BODY = (
    "<div>So sorry, Jo.</div><div class=gmail_quote><div class=gmail_attr>On Tue, 3 Mar 2026 at "
    "09:12, Jo Doe &lt;jo@home.example&gt; wrote:</div><blockquote>It broke!</blockquote></div>"
)
TEXT = "So sorry, Jo.\n\nOn 3 Mar 2026 at 9:12 Jo Doe <jo@home.example> wrote:\n> It broke!\n"


@pytest.mark.parametrize(("body", "name"), [(BODY, "a.html"), (BODY, "a.htm"), (TEXT, "a.txt")])
def test_a_body_alone_is_read_too(body: str, name: str) -> None:
    told = parse(body.encode(), name=name, answers=Answers(roles={"": "agent"})).interactions[0]
    known = settled(body.encode(), name)
    for interaction in (told, known):
        assert interaction.channel == "email"
        assert turns_of(interaction) == [
            ("customer", JO, "It broke!"),
            ("agent", "", "So sorry, Jo."),
        ]
    customer = settled(body.replace("jo@home", "ann@shop").encode(), name)
    assert [turn.role for turn in customer.turns] == ["customer"]
    forced = parse(BODY.encode(), name="x.txt", format="eml").interactions[0]
    assert forced.turns[0].text == "So sorry, Jo."


def test_html_of_a_chat_is_no_mail() -> None:
    chat = "<p>( 10s ) Ann: Hello</p><p>( 35s ) Jo: It broke, I am furious</p>"
    (found,) = parse(chat.encode(), name="a.html").interactions
    assert (found.channel, [turn.text for turn in found.turns]) == (
        "chat",
        ["Hello", "It broke, I am furious"],
    )


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("Monday, November 2, 2026 9:01 AM", "2026-11-02 09:01"),
        ("Mon, 02 Nov 2026 09:01:00 +0100", "2026-11-02 08:01"),
        ("02/11/2026 09:01 (GMT+01:00)", "2026-11-02 08:01"),  # the month before is far off
        ("2. marraskuuta 2026 klo 9.01", "2026-11-02 09:01"),
        ("2 Kasım 2026 Pazartesi 21:01", ""),  # after the mail that quotes it
        ("2026年11月2日 9:01", "2026-11-02 09:01"),
        ("1 tháng 11, 2026 09:01", "2026-11-01 09:01"),
        ("10/11/2026 09:01", "2026-10-11 09:01"),
        ("01/02/2026 09:01", ""),  # January or February
        ("2 Foo 2026 09:01", ""),
        ("99/99/2026 29:99", ""),
        ("soon", ""),
    ],
)
def test_dates_above_quoted_mails(said: str, moment: str) -> None:
    before = datetime(2026, 11, 2, 6, tzinfo=UTC)
    found = read_date(said, UTC, before)
    assert (f"{found:%Y-%m-%d %H:%M}" if found else "") == moment
    assert read_date("2 Nov 2026 09:01", None, before) is None
