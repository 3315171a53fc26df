"""Object to a part of a review, withdraw, decide."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from qa.audit import actions as audit
from qa.coaching.queries import moments_for, notes_for
from qa.core.dates import written
from qa.core.errors import Conflict, Refused
from qa.disputes.models import DecisionRead, Dispute
from qa.disputes.proposing import refuse_unfit
from qa.disputes.telling import facts_of
from qa.notices.actions import mark_read_about, notify
from qa.notices.models import Notice
from qa.organizations.access import MANAGERS
from qa.organizations.models import Membership, Role, Team
from qa.reviews.dispute_window import dispute_until
from qa.reviews.models import Review
from qa.reviews.proposals import card_of
from qa.reviews.visibility import is_hidden_on_own_page
from qa.sampling.assignment import ReviewBars
from qa.tenancy.base import System
from transcripts.cast import cast_of


def until(review: Review, *, by: Membership) -> datetime | None:
    """Until when the agent may object; None if it was corrected since, or never could be."""
    if review.confirmed_at is None or hasattr(review, "superseded_by"):
        return None
    return dispute_until(review, by=by)


def refuse_undecided(
    interactions: Collection[UUID], *, agents: Collection[UUID], by: Membership
) -> None:
    """Refuse to take interactions from agents who dispute a review of them just now."""
    rows = Dispute.objects.visible_to(System(by.organization_id)).open()  # whoever reviewed it
    rows = rows.filter(review__interaction__in=interactions, opened_by__agent__in=agents)
    if dispute := rows.select_related("opened_by__user").first():
        said = _("%(name)s has an open dispute about one of these conversations. Decide it first.")
        raise Refused(said % {"name": dispute.opened_by.user.name})


def refuse_disputed(review: Review, *, by: Membership, any_state: bool = False) -> None:
    """Refuse to change a review under an open dispute of it; with `any_state`, under any."""
    rows = Dispute.objects.visible_to(System(by.organization_id))  # whoever reviewed it
    rows = rows.filter(review__interaction=review.interaction_id)
    if any_state and rows.exists():
        raise Refused(_("The agent has disputed this review, so it can’t be taken back."))
    if rows.open().exists():
        raise Refused(_("A dispute about this review is open. Decide it first."))


@transaction.atomic
def open_dispute(
    review: Review, *, by: Membership, target: str, words: str, proposed: str = ""
) -> Dispute:
    """An agent objects to one moment, answer or note of a review of theirs.

    `proposed` is the outcome or the answer that should stand there instead, if they say so.

    Of several agents each may object to what is theirs, and to the card, which is of the whole.
    """
    if by.role != Role.AGENT or not cast_of(review.interaction).part_of(by.agent_id):
        raise Refused(_("Only an agent in the conversation can dispute its review."))
    held = Review.objects.visible_to(by).select_for_update(of=("self",), no_key=True)
    if not held.filter(pk=review.pk).exists():  # so that it is not taken back meanwhile
        raise Conflict(_("This review has been taken back by the reviewer."))
    last = until(review, by=by)
    if last is None:
        raise Refused(_("This review has since been corrected. Dispute the corrected version."))
    if timezone.now() > last:
        day = {"day": written(timezone.localtime(last), "j F Y")}
        raise Refused(_("The time to dispute this review ended on %(day)s.") % day)
    if not words.strip():
        raise Refused(_("Say what you disagree with."))
    _refuse_unknown(review, target, by)
    _refuse_second(review, target, by)
    refuse_unfit(review, target, proposed)
    try:
        with transaction.atomic():
            made = Dispute.objects.create(
                organization_id=by.organization_id,
                review=review,
                opened_by=by,
                target=target,
                words=words,
                proposed=proposed,
            )
    except IntegrityError:
        raise Conflict(_("You’ve already disputed this. The decision is pending.")) from None
    audit.record(by, "dispute.opened", made, {"review": str(review.pk), "part": made.kind})
    _tell(made, _concerned(made, by), Notice.Kind.DISPUTE_OPENED, by)
    return made


@transaction.atomic
def withdraw(dispute: Dispute, *, by: Membership) -> Dispute:
    """The agent takes it back before it is decided."""
    if dispute.opened_by_id != by.pk:
        raise Refused(_("Only the agent who opened a dispute can withdraw it."))
    dispute = _close(dispute, Dispute.Status.WITHDRAWN, by=by)
    _tell(dispute, _concerned(dispute, by), Notice.Kind.DISPUTE_DECIDED, by)
    return dispute


@transaction.atomic
def decide(dispute: Dispute, *, by: Membership, upheld: bool, reason: str) -> Dispute:
    """A manager decides, with a reason. First one wins; the second is told.

    Call `pipeline.decide_dispute`, which also corrects the review where it is upheld.
    """
    if barred := why_not_decide(dispute, by=by):
        raise Refused(barred)
    if not reason.strip():
        raise Refused(_("Give a reason. The agent and the reviewer will see it."))
    status = Dispute.Status.UPHELD if upheld else Dispute.Status.DECLINED
    return _close(dispute, status, by=by, reason=reason)


def why_not_decide(dispute: Dispute, *, by: Membership) -> str:
    """Why this manager does not decide it, in words; empty if they may."""
    if dispute.review.specialist_id == by.pk:
        return _("You scored this review, so another manager decides.")
    if is_hidden_on_own_page(by, dispute.review.interaction):
        return _("You’re scoring this conversation yourself. Submit your review first.")
    barred = ReviewBars([by], by=by)
    if barred.own(by, dispute.review.interaction):
        return _("This is about one of your own conversations, so another manager decides.")
    if barred.excluded(by, dispute.review.interaction):
        return _("You’re excluded from this agent or team, so another manager decides.")
    return ""


@transaction.atomic
def read_decision(dispute: Dispute, *, by: Membership) -> DecisionRead:
    """The agent says that they have read the decision; once."""
    if dispute.opened_by_id != by.pk or not dispute.decided:
        raise Refused(_("Only the agent who opened a dispute can mark its decision as read."))
    read, new = DecisionRead.objects.get_or_create(
        organization_id=by.organization_id, dispute=dispute, defaults={"by": by}
    )
    if not new:
        raise Conflict(_("You’ve already marked this decision as read."))
    mark_read_about(dispute.pk, by=by)
    audit.record(by, "dispute.acknowledged", read, {"dispute": str(dispute.pk)})
    return read


def tell_decided(dispute: Dispute, *, by: Membership) -> None:
    """Tell the agent, the specialist, and the managers who were told that it was opened."""
    concerned = [dispute.opened_by, *_concerned(dispute, by)]
    _tell(dispute, concerned, Notice.Kind.DISPUTE_DECIDED, by)


def _close(dispute: Dispute, status: str, *, by: Membership, reason: str = "") -> Dispute:
    decided = status in {Dispute.Status.UPHELD, Dispute.Status.DECLINED}
    won = (
        Dispute.objects.visible_to(by)
        .open()
        .filter(pk=dispute.pk)
        .update(
            status=status,
            decided_by=by if decided else None,
            decided_at=timezone.now(),
            decision=reason,
        )
    )
    if not won:
        raise Conflict(_("This dispute has already been decided or withdrawn."))
    dispute.refresh_from_db()
    mark_read_about(dispute.pk, by=by)
    data = {"review": str(dispute.review_id), "part": dispute.kind}
    audit.record(by, f"dispute.{status}", dispute, data)
    return dispute


def _refuse_unknown(review: Review, target: str, by: Membership) -> None:
    kind, _colon, key = target.partition(":")
    if kind == Dispute.Kind.MOMENT:
        kept = moments_for(review, by=by)
        known = any(key == str(turn) for turn in kept.values_list("cue_turn", flat=True))
    elif kind == Dispute.Kind.ANSWER:
        known = card_of(review).question(key) is not None
    elif kind == Dispute.Kind.NOTE:
        notes = notes_for(review, cast_of(review.interaction), by=by)
        known = any(key == str(note.pk) for note in notes)
    else:
        known = False
    if not known:
        raise Refused(_("The review doesn’t contain this."))


def _refuse_second(review: Review, target: str, by: Membership) -> None:
    """Refuse a second dispute of a part whose dispute on an earlier version is undecided."""
    rows = Dispute.objects.visible_to(by).open()
    if rows.filter(review__interaction=review.interaction_id, target=target).exists():
        raise Conflict(_("You’ve already disputed this. The decision is pending."))


def _concerned(dispute: Dispute, by: Membership) -> list[Membership]:
    """Who decides, and the specialist who scored it.

    The manager of the agent's team decides; where there is none, or where they scored it
    themselves, any manager or admin.
    """
    specialist = dispute.review.specialist
    members = Membership.objects.visible_to(by)
    part = cast_of(dispute.review.interaction).part_of(dispute.opened_by.agent_id)
    own = [part.team_id] if part and part.team_id else []
    teams = Team.objects.visible_to(by).filter(pk__in=own)
    leader = teams.values_list("manager_id", flat=True).first()
    if leader is not None and leader != specialist.pk:
        deciders = members.filter(pk=leader)
    else:
        deciders = members.filter(role__in=MANAGERS).exclude(pk=specialist.pk)
    return [*deciders, specialist]


def _tell(dispute: Dispute, to: list[Membership], kind: Notice.Kind, by: Membership) -> None:
    slug = by.organization.slug
    notify(
        to,
        by=by,
        kind=kind,
        subject=dispute.pk,
        address=reverse("dispute", kwargs={"slug": slug, "pk": dispute.pk}),
        facts=facts_of(dispute, by=by),
    )
