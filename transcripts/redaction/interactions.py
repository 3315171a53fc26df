"""Redaction of a whole interaction: turns, subject, speaker labels, customer and metadata.

The agent stays named, for the review is about their work. The interaction's own external id stays
too: it is the key under which its source knows it.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from transcripts.formats.model import CanonicalInteraction, CanonicalTurn, Json
from transcripts.redaction.cards import is_card_number
from transcripts.redaction.names import NAME, CustomerNames
from transcripts.redaction.texts import redact_text

_NAME_MARK = f"[{NAME}]"
# Metadata keys, without case and punctuation, whose value is the customer's name.
_NAME_KEYS = frozenset(
    {
        "customername",
        "clientname",
        "callername",
        "contactname",
        "membername",
        "patientname",
        "visitorname",
        "guestname",
        "requestername",
        "customerfirstname",
        "customerlastname",
    }
)


def redact(interaction: CanonicalInteraction) -> tuple[CanonicalInteraction, dict[str, int]]:
    """The interaction with marks in place of personal data, and how many of each kind."""
    names = _customer_names(interaction)
    counts: Counter[str] = Counter()

    def clean(text: str) -> str:
        return names.redact(redact_text(text, counts), counts)

    customer = interaction.customer
    if customer is not None:
        external_id = customer.external_id
        customer = replace(
            customer,
            external_id=redact_text(external_id, counts) if external_id else None,
            name=_NAME_MARK if customer.name else None,
        )
        counts[NAME] += interaction.customer is not None and customer.name is not None
        if interaction.customer is not None and interaction.customer.name == _NAME_MARK:
            counts[NAME] -= 1
    redacted = replace(
        interaction,
        customer=customer,
        subject=clean(interaction.subject) if interaction.subject else None,
        metadata={key: _value(key, value, clean) for key, value in interaction.metadata.items()},
        turns=tuple(_turn(turn, clean) for turn in interaction.turns),
    )
    return redacted, {kind: count for kind, count in counts.items() if count}


def _customer_names(interaction: CanonicalInteraction) -> CustomerNames:
    """The customer's names as the source gives them: its customer, and who speaks as one."""
    customer, agent = interaction.customer, interaction.agent
    names = [customer.name] if customer and customer.name else []
    names += [turn.speaker for turn in interaction.turns if turn.role == "customer" and turn.speaker]
    keep = [agent.name] if agent and agent.name else []
    return CustomerNames(names, keep)


def _value(key: str, value: Json, clean: Callable[[str], str]) -> Json:
    """A metadata value with every text in it cleaned, however deep."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_value(key, inner, clean) for inner in value]
    if isinstance(value, dict):
        return {name: _value(name, inner, clean) for name, inner in value.items()}
    return value


def _turn(turn: CanonicalTurn, clean: Callable[[str], str]) -> CanonicalTurn:
    speaker = clean(turn.speaker) if turn.speaker else None
    return replace(turn, text=clean(turn.text), speaker=speaker)
