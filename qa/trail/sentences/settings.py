"""What is said of an organization's own settings."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from qa.organizations.redactable import Redactable
from qa.trail.entries import Entry, Value
from qa.trail.values import Chosen, text

ENTRIES: Final[Mapping[str, Entry]] = {
    "organization.domains_set": Entry(
        _("Changed the company's e-mail domains"), {"domains": Value(_("Domains"), text)}
    ),
    "organization.logo_set": Entry(_("Changed the logo")),
    "organization.opened": Entry(_("Created the organization")),
    "organization.set_up": Entry(
        _("Changed the organization's settings"),
        {
            "name": Value(_("Name"), text),
            "time_zone": Value(_("Time zone"), text),
            "language": Value(_("Language"), text),
            "week_start": Value(_("First day of the week"), text),
            "recording_origins": Value(_("Servers with recordings"), text),
        },
    ),
    "organization.own_words_set": Entry(
        _("Changed the words that are always or never redacted"),
        {
            "always": Value(_("Words always redacted"), text),
            "never": Value(_("Words never redacted"), text),
        },
    ),
    "organization.redaction_chosen": Entry(
        _("Changed what is redacted"),
        {"kept": Value(_("Not redacted"), Chosen(dict(Redactable.choices)))},
    ),
}
