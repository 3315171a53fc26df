"""What the page sends by itself, answered in JSON: words while they are typed, signs of work."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from qa.coaching import note_drafts
from qa.coaching.models import NoteDraft
from qa.core.errors import DomainError
from qa.core.http import cleaned, status_of
from qa.organizations.access import REVIEWERS, MemberRequest, membership_required
from qa.review_page import forms
from qa.review_page.page import was_here
from qa.reviews import actions, leases
from qa.reviews.models import Review

Keeping = Callable[[MemberRequest, Review], None]
Standing = Callable[[MemberRequest, Review], str]


def keeping(now: Standing) -> Callable[[Keeping], Callable[..., HttpResponse]]:
    """Saved, or refused with the words that stand there now."""

    def decorate(view: Keeping) -> Callable[..., HttpResponse]:
        @require_POST
        @membership_required(*REVIEWERS)
        @wraps(view)
        def inner(request: MemberRequest, pk: UUID) -> JsonResponse:
            draft = Review.objects.visible_to(request.membership).filter(pk=pk).first()
            if draft is None:
                return _gone(request, pk)
            try:
                view(request, draft)
            except DomainError as error:
                words = {"now": now(request, draft)} if error.code == "other_words" else {}
                return _refused(error, words)
            return JsonResponse({"kept": True})

        return inner

    return decorate


def _refused(error: DomainError, words: dict[str, str]) -> JsonResponse:
    told = {"message": error.message, "code": error.code, **words}
    return JsonResponse(told, status=status_of(error))


def _gone(request: MemberRequest, pk: UUID) -> JsonResponse:
    if not was_here(pk, by=request.membership):
        raise Http404("No such review.")
    return JsonResponse({"message": leases.GONE, "code": "gone"}, status=409)


def _summary_now(request: MemberRequest, draft: Review) -> str:
    return draft.summary


def _note_now(request: MemberRequest, draft: Review) -> str:
    form = forms.NoteDraftForm(request.POST)
    rows = NoteDraft.objects.visible_to(request.membership).filter(review=draft)
    found = rows.filter(turn=cleaned(form)["turn"]).first()
    return found.text if found else ""


@keeping(_summary_now)
def keep_summary(request: MemberRequest, draft: Review) -> None:
    """The summary as far as it is written."""
    form = forms.SummaryForm(request.POST)
    text = cleaned(form)["summary"]
    actions.write_summary(draft, by=request.membership, text=text, instead_of=form.instead_of())


@keeping(_note_now)
def keep_note(request: MemberRequest, draft: Review) -> None:
    """A note as far as it is written; without words it is discarded."""
    data = cleaned(forms.NoteDraftForm(request.POST))
    note_drafts.save(draft, by=request.membership, instead_of=data.pop("was"), **data)


@require_POST
@membership_required(*REVIEWERS)
def presence(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The page's sign that somebody is at work on it; nothing is shown."""
    draft = get_object_or_404(Review.objects.visible_to(request.membership), pk=pk)
    refusal = leases.note_presence(draft, by=request.membership)
    if refusal is None:
        return HttpResponse(status=204)
    return JsonResponse({"code": refusal.code}, status=status_of(refusal))
