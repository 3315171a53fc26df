# ruff: noqa: RUF001 - words in many alphabets
"""The new words of a mail are kept, what it quotes of older mails is told apart."""

import pytest

from benchmarks.baits import QUOTES, bait
from tests.fixture_files import FIXTURES
from transcripts.formats.mail.replies import split_html_reply, split_reply

FOLDER = FIXTURES / "reply_quotes"

# file, how the new words begin and end, and words that are quoted (empty: nothing is)
BODIES = [
    ("caution.txt", "Hi lads", "-----------------------------------------", ""),
    ("email_1_1.txt", "Hi folks", "riak-users_lists.basho.com", ""),
    ("email_1_3.txt", "Oh thanks.", "-Abhishek Kona", "You can list the keys"),
    ("email_2_1.txt", "Outlook with a reply", "Outlook with a reply", "Dear Google Apps Sync user"),
    ("email_gmail.txt", "This is a test for inbox", "github message.", "too lazy to increment"),
    ("email_headers_no_delimiter.txt", "And another reply!", "reply!", "With a second line."),
    ("email_ja_1_2.txt", "田中様", "よろしくお願いいたします", "かしこまりました"),
    ("email_nl_1_2.txt", "Outlook met een antwoord", "antwoord", "Beste Google Apps"),
    ("email_pl_1_2.txt", "Czesc Anno,", "Jan", "Wszystko w porządku"),
    ("email_sv_anon_1.txt", "Hej", "070-0000000", "Ursäkta mitt sena svar"),
    ("forward.txt", "FW: YYY Arrival Notice", "Best regards", ""),
    ("multiline_on.txt", "asd", "asd", "On this day"),
    ("multiline_on_de.txt", "Am heutigen Tage", "Am heutigen Tage", "Straßburg"),
    ("outlook.txt", "Dear Team,", "https://outlook.com/mobile>", ""),
    ("pathological.txt", "I think you're onto", "get back to a computer.", "reference_alignment"),
]


def body(name: str) -> str:
    return (FOLDER / name).read_bytes().decode().replace("\r\n", "\n")


@pytest.mark.parametrize(("name", "first", "last", "quoted"), BODIES, ids=lambda value: value[:20])
def test_real_bodies_keep_their_new_words(name: str, first: str, last: str, quoted: str) -> None:
    reply = split_reply(body(name))
    assert reply.text.startswith(first)
    assert reply.text.endswith(last)
    assert quoted not in reply.text or not quoted
    assert quoted in reply.quoted
    assert bool(reply.quoted) == bool(quoted)


@pytest.mark.parametrize("name", [name for name, *_ in BODIES])
def test_no_line_of_a_body_is_lost(name: str) -> None:
    reply = split_reply(body(name))
    kept = sorted("\n".join((reply.banner, reply.text, reply.quoted)).split("\n"))
    lines = (line.strip() for line in body(name).split("\n"))
    assert sorted(line for line in lines if line) == [line.strip() for line in kept if line.strip()]


ATTRIBUTIONS = [
    "On Mon, 3 Jan 2022 at 10:12, Jo Doe <jo@example.org> wrote:",
    "On Mon, 3 Jan 2022 at 10:12, Jo Doe <jo@example.org>\nwrote:",
    "On Mon, 3 Jan 2022\nat 10:12, Jo Doe\n<jo@example.org> wrote:",
    "Am Mo., 3. Jan. 2022 um 10:12 Uhr schrieb Jo Doe <jo@example.org>:",
    "Jo Doe <jo@example.org> schrieb am Mo., 3. Jan. 2022, 10:12:",
    "Le lun. 3 janv. 2022 à 10:12, Jo Doe\n<jo@example.org> a écrit :",
    "El lun, 3 ene 2022 a las 10:12, Jo Doe (<jo@example.org>) escribió:",
    "Il giorno lun 3 gen 2022 alle ore 10:12 Jo Doe <jo@example.org> ha scritto:",
    "Em seg., 3 de jan. de 2022 às 10:12, Jo Doe <jo@example.org> escreveu:",
    "Op ma 3 jan. 2022 om 10:12 schreef Jo Doe <jo@example.org>:",
    "Den mån 3 jan. 2022 kl 10:12 skrev Jo Doe <jo@example.org>:",
    "ma 3. tammik. 2022 klo 10.12 Jo Doe (jo@example.org) kirjoitti:",
    "pon., 3 sty 2022 o 10:12 Jo Doe <jo@example.org> napisał(a):",
    "po 3. 1. 2022 v 10:12 odesílatel Jo Doe <jo@example.org> napsal:",
    "Jo Doe <jo@example.org> ezt írta (időpont: 2022. jan. 3., H, 10:12):",
    "пн, 3 янв. 2022 г. в 10:12, Jo Doe <jo@example.org> написал(а):",
    "Jo Doe <jo@example.org>, 3 Oca 2022 Pzt, 10:12 tarihinde şunu yazdı:",
    "2022年1月3日(月) 10:12 Jo Doe <jo@example.org>さんは書きました:",
    "---- On Mon, 03 Jan 2022 10:12:00 +0100 Jo Doe<jo@example.org> wrote ----",
    "On 3 January 2022 at 10:12:01, Jo Doe (jo@example.org) said:",
    "Jo Doe/Example wrote on 03/01/2022 10:12:34 AM:",
    "\u202bבתאריך יום ב׳, 3 בינו׳ 2022 ב-10:12 מאת \u202aJo\u202c <\u202ajo@x.org\u202c>:\u202c",
    "Jo Doe <jo@example.org> aliandika tarehe 3 Januari 2022 saa 10:12:",  # by its shape alone
]
HEADERS = [
    "-----Original Message-----\nFrom: Jo Doe\nSent: Monday\nTo: me\nSubject: Order",
    "________________________________\nFrom: Jo <jo@x.org>\nSent: Monday\nTo: me\nSubject: Order",
    "-----Ursprüngliche Nachricht-----\nVon: Jo Doe\nGesendet: Montag\nAn: mich\nBetreff: Paket",
    "De : Jo <jo@x.org>\nEnvoyé : lundi 3 janvier\nÀ : moi@x.org\nObjet : Commande",
    "De: Jo <jo@x.org>\nEnviado el: lunes\nPara: mi@x.org\nAsunto: Pedido",
    "-----Oprindelig besked-----\nFra: Jo\nSendt: mandag\nTil: mig\nEmne: Ordre",
    "Lähettäjä: Jo <jo@x.org>\nLähetetty: maanantai\nVastaanottaja: me@x.org\nAihe: Tilaus",
    "发件人: Jo <jo@x.org>\n发送时间: 2022年1月3日\n收件人: me@x.org\n主题: 订单",
    "寄件者: Jo <jo@x.org>\n寄件日期: 2022年1月3日 10:12\n收件者: me\n主旨: 訂單",
    "Kimden: Jo\nGönderildi: 3 Ocak 2022 Pazartesi 10:12\nKime: me@x.org\nKonu: Sipariş",
    "Από: Jo\nΣτάλθηκε: Δευτέρα, 3 Ιανουαρίου 2022\nΠρος: me@x.org\nΘέμα: Παραγγελία",
    "От: Jo\nИзпратено: 3 януари 2022 г.\nДо: me@x.org\nОтносно: Поръчка",
    "จาก: Jo <jo@x.org>\nส่ง: 3 มกราคม 2565\nถึง: me@x.org\nเรื่อง: คำสั่งซื้อ",
    "Từ: Jo <jo@x.org>\nĐã gửi: 3 tháng 1, 2022\nĐến: me@x.org\nChủ đề: Đơn hàng",
    "من: Jo <jo@x.org>\nتاريخ الإرسال: 3 يناير 2022\nإلى: me@x.org\nالموضوع: طلب",
    # by the shape alone
    "Kutoka: Jo <jo@x.org>\nImetumwa: 3 Januari 2022 10:12\nKwa: Me <me@x.org>\nMada: Agizo",
    "Jo Doe---03.01.2022 10:12:01---Did you restart it?\n\nFrom: Jo\nTo: me\nDate: 03.01.2022",
]
REPLY_MARKS = [
    "##- Please type your reply above this line -##",
    "## Please do not write below this line ##",
    "-- reply above this line --",
    "--- Bitte antworten Sie oberhalb dieser Zeile ---",
    "=-=-=-= Répondez au-dessus de cette ligne =-=-=-=",
    "##- Escriba su respuesta aquí -##",
    "*** この線より上に返信を入力してください ***",
    "Please reply above this line",
]


@pytest.mark.parametrize("mark", ATTRIBUTIONS)
def test_attributions_are_known_in_many_languages(mark: str) -> None:
    quoted = split_reply(f"It still fails.\n\n{mark}\n> Did you\n> restart it?\n")
    assert quoted.text == "It still fails."
    assert "restart" in quoted.quoted
    bare = split_reply(f"It still fails.\n\n{mark}\nDid you restart it?\n")
    assert bare.text == "It still fails."


@pytest.mark.parametrize("mark", HEADERS)
def test_pasted_headers_are_known_in_many_languages(mark: str) -> None:
    reply = split_reply(f"It still fails.\n\n{mark}\n\nDid you restart it?\n")
    assert reply.text == "It still fails."
    assert "Did you restart it?" in reply.quoted


@pytest.mark.parametrize("mark", REPLY_MARKS)
def test_what_stands_below_a_help_desks_line_is_quoted(mark: str) -> None:
    reply = split_reply(f"It still fails.\n\n{mark}\n\nYour request (7)\n\nDid you restart it?\n")
    assert reply.text == "It still fails."
    assert "Did you restart it?" in reply.quoted
    above = split_reply(f"{mark}\n\nDid you restart it?\n")
    assert above.text == "Did you restart it?"


@pytest.mark.parametrize(
    "link", ["See <https://x.example/a/b\ncd/e#1>.", "See https://x.example/a/b-\ncd/e#1"]
)
def test_the_rest_of_a_wrapped_link_is_quoted_too(link: str) -> None:
    quoted = "> " + link + "\n> Jo"
    reply = split_reply(f"It still fails.\n\n> On 3 Jan 2022 Jo <jo@x.org> wrote:\n{quoted}\n")
    assert reply.text == "It still fails."


def test_an_answer_below_the_quote_is_kept() -> None:
    reply = split_reply("On 1 Jan 2022 at 10:12 Jo <jo@x.org> wrote:\n> Broken?\n\nYes, broken.")
    assert reply.text == "Yes, broken."


def test_answers_between_quoted_lines_are_kept() -> None:
    reply = split_reply("> Is it on?\nYes.\n> Since when?\nSince noon.\nJo")
    assert reply.text == "Yes.\nSince noon.\nJo"
    assert reply.quoted == "> Is it on?\n> Since when?"


def test_a_forwarded_mail_is_kept_whole() -> None:
    mail = "Please see below.\n\n---------- Forwarded message ----------\nFrom: Jo\n\nIt broke."
    assert split_reply(mail).text == mail
    apple = "See this.\n\nBegin forwarded message:\n\n> From: Jo\n> It broke."
    assert split_reply(apple).text == apple
    outlook = "FYI\n\nFrom: Jo\nSent: Monday\nTo: me\nSubject: Order\n\nIt broke."
    assert split_reply(outlook, subject="FW: Order").text == outlook


def test_a_mail_of_nothing_but_quotes_does_not_become_empty() -> None:
    mail = "> all of it\n> is quoted"
    assert split_reply(mail).text == mail
    assert split_reply(mail).quoted == ""


@pytest.mark.parametrize(
    "mail",
    [
        "I was told:\nit will be fixed on Monday at 10:30.",
        "On Monday your colleague wrote nothing at all. I am angry.",
        "From my side: fine.\nTo be clear: it is not over.\nDate it as you like.",
        "Hello,\n--- \nthis is still my text\n---\nand this too",
        "Q: when?\nA: now\nData: none",
        "Come on over:\n\nHost: Jo <jo@x.org>\nDay: 3 March 2022 10:12\nPlace: here\nBring: cake",
        "My data:\n\nName: Jo Doe\nE-mail: jo@x.org\nBorn: 3 March 1982 10:12\nOrder: 4",
        "--- please read this line twice, it is what I am angry about",
        "See <https://x.example/a\nis what I wanted to say",
    ],
)
def test_own_words_that_look_a_little_like_a_quote_are_kept(mail: str) -> None:
    assert split_reply(mail).text == mail


@pytest.mark.parametrize(
    "html",
    [
        (
            '<div>Still broken</div><div class="gmail_quote">On Mon, Apr 2, 2012 at 6:26 PM, J &lt;'
            '<a href="mailto:jo@x.org">jo@x.org</a>&gt; wrote:<br><blockquote class="gmail_quote">'
            "Try again</blockquote></div>"
        ),
        "<p>Still broken</p><blockquote type='cite'><p>Try again</p></blockquote>",
        (
            "<p>Still broken</p><div style='border:none;border-top:solid #B5C4DF 1.0pt;"
            "padding:3.0pt 0in 0in 0in'><p><b>From:</b> Jo [mailto:jo@x.org]<br><b>Sent:</b> Monday"
            "<br><b>To:</b> me<br><b>Subject:</b> Order</p></div><p>Try again</p>"
        ),
    ],
)
def test_quotes_in_html_are_told_apart(html: str) -> None:
    reply = split_html_reply(html)
    assert reply.text == "Still broken"
    assert "Try again" in reply.quoted


X_HEADERS = "<b>寄件者:</b> Jo<br><b>寄件日期:</b> 3.1.2022<br><b>收件者:</b> Me<br>"


@pytest.mark.parametrize(
    "html",
    [
        f"<div>Still broken</div><hr><div id='x_x_divRplyFwdMsg'>{X_HEADERS}</div><p>Try again</p>",
        "<p>Still broken</p><div id=appendonsend></div><hr><p>Kutoka: Jo</p><p>Try again</p>",
        f"<p>Still broken</p><div style='border-top:1.0pt solid'>{X_HEADERS}</div><p>Try again</p>",
        "<p>Still broken</p><div class=yahoo_quoted id=yahoo_quoted_12><p>Try again</p></div>",
        "<p>Still broken</p><div name=quote><div>Von: Jo</div><div>Try again</div></div>",
        (
            "<p>Still broken</p><div class='gmail_quote'><div class='gmail_attr'>3 Jan, Jo:</div>"
            "<blockquote>Try again</blockquote></div>"
        ),
        (
            "<div class=gmail_quote><div class=gmail_attr>On 3 Jan 2022 Jo (jo@x.org) wrote:</div>"
            "<blockquote class=gmail_quote>Try again</blockquote><div>Still broken</div></div>"
        ),
    ],
)
def test_markup_tells_quotes_in_every_language(html: str) -> None:
    reply = split_html_reply(html)
    assert reply.text == "Still broken"
    assert "Try again" in reply.quoted


def test_own_words_in_a_box_for_quotes_are_kept() -> None:
    html = "<div class='yahoo_quoted'><div>This is new and I am furious.</div></div>"
    assert split_html_reply(html).text == "This is new and I am furious."


@pytest.mark.parametrize(
    "hidden",
    [
        "<div style='display:none;max-height:0'>We are so sorry</div>",
        "<span style='FONT-SIZE: 0px; line-height:0'>We are so sorry</span>",
        "<span style='mso-hide:all'>We are so <b>sorry</b></span>",
        "<div style='visibility: hidden'><div>We are so sorry</div></div>",
        "<div style='color:#ffffff'>We are so sorry</div>",
        (
            "<style>.pre{display:none !important} @media x{.own{display:none}}</style>"
            "<p class='a pre'>We are so sorry</p>"
        ),
        "<p style='display:none'>We are so sorry",
    ],
)
def test_what_nobody_sees_is_not_read(hidden: str) -> None:
    html = f"<body>{hidden}<p class='own'>It comes on <span style='font-size:0'>"
    html += "<b style='font-size:12px'>Friday</b></span>.</p></body>"
    reply = split_html_reply(html)
    assert reply.text == "It comes on Friday."
    assert "sorry" in reply.hidden
    assert split_html_reply("<div style='display:none'>All of it</div>").text == "All of it"


@pytest.mark.parametrize(
    "banner",
    [
        (
            "<table bgcolor='#ffeb9c'><tr><td>You don't often get email from a@b.example. "
            "<a href='https://aka.ms/LearnAbout'>Learn why</a></td></tr></table>"
        ),
        "<div style='border:1px solid red'>Barua pepe hii ni phishing, angalia link.</div>",
        "<p>CAUTION: This email came from outside. Do not click links.</p>",
    ],
)
def test_a_gateways_warning_is_set_aside(banner: str) -> None:
    reply = split_html_reply(f"<body>{banner}<p>Please send me form B.</p></body>")
    assert reply.text == "Please send me form B."
    assert "link" in reply.banner.lower() or "learn" in reply.banner.lower()
    words = "<table bgcolor='#eee'><tr><td>I waited all day.</td></tr></table><p>Jo</p>"
    assert split_html_reply(words).banner == ""


LONG = 767_000


@pytest.mark.cpu_limit(60)
@pytest.mark.parametrize("first", ["", "hello\n"])
@pytest.mark.parametrize("piece", QUOTES)
def test_quote_bait_ends_and_nothing_is_added(piece: str, first: str) -> None:
    text = bait(first, piece, LONG)
    reply = split_reply(text)
    assert len(reply.text) + len(reply.quoted) <= len(text)


@pytest.mark.cpu_limit(60)
@pytest.mark.parametrize(
    "piece", ["a: b<br>", "<blockquote>From: a<br>", "<div>On x<br>", "<p>&gt; On 1 wrote:<br>"]
)
def test_html_bait_for_the_library_ends(piece: str) -> None:
    assert split_html_reply(bait("", piece, 40_000)).text
