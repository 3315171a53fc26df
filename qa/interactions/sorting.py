"""The columns of the list of conversations, and by what each of them sorts."""

from collections.abc import Sequence
from typing import Final

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qa.core.sorting import Key
from qa.organizations.models import Membership
from qa.reviews.columns import (
    AGENT,
    CHANNEL,
    LENGTH,
    NEWEST,
    RECEIVED,
    SUBJECT,
    Column,
    moments_key,
    score_key,
)
from qa.reviews.models import Review
from qa.reviews.visibility import hidden_in_lists


def _moments(by: Membership) -> Sequence[Key]:
    return (moments_key(by, hidden_in_lists(by)),)


def _prescore(by: Membership) -> Sequence[Key]:
    return (score_key(by, hidden_in_lists(by)),)


def _score(by: Membership) -> Sequence[Key]:
    """The score of the review that counts."""
    counted = Review.objects.visible_to(by).counted().filter(interaction=OuterRef("pk"))
    return (score_key(by, hidden_in_lists(by), Subquery(counted.values("score")[:1])),)


STATUS: Final = (Key("status"),)
COLUMNS: Final = {
    "channel": Column(_("Channel"), lambda by: CHANNEL, "channel"),
    "subject": Column(_("Conversation"), lambda by: SUBJECT, "title"),
    "agent": Column(_("Agent"), lambda by: AGENT, "agent"),
    "started": Column(_("Date"), lambda by: NEWEST, "date", down=True),
    "length": Column(_("Length"), lambda by: LENGTH, "length", down=True),
    "moments": Column(_("Moments"), _moments, "marks", down=True),
    "prescore": Column(_("Pre-score"), _prescore, "prescore", down=True),
    "score": Column(_("Score"), _score, "score", down=True),
    "reason": Column(_("Status"), lambda by: STATUS, "status"),
    "received": Column(_("Received"), lambda by: RECEIVED, "age", down=True),
}
GROUP_WORDS: Final = (
    ("agent", pgettext_lazy("group by", "agent")),
    ("channel", pgettext_lazy("group by", "channel")),
    ("reason", pgettext_lazy("group by", "status")),
    ("day", pgettext_lazy("group by", "day")),
)
GROUPS: Final = tuple(key for key, _word in GROUP_WORDS)
