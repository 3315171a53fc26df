"""The page that says what is scored, in words."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from qa.organizations.access import EVERYONE, MemberRequest, membership_required
from scorecards.definitions import read_definitions
from scorecards.in_use import DefinitionsUnusable, engine_in_use
from transcripts.models import Unfit


@require_GET
@membership_required(*EVERYONE)
def definitions(request: MemberRequest) -> HttpResponse:
    """What counts as what: for everyone who is scored, scores, or reads the numbers."""
    context: dict[str, Any] = {"unfit": Unfit.choices}
    try:
        context["definitions"] = read_definitions(engine_in_use(request.membership))
    except DefinitionsUnusable as error:
        context["error"] = error
        return render(request, "scorecards/unusable.html", context, status=503)
    return render(request, "scorecards/definitions.html", context)
