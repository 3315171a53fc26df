"""Names that nobody introduces, and what only looks like them."""

import time

import pytest

from transcripts.formats import validate
from transcripts.redaction import redact


def said(text: str, role: str = "customer", before: str = "") -> str:
    turns = [{"role": "agent", "text": before}] if before else []
    clean, _ = redact(
        validate({"channel": "chat", "turns": [*turns, {"role": role, "text": text}]})
    )
    return clean.turns[-1].text


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("It was Ludovica who answered.", "It was [NAME] who answered."),
        ("Later Gareth Poole rang me.", "Later [NAME] rang me."),
        ("left it with fatima at the till", "left it with [NAME] at the till"),
        ("put it in declan's name", "put it in [NAME]'s name"),
        ("for Ingrid and Ytzel, two seats", "for [NAME] and [NAME], two seats"),
        ("I was told by an Edwina at the front.", "I was told by an [NAME] at the front."),
        ("this is tom, same fault", "this is [NAME], same fault"),
        ("And then Mark promised a refund.", "And then [NAME] promised a refund."),
        ("Mein Nachbar Dietmar hat es angenommen.", "Mein Nachbar [NAME] hat es angenommen."),
        ("Ich sprach mit Frau Quandt.", "Ich sprach mit Frau [NAME]."),
        ("Our fitter Zbynko came late.", "Our fitter [NAME] came late."),
    ],
)
def test_people_mentioned_in_passing_go(text: str, clean: str) -> None:
    assert said(text) == clean


@pytest.mark.parametrize(
    "text",
    [
        "The Ingrid lamp and two Oscar chairs",
        "I watched Matilda and then Amelie froze.",
        "We rented Being Susan and I Am Peter.",
        "Kelly's Diner never got it, Wendy's did.",
        "John Lewis and Paul Smith are shops.",
        "Port Elizabeth and San Antonio are cities.",
        "Mark it as paid, may I bill you in May?",
        "mark my words, jack up the price",
        "the flight goes TIA to MIA",
        "Hi Susan, thanks for that.",
        "Thanks so much, Susan.",
        "npm install karen@2.1 and /home/susan/file",
    ],
)
def test_what_is_called_like_a_person_stays(text: str) -> None:
    assert said(text) == text


def test_an_agent_who_says_their_name_keeps_it() -> None:
    assert said("This is Susan, may I help?", "agent") == "This is Susan, may I help?"


@pytest.mark.parametrize(
    ("before", "text", "clean"),
    [
        ("When were you born, please?", "5/12/71", "[DOB]"),
        ("Last four of your social?", "Six oh two two.", "[SSN]."),
        ("Enter or say your PIN.", "uh six, six, one, two.", "uh [SECRET]."),
        ("Your e-mail?", "k dot moss at outlook dot i e", "[EMAIL]"),
        ("Name on the booking?", "adeyemi, folake", "[NAME], [NAME]"),
        ("Who will be at home?", "probably just hattie", "probably just [NAME]"),
        ("", "She turns six on the ninth of June.", "She turns six on [DOB]."),
        (
            "",
            "I changed it to two two oh one, the PIN I mean.",
            "I changed it to [SECRET], the PIN I mean.",
        ),
        ("", "on Willow Avenue, number twelve, by the park", "on [ADDRESS], by the park"),
        ("", "It goes to 7 Mill Cottages, Dublin 6, D06 XX99.", "It goes to [ADDRESS]."),
    ],
)
def test_other_kinds_in_unusual_frames_go(before: str, text: str, clean: str) -> None:
    assert said(text, before=before) == clean


@pytest.mark.parametrize(
    "bait", ["Ann", "ann ", "Ann and ", "a Ann something ", "Frau ", "delhi 1"]
)
def test_bait_for_passing_names_takes_no_time(bait: str) -> None:
    begun = time.process_time()
    said("ann " + bait * (50_000 // len(bait)))
    assert time.process_time() - begun < 15
