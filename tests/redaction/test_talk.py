"""What only a whole conversation tells: names it introduces, answers to questions, kinds kept."""

from typing import Any

import pytest

from transcripts.formats import validate
from transcripts.redaction import KINDS, redact


def redacted(*said: tuple[str, str], kinds: Any = KINDS, **facts: Any) -> list[str]:
    turns = [{"role": role, "text": text} for role, text in said]
    clean, _ = redact(validate({"channel": "call", "turns": turns, **facts}), kinds)
    return [turn.text for turn in clean.turns]


def said(text: str, role: str = "customer") -> str:
    return redacted((role, text))[0]


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("My name is Beryl Hughes and I", "My name is [NAME] and I"),
        ("my name is beryl hughes and i", "my name is [NAME] and i"),
        ("hi this is Tom calling about it", "hi this is [NAME] calling about it"),
        ("Mrs Okafor here.", "Mrs [NAME] here."),
        ("I call on behalf of my mother, Joan Smith.", "I call on behalf of my mother, [NAME]."),
        ("my husband Derek ordered it", "my husband [NAME] ordered it"),
        ("Thanks,\nTomasz Nowak", "Thanks,\n[NAME]"),
        ("it's Hughes, H U G H E S", "it's [NAME], [NAME]"),
        ("Mr. van den Berg signs", "Mr. [NAME] signs"),
    ],
)
def test_names_that_the_talk_introduces_go(text: str, clean: str) -> None:
    assert said(text) == clean


@pytest.mark.parametrize(
    "text",
    [
        "This is Ridiculous!",
        "It's Black Friday again",
        "my name is on the account",
        "the name is wrong on the bill",
        "The file name is report.pdf, company name: Northgate Energy",
        "I'm here at the depot, this is it",
        "my wife is furious",
        "Hi Dana, thanks for picking up.",
        "Kind regards,\nAccounts Department",
    ],
)
def test_everyday_words_where_a_name_could_stand_stay(text: str) -> None:
    assert said(text) == text


def test_an_introduced_name_goes_in_every_later_mention() -> None:
    assert redacted(
        ("agent", "This is Dana, can I take a name, please?"),
        ("customer", "Hughes. Beryl Hughes."),
        ("agent", "Thanks, Beryl. Is HUGHES your married name?"),
        ("customer", "yes beryl hughes, Dana"),
        subject="Call from Beryl Hughes",
    ) == [
        "This is Dana, can I take a name, please?",
        "[NAME]. [NAME].",
        "Thanks, [NAME]. Is [NAME] your married name?",
        "yes [NAME], Dana",
    ]


def test_the_agents_own_name_stays_however_it_is_said() -> None:
    turns = (
        ("agent", "Thank you for calling, this is Dana Reyes speaking."),
        ("customer", "Hi Dana, my name is Dana too, Dana Smith."),
        ("unknown", "Thank you for contacting us, my name is Kofi."),
        ("bot", "You're now chatting with Noor."),
        ("agent", "Kind regards,\nDana"),
    )
    clean = redacted(*turns)
    assert clean[0] == turns[0][1]
    assert clean[1].startswith("Hi Dana, my name is Dana too")
    assert clean[2:] == [text for _, text in turns[2:]]


@pytest.mark.parametrize(
    ("question", "answer", "clean"),
    [
        ("What's the best number to reach you on?", "555 0129", "[PHONE]"),
        ("And the phone number?", "five five five, oh one two nine", "[PHONE]"),
        ("Your NHS number?", "yes it's 943 476 5919", "yes it's [NATIONAL_ID]"),
        ("What is your PIN?", "4471", "[SECRET]"),
        ("And your memorable word?", "It's marmalade.", "It's [SECRET]."),
        ("Could you read me the long card number?", "4111 1111", "[CARD]"),
        ("What's your e-mail?", "beryl at hughes dot org", "[EMAIL]"),
        ("What is your PESEL?", "44 05 14 013 59", "[NATIONAL_ID]"),
        ("Wie ist Ihre Steuer-ID?", "das ist 86 095 742 719", "das ist [NATIONAL_ID]"),
        ("And the sort code?", "20 40 60", "[BANK]"),
        ("What's your order number?", "4155552671", "4155552671"),
        ("And the booking id?", "4155552671", "4155552671"),
        ("Can I have your name?", "Why do you need it?", "Why do you need it?"),
        ("What is the password?", "I don't have one.", "I don't have one."),
        ("How much was it?", "1299.00 in 2026", "1299.00 in 2026"),
    ],
)
def test_an_answer_is_known_by_its_question(question: str, answer: str, clean: str) -> None:
    assert redacted(("agent", question), ("customer", answer))[1] == clean


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("four one five, five five five, two six seven one", "[PHONE]"),
        ("4 1 5 5 5 5 2 6 7 1", "[PHONE]"),
        ("415, uh, 555, uh, 2671", "[PHONE]"),
        ("oh seven seven double oh, nine hundred, one two three", "[PHONE]"),
        ("plus four four seven seven double oh nine double oh one two three", "[PHONE]"),
        ("four two four two four two four two four two four two four two four two", "[CARD]"),
        ("forty-one eleven eleven eleven eleven eleven eleven eleven", "[CARD]"),
        ("my social is two one nine, oh nine, nine nine nine nine", "my social is [SSN]"),
        ("my pin is double four seven one", "my pin is [SECRET]"),
        ("my number is 555-0129", "my number is [PHONE]"),
        ("national insurance j g ten thirty seven fifty nine a", "national insurance [NINO]"),
        ("sort code 20-40-60, account 41125687", "sort code [BANK], account [BANK]"),
        ("b underscore hughes eighty two at example dot com", "[EMAIL]"),
    ],
)
def test_numbers_said_digit_by_digit_go(text: str, clean: str) -> None:
    assert said(text) == clean


@pytest.mark.parametrize(
    "text",
    [
        "the order number is four one five five five five two six seven one",
        "it was nineteen ninety nine the first time and twenty four fifty the second",
        "between nine and one on the third of November twenty twenty six",
        "it's two hundred and forty five pounds sixty",
        "Number one, it is broken, number two, nobody cares.",
        "I have the NHS app but it shows error 943476",
        "It's a sin what you charge, 130 dollars for 692 minutes",
        "the last four of my social are 9999",
        "the card ending in four two four two",
    ],
)
def test_numbers_of_everyday_talk_stay(text: str) -> None:
    assert said(text) == text


def test_kinds_that_are_kept_stay_and_card_numbers_never_do() -> None:
    text = "I'm Beryl Hughes, call 415-555-2671, card 4111 1111 1111 1111, SSN 078-05-1120"
    assert redacted(("customer", text), kinds=["SSN"], customer={"name": "Beryl Hughes"}) == [
        "I'm Beryl Hughes, call 415-555-2671, card [CARD], SSN [SSN]"
    ]
    assert redacted(("customer", text), kinds=[])[0].count("[") == 1
