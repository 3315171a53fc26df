"""What is said of scorecards."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from qa.trail.entries import Entry, Value
from qa.trail.values import SCORECARD, Chosen, Named, text, yes_no
from transcripts.models import Channel

ENTRIES: Final[Mapping[str, Entry]] = {
    "scorecard.archived": Entry(_("Archived a scorecard")),
    "scorecard.created": Entry(_("Created a scorecard")),
    "scorecard.draft_discarded": Entry(_("Discarded the draft of a scorecard")),
    "scorecard.drafted": Entry(
        _("Edited the draft of a scorecard"), {"revision": Value(_("Step"), text)}
    ),
    "scorecard.duplicated": Entry(
        _("Copied a scorecard"), {"from": Value(_("Copied from"), Named(SCORECARD))}
    ),
    "scorecard.published": Entry(_("Published a scorecard"), {"number": Value(_("Version"), text)}),
    "scorecard.restored": Entry(_("Restored a scorecard from the archive")),
    "scorecard.used_for": Entry(
        _("Changed what a scorecard is used for"),
        {
            "general": Value(_("Default for all other channels"), yes_no),
            "channels": Value(_("Channels"), Chosen(dict(Channel.choices))),
        },
    ),
}
