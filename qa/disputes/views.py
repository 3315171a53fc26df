"""Disputes: the agent opens and withdraws, a manager decides, all concerned read."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qa import pipeline
from qa.core.errors import DomainError, Refused
from qa.core.http import status_of
from qa.disputes import acknowledgements, actions, queries
from qa.disputes.forms import DecideForm, OpenForm, ReadingForm
from qa.disputes.history import history
from qa.disputes.models import Dispute
from qa.disputes.objections import proposed_in_words
from qa.disputes.proposing import NO_FEELING
from qa.organizations.access import (
    EVERYONE,
    MANAGERS,
    REVIEWERS,
    MemberRequest,
    membership_required,
)
from qa.organizations.models import Membership, Role
from qa.reviews.models import Review
from qa.reviews.second import note_look
from qa.reviews.visibility import is_hidden_on_own_page
from scorecards.choices import CHOICES, Emotion

DECISIONS = ("uphold", "decline")


@require_GET
@membership_required(*EVERYONE)
def disputes(request: MemberRequest) -> HttpResponse:
    """The disputes that this member is concerned with."""
    state = request.GET.get("state", "open")
    page = queries.listed(request.membership, request.GET, state=state)
    return render(request, "disputes/disputes.html", {"page": page, "state": state})


@require_http_methods(["GET", "POST"])
@membership_required(Role.AGENT)
def open_dispute(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Object to one part of one's own review."""
    by = request.membership
    rows = Review.objects.visible_to(by).select_related(
        "interaction__team", "specialist__user", "scorecard_version", "superseded_by"
    )
    review = get_object_or_404(rows, pk=pk)
    target = request.POST.get("target") or request.GET.get("target", "")
    form = OpenForm(request.POST or None, initial={"target": target}, review=review, target=target)
    error = None
    if form.is_valid():
        try:
            made = actions.open_dispute(review, by=by, **form.cleaned_data)
        except DomainError as refusal:
            error = refusal
        else:
            messages.success(request, _("Dispute sent. A manager will decide."))
            return redirect("dispute", slug=by.organization.slug, pk=made.pk)
    return _asked(request, review, form, error)


@require_GET
@membership_required(*EVERYONE)
def dispute(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One dispute: what it is about, both sides, the decision."""
    return _page(request, get_object_or_404(queries.related(request.membership), pk=pk))


@require_POST
@membership_required(Role.AGENT)
def withdraw(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The agent takes a dispute back."""
    dispute = get_object_or_404(queries.related(request.membership), pk=pk)
    try:
        actions.withdraw(dispute, by=request.membership)
    except DomainError as error:
        return _page(request, dispute, error=error)
    messages.success(request, _("Dispute withdrawn."))
    return redirect("dispute", slug=request.membership.organization.slug, pk=pk)


@require_POST
@membership_required(Role.AGENT)
def read_decision(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The agent says that they have read how it was decided, once."""
    dispute = get_object_or_404(queries.related(request.membership), pk=pk)
    try:
        actions.read_decision(dispute, by=request.membership)
    except DomainError as error:
        return _page(request, dispute, error=error)
    messages.success(request, _("Marked as read."))
    return redirect("dispute", slug=request.membership.organization.slug, pk=pk)


@require_GET
@membership_required(*REVIEWERS)
def who_has_read(request: MemberRequest) -> HttpResponse:
    """Feedback of one kind that its agents have read, or have not."""
    form = ReadingForm(request.GET, by=request.membership)
    chosen = form.chosen()
    page = acknowledgements.listed(request.membership, request.GET, **chosen)
    context = {**chosen, "page": page, "kinds": form.kinds, "states": acknowledgements.STATES}
    return render(request, "disputes/acknowledgements.html", context)


@require_POST
@membership_required(*MANAGERS)
def decide(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Uphold or decline, with a reason."""
    by = request.membership
    dispute = get_object_or_404(queries.related(by), pk=pk)
    said = request.POST.get("decision")
    upheld = said == "uphold"
    form = DecideForm(request.POST, dispute=dispute, upheld=upheld)
    if said not in DECISIONS:
        return _page(
            request, dispute, form=form, error=Refused(_("Choose whether to uphold or decline."))
        )
    if not form.is_valid():
        return _page(request, dispute, form=form)
    reason = form.cleaned_data["reason"]
    change = form.correction() if upheld else None
    try:
        pipeline.decide_dispute(dispute, by=by, upheld=upheld, reason=reason, change=change)
    except DomainError as error:
        return _page(request, dispute, form=form, error=error)
    messages.success(request, _("Decision sent to the agent and the reviewer."))
    return redirect("dispute", slug=by.organization.slug, pk=pk)


def _asked(
    request: MemberRequest, review: Review, form: OpenForm, error: DomainError | None
) -> HttpResponse:
    target = str(form["target"].value() or "")
    if not target:  # nothing was pointed at: the page where that is done
        slug = request.membership.organization.slug
        return redirect("feedback-review", slug=slug, pk=review.pk)
    about = queries.part(review, target, by=request.membership)
    if about is None:
        raise Http404("The review holds nothing of the kind.")
    last = actions.until(review, by=request.membership)
    context = {"review": review, "form": form, "about": about, "error": error, "until": last}
    status = status_of(error) if error else 422 if form.errors else 200
    return render(request, "disputes/open.html", {**context, **_words()}, status=status)


def _is_open(dispute: Dispute) -> bool:
    return dispute.status == Dispute.Status.OPEN


def _may_decide(dispute: Dispute, by: Membership) -> bool:
    """True if nothing keeps this member from deciding it."""
    return _is_open(dispute) and by.role in MANAGERS and not actions.why_not_decide(dispute, by=by)


def _page(
    request: MemberRequest,
    dispute: Dispute,
    *,
    form: DecideForm | None = None,
    error: DomainError | None = None,
) -> HttpResponse:
    by = request.membership
    if error is not None:
        dispute = get_object_or_404(queries.related(by), pk=dispute.pk)
    if by.role != Role.AGENT:
        if is_hidden_on_own_page(by, dispute.review.interaction):
            return render(request, "disputes/hidden.html", {"dispute": dispute}, status=409)
        note_look(dispute.review.interaction, by=by)
    context = {
        "dispute": dispute,
        "about": queries.part(dispute.review, dispute.target, by=by),
        "form": form or DecideForm(dispute=dispute, upheld=True),
        "history": history(dispute.review, by=by),
        "proposed": proposed_in_words(dispute),
        "error": error,
        "may_decide": _may_decide(dispute, by),
        "may_withdraw": _is_open(dispute) and dispute.opened_by_id == by.pk,
        "may_read": dispute.decided and dispute.opened_by_id == by.pk,
    }
    status = status_of(error) if error else 422 if form is not None and form.errors else 200
    return render(request, "disputes/dispute.html", {**context, **_words()}, status=status)


def _words() -> dict[str, Any]:
    return {
        "choices": CHOICES,
        "no_feeling": NO_FEELING,
        "emotions": Emotion.choices,
    }
