"""Lock a blind reading, and take steps back: the lock is a step too."""

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from qa.coaching import actions as coaching
from qa.core.http import cleaned
from qa.organizations.access import MemberRequest
from qa.review_page import forms
from qa.review_page.views import Step, deciding
from qa.reviews import blind
from qa.reviews.models import Review, ReviewStep
from qa.reviews.responses import go_to


@deciding
def commit(request: MemberRequest, draft: Review) -> HttpResponse:
    """A blind reading is done: show the pre-score beside it."""
    data = cleaned(forms.LockForm(request.POST))
    blind.commit(draft, by=request.membership, **data)
    messages.success(request, _("Your review is locked. The pre-score is now shown beside it."))
    return go_to(request, draft)


@deciding
def undo(request: MemberRequest, draft: Review) -> Step | HttpResponse:
    """Take the last step back; again, and the one before goes."""
    data = cleaned(forms.StepForm(request.POST))
    step = coaching.undo(draft, by=request.membership, revision=data["revision"])
    if step.kind == ReviewStep.Kind.LOCK:
        messages.info(request, _unlocked(draft, request))
        return go_to(request, draft)
    turns = tuple(step.turns)
    at = turns[0] if step.kind == step.Kind.MOMENTS else None
    said = _("Undone: %(what)s.") % {"what": step.get_kind_display()}
    return Step(said, moment=at, turns=turns, questions=step.questions)


def _unlocked(draft: Review, request: MemberRequest) -> str:
    """Say what taking the lock back means for what was locked."""
    now = Review.objects.visible_to(request.membership).get(pk=draft.pk)
    if now.blind:
        return _(
            "Unlocked. You can change your review and lock it again. Agreement still compares "
            "what you locked first, because you’ve seen the pre-score since."
        )
    return _(
        "Unlocked. You’ve seen the pre-score, so this review isn’t blind anymore: it goes on as "
        "an ordinary one and doesn’t count in agreement as blind."
    )
