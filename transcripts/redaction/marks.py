"""The marks that stand in place of personal data, and what the rules share.

A rule is a function `(text, counts) -> text`. Every pattern here and in its neighbours reads a text
once from left to right, whatever it holds: a run of characters begins only where the one before it
ended, so hostile input cannot make it slow.
"""

import re
from collections import Counter
from collections.abc import Callable
from typing import Final, TypeAlias

KINDS: Final = ("CARD", "IBAN", "SSN", "NINO", "EMAIL", "PHONE", "URL", "SECRET", "NAME")
MARK: Final = rf"\[(?:{'|'.join(KINDS)})\]"
LOOK_BACK: Final = 48  # characters before a find that may say what it is

Rule: TypeAlias = Callable[[str, Counter[str]], str]

_REFERENCE: Final = re.compile(
    r"(?:\b(?:order|invoice|ticket|case|ref(?:erence)?|tracking|serial|model|part|item|sku|rma|"
    r"booking|confirmation|flight|parcel|shipment|article|product|version|build|release|job|"
    r"transaction|receipt|batch|asin|isbn|ean|upc|p\.?o\.?|account|policy|claim|member|customer|"
    r"user|requester|imei|vin|id)\b"
    r"(?:[ -]?(?:numbers?|no\.?|num|nr\.?|id|code|ref(?:erence)?))?"
    r"(?:\s(?:is|was|are|being))?|#)\s*[:=#(-]?\s*[\"']?(?:[A-Za-z]{1,4}[-_]?)?$",
    re.IGNORECASE,
)


def mark(kind: str, counts: Counter[str]) -> str:
    """Count one find and answer with what stands in its place."""
    counts[kind] += 1
    return f"[{kind}]"


def digits_of(text: str) -> str:
    """The decimal digits of a text, of any script, as 0 to 9."""
    return "".join(str(int(character)) for character in text if character.isdecimal())


def is_reference(text: str, start: int) -> bool:
    """Whether the words before `start` say that an order, a ticket or the like is named there."""
    return _REFERENCE.search(text[max(0, start - LOOK_BACK) : start]) is not None
