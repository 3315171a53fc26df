"""A submitted review corrected by its author or a manager, with a reason: a new version of it.

`corrections` makes the version; here is who may, what differs, and the row that keeps why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from qa.core.errors import Conflict, NotAllowed, Refused
from qa.organizations.access import MANAGERS
from qa.organizations.models import Membership
from qa.reviews.after_models import Amendment
from qa.reviews.corrections import Correction
from qa.reviews.models import Decision, Review, ReviewMoment
from qa.reviews.proposals import card_of
from qa.reviews.queue import why_barred
from qa.reviews.visibility import is_hidden_on_own_page
from scorecards.card import read_answers
from scorecards.card.shape import TEXT
from scorecards.choices import choice_of

NOTHING = ("", "")  # feeling and outcome, where there is no moment


@dataclass(frozen=True, slots=True)
class Changes:
    """What the corrected version says otherwise; None: as before. A note without words goes."""

    parts: Sequence[Correction] = ()
    summary: str | None = None
    notes: Mapping[UUID, str] = field(default_factory=dict)
    note_turns: Sequence[int] = ()  # where these stand

    def __bool__(self) -> bool:
        return bool(self.parts or self.summary is not None or self.notes)


def may_amend(review: Review, *, by: Membership) -> bool:
    """True if this member may correct the review: its author, and those who answer for it."""
    submitted = review.status == Review.Status.CONFIRMED and review.kind == Review.Kind.REGULAR
    return submitted and (review.specialist_id == by.pk or by.role in MANAGERS)


def not_yours() -> str:
    """Say who may correct a review."""
    return _("Only its reviewer, a manager or an admin can correct a submitted review.")


def check(review: Review, changes: Changes, *, by: Membership, reason: str) -> None:
    """Refuse a correction by somebody else, without a reason, or of an earlier version."""
    if not may_amend(review, by=by):
        raise NotAllowed(not_yours())
    if Review.objects.visible_to(by).filter(supersedes=review).exists():
        raise Conflict(_("Someone else has just corrected this review."))
    if is_hidden_on_own_page(by, review.interaction):
        raise Refused(_("You’re scoring this conversation yourself. Submit your review first."))
    if barred := why_barred(review.interaction, by=by):
        raise Refused(barred)
    if not reason.strip():
        raise Refused(_("Say why. The agent and the reviewer will see it."))
    if not changes:
        raise Refused(_("Nothing is different yet. Change something, or go back."))


def keep(new: Review, changes: Changes, *, by: Membership, reason: str) -> Amendment:
    """Keep who made the new version, why, and what differs from the one before."""
    assert new.supersedes is not None  # noqa: S101  a corrected version has one before it
    return Amendment.objects.create(
        organization_id=new.organization_id,
        review=new,
        by=by,
        reason=reason.strip(),
        changes=[
            *differences(new.supersedes, new, by=by),
            *({"part": "note", "turn": turn} for turn in changes.note_turns),
        ],
    )


def differences(old: Review, new: Review, *, by: Membership) -> list[dict[str, Any]]:
    """What two versions say otherwise, part by part: choices and answers, and no typed words."""
    found = [*_of_moments(old, new, by), *_of_answers(old, new)]
    if old.summary != new.summary:
        found.append({"part": "summary"})
    return found


def _of_moments(old: Review, new: Review, by: Membership) -> list[dict[str, Any]]:
    before, after = _said(old, by), _said(new, by)
    found = []
    for turn in sorted(before.keys() | after.keys()):
        (felt, was), (feels, now) = before.get(turn, NOTHING), after.get(turn, NOTHING)
        if was != now:
            found.append({"part": "moment", "turn": turn, "before": was, "after": now})
        if felt and feels and felt != feels:
            found.append({"part": "feeling", "turn": turn, "before": felt, "after": feels})
    return found


def _said(review: Review, by: Membership) -> dict[int, tuple[str, str]]:
    """The feeling and the outcome at each turn where a moment counts."""
    rows = ReviewMoment.objects.visible_to(by).filter(review=review)
    kept = rows.exclude(decision=Decision.REJECTED)
    return {
        turn: (emotion, choice_of(outcome, strength))
        for turn, emotion, outcome, strength in kept.values_list(
            "cue_turn", "emotion", "outcome", "strength"
        )
    }


def _of_answers(old: Review, new: Review) -> list[dict[str, Any]]:
    before, after = read_answers(old.answers), read_answers(new.answers)
    found = []
    for question in card_of(new).questions:
        was, now = before.get(question.id), after.get(question.id)
        if (was and was.value) == (now and now.value):
            continue
        line: dict[str, Any] = {"part": "answer", "question": question.text[:200]}
        if question.kind != TEXT:  # what was typed stands in the versions
            line["before"] = question.word(was.value) if was else None
            line["after"] = question.word(now.value) if now else None
        found.append(line)
    return found
