"""Words that are saved while they are typed, summary and notes; answers in JSON for scripts."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from qa.coaching import half_notes
from qa.coaching.models import HalfNote
from qa.errors import DomainError
from qa.organizations.access import REVIEWERS, MemberRequest, membership_required
from qa.reviews import actions, forms
from qa.reviews.models import Review
from qa.reviews.responses import status_of
from qa.reviews.views import cleaned

Keeping = Callable[[MemberRequest, Review], None]
Standing = Callable[[MemberRequest, Review], str]


def keeping(now: Standing) -> Callable[[Keeping], Callable[..., HttpResponse]]:
    """Saved, or refused with the words that stand there now."""

    def decorate(view: Keeping) -> Callable[..., HttpResponse]:
        @require_POST
        @membership_required(*REVIEWERS)
        @wraps(view)
        def inner(request: MemberRequest, pk: UUID) -> JsonResponse:
            draft = get_object_or_404(Review.objects.visible_to(request.membership), pk=pk)
            try:
                view(request, draft)
            except DomainError as error:
                told = {"message": error.message, "code": error.code}
                if error.code == "other_words":
                    told["now"] = now(request, draft)
                return JsonResponse(told, status=status_of(error))
            return JsonResponse({"kept": True})

        return inner

    return decorate


def _summary_now(request: MemberRequest, draft: Review) -> str:
    return draft.summary


def _note_now(request: MemberRequest, draft: Review) -> str:
    form = forms.HalfNoteForm(request.POST)
    rows = HalfNote.objects.visible_to(request.membership).filter(review=draft)
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
    data = cleaned(forms.HalfNoteForm(request.POST))
    half_notes.keep(draft, by=request.membership, instead_of=data.pop("was"), **data)
