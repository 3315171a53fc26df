"""The queue and the review page. Every change is a POST; htmx gets parts, a plain form a page."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from qa import pipeline
from qa.calibration import progress as calibration
from qa.calibration.actions import lock_session
from qa.coaching import actions as coaching
from qa.coaching import note_drafts
from qa.coaching.models import Acknowledgement, CoachingNote, NoteDraft
from qa.coaching.note_templates import templates_of
from qa.coaching.readers import no_reader
from qa.core.errors import Conflict, DomainError
from qa.core.http import cleaned, status_of
from qa.disputes.history import history
from qa.organizations.access import REVIEWERS, MemberRequest, membership_required
from qa.organizations.models import Membership
from qa.review_page import forms
from qa.review_page.page import ReviewPage, was_here
from qa.reviews import actions, leases, queries, queue, recall, second
from qa.reviews.amendments import may_amend
from qa.reviews.conversation import find
from qa.reviews.exposure import is_embargoed
from qa.reviews.models import OFFERED, OFFERED_FOR_ANSWERS, Review, ReviewMoment
from qa.reviews.policy import is_withheld, withheld
from qa.reviews.queue import why_barred
from qa.reviews.responses import address_of, go_to, go_to_address, submitted_in_words
from qa.reviews.visibility import open_rereadings
from scorecards.choices import CHOICES, Emotion
from transcripts import recordings, typed


@dataclass(frozen=True, slots=True)
class Step:
    """What a change did to the page: where it stands now, and what looks different."""

    said: str
    moment: int | None = None
    onward: bool = False
    turns: tuple[int, ...] = ()
    panel: bool = True
    questions: tuple[str, ...] = ()


@require_GET
@membership_required(*REVIEWERS)
def review(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One's own draft to work on, or a confirmed review to read."""
    by, place = request.membership, _place(request)
    page = _page(request, pk, cue=place["moment"], adding=place["add"])
    if page is None or not (page.editable or page.confirmed):
        return _closed(request, page, status=409)
    if page.confirmed and (own := open_rereadings(by).filter(interaction=page.interaction).first()):
        messages.info(request, _("This is your own review. Others’ reviews show after you submit."))
        return redirect("review", slug=by.organization.slug, pk=own.pk)
    if page.confirmed and (page.review.calibrates or is_embargoed(by, page.interaction)):
        return redirect(calibration.address_for(page.interaction, by=by))
    if page.confirmed:
        second.note_look(page.interaction, by=by)
    if request.htmx:
        return _parts(request, page)
    return _full(request, page, noting=place["note"])


Deciding = Callable[..., Step | HttpResponse]


def deciding(view: Deciding, *, submits: bool = False) -> Callable[..., HttpResponse]:
    """Make the view of a change of a draft; a refused one that `submits` shows what is open."""

    @require_POST
    @membership_required(*REVIEWERS)
    @wraps(view)
    def inner(request: MemberRequest, pk: UUID, **kwargs: Any) -> HttpResponse:
        rows = Review.objects.visible_to(request.membership).filter(pk=pk)
        draft = rows.select_related("interaction", "scorecard_version").first()
        if draft is None:
            return _closed(request, _page(request, pk), status=409)
        try:
            leases.refuse_others(draft, by=request.membership)
            step = view(request, draft, **kwargs)
        except DomainError as error:
            if error.code == leases.ENDED:
                leases.renew(draft, by=request.membership)
            return _refused(request, pk, error, submits=submits)
        return step if isinstance(step, HttpResponse) else _done(request, pk, step)

    return inner


@deciding
def accept(request: MemberRequest, draft: Review) -> Step:
    """The machine is right about this moment."""
    data = cleaned(forms.MomentForm(request.POST))
    moment = _moment(request, draft, data["cue_turn"])
    actions.accept(draft, [moment], by=request.membership, revision=data["revision"])
    return _decided(moment, _("Moment confirmed."))


@deciding
def accept_all(request: MemberRequest, draft: Review) -> Step:
    """The machine is right about every moment that is not decided yet."""
    data = cleaned(forms.StepForm(request.POST))
    labels = withheld(request.membership)
    rows = _moments(request, draft).filter(decision="pending", moment__isnull=False)
    pending = [row for row in rows if not is_withheld(row.moment, labels)]
    actions.accept(draft, pending, by=request.membership, revision=data["revision"])
    turns, n = tuple(moment.cue_turn for moment in pending), len(pending)
    said = ngettext("%(n)s moment confirmed.", "%(n)s moments confirmed.", n) % {"n": n}
    return Step(said, turns=turns)


@deciding
def change(request: MemberRequest, draft: Review) -> Step:
    """Settle a moment as the specialist sees it."""
    form = forms.ValuesForm(request.POST)
    data = cleaned(form)
    moment = _moment(request, draft, data["cue_turn"])
    actions.change(
        moment,
        by=request.membership,
        reason=data["reason"],
        revision=data["revision"],
        **form.values(),
    )
    return _decided(moment, _("Moment set."))


@deciding
def reject(request: MemberRequest, draft: Review) -> Step:
    """There is no feeling in this turn."""
    data = cleaned(forms.MomentForm(request.POST))
    moment = _moment(request, draft, data["cue_turn"])
    actions.reject(moment, by=request.membership, revision=data["revision"])
    return _decided(moment, _("Moment rejected: no feeling here."))


@deciding
def add(request: MemberRequest, draft: Review) -> Step:
    """Add a moment that the machine did not see."""
    form = forms.ValuesForm(request.POST)
    data = cleaned(form)
    moment = actions.add_moment(
        draft,
        by=request.membership,
        cue_turn=data["cue_turn"],
        revision=data["revision"],
        **form.values(),
    )
    return Step(_("Moment added."), moment=moment.cue_turn, turns=(moment.cue_turn,))


@deciding
def summary(request: MemberRequest, draft: Review) -> Step:
    """Save the summary for the agent."""
    form = forms.SummaryForm(request.POST)
    text = cleaned(form)["summary"]
    actions.write_summary(draft, by=request.membership, text=text, instead_of=form.instead_of())
    return Step(_("Summary saved."), panel=False)


@deciding
def note(request: MemberRequest, draft: Review) -> Step:
    """Pin a coaching note to a turn, or to words of it."""
    data = cleaned(forms.NoteForm(request.POST))
    half = {name: data[name] for name in ("turn", "text", "kind", "start", "end", "quote")}
    note_drafts.save(draft, by=request.membership, **half)  # so that a refusal loses no words
    text = data["text"]
    data["text"] = typed.redacted(text, draft.interaction, by=request.membership)
    coaching.write_note(draft, by=request.membership, **data)
    if not request.htmx and text != data["text"]:
        messages.info(request, typed.told(text, data["text"]).strip())
    said = _("Note saved.") + typed.told(text, data["text"])
    return Step(said, turns=(data["turn"],), panel=False)


@deciding
def discard_note(request: MemberRequest, draft: Review) -> Step:
    """Forget what was written of a note."""
    turn = cleaned(forms.NoteDraftForm(request.POST))["turn"]
    note_drafts.save(draft, by=request.membership, turn=turn, text="", instead_of=None)
    return Step(_("Note discarded."), turns=(turn,), panel=False)


@deciding
def remove_note(request: MemberRequest, draft: Review, note_pk: UUID) -> Step:
    """Take a note back."""
    data = cleaned(forms.StepForm(request.POST))
    rows = CoachingNote.objects.visible_to(request.membership).filter(review=draft)
    note = get_object_or_404(rows.select_related("review"), pk=note_pk)
    coaching.remove_note(note, by=request.membership, revision=data["revision"])
    return Step(_("Note removed."), turns=(note.turn,), panel=False)


@deciding
def release(request: MemberRequest, draft: Review) -> HttpResponse:
    """Put the interaction back into the queue."""
    queue.release(draft, by=request.membership)
    messages.success(request, _("Returned to the queue. Your draft was deleted."))
    return go_to(request, None)


@partial(deciding, submits=True)
def confirm(request: MemberRequest, draft: Review) -> HttpResponse:
    """Submit the review and, if wanted, go on with the next."""
    by, form = request.membership, forms.SubmitForm(request.POST)
    data = cleaned(form)
    queue.lock_specialist(by)
    if draft.calibrates:
        lock_session(draft, by=by)
    text = draft.summary
    if "summary" in request.POST:
        text = data["summary"]
        actions.write_summary(draft, by=by, text=text, instead_of=form.instead_of())
    clean = typed.redacted(text, draft.interaction, by=by)
    if clean != text:  # while it was a draft, its page showed what was typed
        actions.write_summary(draft, by=by, text=clean)
    pipeline.confirm(draft, by=by, revision=data["revision"])
    if draft.calibrates:
        return calibrated(request, draft)
    following = queue.claim_next(by=by) if "next" in request.POST else None
    last = "" if following or "next" not in request.POST else f" {_('That was the last one.')}"
    messages.success(request, submitted_in_words(typed.told(text, clean) + last, draft, by=by))
    return go_to(request, following)


def calibrated(request: MemberRequest, draft: Review) -> HttpResponse:
    """On to the next reading of the session, or to the session after the last one."""
    onward = calibration.go_on(draft.interaction, by=request.membership)
    messages.success(request, onward.words)
    return go_to_address(request, onward.address)


def _page(request: MemberRequest, pk: UUID, **place: Any) -> ReviewPage | None:
    """The page as it is now; None if there is no such review any more. 404 if there never was."""
    by = request.membership
    found = find(pk, by=by)
    if found is None:
        if not was_here(pk, by=by):
            raise Http404("No such review.")
        return None
    notes = CoachingNote.objects.visible_to(by).filter(review=found)
    drafts = NoteDraft.objects.visible_to(by).filter(review=found)
    return ReviewPage(
        found, by=by, notes=notes.select_related("author__user"), note_drafts=drafts, **place
    )


def _full(
    request: MemberRequest,
    page: ReviewPage,
    *,
    noting: int | None = None,
    error: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    by = request.membership
    context = {**_words(request, page), "noting": noting, "error": error}
    context["goes"] = page.open_part if error and page.editable else None
    if page.confirmed:
        read = Acknowledgement.objects.visible_to(by).filter(review=page.review)
        context["acknowledgement"] = read.select_related("by__user").first()
        if page.review.kind == Review.Kind.REGULAR:
            context |= _afterwards(page.review, by)
        return render(request, "reviews/confirmed.html", context, status=status)
    context["barred"] = why_barred(page.interaction, by=by)
    if page.review.calibrates:
        context["calibration"] = calibration.address_for(page.interaction, by=by)
    else:
        if page.review.kind == Review.Kind.REGULAR:
            context["no_reader"] = no_reader(page.interaction, by=by)
        context["left"] = queries.left(by)
        context["note_templates"] = templates_of(by)
        context["seen_before"] = queue.seen_before(page.review, by=by)
    drawn = render(request, "reviews/review.html", context, status=status)
    return recordings.let_play(drawn, page.interaction, by.organization)


def _afterwards(review: Review, by: Membership) -> dict[str, Any]:
    """What became of a submitted review, and what this member may still do with it."""
    found = history(review, by=by)
    newest = found.replaced is None
    return {
        "history": found,
        "recall_until": recall.until(review, by=by) if newest else None,
        "may_correct": newest and may_amend(review, by=by),
    }


def _parts(
    request: MemberRequest,
    page: ReviewPage,
    *,
    step: Step | None = None,
    error: DomainError | None = None,
    submits: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {**_words(request, page), "step": step, "error": error}
    context["turns"] = page.turns_at(step.turns) if step else []
    context["panel"] = step.panel if step else True
    context["goes"] = page.open_part if submits else None
    context["questions"] = page.card.redrawn(step.questions, bound=step.panel) if step else []
    if isinstance(error, Conflict):  # whoever is told "changed elsewhere" sees all of it
        context["turns"] = page.turns_at(moment.cue_turn for moment in page.moments)
        context["questions"] = page.card.questions.values()
    elif error:  # what was filled in stays; a refused submission shows what is still open
        context["panel"] = submits
    return render(request, "reviews/_parts.html", context, status=status)


def _words(request: MemberRequest, page: ReviewPage) -> dict[str, Any]:
    where = {"slug": request.membership.organization.slug, "pk": page.interaction.pk}
    return {
        "page": page,
        "here": address_of(request, page.review),
        "interaction_page": reverse("interaction", kwargs=where),
        "choices": CHOICES,
        "emotions": Emotion.choices,
        "reasons": [(reason.value, reason.label) for reason in OFFERED],
        "kinds": CoachingNote.Kind.choices,
        "answer_reasons": [(reason.value, reason.label) for reason in OFFERED_FOR_ANSWERS],
    }


def _done(request: MemberRequest, pk: UUID, step: Step) -> HttpResponse:
    cue = _place(request)["moment"] if step.moment is None else step.moment
    page = _page(request, pk, cue=cue, onward=step.onward)
    if page is None:
        raise Http404
    if request.htmx:
        return _parts(request, page, step=step)
    shown = page.current.cue_turn if page.current else None
    turn = step.turns[0] if step.turns and not step.panel else shown
    query = "" if shown is None else f"?moment={shown}"
    return redirect(
        f"{address_of(request, page.review)}{query}{'' if turn is None else f'#turn-{turn}'}"
    )


def _refused(
    request: MemberRequest, pk: UUID, error: DomainError, *, submits: bool
) -> HttpResponse:
    status = status_of(error)
    cue = None if submits else _place(request)["moment"]
    page = _page(request, pk, cue=cue)
    if page is None or not page.editable:
        return _closed(request, page, error=error, status=status)
    if request.htmx:
        return _parts(request, page, error=error, submits=submits, status=status)
    return _full(request, page, error=error, status=status)


def _closed(
    request: MemberRequest,
    page: ReviewPage | None,
    *,
    error: DomainError | None = None,
    status: int,
) -> HttpResponse:
    """Not this member's to work on: put back, taken over, somebody else's, or confirmed."""
    context = {"page": page, "error": error}
    template = "reviews/_closed.html" if request.htmx else "reviews/closed.html"
    return render(request, template, context, status=status)


def _place(request: MemberRequest) -> dict[str, int | None]:
    sent = request.POST if request.method == "POST" else request.GET
    return forms.PlaceForm(sent).place()


def _moments(request: MemberRequest, draft: Review) -> Any:
    rows = ReviewMoment.objects.visible_to(request.membership).filter(review=draft)
    return rows.select_related("moment", "review")


def _moment(request: MemberRequest, draft: Review, cue_turn: int) -> ReviewMoment:
    moment: ReviewMoment | None = _moments(request, draft).filter(cue_turn=cue_turn).first()
    if moment is None:
        raise Conflict(_("This moment no longer exists. You now see the current state."))
    return moment


def _decided(moment: ReviewMoment, said: str) -> Step:
    return Step(said, moment=moment.cue_turn, onward=True, turns=(moment.cue_turn,))
