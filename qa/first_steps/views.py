"""The first steps of an organization, its sample conversations, and the pages of help."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qa.core.errors import DomainError
from qa.first_steps import actions, examples, glossary, keys, samples
from qa.first_steps.checklist import checklist
from qa.first_steps.facts import facts_of
from qa.first_steps.models import Offer
from qa.organizations.access import (
    EVERYONE,
    MANAGERS,
    REVIEWERS,
    MemberRequest,
    membership_required,
)


@require_GET
@membership_required(*REVIEWERS)
def first_steps(request: MemberRequest) -> HttpResponse:
    """The checklist on a page of its own, where it can be found again."""
    by = request.membership
    facts = facts_of(by)
    context = {
        "list": checklist(by, facts),
        "arrived": facts.arrived,
        "hidden": actions.chosen(Offer.What.CHECKLIST, by=by) is False,
        "may_take_out": facts.samples and by.role in MANAGERS,
    }
    return render(request, "first_steps/first_steps.html", context)


@require_POST
@membership_required(*REVIEWERS)
def hide(request: MemberRequest) -> HttpResponse:
    """Take the checklist off the member's start page."""
    actions.put_away(Offer.What.CHECKLIST, by=request.membership)
    messages.info(request, _("The first steps are hidden. You find them again under Help."))
    return redirect("start")


@require_POST
@membership_required(*REVIEWERS)
def show(request: MemberRequest) -> HttpResponse:
    """Put the checklist on the member's start page again."""
    actions.bring_back(Offer.What.CHECKLIST, by=request.membership)
    return _back(request)


@require_POST
@membership_required(*MANAGERS)
def load_samples(request: MemberRequest) -> HttpResponse:
    """Bring in the sample conversations."""
    try:
        loaded = samples.load(by=request.membership)
    except DomainError as error:
        messages.error(request, error.message)
        return _back(request)
    said = _("%(n)s sample conversations are in. Their pre-scores follow in a moment.")
    messages.success(request, said % {"n": loaded})
    return redirect("interactions", slug=request.membership.organization.slug)


@require_POST
@membership_required(*MANAGERS)
def take_out_samples(request: MemberRequest) -> HttpResponse:
    """Remove the sample conversations and what was made of them."""
    messages.success(request, samples.take_out(by=request.membership).in_words)
    return _back(request)


@require_POST
@membership_required(*REVIEWERS)
def tour_seen(request: MemberRequest) -> HttpResponse:
    """The member has taken the tour of the first review, or does not want it."""
    actions.put_away(Offer.What.TOUR, by=request.membership)
    if request.headers.get("accept") == "application/json":
        return HttpResponse(status=204)
    return redirect("help", slug=request.membership.organization.slug)


@require_POST
@membership_required(*REVIEWERS)
def tour_again(request: MemberRequest) -> HttpResponse:
    """Offer the tour on the member's next review."""
    actions.bring_back(Offer.What.TOUR, by=request.membership)
    messages.success(request, _("Your next review offers the tour again."))
    return redirect("help", slug=request.membership.organization.slug)


@require_GET
@membership_required(*EVERYONE)
def help_start(request: MemberRequest) -> HttpResponse:
    """Where to find what."""
    return render(request, "help/help.html", {"reviews": request.membership.role in REVIEWERS})


@require_GET
@membership_required(*EVERYONE)
def help_glossary(request: MemberRequest) -> HttpResponse:
    """What the words mean."""
    return render(request, "help/glossary.html", {"groups": glossary.GROUPS})


@require_GET
@membership_required(*EVERYONE)
def help_keys(request: MemberRequest) -> HttpResponse:
    """What the keyboard does."""
    return render(request, "help/keys.html", {"groups": keys.groups_for(request.membership)})


@require_GET
@membership_required(*EVERYONE)
def help_formats(request: MemberRequest) -> HttpResponse:
    """Which files can be uploaded, each with an example."""
    shown = {"examples": examples.EXAMPLES, "uploads": request.membership.role in REVIEWERS}
    return render(request, "help/formats.html", shown)


def _back(request: MemberRequest) -> HttpResponseRedirect:
    return redirect("first-steps", slug=request.membership.organization.slug)
