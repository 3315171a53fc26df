"""The steps of a draft, newest last: each is kept with what it replaced, and can be taken back."""

from collections.abc import Container, Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from qa.core.errors import Refused
from qa.organizations.models import Membership
from qa.reviews.models import Review, ReviewMoment, ReviewStep

COLUMNS = ("moment_id", "decision", "emotion", "outcome", "strength", "reason", "decided_at")


def keep_moments(review: Review, *, by: Membership, cue_turns: Iterable[int]) -> None:
    """Before moments at these turns are decided, added or removed."""
    moments = moments_at(review, by=by, cue_turns=cue_turns)
    _keep(review, by, ReviewStep.Kind.MOMENTS, {"moments": moments})


def keep_answers(
    review: Review, *, by: Membership, after: Mapping[str, Any], typed: Container[str] = ()
) -> None:
    """Before the answers of a draft become these.

    `typed` are questions that are answered in words: these are saved again and again while they
    are typed, which is one step.
    """
    answers = _replaced(review.answers, after)
    typing = bool(answers) and all(pk in typed for pk in answers)
    last = last_step(review, by=by) if typing else None
    if answers and (last is None or last.questions != tuple(answers)):
        _keep(review, by, ReviewStep.Kind.ANSWERS, {"answers": answers})


def keep_note(
    review: Review, *, by: Membership, pk: str, turn: int, columns: Mapping[str, Any] | None
) -> None:
    """Before a note changes; `columns` is what it holds, None where there was none."""
    note = {"id": pk, "turn": turn, "columns": columns}
    _keep(review, by, ReviewStep.Kind.NOTE, {"notes": [note]})


def keep_lock(
    review: Review, *, by: Membership, moments: Mapping[int, Any], after: Mapping[str, Any]
) -> None:
    """Keep what the lock of a blind reading replaces: `moments_at`, and answers that change."""
    answers = _replaced(review.answers, after)
    _keep(review, by, ReviewStep.Kind.LOCK, {"moments": moments, "answers": answers})


def moments_at(
    review: Review, *, by: Membership, cue_turns: Iterable[int]
) -> dict[int, dict[str, Any] | None]:
    """The moments at these turns as a step keeps them; None where there is none."""
    turns = set(cue_turns)
    rows = ReviewMoment.objects.visible_to(by).filter(review=review, cue_turn__in=turns)
    columns = {row["cue_turn"]: row for row in rows.values("cue_turn", *COLUMNS)}
    return {turn: _written(columns.get(turn)) for turn in turns}


def last_step(review: Review, *, by: Membership) -> ReviewStep | None:
    """What `undo` would take back."""
    rows = ReviewStep.objects.visible_to(by).filter(review=review)
    return rows.order_by("-revision").first()


@transaction.atomic
def take_back(review: Review, *, by: Membership) -> ReviewStep:
    """Put back what the last step replaced, in a review that has just been claimed.

    Notes are not ours: `qa.coaching.actions.undo` puts those back.
    """
    step = last_step(review, by=by)
    if step is None:
        raise Refused(_("There is nothing to undo."))
    for turn, columns in step.before.get("moments", {}).items():
        _put_back(review, by, int(turn), columns)
    answers = {**review.answers, **step.before.get("answers", {})}
    review.answers = {pk: answer for pk, answer in answers.items() if answer is not None}
    review.save(update_fields=["answers"])
    step.delete()
    return step


def forget(review: Review, *, by: Membership) -> None:
    """From here nothing can be taken back."""
    ReviewStep.objects.visible_to(by).filter(review=review).delete()


def _replaced(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that are other ones afterwards, as they are; None where there is none."""
    return {pk: before.get(pk) for pk in {**before, **after} if before.get(pk) != after.get(pk)}


def _keep(review: Review, by: Membership, kind: ReviewStep.Kind, before: dict[str, Any]) -> None:
    ReviewStep.objects.create(
        organization_id=by.organization_id,
        review=review,
        revision=review.revision,
        kind=kind,
        before=before,
    )


def _written(row: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A row's columns as JSON holds them."""
    if row is None:
        return None
    moment, at = row["moment_id"], row["decided_at"]
    plain = {"moment_id": moment and str(moment), "decided_at": at and at.isoformat()}
    return {name: row[name] for name in COLUMNS} | plain


def _put_back(review: Review, by: Membership, turn: int, columns: Mapping[str, Any] | None) -> None:
    rows = ReviewMoment.objects.visible_to(by).filter(review=review, cue_turn=turn)
    if columns is None:
        rows.delete()
        return
    at = columns["decided_at"]
    values = {**columns, "decided_at": parse_datetime(at) if at else None}
    if not rows.update(**values):
        ReviewMoment.objects.create(
            organization_id=by.organization_id, review=review, cue_turn=turn, **values
        )
