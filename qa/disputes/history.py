"""What has become of a review since it was submitted: read, disputed, corrected."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from qa.disputes.models import Dispute
from qa.organizations.models import Membership, Role
from qa.reviews.models import Review
from scorecards.choices import CHOICE_WORDS, Emotion


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a review, in words and with the page where it stands.

    `reason` is empty where none was given, and for a colleague who is not concerned.
    """

    kind: str  # "submitted", "read", "opened", "withdrawn", "declined" or "corrected"
    at: datetime
    address: str
    who: str = ""
    about: str = ""  # what a dispute objects to: "moment"
    reason: str = ""
    score: float | None = None
    changes: Sequence[str] = ()  # of a corrected version: what differs from the one before
    review: UUID | None = None  # the version that came to be
    replaces: UUID | None = None

    @property
    def title(self) -> str:
        """What happened, in words."""
        return str(TITLES[self.kind, self.about if self.kind in DISPUTED else ""])


@dataclass(frozen=True, slots=True)
class History:
    """All versions of a review and what led from one to the next, oldest first."""

    events: Sequence[Event]
    made: Event | None  # how this version came to be, if it corrects another
    replaced: Event | None  # what took this version's place, if anything did
    former_address: str  # of the version that this one corrects


def history(review: Review, *, by: Membership) -> History:
    """The history of the review, as far as this member may see it; always two queries."""
    mine = {"interaction": review.interaction_id}
    rows = Review.objects.visible_to(by).regular().confirmed().filter(**mine)
    versions = list(
        rows.select_related(
            "specialist__user", "acknowledgement__by__user", "amendment__by__user"
        ).order_by("opened_at")
    )
    about = Dispute.objects.visible_to(by).filter(review__interaction=review.interaction_id)
    disputes = list(about.select_related("opened_by__user", "decided_by__user"))
    found = [*_of_versions(versions, disputes, by), *_of_disputes(disputes, by)]
    return History(
        events=sorted(found, key=lambda event: event.at),
        made=next((event for event in found if event.replaces and event.review == review.pk), None),
        replaced=next((event for event in found if event.replaces == review.pk), None),
        former_address=_review_page(review.supersedes_id, by) if review.supersedes_id else "",
    )


def _of_versions(
    versions: Sequence[Review], disputes: Sequence[Dispute], by: Membership
) -> Iterator[Event]:
    led_to = {dispute.corrected_id: dispute for dispute in disputes if dispute.corrected_id}
    for version in versions:
        at = version.confirmed_at or version.opened_at
        shared: dict[str, Any] = {"address": _review_page(version.pk, by), "score": version.score}
        if version.supersedes_id is None:
            who = version.specialist.user.name
            yield Event("submitted", at, who=who, review=version.pk, **shared)
        else:
            cause = led_to.get(version.pk)
            decider = cause.decided_by if cause else None
            amendment = getattr(version, "amendment", None)
            if amendment is not None:
                yield Event(
                    "corrected",
                    at,
                    who=amendment.by.user.name,
                    reason=amendment.reason,
                    changes=in_words(amendment.changes),
                    review=version.pk,
                    replaces=version.supersedes_id,
                    **shared,
                )
                continue
            yield Event(
                "corrected",
                at,
                who=decider.user.name if decider else "",
                about=cause.kind if cause else "",
                reason=cause.decision if cause else "",
                review=version.pk,
                replaces=version.supersedes_id,
                **shared,
            )
        read = getattr(version, "acknowledgement", None)
        if read is not None and (by.role != Role.AGENT or read.by_id == by.pk):
            yield Event("read", read.at, shared["address"], who=read.by.user.name)


def _of_disputes(disputes: Sequence[Dispute], by: Membership) -> Iterator[Event]:
    for dispute in disputes:
        address = reverse("dispute", kwargs={"slug": by.organization.slug, "pk": dispute.pk})
        about = dispute.kind
        opener = dispute.opened_by.user.name
        yield Event("opened", dispute.opened_at, address, who=opener, about=about)
        if dispute.decided_at and dispute.status == Dispute.Status.WITHDRAWN:
            yield Event("withdrawn", dispute.decided_at, address, who=opener, about=about)
        if dispute.decided_at and dispute.decided_by and dispute.status == Dispute.Status.DECLINED:
            decider, reason = dispute.decided_by.user.name, dispute.decision
            yield Event(
                "declined", dispute.decided_at, address, who=decider, about=about, reason=reason
            )


def in_words(changes: Sequence[Mapping[str, Any]]) -> list[str]:
    """Say what a corrected version says otherwise, a line for each part."""
    return [_line(one) for one in changes]


def _line(one: Mapping[str, Any]) -> str:
    values = {
        "turn": int(one.get("turn", 0)) + 1,
        "question": one.get("question", ""),
        "before": one.get("before") or gettext("none"),
        "after": one.get("after") or gettext("none"),
    }
    if one["part"] == "moment":
        none = gettext("No feeling")
        values["before"] = CHOICE_WORDS.get(one["before"] or "", none)
        values["after"] = CHOICE_WORDS.get(one["after"] or "", none)
        return gettext("Turn %(turn)s: %(before)s → %(after)s") % values
    if one["part"] == "feeling":
        feelings = dict(Emotion.choices)
        values["before"], values["after"] = feelings[one["before"]], feelings[one["after"]]
        return gettext("Turn %(turn)s: %(before)s → %(after)s") % values
    if one["part"] == "answer" and "after" in one:
        return gettext("“%(question)s”: %(before)s → %(after)s") % values
    if one["part"] == "answer":
        return gettext("“%(question)s”: reworded") % values
    if one["part"] == "note":
        return gettext("Note on turn %(turn)s: reworded or removed") % values
    return gettext("Summary reworded")


DISPUTED = {"opened", "withdrawn", "declined"}
TITLES = {
    ("submitted", ""): _("Submitted"),
    ("read", ""): pgettext_lazy("was read", "Read"),
    ("corrected", ""): _("Corrected"),
    ("opened", "moment"): _("Moment disputed"),
    ("opened", "answer"): _("Answer disputed"),
    ("opened", "note"): _("Note disputed"),
    ("withdrawn", "moment"): _("Dispute about a moment withdrawn"),
    ("withdrawn", "answer"): _("Dispute about an answer withdrawn"),
    ("withdrawn", "note"): _("Dispute about a note withdrawn"),
    ("declined", "moment"): _("Dispute about a moment declined"),
    ("declined", "answer"): _("Dispute about an answer declined"),
    ("declined", "note"): _("Dispute about a note declined"),
}


def _review_page(pk: UUID, by: Membership) -> str:
    """Where this member reads the review: agents have a page of their own."""
    name = "feedback-review" if by.role == Role.AGENT else "review"
    return reverse(name, kwargs={"slug": by.organization.slug, "pk": pk})
