"""Texts made to hang a reader: one thing again and again, for tests and benchmarks.hostile."""

from typing import Final

# For importers, as a whole file or after one of the openings that lead into a format.
RUNS: Final = (
    "a", " ", "\t", "\n", "x\n", "<", ">", "> ", "\n> ", ">\n", "&", "&#", "&lt;", "[", "{", "(",
    '"', '""', '","', "'", "\\", "\\n", ":", "a:", "A: ", "Agent:", "Agent: ", "Agent: Customer: ",
    "Agent\n\n", "A\n\n", "*", "**", "_", "-", "- ", "--", "-->", "=", "=?utf-8?q?",
    "=?utf-8?q?=41?= ", "=\n", "#", "@", "a@", "a@b.", ".", ",", ", ", ";", "; ", "|", "0", "0:",
    "00:", "1 ", "12:", "1/", "1.", "\u0660", "\u200e", "\u202f", "\u00a0", "\u0301", "<v ",
    "<v a>", "<v.a.", "<c>", "<00:00.000>", "<div>", "<div ", "<!--", "<a href='", "<p>x",
    "<script>", "<![CDATA[", "</", "http://", "On Mon, ", "On a wrote:\n", "wrote:\n",
    "Am Montag schrieb ", "-----Original Message-----\n", "________________\n", "Sent from my ",
    "From: a\n", "From ", "\nFrom a Mon Jan  1 00:00:00 2024\n", ">From ", "Subject: a\n", "a: b\n",
    "a:\n ", "--a\n", "begin 644 a\n", "[1/2/26, 10:15] A: b\n", "1/2/26, 10:15 - ",
    "1/2/26, 10:15 - A: b\n", "1/2/26, ", "10:15:00\tA:\tb\n", "10:15:00\t From A to ", "1\n",
    "1\n\n", "00:00:01,000 --> 00:00:02,000\n", "00:00:01,000 --> ",
    "1\n00:00:01,000 --> 00:00:02,000\na\n\n", '{"a":1}\n', '{"a":', '[{"a":', "\u2028",
)  # fmt: skip
OPENINGS: Final[dict[str, tuple[str, ...]]] = {
    "webvtt": ("WEBVTT\n\n00:01.000 --> 00:02.000\n", "WEBVTT\n\n", "WEBVTT\n"),
    "srt": ("1\n00:00:01,000 --> 00:00:02,000\n",),
    "csv_turns": ("speaker,text\nAgent,", "speaker,text\n"),
    "plain_text": ("Agent: a\nCustomer: b\n",),
    "eml": (
        "From: a@b.c\nTo: d@e.f\nSubject: x\n\n",
        "From: a@b.c\nSubject: ",
        "From: a@b.c\nContent-Type: text/html\n\n",
        "From: a@b.c\nContent-Type: multipart/mixed; boundary=a\n\n--a\n",
    ),
    "mbox": ("From a@b.c Mon Jan  1 00:00:00 2024\nFrom: a@b.c\n\n",),
    "whatsapp": ("1/2/26, 10:15 - A: b\n13/2/26, 10:15 - B: c\n",),
    "zoom_chat": ("10:15:00\tA:\tb\n10:15:01\tB:\tb\n",),
}
# For the reader of HTML.
MARKUP: Final = (
    "<",
    "<a ",
    '<a "><a" ',
    "<div>",
    "<ul><li>",
    "<blockquote>x",
    "<!--",
    "<!-- >",
    "&",
    "&#9",
    "<style>",
    "<title>",
    "<style></styl ",
    "<b> ",
    "<img alt=",
    "<pre>\n",
    "</div>",
    "<![CDATA[",
)
# For what tells a mail's new words from those it quotes.
QUOTES: Final = (
    "> ",
    "> a\n",
    ">",
    "On ",
    "On 3 x@y.z wrote\n",
    "From: a\n",
    "hi\n> q\n",
    "a@b.c 10:10:\n",
    "\n",
    " ",
    "-",
    "_" * 32 + "\n\n",
    "From: x@y.z\nTo: a@b.c\n",
    "> On 1 Jan 10:10 wrote:\n",
    "On 1.1.2020 10:10 " + "wrote " * 60 + "\n",
)
# For redaction of one turn, and for the names that people say of themselves.
FACTS: Final = (
    "1",
    "4 ",
    "1-2 ",
    "a@",
    "a",
    "a.",
    "https://x/?a=1&",
    "a://",
    "http://a:@",
    "my password is ",
    "password:",
    "pin 1 ",
    "1 is my ",
    "GB29 ",
    "ssn 123-45-",
    "2026-11-02 ",
    "(",
    "+1",
    " ",
    "\n",
    "one two ",
    "a dot b at ",
    "call ",
    "order # ",
    "[CARD]",
    "'",
    "eyJaaaaaaaaa.",
    "one, ",
    "double one ",
    "123, ",
    "nhs 123456 ",
    "sort code 20-40-60 ",
    "a at b dot ",
    "a-",
    "a'",
)
NAMES: Final = (
    "my name is Ab. ",
    "mr ",
    "Mr van ",
    "this is ",
    "Hi, ",
    "regards\nAb\n",
    "Ab here ",
)


def bait(opening: str, unit: str, size: int) -> str:
    """An opening and then so many bytes of one thing."""
    return opening + unit * (size // len(unit.encode()))
