"""Which personal data an organization may choose to keep."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Redactable(models.TextChoices):
    """What an organization may choose to keep; payment card numbers it may not."""

    NAME = "NAME", _("Names of customers and of people they mention")
    PHONE = "PHONE", _("Phone numbers")
    EMAIL = "EMAIL", _("E-mail addresses")
    SECRET = "SECRET", _("Passwords, PINs, security codes and keys")
    URL = "URL", _("Web addresses with a password or token in them")
    IBAN = "IBAN", _("Bank account numbers (IBAN)")
    BANK = "BANK", _("Bank accounts by sort code or routing number")
    DOB = "DOB", _("Dates of birth")
    ADDRESS = "ADDRESS", _("Postal addresses and postcodes")
    SSN = "SSN", _("US social security numbers")
    NINO = "NINO", _("UK national insurance numbers")
    NATIONAL_ID = (
        "NATIONAL_ID",
        _("Other government numbers, such as NHS, SIN, TFN, Aadhaar, Steuer-ID"),
    )
