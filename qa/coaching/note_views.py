"""The search of notes, and the templates that notes begin with."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qa.coaching import note_search, note_templates
from qa.coaching.forms import NoteSearchForm, NoteTemplateForm
from qa.coaching.models import NoteTemplate
from qa.core.errors import DomainError
from qa.organizations.access import MANAGERS, REVIEWERS, MemberRequest, membership_required


@require_GET
@membership_required(*REVIEWERS)
def notes(request: MemberRequest) -> HttpResponse:
    """Notes by their words, agent and day: one's own, or everybody's."""
    by = request.membership
    form = NoteSearchForm(request.GET or None, by=by)
    page = note_search.found(by, request.GET, **form.chosen())
    return render(request, "coaching/notes.html", {"page": page, "form": form})


@require_http_methods(["GET", "POST"])
@membership_required(*MANAGERS)
def templates(request: MemberRequest) -> HttpResponse:
    """The templates, and a form for another one."""
    return _edited(request, None)


@require_http_methods(["GET", "POST"])
@membership_required(*MANAGERS)
def template(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Other words for a template."""
    rows = NoteTemplate.objects.visible_to(request.membership)
    return _edited(request, get_object_or_404(rows, pk=pk))


@require_POST
@membership_required(*MANAGERS)
def remove_template(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Take a template off the list."""
    by = request.membership
    found = get_object_or_404(NoteTemplate.objects.visible_to(by), pk=pk)
    note_templates.remove(found, by=by)
    messages.success(request, _("“%(name)s” was removed.") % {"name": found.name})
    return redirect("settings-note-templates", slug=by.organization.slug)


def _edited(request: MemberRequest, found: NoteTemplate | None) -> HttpResponse:
    by, error = request.membership, None
    fields = ("name", "kind", "text")
    before = {name: getattr(found, name) for name in fields} if found else {"kind": "suggestion"}
    form = NoteTemplateForm(request.POST or None, initial=before)
    if form.is_valid():
        try:
            made = note_templates.save(by=by, template=found, **form.cleaned_data)
            messages.success(request, _("Saved “%(name)s”.") % {"name": made.name})
            return redirect("settings-note-templates", slug=by.organization.slug)
        except DomainError as refused:
            error = refused
    listed = note_templates.templates_of(by)
    context = {"form": form, "editing": found, "templates": listed, "error": error}
    status = 422 if form.errors or error else 200
    return render(request, "coaching/note_templates.html", context, status=status)
