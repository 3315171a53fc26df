"""What is said of reviews, notes, disputes, and the rules for them."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from qa.disputes.models import Dispute
from qa.inbox.sentences import LABELS
from qa.trail.entries import Entry, Value, moved
from qa.trail.values import Chosen, days, percent, points, probability, text, two_places, yes_no
from scorecards.choices import CHOICE_WORDS

PART: Final = Value(_("About"), Chosen(dict(Dispute.Kind.choices)))
LABEL: Final = Value(_("Pre-filled"), Chosen(LABELS))
KAPPA: Final = Value(_("Kappa"), two_places)
LEAST_KAPPA: Final = Value(_("Minimum kappa for pre-fill"), two_places)
OUTCOME: Final = Value(_("Outcome"), Chosen(CHOICE_WORDS, _("no feeling")))
NOTE: Final = Value(_("Kind"), Chosen({"praise": _("praise"), "suggestion": _("suggestion")}))

ENTRIES: Final[Mapping[str, Entry]] = {
    "agreement.counted_again": Entry(_("Counted a blind review in agreement again")),
    "agreement.left_out": Entry(_("Left a blind review out of agreement")),
    "agreement.restored": Entry(
        _("Pre-filling started again"), {"label": LABEL, "kappa": KAPPA, "threshold": LEAST_KAPPA}
    ),
    "agreement.withheld": Entry(
        _("Pre-filling stopped"), {"label": LABEL, "kappa": KAPPA, "threshold": LEAST_KAPPA}
    ),
    "coverage.target_set": Entry(
        _("Set how many reviews each agent should have a month"),
        {"per_month": Value(_("Reviews per agent and month"), text)},
    ),
    "dispute.acknowledged": Entry(_("Read the decision on a dispute")),
    "dispute.declined": Entry(_("Declined a dispute"), {"part": PART}),
    "dispute.opened": Entry(_("Disputed a review"), {"part": PART}),
    "dispute.upheld": Entry(_("Upheld a dispute"), {"part": PART}),
    "dispute.withdrawn": Entry(_("Withdrew a dispute"), {"part": PART}),
    "feedback.policy_set": Entry(
        _("Changed the rules for feedback"),
        {
            "share_from": Value(_("Share pre-scores from a confidence of"), probability),
            "remind_days": Value(_("Remind agents after"), days),
        },
    ),
    "feedback.replied": Entry(_("Wrote about the feedback on a conversation")),
    "note.removed": Entry(_("Removed a coaching note")),
    "note.written": Entry(_("Wrote a coaching note"), {"kind": NOTE}),
    "note_template.removed": Entry(_("Removed a note template"), {"name": Value(_("Name"), text)}),
    "note_template.saved": Entry(_("Saved a note template"), {"name": Value(_("Name"), text)}),
    "review.acknowledged": Entry(_("Read the feedback on a conversation")),
    "review.committed": Entry(
        _("Locked a blind review to compare it"),
        {
            "said": Value(_("Moments marked"), text),
            "found": Value(_("Moments in the pre-score"), text),
        },
    ),
    "review.confirmed": Entry(
        _("Submitted a review"),
        {
            "score": Value(_("Score"), points),
            "changed": Value(_("Moments changed"), text),
        },
    ),
    "review.opened": Entry(
        _("Started a review"),
        {
            "kind": Value(
                _("Kind"),
                Chosen(
                    {
                        "regular": _("review"),
                        "second": _("second review"),
                        "calibration": _("calibration"),
                    }
                ),
            )
        },
    ),
    "review.recalled": Entry(_("Took back a submitted review")),
    "review.released": Entry(_("Returned a conversation to the queue")),
    "review.unlocked": Entry(
        _("Took back the lock of a blind review"), {"blind": Value(_("Still blind"), yes_no)}
    ),
    "reviews.policy_set": Entry(
        _("Changed the rules for reviews"),
        {
            "blind_percent": Value(_("Share of blind reviews"), percent),
            "second_percent": Value(_("Share of second reviews"), percent),
            "threshold": LEAST_KAPPA,
            "least": Value(_("Blind reviews needed before pre-fill can stop"), text),
            "dispute_days": Value(_("Time to dispute a review"), days),
            "recall_minutes": Value(_("Minutes to take a review back"), text),
        },
    ),
    "score.changed": Entry(
        _("Corrected a review"),
        {"outcome": OUTCOME},
        moves=moved(points, _("Score"), before="before", after="after"),
    ),
}
