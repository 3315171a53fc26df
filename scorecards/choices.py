"""Feelings and outcomes: their values in one order, and the words people read for them.

What became of a feeling is one choice to people, picked with the keys 1 to 5 in the order of
CHOICES; rows keep the outcome and, for empathy, its strength apart.
"""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy

from transcripts.models import Unfit


class Emotion(models.TextChoices):
    """What a cue shows (codebook.md). `none` is no cue, so it is not listed."""

    FRUSTRATION = "frustration", gettext_lazy("Frustration")
    ANGER = "anger", gettext_lazy("Anger")
    DISAPPOINTMENT = "disappointment", gettext_lazy("Disappointment")
    FEAR = "fear", gettext_lazy("Fear")
    SADNESS = "sadness", gettext_lazy("Sadness")
    SUSPICION = "suspicion", gettext_lazy("Suspicion")
    CONFUSION = "confusion", gettext_lazy("Confusion")
    HAPPINESS = "happiness", gettext_lazy("Happiness")
    SURPRISE = "surprise", gettext_lazy("Surprise")
    EXCITEMENT = "excitement", gettext_lazy("Excitement")
    RELIEF = "relief", gettext_lazy("Relief")


UNSURE: Final = "unsure"  # of a feeling whose kind the pre-score is not sure of
FEELINGS: Final = (*Emotion.choices, (UNSURE, gettext_lazy("A feeling, kind unsure")))


class Outcome(models.TextChoices):
    """What became of a cue (codebook.md)."""

    EMPATHY = "empathy", gettext_lazy("Empathy")
    SYMPATHY_ONLY = "sympathy_only", gettext_lazy("Sympathy only")
    MISSED = "missed", gettext_lazy("Missed")
    DISMISSED = "dismissed", gettext_lazy("Dismissed")


class GestureKind(models.TextChoices):
    """What an agent's words are that no outcome counts: volunteered empathy, or an apology."""

    SPECIFIC = "volunteered_2", gettext_lazy("Volunteered · specific")
    GENERIC = "volunteered_1", gettext_lazy("Volunteered · generic")
    COMPLETED = "completed", gettext_lazy("Apology · completed")
    BARE = "bare", gettext_lazy("Apology · bare")
    REPEATED = "repeated", gettext_lazy("Apology · repeated")


VOLUNTEERED: Final = (GestureKind.SPECIFIC, GestureKind.GENERIC)
APOLOGIES: Final = (GestureKind.COMPLETED, GestureKind.BARE, GestureKind.REPEATED)
SPECIFIC: Final = "empathy_2"
GENERIC: Final = "empathy_1"
# Choice -> word, best first: the order in which they are always listed.
CHOICE_WORDS: Final = {
    SPECIFIC: gettext_lazy("Empathy · specific"),
    GENERIC: gettext_lazy("Empathy · generic"),
    "sympathy_only": gettext_lazy("Sympathy only"),
    "missed": gettext_lazy("Missed"),
    "dismissed": gettext_lazy("Dismissed"),
}
CHOICES: Final = tuple(CHOICE_WORDS)
SURE_FROM: Final = 0.5  # a pre-score's outcome that is less sure says so, and is ranked nowhere
# As part of a sentence: "Not scored: too short".
FITNESS_WORDS: Final = {
    Unfit.ONE_SIDED.value: gettext_lazy("only one side speaks"),
    Unfit.SWAPPED.value: gettext_lazy("speakers look swapped"),
    Unfit.UNKNOWN_ROLES.value: gettext_lazy("customer not identified"),
    Unfit.TOO_SHORT.value: gettext_lazy("too short to score"),
    Unfit.LANGUAGE.value: gettext_lazy("language not supported yet"),
    Unfit.AUTOMATED.value: gettext_lazy("only automatic messages"),
}


ROLE_WORDS: Final = {
    "customer": gettext_lazy("Customer"),
    "agent": gettext_lazy("Agent"),
    "bot": gettext_lazy("Bot"),
    "system": gettext_lazy("System"),
    "unknown": gettext_lazy("Unknown"),
}


def role_word(role: str) -> str:
    """Who speaks in a turn, in a word."""
    return str(ROLE_WORDS.get(role, role.capitalize()))


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
