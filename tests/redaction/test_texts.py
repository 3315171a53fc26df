"""What is taken out of a text, and what only looks like it and stays."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcripts.redaction import KINDS, redact_text


def redacted(text: str) -> str:
    return redact_text(text, Counter())


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("card 4111 1111 1111 1111 exp 12/27", "card [CARD] exp 12/27"),
        ("card 4111-1111-1111-1111.", "card [CARD]."),
        ("4111111111111111", "[CARD]"),
        ("amex 3782 822463 10005 ok", "amex [CARD] ok"),
        ("5555.5555.5555.4444", "[CARD]"),
        ("4111 - 1111 - 1111 - 1111", "[CARD]"),
        ("4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "[CARD]"),
        ("4111 1111 1111 1111 12 27 123", "[CARD] 12 27 123"),
        ("6011000990139424 and 3530111333300000", "[CARD] and [CARD]"),
        ("DE89 3704 0044 0532 0130 00 please", "[IBAN] please"),
        ("gb29nwbk60161331926819", "[IBAN]"),
        ("it is FR1420041010050500013M02606.", "it is [IBAN]."),
        ("my SSN is 123-45-6789", "my SSN is [SSN]"),
        ("123 45 6789", "[SSN]"),
        ("social security number: 123456789", "social security number: [SSN]"),
        ("my social is 078-05-1120", "my social is [SSN]"),
        ("AB123456C", "[NINO]"),
        ("my national insurance number is ab 12 34 56 c", "my national insurance number is [NINO]"),
        ("write to jane.doe+x@example.co.uk.", "write to [EMAIL]."),
        ("<JANE@EXAMPLE.COM>", "<[EMAIL]>"),
        ("jane dot doe at gmail dot com", "[EMAIL]"),
        ("müller@bücher.example", "[EMAIL]"),
        ("call 415-555-2671", "call [PHONE]"),
        ("(415) 555-2671 or 415.555.2671", "[PHONE] or [PHONE]"),
        ("+1 415 555 2671, +442079460958", "[PHONE], [PHONE]"),
        ("020 7946 0958 / 07700 900123", "[PHONE] / [PHONE]"),
        ("1-800-555-0199", "[PHONE]"),
        ("06 12 34 56 78", "[PHONE]"),
        ("it's 4155552671", "it's [PHONE]"),
        ("call me at 555-1234", "call me at [PHONE]"),
        ("please ring me back on 1234567", "please ring me back on [PHONE]"),
        ("电话415-555-2671谢谢", "电话[PHONE]谢谢"),
        ("on 2026-11-02 415-555-2671", "on 2026-11-02 [PHONE]"),
        ("https://jane:pw@example.com/x", "[URL]"),
        ("see https://example.com/reset?token=abc123.", "see [URL]."),
        ("www.example.com/a?x=1&api_key=9", "[URL]"),
        ("https://example.com/password-reset/9f8a7b6c5d4e3f2a1b0c", "[URL]"),
        ("https://example.com/#access_token=xyz", "[URL]"),
        ("my password is hunter2", "my password is [SECRET]"),
        ('the password: "correct horse"', 'the password: "[SECRET]"'),
        ("Password=Summer!2024 thanks", "Password=[SECRET] thanks"),
        ("my password is dragon.", "my password is [SECRET]."),
        ("I changed my password to hunter2 today", "I changed my password to [SECRET] today"),
        ("my password is: hunter2", "my password is: [SECRET]"),
        ("my pin's 4471", "my pin's [SECRET]"),
        ("PIN is 4471", "PIN is [SECRET]"),
        ("pin 4471, CVV 123", "pin [SECRET], CVV [SECRET]"),
        ("my pin is four four seven one", "my pin is [SECRET]"),
        ("the security code is 123", "the security code is [SECRET]"),
        ("verification code: 884211", "verification code: [SECRET]"),
        ("4471 is my PIN", "[SECRET] is my PIN"),
        ("use sk_live_abcdefghij1234567890", "use [SECRET]"),
    ],
)
def test_personal_data_is_replaced(text: str, clean: str) -> None:
    assert redacted(text) == clean


@pytest.mark.parametrize(
    "text",
    [
        "order 4111 1111 1111 1112",
        "order number 4155552671",
        "Order #4155552671, order 112-7654321-1234567",
        "ticket 123-45-6789",
        "order 123456789",
        "order AB123456C",
        "tracking 9400 1000 0000 0000 0000 00",
        "tracking 1Z999AA10123456784",
        "invoice INV-2025550143",
        "my account number is 12345678",
        "IMEI 353912104567890",
        "it was $1,234,567.89 or 1234567.89 or 12 345 678",
        "1.299,00 EUR",
        "2026-11-02 10:15:00 and 02/11/2026 and 02.11.2026 14:30",
        "from 2019-2020 to 2021-2022",
        "10:15-11:45, 07:30 - 22:45, 24/7, 365",
        "version 10.2.4.1015, v2.13.4567890, 192.168.100.12",
        "1699999999 and 1699999999123",
        "GB29 NWBK 6016 1331 9268 18",
        "call duration: 1234567",
        "zip file 90210",
        "I called 3 times in 2024 and 12 times in 2025",
        "@user thanks, see you @ 5",
        "you can look at amazon dot com",
        "https://example.com/orders/4155552671?page=2&sort=asc",
        "https://example.com/help/reset-your-password",
        "my password is not working",
        "the password is expired",
        "the password is wrong and the pin is blocked",
        "my pin is not 4 digits",
        "I reset my password to get in",
        "error code is 500123, promo code SAVE20",
        "passport control is 20 minutes away",
        "Call 911! Dial 0. Press 1.",
        "[CARD] [IBAN] [BANK] [SSN] [NINO] [NATIONAL_ID] [EMAIL] [PHONE] [URL] [SECRET] [NAME]",
        "my password is [SECRET], PIN [SECRET], call [PHONE]",
        "",
    ],
)
def test_what_only_looks_like_it_stays(text: str) -> None:
    counts: Counter[str] = Counter()
    assert redact_text(text, counts) == text
    assert not counts


def test_finds_are_counted_by_kind() -> None:
    counts: Counter[str] = Counter()
    redact_text("a@b.com, c@d.com, 4111111111111111", counts)
    assert counts == {"EMAIL": 2, "CARD": 1}


BAIT = st.lists(
    st.one_of(
        st.text(max_size=6),
        st.sampled_from(
            [
                "4111 1111 1111 1111", "4111", "1111", "DE89370400440532013000", "GB29",
                "123-45-6789",
                "123", "45", "6789", "AB123456C", "a@b.co", "@", ".com", "jane",
                " at gmail dot com",
                "+1 415 555 2671", "415", "555", "2671", "+44", "020 7946 0958", "https://", "www.",
                "x.com/?token=1", "a:b@", "my password is ", "password:", "PIN ", " is my pin",
                "4471",
                "hunter2", "call ", "order #", "ssn ", "2026-11-02", "-", " ", ".", "(", ")", "'",
                "\n",
                "double four ", "oh one ", " dot ", " at ", "nhs ", "9434765919",
                "sort code ", "20-40-60", "my number is ", ", ", "one two three ",
                "eyJhbGciOiJ.eyJzdWIiOiJ", *(f"[{kind}]" for kind in KINDS),
            ]
        ),
    ),
    max_size=14,
).map("".join)  # fmt: skip


@given(BAIT)
def test_redacting_twice_changes_nothing(text: str) -> None:
    once = redacted(text)
    counts: Counter[str] = Counter()
    assert redact_text(once, counts) == once
    assert not +counts
