"""One conversation of a session: everybody's word, the discussion, and what holds."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qa.calibration import actions
from qa.calibration.forms import HoldForm, SayForm
from qa.calibration.models import Item, Session
from qa.calibration.results import SessionPage
from qa.core.errors import DomainError, Refused
from qa.core.http import cleaned, status_of
from qa.organizations.access import MANAGERS, REVIEWERS, MemberRequest, membership_required
from qa.reviews.exposure import record_exposure


@require_GET
@membership_required(*REVIEWERS)
def item(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Every moment and question with everybody's word."""
    return _page(request, _item(request, pk))


@require_POST
@membership_required(*REVIEWERS)
def say(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Say something about the conversation, or about one moment or question of it."""
    by, item = request.membership, _item(request, pk)
    page = SessionPage(item.session, by=by, only=item)
    if not page.shows:
        return _page(request, item)
    form = SayForm(request.POST, compared=page.compared[0])
    try:
        actions.say(item, by=by, **cleaned(form))
    except DomainError as error:
        return _page(request, item, error=error, said=form)
    where = redirect("calibration-item", slug=by.organization.slug, pk=pk)
    target = form.cleaned_data["target"].replace(":", "-") or "whole"
    return redirect(f"{where.url}#{target}")


@require_POST
@membership_required(*MANAGERS)
def record(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Record what holds."""
    by, item = request.membership, _item(request, pk)
    page = SessionPage(item.session, by=by, only=item)
    if not page.shows:
        return _page(request, item)
    form = HoldForm(request.POST, compared=page.compared[0])
    try:
        if not form.is_valid():
            raise Refused(_("Not saved. Fix the answers marked below."))
        actions.record_consensus(item, by=by, held=form.held())
    except DomainError as error:
        return _page(request, item, error=error, held=form)
    messages.success(request, _("Saved for conversation %(number)s.") % {"number": item.position})
    following = _beside(item, request, 1)
    if following:
        return redirect("calibration-item", slug=by.organization.slug, pk=following.pk)
    return redirect("calibration", slug=by.organization.slug, pk=item.session_id)


def _item(request: MemberRequest, pk: UUID) -> Item:
    by = request.membership
    rows = Item.objects.visible_to(by).filter(session__in=Session.objects.visible_to(by))
    return get_object_or_404(rows.select_related("session", "interaction__agent"), pk=pk)


def _page(
    request: MemberRequest,
    item: Item,
    *,
    error: DomainError | None = None,
    held: HoldForm | None = None,
    said: SayForm | None = None,
) -> HttpResponse:
    by = request.membership
    page = SessionPage(item.session, by=by, only=item)
    context: dict[str, Any] = {"page": page, "session": item.session, "item": item, "error": error}
    if not page.shows:
        return render(request, "calibration/not_open.html", context, status=409)
    record_exposure([item.interaction_id], by=by)
    compared = page.compared[0]
    context |= {
        "compared": compared,
        "form": held or HoldForm(compared=compared),
        "said": said,
        "previous": _beside(item, request, -1),
        "following": _beside(item, request, 1),
        "may_hold": page.manages and item.session.is_discussed,
    }
    return render(request, "calibration/item.html", context, status=status_of(error))


def _beside(item: Item, request: MemberRequest, step: int) -> Item | None:
    rows = Item.objects.visible_to(request.membership).filter(session=item.session_id)
    return rows.filter(position=item.position + step).first()
