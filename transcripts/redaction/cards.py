"""Payment card numbers: the length and leading digits of a card scheme, and a valid Luhn check."""

from stdnum import luhn


def is_card_number(digits: str) -> bool:
    """Whether a run of digits, separators taken out, is a payment card number."""
    return 13 <= len(digits) <= 19 and digits[0] in "23456" and luhn.is_valid(digits)
