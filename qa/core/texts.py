"""Texts of code that loads no Django, in the reader's language where the site runs. Pure.

    _("Yes")                                 # "Oui" for French readers, "Yes" in a plain Python
    MARKED = gettext_noop("Yes")             # only gathered for translators; translate when used

`make texts` gathers these as it does Django's.
"""

from collections.abc import Callable

One = Callable[[str], str]
Many = Callable[[str, str, int], str]
Number = Callable[[int], str]


class _Said:
    """How texts are said: in English, until the site says otherwise."""

    one: One = staticmethod(lambda text: text)
    many: Many = staticmethod(lambda single, several, n: single if n == 1 else several)
    grouped: Number = staticmethod(lambda n: f"{n:,}")


def translate_by(one: One, many: Many, grouped: Number) -> None:
    """Say all texts and numbers by these from now on; the site calls it once, when it starts."""
    _Said.one, _Said.many = staticmethod(one), staticmethod(many)
    _Said.grouped = staticmethod(grouped)


def gettext(text: str) -> str:
    """The text in the reader's language."""
    return _Said.one(text)


def ngettext(single: str, several: str, n: int) -> str:
    """The one that fits the number, in the reader's language."""
    return _Said.many(single, several, n)


def grouped(n: int) -> str:
    """The number with its thousands apart, as the reader is used to: 20,000."""
    return _Said.grouped(n)


def gettext_noop(text: str) -> str:
    """The text as it is, marked for translators."""
    return text
