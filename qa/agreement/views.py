"""How often people and the pre-score agree, and what follows from it."""

from tempfile import TemporaryFile

from django.contrib import messages
from django.forms import model_to_dict
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qa.agreement import actions, queries
from qa.agreement.empty_readings import empty_readings
from qa.agreement.export import MOST, export_reviews
from qa.agreement.forms import AgreementForm, PolicyForm
from qa.organizations.access import MANAGERS, REVIEWERS, MemberRequest, membership_required
from qa.reviews.policy import policy_of
from transcripts.models import Channel


@require_GET
@membership_required(*REVIEWERS)
def agreement(request: MemberRequest) -> HttpResponse:
    """Kappa, AC1 and alpha for every label, blind and shown."""
    chosen = AgreementForm(request.GET).chosen()
    by, may_set = request.membership, request.membership.role in MANAGERS
    context = {
        "found": queries.page(by, **chosen),
        "chosen": chosen,
        "channels": Channel.choices,
        "may_set": may_set,
        "empty": empty_readings(by).count() if may_set else 0,
        "most": MOST,
    }
    return render(request, "agreement/agreement.html", context)


@require_POST
@membership_required(*MANAGERS)
def export(request: MemberRequest) -> HttpResponseBase:
    """Download the newest confirmed reviews with their conversations, to measure an engine on."""
    by = request.membership
    held = TemporaryFile()  # noqa: SIM115 (the answer closes it)
    number = export_reviews(
        lambda line: held.write(line.encode()), organization=by.organization, by=by, most=MOST
    )
    if not number:
        held.close()
        messages.info(request, _("There are no confirmed reviews to download yet."))
        return redirect("agreement", slug=by.organization.slug)
    held.seek(0)
    kind = "application/x-ndjson"
    return FileResponse(held, as_attachment=True, filename="reviews.jsonl", content_type=kind)


@require_http_methods(["GET", "POST"])
@membership_required(*MANAGERS)
def policy(request: MemberRequest) -> HttpResponse:
    """Set the blind share, and when a label is withheld."""
    by = request.membership
    form = PolicyForm(request.POST or None, initial=model_to_dict(policy_of(by)))
    if form.is_valid():
        actions.set_shares(by=by, **form.cleaned_data)
        messages.success(request, _("Saved. The settings apply to reviews started from now on."))
        return redirect("agreement", slug=by.organization.slug)
    return render(
        request, "agreement/policy.html", {"form": form}, status=422 if form.errors else 200
    )
