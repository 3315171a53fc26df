"""The pages of scorecards: list, card, versions, builder. Specialists read, managers change."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qa.core.errors import DomainError
from qa.core.http import cleaned, status_of
from qa.organizations.access import MANAGERS, REVIEWERS, MemberRequest, membership_required
from qa.organizations.models import Membership
from scorecards import builder, publishing, queries
from scorecards.card import CRITICAL, KINDS, differences, read
from scorecards.forms import NewCardForm, RevisionForm, UseForm
from scorecards.models import Scorecard, ScorecardVersion


@require_GET
@membership_required(*REVIEWERS)
def scorecards(request: MemberRequest) -> HttpResponse:
    """Every card, and what it is used for."""
    publishing.ensure_starters(by=request.membership)
    away = request.GET.get("shown") == "away"
    page = queries.listed(request.membership, request.GET, archived=away)
    context = {"page": page, "away": away, "may_edit": _may_edit(request)}
    return render(request, "scorecards/cards.html", context)


@require_http_methods(["GET", "POST"])
@membership_required(*MANAGERS)
def add(request: MemberRequest) -> HttpResponse:
    """A new card in draft."""
    form = NewCardForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        publishing.ensure_starters(by=request.membership)
        try:
            made = publishing.create_card(by=request.membership, **cleaned(form))
            return _to(request, "scorecard-edit", made)
        except DomainError as error:
            if form.is_valid():
                form.add_error(None, error.message)
            status = status_of(error)
    return render(request, "scorecards/add.html", {"form": form}, status=status)


@require_GET
@membership_required(*REVIEWERS)
def scorecard(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One card: what it asks now, its rule, its versions, its history."""
    return _card_page(request, _card(request, pk))


@require_GET
@membership_required(*REVIEWERS)
def version(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Any published version, as it was published."""
    rows = ScorecardVersion.objects.visible_to(request.membership).select_related("scorecard")
    found = get_object_or_404(rows, pk=pk)
    drawn = queries.drawn(found.body, by=request.membership)
    context = {"version": found, "scorecard": found.scorecard, "drawn": drawn}
    return render(request, "scorecards/version.html", context)


@require_GET
@membership_required(*MANAGERS)
def edit(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The builder."""
    scorecard = _card(request, pk)
    body = publishing.body_of(scorecard, by=request.membership)
    return _builder(request, scorecard, {**body, "name": scorecard.name})


@require_POST
@membership_required(*MANAGERS)
def save(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Keep the draft, after a press of one of the builder's buttons where one was pressed."""
    scorecard, do = _card(request, pk), request.POST.get("do", "")
    body, focus = builder.act(builder.read_form(request.POST), do)
    try:
        sent = cleaned(RevisionForm(request.POST))
        scorecard = publishing.save_draft(
            scorecard,
            by=request.membership,
            revision=sent["revision"],
            name=body["name"],
            body=body,
        )
    except DomainError as error:
        return _builder(request, scorecard, body, error=error, focus=focus)
    if request.htmx:
        return _builder(request, scorecard, body, focus=focus, saved=not do)
    if not do:
        messages.success(request, _("Draft saved."))
    return _to(request, "scorecard-edit", scorecard, focus)


@require_POST
@membership_required(*MANAGERS)
def preview(request: MemberRequest, pk: UUID) -> HttpResponse:
    """How the card would look as it stands in the form; nothing is saved."""
    scorecard, body = _card(request, pk), builder.read_form(request.POST)
    if request.htmx:
        context = {"drawn": queries.drawn(body, by=request.membership)}
        return render(request, "scorecards/_preview.html", context)
    return _builder(request, scorecard, body)


@require_http_methods(["GET", "POST"])
@membership_required(*MANAGERS)
def publish(request: MemberRequest, pk: UUID) -> HttpResponse:
    """What would change, and the button that makes it the next version."""
    scorecard = _card(request, pk)
    if request.method == "GET":
        return _publish_page(request, scorecard)
    try:
        sent = cleaned(RevisionForm(request.POST))
        made = publishing.publish(scorecard, by=request.membership, revision=sent["revision"])
    except DomainError as error:
        return _publish_page(request, _card(request, pk), error=error)
    if scorecard.general or scorecard.channels:
        said = _("Version %(number)s is published. New reviews will use it.")
    else:
        said = _("Version %(number)s is published. Choose its channels to start using it.")
    messages.success(request, said % {"number": made.number})
    return _to(request, "scorecard", scorecard)


Change = Callable[[Scorecard, Membership, QueryDict], None]


def card_step(words: str | Promise) -> Callable[[Change], Callable[..., HttpResponse]]:
    """Make the view of a manager's step on a card: made and said, or refused in words."""

    def decorate(change: Change) -> Callable[..., HttpResponse]:
        @require_POST
        @membership_required(*MANAGERS)
        @wraps(change)
        def view(request: MemberRequest, pk: UUID) -> HttpResponse:
            card = _card(request, pk)
            try:
                change(card, request.membership, request.POST)
            except DomainError as error:
                return _card_page(request, _card(request, pk), error=error)
            messages.success(request, str(words))
            return _to(request, "scorecard", card)

        return view

    return decorate


@card_step(gettext_lazy("The draft has been discarded."))
def discard(card: Scorecard, by: Membership, sent: QueryDict) -> None:
    """Drop the draft; the newest version stays."""
    revision = cleaned(RevisionForm(sent))["revision"]
    publishing.discard_draft(card, by=by, revision=revision)


@require_POST
@membership_required(*MANAGERS)
def duplicate(request: MemberRequest, pk: UUID) -> HttpResponse:
    """A copy in draft."""
    made = publishing.duplicate_card(_card(request, pk), by=request.membership)
    messages.success(request, _("This is the copy. It's a draft until you publish it."))
    return _to(request, "scorecard-edit", made)


@card_step(gettext_lazy("Saved. Reviews in progress keep the scorecard they started with."))
def use(card: Scorecard, by: Membership, sent: QueryDict) -> None:
    """Say which new reviews use the card."""
    publishing.use_for(card, by=by, **cleaned(UseForm(sent)))


@card_step(gettext_lazy("Archived. Reviews that used it stay as they are."))
def archive(card: Scorecard, by: Membership, sent: QueryDict) -> None:
    """Put the card away."""
    publishing.archive(card, by=by)


@card_step(gettext_lazy("Restored. Choose its channels to start using it."))
def restore(card: Scorecard, by: Membership, sent: QueryDict) -> None:
    """Bring the card back."""
    publishing.restore(card, by=by)


def _card(request: MemberRequest, pk: UUID) -> Scorecard:
    rows = queries.with_newest(Scorecard.objects.visible_to(request.membership))
    return get_object_or_404(rows, pk=pk)


def _card_page(
    request: MemberRequest, card: Scorecard, *, error: DomainError | None = None
) -> HttpResponse:
    by = request.membership
    context = {
        "scorecard": card,
        "drawn": queries.drawn(_newest_or_draft(request, card), by=by),
        "versions": queries.versions_of(card, by=by),
        "history": queries.history(card, by=by),
        "others": queries.used_by_others(card, by=by),
        "channels": queries.CHANNELS,
        "may_edit": _may_edit(request),
        "error": error,
    }
    status = status_of(error)
    return render(request, "scorecards/card.html", context, status=status)


def _newest_or_draft(request: MemberRequest, card: Scorecard) -> dict[str, Any]:
    newest = publishing.newest_of(card, by=request.membership)
    return dict(newest.body) if newest else publishing.body_of(card, by=request.membership)


def _builder(
    request: MemberRequest,
    card: Scorecard,
    body: dict[str, Any],
    *,
    error: DomainError | None = None,
    focus: str = "",
    saved: bool = False,
) -> HttpResponse:
    context = {
        "scorecard": card,
        "builder": queries.Builder(card, body, by=request.membership, focus=focus),
        "kinds": [(value, _(word)) for value, word in KINDS.items()],
        "critical": [(value, _(word)) for value, word in CRITICAL.items()],
        "error": error,
        "saved": saved,
        "revision": request.POST.get("revision", card.revision) if error else card.revision,
    }
    template = "scorecards/_builder.html" if request.htmx else "scorecards/edit.html"
    return render(request, template, context, status=status_of(error))


def _publish_page(
    request: MemberRequest, card: Scorecard, *, error: DomainError | None = None
) -> HttpResponse:
    by = request.membership
    newest = publishing.newest_of(card, by=by)
    drawn = queries.drawn(publishing.body_of(card, by=by), by=by)
    same = newest is not None and (
        card.draft is None
        or (drawn.card is not None and publishing.is_same(newest.body, card.draft))
    )
    old = read(newest.body) if newest else None
    context = {
        "scorecard": card,
        "drawn": drawn,
        "next": newest.number + 1 if newest else 1,
        "same": same,
        "changes": differences(old, drawn.card) if drawn.card and not same else [],
        "error": error,
    }
    status = status_of(error)
    return render(request, "scorecards/publish.html", context, status=status)


def _may_edit(request: MemberRequest) -> bool:
    return request.membership.role in MANAGERS


def _to(request: MemberRequest, name: str, card: Scorecard, place: str = "") -> HttpResponse:
    where = {"slug": request.membership.organization.slug, "pk": card.pk}
    return redirect(reverse(name, kwargs=where) + (f"#{place}" if place else ""))
