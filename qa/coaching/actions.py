"""Write coaching notes; acknowledge a review."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from qa.audit import actions as audit
from qa.coaching import note_drafts
from qa.coaching.models import Acknowledgement, CoachingNote
from qa.core.errors import Conflict, Refused
from qa.notices.actions import mark_read_about, notify, take_back
from qa.notices.models import Notice
from qa.organizations.models import Membership, Role
from qa.reviews import blind, steps
from qa.reviews.leases import begin_step
from qa.reviews.models import Review, ReviewStep
from qa.tenancy.base import Actor, System
from transcripts.cast import cast_of
from transcripts.telling import facts_of

NOTE_COLUMNS = ("turn", "start", "end", "kind", "text")


@transaction.atomic
def write_note(
    review: Review,
    *,
    by: Membership,
    turn: int,
    kind: str,
    text: str,
    start: int | None = None,
    end: int | None = None,
    quote: str = "",
    revision: int | None = None,
) -> CoachingNote:
    """Pin advice to a turn, or to the words [start, end) of it, while the review is open.

    `quote` are these words as the writer saw them; refused where others stand there.
    """
    if review.calibrates:
        raise Refused(_("A calibration review has no notes. Use the discussion instead."))
    review = begin_step(review, by=by, revision=revision)
    if kind not in CoachingNote.Kind.values:
        raise Refused(_("There is no such type of note."))
    note_drafts.check_place(review, turn, start, end, quote)
    note = CoachingNote(
        organization_id=by.organization_id,
        review=review,
        author=by,
        turn=turn,
        start=start,
        end=end,
        kind=kind,
        text=text,
    )
    steps.keep_note(review, by=by, pk=str(note.pk), turn=turn, columns=None)
    note.save(force_insert=True)
    note_drafts.discard(review, by=by, turn=turn)
    audit.record(by, "note.written", note, {"review": str(review.pk), "kind": kind})
    return note


@transaction.atomic
def remove_note(note: CoachingNote, *, by: Membership, revision: int | None = None) -> None:
    """Take a note back before the review is submitted."""
    review = begin_step(note.review, by=by, revision=revision)
    columns = {
        **{name: getattr(note, name) for name in NOTE_COLUMNS},
        "author": str(note.author_id),
    }
    steps.keep_note(review, by=by, pk=str(note.pk), turn=note.turn, columns=columns)
    audit.record(by, "note.removed", note, {"review": str(note.review_id)})
    note.delete()


@transaction.atomic
def undo(review: Review, *, by: Membership, revision: int | None = None) -> ReviewStep:
    """Take the last step on a draft back, whatever it was; again, and the one before goes.

    A note that was saved is half written again, one that was removed is there again.
    """
    review = begin_step(review, by=by, revision=revision)
    step = steps.take_back(review, by=by)
    if step.kind == ReviewStep.Kind.LOCK:
        blind.unlock(review, by=by)
    for kept in step.before.get("notes", []):
        found = CoachingNote.objects.visible_to(by).filter(review=review, pk=kept["id"]).first()
        if kept["columns"] is None and found:
            note_drafts.reopen(found, by=by)
            audit.record(by, "note.removed", found, {"review": str(review.pk)})
            found.delete()
        elif kept["columns"] and not found:
            _write_again(review, by, kept)
    return step


def _write_again(review: Review, by: Membership, kept: dict[str, Any]) -> None:
    columns = {name: kept["columns"][name] for name in NOTE_COLUMNS}
    note = CoachingNote(
        pk=UUID(kept["id"]),
        organization_id=by.organization_id,
        review=review,
        author_id=UUID(kept["columns"]["author"]),
        **columns,
    )
    note.save(force_insert=True)
    audit.record(by, "note.written", note, {"review": str(review.pk), "kind": note.kind})


def copy_notes(
    old: Review,
    new: Review,
    *,
    by: Membership,
    without: str = "",
    instead: Mapping[UUID, str] | None = None,
) -> None:
    """Pin the notes of a review to its corrected version as well.

    `instead` are other words for some of them, which are then their writer's; a note without words
    goes.

    But for one: the note of this id, of the old version or of one before it. Refused where it is
    gone already, for nothing would be corrected.
    """
    notes = list(CoachingNote.objects.visible_to(by).filter(review=old).order_by("pk"))
    if without:
        gone = CoachingNote.objects.visible_to(by).get(pk=without)
        there = next((note for note in notes if _pinned(note) == _pinned(gone)), None)
        if there is None:
            raise Refused(_("This note has already been removed. Decline the dispute instead."))
        notes.remove(there)
    for note in notes:
        if instead and note.pk in instead:
            note.text, note.author_id = instead[note.pk], by.pk
    CoachingNote.objects.bulk_create(
        CoachingNote(
            organization_id=note.organization_id,
            review=new,
            author_id=note.author_id,
            turn=note.turn,
            start=note.start,
            end=note.end,
            kind=note.kind,
            text=note.text,
        )
        for note in notes
        if note.text
    )


def _pinned(note: CoachingNote) -> tuple[object, ...]:
    """What stays the same when a note goes over to a corrected version."""
    return note.author_id, note.turn, note.start, note.end, note.kind, note.text


@transaction.atomic
def acknowledge(review: Review, *, by: Membership, answer: str = "") -> Acknowledgement:
    """The interaction's own agent says that they have read the review; once."""
    rows = Review.objects.visible_to(by).select_for_update(of=("self",), no_key=True)
    if not rows.filter(pk=review.pk).exists():  # so that it is not taken back meanwhile
        raise Conflict(_("This review has been taken back by the reviewer."))
    if review.status != Review.Status.CONFIRMED or review.interaction.agent_id != by.agent_id:
        raise Refused(_("Only the agent can mark a submitted review as read."))
    try:
        with transaction.atomic():
            acknowledgement = Acknowledgement.objects.create(
                organization_id=by.organization_id, review=review, by=by, answer=answer
            )
    except IntegrityError:
        raise Conflict(_("You’ve already marked this review as read.")) from None
    audit.record(by, "review.acknowledged", acknowledgement, {"review": str(review.pk)})
    mark_read_about(review.pk, by=by)
    slug = by.organization.slug
    notify(
        [review.specialist],
        by=by,
        kind=Notice.Kind.ACKNOWLEDGED,
        subject=review.pk,
        facts={
            "event": "feedback.answered" if answer.strip() else "feedback.acknowledged",
            "about": ["review", str(review.pk)],
            **facts_of(review.interaction),
        },
        address=reverse("review", kwargs={"slug": slug, "pk": review.pk}),
    )
    return acknowledgement


def log_ins(*agent_ids: UUID, by: Actor) -> list[Membership]:
    """The members who are these agents, as far as they sign in at all."""
    rows = Membership.objects.visible_to(by).filter(role=Role.AGENT, agent_id__in=agent_ids)
    return list(rows.select_related("organization", "agent"))


def share(review: Review, *, by: Membership) -> None:
    """Tell every agent in it that there is feedback, or a corrected version of it, to read."""
    _tell(review, log_ins(*cast_of(review.interaction).agent_ids, by=by), by)


def unshare(review: Review, *, by: Membership) -> None:
    """A review was taken back: nobody is told of it any more."""
    told = Notice.objects.visible_to(System(by.organization_id))  # these are the agents' own
    told.filter(kind=Notice.Kind.FEEDBACK, subject=str(review.pk)).delete()


def refuse_read(review: Review, *, by: Membership) -> None:
    """Refuse to take a review back that its agent has read."""
    if Acknowledgement.objects.visible_to(by).filter(review=review).exists():
        raise Refused(_("The agent has already read this review. Correct it instead."))


def tell_amended(review: Review, *, by: Membership) -> None:
    """Tell the reviewer that somebody else has corrected their review."""
    assert review.supersedes is not None  # noqa: S101  a corrected version has one before it
    notify(
        [review.specialist],
        by=by,
        kind=Notice.Kind.SCORE_CHANGED,
        subject=review.pk,
        facts={
            "event": "review.corrected",
            "about": ["review", str(review.pk)],
            "before": review.supersedes.score,
            "after": review.score,
            **facts_of(review.interaction),
        },
        address=reverse("review", kwargs={"slug": by.organization.slug, "pk": review.pk}),
    )


def hand_over(review: Review, *, by: Membership, lost: Iterable[UUID], won: Iterable[UUID]) -> None:
    """A confirmed review is not for some agents any more, and is for others from now on."""
    take_back(log_ins(*lost, by=by), by=by, subject=review.pk)
    _tell(review, log_ins(*won, by=by), by)


def read_by(review: Review, agents: Collection[UUID], *, by: Actor) -> bool:
    """True if one of these agents has said that they have read the review."""
    rows = Acknowledgement.objects.visible_to(by).filter(review=review)
    return rows.filter(by__agent__in=agents).exists()


def _tell(review: Review, agents: list[Membership], by: Membership) -> None:
    corrected = review.supersedes
    facts = {"about": ["review", str(review.pk)], **facts_of(review.interaction)}
    if corrected is not None:
        facts |= {"before": corrected.score, "after": review.score}
    notify(
        agents,
        by=by,
        kind=Notice.Kind.SCORE_CHANGED if corrected else Notice.Kind.FEEDBACK,
        subject=review.pk,
        facts={"event": "feedback.corrected" if corrected else "feedback.shared", **facts},
        address=reverse("feedback-review", kwargs={"slug": by.organization.slug, "pk": review.pk}),
    )
