"""Speakers swapped are suspected from what they say; what is only quoted is nobody's feeling."""

from scorecards.empathy import load_pack, prescore
from scorecards.empathy.gold import Turn

CALL = [
    ("customer", "hi my card was declined at the petrol station twice this morning"),
    ("agent", "i can look into that for you may i have your account number and date of birth"),
    ("customer", "my number is four four one nine and i was born in may sixty two"),
    ("agent", "thank you i'm just pulling up your account please bear with me one moment"),
    ("customer", "i was so embarrassed everybody was looking at me and i had no cash on me"),
    ("agent", "i do apologize for the inconvenience our system flagged it for your security"),
    ("customer", "nobody told me that i just want to pay for my petrol"),
    ("agent", "i've lifted the block for you is there anything else i can assist you with today"),
]
OTHER = {"customer": "agent", "agent": "customer"}


def test_swapped_speakers_are_suspected_without_any_greeting() -> None:
    pack = load_pack()
    as_it_is = [Turn(role, said) for role, said in CALL]
    swapped = [Turn(OTHER[role], said) for role, said in CALL]
    assert prescore(as_it_is, pack=pack).fitness.scorable
    found = prescore(swapped, pack=pack)
    assert found.fitness.reasons == ("roles_swapped_suspected",)
    assert found.score.value is None


def test_a_short_exchange_is_never_suspected() -> None:
    turns = [Turn("customer", "is there anything else"), Turn("agent", "my parcel is not here")]
    assert prescore(turns, pack=load_pack()).fitness.scorable
