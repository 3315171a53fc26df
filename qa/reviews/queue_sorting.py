"""The columns of the queue, and by what of a conversation each of them sorts."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qa.core.paging import moment
from qa.core.sorting import Key
from qa.organizations.models import Membership
from qa.reviews.columns import (
    AGENT,
    CHANNEL,
    LENGTH,
    NEWEST,
    SUBJECT,
    Column,
    moments_key,
    score_key,
)
from qa.reviews.visibility import hidden_in_summaries
from qa.sampling.models import Pick

OLDEST: Final = (Key("received_at", read=moment), Key("id", read=UUID))


def _moments(by: Membership) -> Sequence[Key]:
    return (moments_key(by, hidden_in_summaries(by)),)


def _score(by: Membership) -> Sequence[Key]:
    return (score_key(by, hidden_in_summaries(by)),)


def _reason(by: Membership) -> Sequence[Key]:
    picks = Pick.objects.visible_to(by).filter(interaction=OuterRef("pk")).order_by("picked_at")
    why = Coalesce(Subquery(picks.values("why")[:1]), Value("~"))
    return (Key("why", expression=why),)


COLUMNS: Final = {
    "channel": Column(_("Channel"), lambda by: CHANNEL, "channel"),
    "subject": Column(_("Conversation"), lambda by: SUBJECT, "title"),
    "agent": Column(_("Agent"), lambda by: AGENT, "agent"),
    "started": Column(_("Date"), lambda by: NEWEST, "date", down=True),
    "length": Column(_("Length"), lambda by: LENGTH, "length", down=True),
    "moments": Column(_("Moments"), _moments, "marks", down=True),
    "score": Column(_("Pre-score"), _score, "score", down=True),
    "reason": Column(_("Reason"), _reason, "reason"),
    "waiting": Column(_("Waiting"), lambda by: OLDEST, "age"),
}
GROUP_WORDS: Final = (
    ("agent", pgettext_lazy("group by", "agent")),
    ("channel", pgettext_lazy("group by", "channel")),
    ("reason", pgettext_lazy("group by", "reason")),
    ("day", pgettext_lazy("group by", "day")),
)
GROUPS: Final = tuple(key for key, _word in GROUP_WORDS)
