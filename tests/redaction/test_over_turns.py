"""What runs over turns, is read back or mended; dates of birth, addresses, what is spelt."""

from typing import Any

import pytest

from transcripts.formats import validate
from transcripts.redaction import OwnWords, redact


def heard(*said: str, **facts: Any) -> list[str]:
    """What is left of turns given as "a: …" or "c: …"; the same again when it is read again."""
    roles = {"a": "agent", "c": "customer"}
    turns = [{"role": roles[line[0]], "text": line[3:]} for line in said]
    clean, _ = redact(validate({"channel": "call", "turns": turns, **facts}))
    assert redact(clean)[0] == clean
    return [turn.text for turn in clean.turns]


@pytest.mark.parametrize(
    ("said", "clean"),
    [
        (
            ("a: The long card number?", "c: 4 9 2 9", "a: 4929, yes", "c: 1, 1, 2, 2"),
            ["[CARD]", "[CARD], yes", "[CARD]"],
        ),
        (
            ("a: Your PIN?", "c: It's 8-8-1-4", "a: And what do you see?", "c: error 504"),
            ["It's [SECRET]", "And what do you see?", "error 504"],
        ),
        (
            ("c: my number is oh one six three", "c: two nine six oh, seven seven one"),
            ["my number is [PHONE]", "[PHONE]"],
        ),
        (("c: Hello, my name is", "c: Odile Varga, and"), ["Hello, my name is", "[NAME], and"]),
        (
            ("c: Ring me on 07700 900555.", "a: I'll ring 07700900555 at 10:30."),
            ["Ring me on [PHONE].", "I'll ring [PHONE] at 10:30."],
        ),
        (
            ("a: The sort code?", "c: 20 99 77", "a: And the account?", "c: 9 8 7 6, 5 5 4 4"),
            ["[BANK]", "And the account?", "[BANK]"],
        ),
        (
            ("a: A phone number?", "c: 555 0134. No, sorry, 0135."),
            ["[PHONE]. No, sorry, [PHONE]."],
        ),
    ],
)
def test_an_answer_goes_whatever_turns_it_runs_over(
    said: tuple[str, ...], clean: list[str]
) -> None:
    assert heard(*said)[-len(clean) :] == clean


@pytest.mark.parametrize(
    ("said", "clean"),
    [
        ("born on the third of June, nineteen fifty, paid on 4 June.", "[DOB], paid on 4 June."),
        ("her d.o.b. is 09/11/2004, visit 12/11/2026", "[DOB], visit 12/11/2026"),
        ("The shop opened on 3 May 1999.", "The shop opened on 3 May 1999."),
        ("I live at 14 Gorse Lane, Norwich NR3 9ZZ.", "I live at [ADDRESS]."),
        ("Ich wohne in der Lindenstr. 4, 24999 Wees", "[ADDRESS]"),
        ("I live in Norwich, near the High Road.", "I live in Norwich, near the High Road."),
        ("IBAN: N L nine one, A B N A, oh four one seven, one six four three, double oh", "[IBAN]"),
        ("write to nia dash r at the rate postfach dot co dot in", "write to [EMAIL]"),
        ("npm i left-rail@4.2.0 fails", "npm i left-rail@4.2.0 fails"),
        ("see https://x.example/join?invite=Qq71-aaBB", "see [URL]"),
        ("readings of 250 300 1000", "readings of 250 300 1000"),
        ("two Mr. Muscle sprays", "two Mr. Muscle sprays"),
        ("So here. Good morning.", "So here. Good morning."),
    ],
)  # fmt: skip
def test_dates_of_birth_addresses_and_codes_go_and_what_looks_like_them_stays(
    said: str, clean: str
) -> None:
    assert heard(f"c: {said}")[0].endswith(clean)


def test_a_name_that_is_spelt_goes_as_a_whole_and_in_letters() -> None:
    spelt = heard("a: Can you spell your surname?", "c: V for Victor, A, double R, O. Varro.")
    assert spelt[1] == "[NAME]. [NAME]."


def test_a_greeting_is_no_name_and_a_mood_in_a_label_is_none() -> None:
    assert heard("a: Who am I speaking with?", "c: Good morning!")[1] == "Good morning!"
    turns = [{"role": "customer", "text": "I am crying.", "speaker": "CUSTOMER (crying)"}]
    clean, _ = redact(validate({"channel": "call", "turns": turns}))
    assert clean.turns[0].text == "I am crying."
    assert clean.turns[0].speaker == "CUSTOMER (crying)"


@pytest.mark.parametrize("name", ["May Otis", "Austin Otis", "Hope Otis", "Miles Otis"])
def test_an_everyday_word_stays_and_goes_where_it_is_placed_like_a_name(name: str) -> None:
    first = name.removesuffix(" Otis")
    said = f"a: The {first} page is new, Ms Otis. Hi {first}, it is in {first} too."
    clean = heard(said, customer={"name": name})[0]
    assert clean == f"The {first} page is new, Ms [NAME]. Hi [NAME], it is in {first} too."


def test_own_words_go_or_stay_whole_in_any_case_and_never_half_of_another_word() -> None:
    own = OwnWords(removed=("Blue Heron",), kept=("Mr. Quibble",))
    turns = [{"role": "customer", "text": "BLUE  heron, blue heronry, mr. Quibble, Mr. Orr"}]
    clean, counts = redact(validate({"channel": "chat", "turns": turns}), own=own)
    assert clean.turns[0].text == "[WORD], blue heronry, mr. Quibble, Mr. [NAME]"
    assert counts == {"NAME": 1, "WORD": 1}
    assert redact(clean, own=own)[0] == clean
