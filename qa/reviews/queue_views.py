"""The queue, and taking from it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from qa.errors import DomainError
from qa.organizations.access import REVIEWERS, MemberRequest, membership_required
from qa.reviews import actions, forms, queries, second
from qa.reviews.page import CHOICES
from qa.reviews.responses import go_to, status_of
from transcripts.models import Channel, Interaction, Unfit


@require_GET
@membership_required(*REVIEWERS)
def queue(request: MemberRequest) -> HttpResponse:
    """What waits for a review; htmx asks again while the worker is at work."""
    return _page(request)


@require_POST
@membership_required(*REVIEWERS)
def take(request: MemberRequest) -> HttpResponse:
    """Take the next interaction that the filters let through, or the one that is named."""
    form, by = forms.TakeForm(request.POST), request.membership
    named = form.cleaned_data["interaction"] if form.is_valid() else None
    try:
        if named:
            wanted = get_object_or_404(Interaction.objects.visible_to(by), pk=named)
            return go_to(request, actions.take(wanted.pk, by=by))
        which = forms.QueueForm(request.POST).which()
        review = actions.take_next(by=by, among=queries.narrow(actions.waiting(by), by, which))
    except DomainError as error:
        return _page(request, error=error)
    if review is None:
        messages.info(request, "Nothing waits for a review just now.")
    return go_to(request, review)


@require_POST
@membership_required(*REVIEWERS)
def take_second(request: MemberRequest) -> HttpResponse:
    """Take the next second reading."""
    review = second.take(by=request.membership)
    if review is None:
        messages.info(request, "No second reading waits for you just now.")
    return go_to(request, review)


def _page(request: MemberRequest, error: DomainError | None = None) -> HttpResponse:
    which = forms.QueueForm(request.GET).which()
    context = {
        "queue": queries.queue_page(request.membership, which, request.GET),
        "which": which,
        "channels": Channel.choices,
        "choices": CHOICES,
        "unfit": Unfit.choices,
        "error": error,
    }
    template = "reviews/_queue.html" if request.htmx else "reviews/queue.html"
    return render(request, template, context, status=status_of(error) if error else 200)
