"""What became of a feeling as one choice: the outcome, and for empathy its strength.

People pick one with the keys 1 to 5, in the order of CHOICES; rows keep the two apart.
"""

from typing import Final

SPECIFIC: Final = "empathy_2"
GENERIC: Final = "empathy_1"
CHOICES: Final = (SPECIFIC, GENERIC, "sympathy_only", "missed", "dismissed")


def choice_of(outcome: str, strength: int | None = None) -> str:
    """The choice for an outcome: "empathy" of strength 2 is "empathy_2"."""
    if outcome == "empathy":
        return SPECIFIC if strength == 2 else GENERIC
    return outcome


def outcome_of(choice: str) -> tuple[str, int]:
    """Outcome and strength of a choice; only empathy has a strength other than 0."""
    if choice in {SPECIFIC, GENERIC}:
        return "empathy", int(choice[-1])
    return choice, 0
