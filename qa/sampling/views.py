"""The rules that pick what is reviewed, and who is excluded from reviewing what."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qa import drawing
from qa.core.errors import DomainError
from qa.organizations.access import MANAGERS, MemberRequest, membership_required
from qa.sampling import actions, queries, words
from qa.sampling import exclusions as excluding
from qa.sampling.custom_forms import PRESETS, form_of, initial_of
from qa.sampling.forms import ExclusionForm, RuleForm, SwitchForm, kind_asked_for
from qa.sampling.models import Exclusion, Kind, Rule


@require_GET
@membership_required(*MANAGERS)
def rules(request: MemberRequest) -> HttpResponse:
    """Every rule in a sentence, what is on first."""
    by = request.membership
    found = queries.rule_summaries(list(Rule.objects.visible_to(by).in_order()), by=by)
    context = {"rules": found, "sampled": any(summary.rule.on for summary in found)}
    return render(request, "sampling/rules.html", context)


@require_http_methods(["GET", "POST"])
@membership_required(*MANAGERS)
def new_rule(request: MemberRequest) -> HttpResponse:
    """Choose a kind of rule, then say how it picks. It is switched on from its own page."""
    by, kind = request.membership, kind_asked_for(request.GET.get("kind", ""))
    if kind is None:
        offered = [(kind, kind.label, words.OFFERED[kind]) for kind in words.OFFERED]
        return render(request, "sampling/kinds.html", {"offered": offered, "presets": PRESETS})
    initial = {"name": kind.label, **PRESETS.get(request.GET.get("start", ""), {})}
    form = form_of(kind)(request.POST or None, kind=kind, membership=by, initial=initial)
    if form.is_valid():
        try:
            made = actions.create_rule(by=by, kind=kind, **form.values())
        except DomainError as error:
            form.add_error("name", error.message)
        else:
            return redirect("sampling-rule", slug=by.organization.slug, pk=made.pk)
    return _form(request, form, kind=kind, explained=words.OFFERED[kind])


@require_GET
@membership_required(*MANAGERS)
def rule(request: MemberRequest, pk: UUID) -> HttpResponse:
    """A rule, and what it would pick of the last weeks while it is off."""
    return _rule_page(request, _find(request, pk))


@require_http_methods(["GET", "POST"])
@membership_required(*MANAGERS)
def edit_rule(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Change how a rule picks from now on."""
    rule, by = _find(request, pk), request.membership
    initial = initial_of(rule)
    form = form_of(rule.kind)(request.POST or None, kind=rule.kind, membership=by, initial=initial)
    if form.is_valid():
        try:
            actions.change_rule(rule, by=by, **form.values())
        except DomainError as error:
            form.add_error("name", error.message)
        else:
            messages.success(
                request, _("Saved. Conversations that were already picked stay in the queue.")
            )
            return redirect("sampling-rule", slug=by.organization.slug, pk=pk)
    return _form(request, form, kind=Kind(rule.kind), rule=rule)


@require_POST
@membership_required(*MANAGERS)
def switch(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Switch a rule on or off."""
    rule, by, form = _find(request, pk), request.membership, SwitchForm(request.POST)
    if not form.is_valid():
        return _rule_page(
            request, rule, error=_("Choose how to turn the rule on or off."), status=422
        )
    to, waiting = form.cleaned_data["to"], form.cleaned_data["waiting"]
    try:
        if to == "off":
            drawing.switch_off(rule, by=by, waiting=waiting)
        else:
            drawing.switch_on(rule, by=by, look_back=to == "back", waiting=waiting)
    except DomainError as error:
        return _rule_page(request, _find(request, pk), error=error.message, status=409)
    said = _("“%(name)s” is off.") if to == "off" else _("“%(name)s” is on.")
    messages.success(request, said % {"name": rule.name})
    return redirect("sampling-rule", slug=by.organization.slug, pk=pk)


@require_POST
@membership_required(*MANAGERS)
def remove_rule(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Remove a rule that never picked anything."""
    rule, by = _find(request, pk), request.membership
    try:
        actions.remove_rule(rule, by=by)
    except DomainError as error:
        return _rule_page(request, rule, error=error.message, status=409)
    messages.success(request, _("“%(name)s” has been removed.") % {"name": rule.name})
    return redirect("sampling", slug=by.organization.slug)


@require_http_methods(["GET", "POST"])
@membership_required(*MANAGERS)
def exclusions(request: MemberRequest) -> HttpResponse:
    """Who reviews nothing of which agent or team."""
    by = request.membership
    form = ExclusionForm(request.POST or None, membership=by)
    if form.is_valid():
        try:
            excluding.exclude(by=by, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(
                request,
                _("Exclusion added. Conversations assigned to them go back to the shared queue."),
            )
            return redirect("sampling-exclusions", slug=by.organization.slug)
    rows = Exclusion.objects.visible_to(by).select_related("member__user", "agent", "team")
    context = {"form": form, "rows": rows.order_by("member__user__name", "id")}
    status = 422 if form.errors else 200
    return render(request, "sampling/exclusions.html", context, status=status)


@require_POST
@membership_required(*MANAGERS)
def remove_exclusion(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Take an exclusion back."""
    by = request.membership
    excluding.include(get_object_or_404(Exclusion.objects.visible_to(by), pk=pk), by=by)
    messages.success(request, _("The exclusion has been removed."))
    return redirect("sampling-exclusions", slug=by.organization.slug)


def _find(request: MemberRequest, pk: UUID) -> Rule:
    return get_object_or_404(Rule.objects.visible_to(request.membership), pk=pk)


def _form(request: MemberRequest, form: RuleForm, **more: Any) -> HttpResponse:
    context = {"form": form, **more}
    status = 422 if form.errors else 200
    return render(request, "sampling/rule_form.html", context, status=status)


def _rule_page(
    request: MemberRequest, rule: Rule, *, error: str = "", status: int = 200
) -> HttpResponse:
    by = request.membership
    (told,) = queries.rule_summaries([rule], by=by)
    context = {"told": told, "rule": rule, "error": error}
    context["picks"] = drawing.newest_picks(rule, by=by)
    context["change"] = drawing.change_of_queue(rule, by=by)
    context["simulation"] = drawing.simulate_rule(rule, by=by)
    if not rule.on:
        context["preview"] = drawing.preview_rule(rule, by=by)
    return render(request, "sampling/rule.html", context, status=status)
