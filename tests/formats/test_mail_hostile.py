"""Mails made to hang or burst a reader are read or refused."""

import contextlib
import random

import pytest

from tests.fixture_files import FIXTURES
from transcripts.formats import FormatError, parse

HEAD = b"From: a@b.c\nTo: d@e.f\nSubject: x\nMIME-Version: 1.0\n"
MIXED = HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n"
HTML = HEAD + b"Content-Type: text/html\n\n"
BAIT = {
    "endless nesting": HEAD
    + b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (depth, depth)
        for depth in range(40_000)
    )
    + b"\nhi",
    "endless enclosing": (HEAD + b"Content-Type: message/rfc822\n\n") * 40_000 + b"hi",
    "one boundary for all": MIXED + b"--b\nContent-Type: multipart/mixed; boundary=b\n\n" * 40_000,
    "many parts": MIXED + b"\n--b\n\nhi\n" * 200_000,
    "parameters": MIXED
    + (b"\n--b\nContent-Type: text/plain" + b';a="' * 1_500 + b"\n\nhi\n") * 500,
    "comments in addresses": b"From: "
    + b"(" * 900_000
    + b"\nTo: "
    + b"(a@b.c " * 90_000
    + b"\n\nhi",
    "many addresses": HEAD + b"Cc: " + b"a@b.c, " * 100_000 + b"\n\nhi",
    "encoded words": HEAD + b"Comments: x\nSubject: " + b"=?a?q?" * 100_000 + b"\n\nhi",
    "a long date": HEAD + b"Date: " + b"1 " * 100_000 + b"\n\nhi",
    "deep html": HTML + b"<div>" * 150_000 + b"x",
    "html headers": HTML + b"a: b<br>" * 4_900,
    "html entities": HTML + b"&#" + b"9" * 700_000,
    "html quotes": HTML + b'<a "><a" ' * 80_000,
    "quotes": HEAD + b"\n" + b"> On Mon, Jan 1 2020 at 10:10 x <a@b.c> wrote:\n" * 16_000,
    "attributions": HEAD + b"\nhi\n" + b"On Mon, Jan 1 2020 at 10:10 x <a@b.c> wrot\n" * 17_000,
    "rules": HEAD + b"\nhi\n" + b"________________________________\n\n" * 22_000,
    "punycode": HEAD + b"Content-Type: text/plain; charset=punycode\n\n" + b"a-" * 300_000,
    "long words": HEAD + b"\n" + b"word " * 4_000_000,
    "from lines": b"From Mon 1 10:10" * 15_000 + b"\n" + b"From a Mon 1 10:10 2020\n" * 60_000,
    "references": b"".join(
        b"From a@b.c Mon Jan 1 10:10:10 2020\n"
        b"From: a@b.c\nMessage-ID: <%d@x>\nReferences: %s\n\nhi\n\n"
        % (number, b" ".join(b"<%d@x>" % (number * 7 + step) for step in range(100)))
        for number in range(2_000)
    ),
}


TOO_DEEP, TOO_LONG = "too many parts inside one another", "at most 100,000 are taken"
REFUSED = {  # what is not named here is read
    "endless nesting": TOO_DEEP,
    "endless enclosing": TOO_DEEP,
    "one boundary for all": TOO_DEEP,
    "comments in addresses": TOO_LONG,
    "many addresses": TOO_LONG,
    "encoded words": TOO_LONG,
    "deep html": "only its first 600,000 bytes were read",
    "html entities": TOO_LONG,
    "quotes": TOO_LONG,
    "attributions": TOO_LONG,
    "rules": TOO_LONG,
    "punycode": TOO_LONG,
    "long words": TOO_LONG,
    "from lines": TOO_LONG,
}


@pytest.mark.cpu_limit(60)
@pytest.mark.parametrize("name", REFUSED)
def test_bait_is_refused_with_the_reason(name: str) -> None:
    with pytest.raises(FormatError, match=REFUSED[name]) as refusal:
        parse(BAIT[name], name="x.eml")
    assert len(str(refusal.value)) < 500


@pytest.mark.cpu_limit(60)
@pytest.mark.parametrize("name", sorted(BAIT.keys() - REFUSED.keys()))
def test_bait_with_words_in_it_is_one_conversation(name: str) -> None:
    (interaction,) = parse(BAIT[name], name="x.eml").interactions
    assert len(interaction.turns) == (2_000 if name == "references" else 1)


def test_scripts_of_a_mail_are_no_words() -> None:
    mail = parse(
        HTML + b"<p>Hi</p><script>steal()</script><img src=x onerror=steal()>", name="x.eml"
    )
    assert mail.interactions[0].turns[0].text == "Hi"


def test_parts_that_are_too_deep_are_told() -> None:
    with pytest.raises(FormatError, match="too many parts inside one another"):
        parse(BAIT["endless nesting"], name="x.eml")


def test_a_text_that_no_turn_can_hold_is_refused_with_its_length() -> None:
    with pytest.raises(FormatError, match="at most 100,000"):
        parse(BAIT["long words"], name="x.eml")


@pytest.mark.parametrize("folder", ["eml", "mbox"])
def test_damaged_mails_are_read_or_refused(folder: str) -> None:
    chance = random.Random(7)
    tried = 0
    for path in sorted((FIXTURES / folder).iterdir()):
        whole = path.read_bytes()[:30_000]
        for _ in range(20):
            data = bytearray(whole)
            for _ in range(chance.randint(1, 12)):
                place = chance.randrange(len(data))
                data[place : place + chance.randint(0, 9)] = chance.randbytes(chance.randint(0, 9))
            with contextlib.suppress(FormatError):
                parse(bytes(data), name=path.name, format=folder)
            tried += 1
    assert tried >= 60
