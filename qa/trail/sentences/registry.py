"""Every kind of action that the trail can hold, by area; a test compares it with the code."""

from collections.abc import Mapping, Sequence
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qa.trail.entries import Entry
from qa.trail.sentences import (
    agents,
    calibration,
    conversations,
    people,
    reviews,
    sampling,
    scorecards,
    settings,
)

AREAS: Final[Sequence[tuple[str, Promise, Mapping[str, Entry]]]] = (
    ("people", _("Members and access"), people.ENTRIES),
    ("agents", _("Agents and teams"), agents.ENTRIES),
    ("conversations", _("Conversations"), conversations.ENTRIES),
    ("reviews", _("Reviews and disputes"), reviews.ENTRIES),
    ("scorecards", _("Scorecards"), scorecards.ENTRIES),
    ("sampling", _("Sampling"), sampling.ENTRIES),
    ("calibration", _("Calibration"), calibration.ENTRIES),
    ("settings", _("Settings"), settings.ENTRIES),
)
ENTRIES: Final[Mapping[str, Entry]] = {
    action: entry for _name, _word, entries in AREAS for action, entry in entries.items()
}
