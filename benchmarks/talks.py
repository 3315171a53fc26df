"""Invented talks for the benchmarks of intake: short calls, and long ones of full sentences."""

import random
from collections.abc import Callable, Iterator
from typing import Any, Final

SHORT: Final = {
    "customer": (
        "This is the third time I've called about order 88{n} and nobody helps me.",
        "I'm worried that the parcel {n} will not be here before my daughter's birthday.",
        "It was meant to come on Tuesday between nine and one, and I stayed at home for it.",
        "My number is 020 7946 0{n} and my e-mail address is customer{n}@example.com.",
        "The card ending in 42 was charged twice, 31.{n} pounds each time, as far as I can see.",
        "Yes. No, the other one, with the blue label on it.",
        "Thank you, that is a weight off my mind.",
    ),
    "agent": (
        "Thank you for calling, you are through to customer care. How can I help you today?",
        "I'm sorry about that. Can I have the number of the order, please?",
        "I can see why that is upsetting, after you stayed at home for it a whole morning.",
        "Let me look into that for you, it will only take a moment, please stay on the line.",
        "I have asked the depot to call you on Thursday before ten, reference RX-{n}.",
        "Is there anything else that I can do for you?",
    ),
}
LONG: Final = {
    "customer": (
        "I have waited on this for two weeks, and each time I ring I get another story",
        "the replacement never turned up and nobody can tell me where it went after the depot",
        "I need it to get to work in the mornings, so the whole week has been upside down",
        "the app just spins and then says that something went wrong, without saying what",
        "I can't sit at home again for a van that does not come",
        "the letter says that the payment failed, but the money has left my bank",
        "I was told it would be sorted by Friday, and it plainly has not been",
        "I did try the steps on the help page, twice, and it made no difference at all",
        "does the refund go back to the same card or somewhere else",
        "we moved house in March and I think that is when the trouble began",
        "okay, thank you, that does help, I just wanted somebody to listen for once",
        "the order number is 88{n}{n} if that is any use to you",
        "the invoice came to 14{n}.50 and I only agreed to half of that",
    ),
    "agent": (
        "I'm sorry to hear that, let me open the account and see what happened on our side",
        "thank you for waiting, I have the notes of the last two calls in front of me now",
        "the parcel was scanned at the depot but never put on the van for your street",
        "what I'll do is raise this with the team that looks after returns",
        "it should show in the app within three to five working days once it is approved",
        "that must have been frustrating, after you had arranged to be at home for it",
        "I'll put you on a short hold while I check with my supervisor, please bear with me",
        "I have added a note so that nobody asks you to go through all of it again",
        "you are quite right, it was taken twice and one of them will be reversed today",
        "could you restart the router and tell me what colour the light on the front is",
        "I have booked the engineer for Thursday between eight and one, does that suit you",
        "your reference for this is RX-{n} and it will be in the e-mail as well",
        "is there anything else I can help with while I have you on the line",
    ),
}
PERSONAL: Final = (
    "my number is 020 7946 0{n}, best after five",
    "it is customer{n}@example.com, all one word",
    "my name is Robin Whitcombe and the account is in my wife's name",
)
LONG_TURNS: Final = 30
LONG_CHARACTERS: Final = 139  # of a turn, in the middle of many

Interactions = Callable[[int, str], Iterator[dict[str, Any]]]


def short(count: int, prefix: str) -> Iterator[dict[str, Any]]:
    """Calls of 6 to 20 turns of one sentence; the same ones on each run."""
    chance = random.Random(prefix)
    for number in range(count):
        agent = chance.randrange(40)
        turns = [
            {
                "role": role,
                "text": chance.choice(SHORT[role]).format(n=chance.randrange(100, 1000)),
                "started_s": 6.0 * index,
                "ended_s": 6.0 * index + 5.5,
            }
            for index, role in enumerate(["agent", "customer"] * chance.randrange(3, 11))
        ]
        yield {
            **_call(number, prefix, agent),
            "customer": {"external_id": f"u-{number}", "name": "Robin Example"},
            "metadata": {"queue": "deliveries"},
            "turns": turns,
        }


def long(count: int, prefix: str) -> Iterator[dict[str, Any]]:
    """Calls of 30 turns of 139 characters: 5.3 kB of JSON each; one turn in thirty is personal."""
    chance = random.Random(prefix)
    for number in range(count):
        turns = [
            {"role": role, "text": _sentences(role, chance)}
            for role in ["agent", "customer"] * (LONG_TURNS // 2)
        ]
        yield {**_call(number, prefix, chance.randrange(40)), "turns": turns}


def _call(number: int, prefix: str, agent: int) -> dict[str, Any]:
    return {
        "external_id": f"{prefix}-{number}",
        "source": "benchmark",
        "channel": "call",
        "started_at": f"2026-10-{1 + number % 28:02}T09:{number % 60:02}:00Z",
        "agent": {"external_id": f"a-{agent}", "name": f"Agent {agent}", "team": "Care"},
    }


def _sentences(role: str, chance: random.Random) -> str:
    """Sentences up to a length around LONG_CHARACTERS; now and then a personal one in front."""
    wanted = LONG_CHARACTERS + chance.randint(-60, 60)
    said = [chance.choice(PERSONAL)] if chance.random() < 1 / LONG_TURNS else []
    while sum(map(len, said)) + 2 * len(said) < wanted - 33:
        said.append(chance.choice(LONG[role]))
    text = ". ".join(said).format(n=chance.randrange(100, 1000))
    return f"{text[0].upper()}{text[1:]}."
