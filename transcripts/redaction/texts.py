"""Personal data in one text."""

import re
from collections import Counter
from typing import Final

from transcripts.redaction.cards import is_card_number

KINDS: Final = ("CARD", "IBAN", "SSN", "NINO", "EMAIL", "PHONE", "URL", "SECRET", "NAME")
_CARD: Final = re.compile(r"(?<![\w])\d(?:[ -]?\d){12,18}(?!\w)")
_EMAIL: Final = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")


def redact_text(text: str, counts: Counter[str]) -> str:
    """The text with marks in place of personal data, counted by kind."""

    def card(match: re.Match[str]) -> str:
        if not is_card_number(re.sub(r"\D", "", match[0])):
            return match[0]
        counts["CARD"] += 1
        return "[CARD]"

    def email(match: re.Match[str]) -> str:
        counts["EMAIL"] += 1
        return "[EMAIL]"

    return _EMAIL.sub(email, _CARD.sub(card, text))
