"""Settings, Redaction: what is taken out of transcripts, and a place to try it. For admins only."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from qa.organizations import actions, queries, trial
from qa.organizations.access import ADMINS, MemberRequest, membership_required
from qa.organizations.answers import sent, to_page
from qa.organizations.forms import RedactionForm, TrialForm

PAGE = "organizations/redaction.html"


@require_http_methods(["GET", "POST"])
@membership_required(*ADMINS)
def redaction(request: MemberRequest) -> HttpResponse:
    """What is taken out of transcripts before they are stored."""
    form = RedactionForm(sent(request), initial=_chosen(request))
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, PAGE, {"form": form, "trial": TrialForm()}, status=status)
    given = form.cleaned_data
    actions.choose_redaction(by=request.membership, kinds=given["kinds"])
    actions.set_own_words(
        by=request.membership, removed=given["removed_words"], kept=given["kept_words"]
    )
    messages.success(request, _("Saved. This applies to new transcripts."))
    return to_page(request, "settings-redaction")


@sensitive_post_parameters("text")
@never_cache
@require_POST
@membership_required(*ADMINS)
def try_redaction(request: MemberRequest) -> HttpResponse:
    """Show what would be stored of a text; it goes no further than this answer."""
    form, tried = TrialForm(request.POST), None
    if form.is_valid():
        tried = trial.tried(form.cleaned_data["text"], by=request.membership)
    context = {
        "form": RedactionForm(initial=_chosen(request)),
        "trial": form,
        "tried": tried,
    }
    return render(request, PAGE, context, status=200 if form.is_valid() else 422)


def _chosen(request: MemberRequest) -> dict[str, object]:
    own = queries.own_words(request.membership)
    return {
        "kinds": queries.redacted_kinds(request.membership),
        "removed_words": "\n".join(own.removed),
        "kept_words": "\n".join(own.kept),
    }
