"""The queue, and taking from it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qa.core.errors import DomainError
from qa.core.http import status_of
from qa.organizations.access import MANAGERS, REVIEWERS, MemberRequest, membership_required
from qa.organizations.models import Membership
from qa.reviews import assignment, forms, queries, second
from qa.reviews.columns import kept_look
from qa.reviews.queue import claim, claim_next, in_queue
from qa.reviews.queue_sorting import GROUP_WORDS
from qa.reviews.responses import go_to
from scorecards.choices import CHOICES
from transcripts.models import Channel, Interaction, SavedView, Unfit


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
            return go_to(request, claim(wanted.pk, by=by))
        filters = forms.QueueForm(request.POST).filter()
        review = claim_next(by=by, among=queries.narrow(in_queue(by), by, filters))
    except DomainError as error:
        return _page(request, error=error)
    if review is None:
        messages.info(request, _("There’s nothing to review right now."))
    return go_to(request, review)


@require_POST
@membership_required(*REVIEWERS)
def take_second(request: MemberRequest) -> HttpResponse:
    """Take the next second reading."""
    try:
        review = second.take(by=request.membership)
    except DomainError as error:
        return _page(request, error=error)
    if review is None:
        messages.info(request, _("There’s no second review for you right now."))
    return go_to(request, review)


@require_POST
@membership_required(*MANAGERS)
def assign(request: MemberRequest) -> HttpResponse:
    """Assign the conversations that were chosen in a list; a refusal keeps the choice."""
    form, by = forms.AssignForm(request.POST), request.membership
    if not form.is_valid():
        unknown = _("Some of these conversations weren’t found. Please select them again.")
        return _assign_again(request, form, unknown)
    chosen, query = form.cleaned_data["interaction"], form.cleaned_data["query"]
    members = Membership.objects.visible_to(by).select_related("user")
    to = form.cleaned_data["to"] and get_object_or_404(members, pk=form.cleaned_data["to"])
    try:
        done = assignment.assign(chosen, to=to, by=by)
    except DomainError as error:
        return _assign_again(request, form, error.message)
    messages.success(request, assignment.in_words(done, to))
    address = reverse(form.cleaned_data["back"], kwargs={"slug": by.organization.slug})
    return redirect(f"{address}?{query}" if query else address)


def _assign_again(request: MemberRequest, form: forms.AssignForm, error: str) -> HttpResponse:
    people = queries.colleagues(request.membership)
    context = {"form": form, "error": error, "colleagues": people}
    return render(request, "reviews/assign.html", context, status=422)


def _page(request: MemberRequest, error: DomainError | None = None) -> HttpResponse:
    filters = forms.QueueForm(request.GET).filter()
    context = {
        "queue": queries.queue_page(request.membership, filters, request.GET),
        "groups": GROUP_WORDS,
        "views": SavedView.objects.visible_to(request.membership).filter(of="queue"),
        "may_share": request.membership.role in MANAGERS,
        **kept_look(request.COOKIES),
        "which": filters,
        "channels": Channel.choices,
        "choices": CHOICES,
        "unfit": Unfit.choices,
        "error": error,
    }
    template = "reviews/_queue.html" if request.htmx else "reviews/queue.html"
    return render(request, template, context, status=status_of(error))
