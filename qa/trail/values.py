"""Values of events in words: numbers, choices, names of rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from qa.trail.entries import Names

AGENT: Final = "organizations.agent"
TEAM: Final = "organizations.team"
MEMBER: Final = "organizations.membership"
INTERACTION: Final = "transcripts.interaction"
REVIEW: Final = "reviews.review"
SCORECARD: Final = "scorecards.scorecard"
SESSION: Final = "calibration.session"


NONE: Final = gettext_lazy("none")


@dataclass(frozen=True, slots=True)
class Named:
    """The name of a row, or of several."""

    model: str

    def __call__(self, value: Any, names: Names) -> str:
        ids = value if isinstance(value, list) else [value] if value else []
        return ", ".join(names.text_of(self.model, str(pk)) for pk in ids) or _("none")


@dataclass(frozen=True, slots=True)
class Chosen:
    """The word of a choice, or of several; one that is no choice any more stays as it is."""

    labels: Mapping[Any, Any]
    nothing: Promise = NONE

    def __call__(self, value: Any, names: Names) -> str:
        given = value if isinstance(value, list) else [value] if value not in (None, "") else []
        return ", ".join(str(self.labels.get(one, one)) for one in given) or str(self.nothing)


def text(value: Any, names: Names) -> str:
    """A value as it is; a list with commas."""
    if isinstance(value, list):
        return ", ".join(str(one) for one in value) or _("none")
    return str(value) if value not in (None, "") else _("none")


def two_places(value: Any, names: Names) -> str:
    """A figure such as kappa: 0.60."""
    return number_format(float(value), 2) if value is not None else _("none")


def points(value: Any, names: Names) -> str:
    """A score, without decimals."""
    return f"{float(value):.0f}" if value is not None else _("none")


def percent(value: Any, names: Names) -> str:
    """A share that is kept as a number of hundredths."""
    return (
        _("%(number)s %%") % {"number": number_format(f"{float(value):g}")}
        if value is not None
        else _("none")
    )


def probability(value: Any, names: Names) -> str:
    """A share that is kept as a number from 0 to 1; without one, it is switched off."""
    if value is None:
        return _("off")
    return percent(100 * float(value), names)


def days(value: Any, names: Names) -> str:
    """How many days."""
    if value is None:
        return _("none")
    return ngettext("%(number)s day", "%(number)s days", int(value)) % {"number": value}


def yes_no(value: Any, names: Names) -> str:
    """True or false."""
    return _("yes") if value else _("no")
