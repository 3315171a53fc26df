"""What is said of calibration sessions."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from qa.trail.entries import Entry, Value
from qa.trail.values import SESSION, Named, text

ANSWERS: Final = Value(_("Answers"), text)

ENTRIES: Final[Mapping[str, Entry]] = {
    "calibration.agreed": Entry(
        _("Finalised the results of a calibration session"), {"parts": ANSWERS}
    ),
    "calibration.begun": Entry(
        _("Started a calibration session"),
        {
            "interactions": Value(_("Conversations"), text),
            "readers": Value(_("Reviewers"), text),
        },
    ),
    "calibration.called_off": Entry(_("Cancelled a calibration session")),
    "calibration.held": Entry(_("Saved agreed answers in a calibration"), {"parts": ANSWERS}),
    "calibration.not_read": Entry(
        _("Closed a calibration review that was not submitted"),
        {"session": Value(_("Session"), Named(SESSION))},
    ),
    "calibration.opened": Entry(_("Opened the results of a calibration session")),
    "calibration.said": Entry(_("Commented in a calibration session")),
}
