"""How often people and the pre-score agree, and what follows from it."""

from django.contrib import messages
from django.forms import model_to_dict
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from qa.agreement import actions, queries
from qa.agreement.forms import AgreementForm, PolicyForm
from qa.organizations.access import MANAGERS, REVIEWERS, MemberRequest, membership_required
from qa.reviews.policy import policy_of
from transcripts.models import Channel


@require_GET
@membership_required(*REVIEWERS)
def agreement(request: MemberRequest) -> HttpResponse:
    """Kappa, AC1 and alpha for every label, blind and shown."""
    chosen = AgreementForm(request.GET).chosen()
    context = {
        "found": queries.page(request.membership, **chosen),
        "chosen": chosen,
        "channels": Channel.choices,
        "may_set": request.membership.role in MANAGERS,
    }
    return render(request, "agreement/agreement.html", context)


@require_http_methods(["GET", "POST"])
@membership_required(*MANAGERS)
def policy(request: MemberRequest) -> HttpResponse:
    """Set the blind share, and when a label is withheld."""
    by = request.membership
    form = PolicyForm(request.POST or None, initial=model_to_dict(policy_of(by)))
    if form.is_valid():
        actions.set_shares(by=by, **form.cleaned_data)
        messages.success(request, "Saved. It holds for reviews that are opened from now on.")
        return redirect("agreement", slug=by.organization.slug)
    return render(
        request, "agreement/policy.html", {"form": form}, status=422 if form.errors else 200
    )
