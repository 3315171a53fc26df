"""Redaction tried on a pasted text, as it would be done to what comes in; keeps nothing."""

import re
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy

from qa.organizations.models import Membership
from qa.organizations.queries import own_words, redacted_kinds
from qa.organizations.redactable import Redactable
from transcripts.formats.model import CanonicalInteraction, CanonicalTurn
from transcripts.redaction import redact

_SPOKEN: Final = re.compile(r"(?im)^[ \t]*(agent|customer)[ \t]*:[ \t]*")
_WORDS: Final = dict(Redactable.choices) | {
    "CARD": gettext_lazy("Payment card numbers"),
    "WORD": gettext_lazy("Words that are always redacted"),
}


@dataclass(frozen=True, slots=True)
class Tried:
    """What is left of a text, and what was taken out of it by kind."""

    turns: tuple[CanonicalTurn, ...]
    counts: tuple[tuple[str, str, int], ...]  # the mark's kind, in words, how many


def tried(text: str, *, by: Membership) -> Tried:
    """Redact a text by what the organization has chosen."""
    interaction = CanonicalInteraction("call", tuple(_turns(text)))
    clean, counts = redact(interaction, redacted_kinds(by), own=own_words(by))
    told = tuple((kind, str(_WORDS[kind]), count) for kind, count in sorted(counts.items()))
    return Tried(clean.turns, told)


def _turns(text: str) -> list[CanonicalTurn]:
    """The turns of a conversation with labels; a text without any is the customer's."""
    first, *labelled = _SPOKEN.split(text)
    turns = [CanonicalTurn("customer", first.strip())] if first.strip() else []
    for role, said in zip(labelled[::2], labelled[1::2], strict=True):
        if said.strip():
            turns.append(
                CanonicalTurn("agent" if role.lower() == "agent" else "customer", said.strip())
            )
    return turns
