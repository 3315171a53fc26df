"""Which personal data an organization may choose to keep."""

from django.db import models


class Redactable(models.TextChoices):
    """What an organization may choose to keep; payment card numbers it may not."""

    NAME = "NAME", "Names of customers and of people they mention"
    PHONE = "PHONE", "Phone numbers"
    EMAIL = "EMAIL", "E-mail addresses"
    SECRET = "SECRET", "Passwords, PINs, security codes and keys"
    URL = "URL", "Web addresses with a password or token in them"
    IBAN = "IBAN", "Bank account numbers (IBAN)"
    BANK = "BANK", "Bank accounts by sort code or routing number"
    DOB = "DOB", "Dates of birth"
    ADDRESS = "ADDRESS", "Postal addresses and postcodes"
    SSN = "SSN", "US social security numbers"
    NINO = "NINO", "UK national insurance numbers"
    NATIONAL_ID = (
        "NATIONAL_ID",
        "Other government numbers, such as NHS, SIN, TFN, Aadhaar, Steuer-ID",
    )
