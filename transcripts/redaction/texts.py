"""Personal data in one text.

Web addresses and secrets come first: what they hold may look like something else. The rules run
until nothing changes, for a mark may lay bare the edge of another find; so redacting a redacted
text changes nothing.
"""

import re
from collections import Counter
from typing import Final

from transcripts.redaction.addresses import redact_emails, redact_urls
from transcripts.redaction.cards import redact_cards
from transcripts.redaction.identities import redact_government_numbers, redact_ibans
from transcripts.redaction.marks import KINDS, Rule
from transcripts.redaction.phones import redact_phones
from transcripts.redaction.secret_words import redact_secrets

__all__ = ["KINDS", "redact_text"]

_WORDED: Final[tuple[Rule, ...]] = (redact_urls, redact_secrets, redact_emails)
_NUMBERED: Final[tuple[Rule, ...]] = (
    redact_ibans,
    redact_government_numbers,
    redact_cards,
    redact_phones,
)
_DIGITS: Final = re.compile(r"\d\D{0,4}\d\D{0,4}\d\D{0,4}\d")
MAX_PASSES: Final = 10


def redact_text(text: str, counts: Counter[str]) -> str:
    """The text with marks in place of personal data; each find is added to `counts`."""
    for _ in range(MAX_PASSES):
        clean = _once(text, counts)
        if clean == text:
            break
        text = clean
    return text


def _once(text: str, counts: Counter[str]) -> str:
    for rule in _WORDED:
        text = rule(text, counts)
    if _DIGITS.search(text):
        for rule in _NUMBERED:
            text = rule(text, counts)
    return text
