"""Feelings and outcomes: their values in one order, and the words people read for them.

What became of a feeling is one choice to people, picked with the keys 1 to 5 in the order of
CHOICES; rows keep the outcome and, for empathy, its strength apart.
"""

from typing import Final

from django.db import models

from transcripts.models import Unfit


class Emotion(models.TextChoices):
    """What a cue shows (codebook.md). `none` is no cue, so it is not listed."""

    FRUSTRATION = "frustration", "Frustration"
    ANGER = "anger", "Anger"
    DISAPPOINTMENT = "disappointment", "Disappointment"
    FEAR = "fear", "Fear"
    SADNESS = "sadness", "Sadness"
    SUSPICION = "suspicion", "Suspicion"
    CONFUSION = "confusion", "Confusion"
    HAPPINESS = "happiness", "Happiness"
    SURPRISE = "surprise", "Surprise"
    EXCITEMENT = "excitement", "Excitement"
    RELIEF = "relief", "Relief"


UNSURE: Final = "unsure"  # of a feeling whose kind the pre-score is not sure of
FEELINGS: Final = (*Emotion.choices, (UNSURE, "A feeling, kind unsure"))


class Outcome(models.TextChoices):
    """What became of a cue (codebook.md)."""

    EMPATHY = "empathy", "Empathy"
    SYMPATHY_ONLY = "sympathy_only", "Sympathy only"
    MISSED = "missed", "Missed"
    DISMISSED = "dismissed", "Dismissed"


class GestureKind(models.TextChoices):
    """What an agent's words are that no outcome counts: volunteered empathy, or an apology."""

    SPECIFIC = "volunteered_2", "Volunteered · specific"
    GENERIC = "volunteered_1", "Volunteered · generic"
    COMPLETED = "completed", "Apology · completed"
    BARE = "bare", "Apology · bare"
    REPEATED = "repeated", "Apology · repeated"


VOLUNTEERED: Final = (GestureKind.SPECIFIC, GestureKind.GENERIC)
APOLOGIES: Final = (GestureKind.COMPLETED, GestureKind.BARE, GestureKind.REPEATED)
SPECIFIC: Final = "empathy_2"
GENERIC: Final = "empathy_1"
# Choice -> word, best first: the order in which they are always listed.
CHOICE_WORDS: Final = {
    SPECIFIC: "Empathy · specific",
    GENERIC: "Empathy · generic",
    "sympathy_only": "Sympathy only",
    "missed": "Missed",
    "dismissed": "Dismissed",
}
CHOICES: Final = tuple(CHOICE_WORDS)
FITNESS_WORDS: Final = {
    reason.value: reason.label[0].lower() + reason.label[1:] for reason in Unfit
}


def choice_of(outcome: str, strength: int | None = None) -> str:
    """Return the choice for an outcome: "empathy" of strength 2 is "empathy_2"."""
    if outcome == "empathy":
        return SPECIFIC if strength == 2 else GENERIC
    return outcome


def outcome_of(choice: str) -> tuple[str, int]:
    """Return outcome and strength of a choice; only empathy has a strength other than 0."""
    if choice in {SPECIFIC, GENERIC}:
        return "empathy", int(choice[-1])
    return choice, 0
