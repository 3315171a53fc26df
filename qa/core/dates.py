"""Dates as a language writes them."""

from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import get_language


def written(value: date | datetime, form: str) -> str:
    """A date or an aware time in a format of Django's, in the current language.

    Of the two ways to abbreviate a month ("M", with a capital, and "N") all languages but English
    are written in the second: 30 Nov 2026, and 30 nov. 2026.
    """
    english = (get_language() or "en").startswith("en")
    return date_format(value, form if english else form.replace("M", "N"))
