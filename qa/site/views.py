"""Pages of nobody in particular: the start, health, and errors."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render

from qa.core.version import VERSION
from qa.organizations.access import (
    EVERYONE,
    MemberRequest,
    membership_required,
    memberships_of,
)
from qa.organizations.reading import speak_to
from qa.site.navigation import start_of
from qa.site.palette import find
from qa.site.readiness import readiness

LONGEST = 200  # letters of a search


class SignInRequired(LoginRequiredMiddleware):
    """Every page asks who one is, unless it says otherwise, and speaks to who it is."""

    def process_view(self, request: HttpRequest, view_func: Any, *args: Any) -> Any:
        answer = super().process_view(request, view_func, *args)
        if answer is None and getattr(view_func, "login_required", True):
            speak_to(request.user)  # type: ignore[arg-type]  # signed in, or there was an answer
        return answer

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponseRedirect:
        """What was sent to a form's address can't be opened there: one starts again instead."""
        if request.method in ("GET", "HEAD"):
            return super().handle_no_permission(request, view_func)
        return redirect_to_login("/", self.get_login_url(view_func))


def start(request: HttpRequest) -> HttpResponse:
    """To the member's own start; with several organizations, a choice."""
    memberships = memberships_of(request.user)  # type: ignore[arg-type]
    if len(memberships) == 1:
        return redirect(start_of(memberships[0]))
    places = [(member, start_of(member)) for member in memberships]
    return render(request, "start.html", {"places": places})


@membership_required(*EVERYONE)
def search(request: MemberRequest) -> HttpResponse:
    """Find a page, an action, an agent or a conversation; a part of the page for the palette."""
    text = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
    context = {"text": text, "kinds": find(request.membership, text)}
    return render(request, "site/_found.html" if request.htmx else "site/search.html", context)


@membership_required(*EVERYONE)
def switch(request: MemberRequest) -> HttpResponse:
    """The member's other organizations, for the menu of the rail."""
    others = [
        (member, start_of(member))
        for member in memberships_of(request.user)
        if member.pk != request.membership.pk
    ]
    if request.htmx:
        return render(request, "site/_others.html", {"others": others})
    return redirect("start")


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """Liveness: this process answers, and says which version it runs."""
    return JsonResponse({"status": "ok", "version": VERSION})


@login_not_required
def readyz(request: HttpRequest) -> HttpResponse:
    """Readiness: database, broker and at least one worker answer, and work gets done."""
    found = readiness()
    words = {**found.parts, "oldest_waiting_s": found.waiting, "last_finished_s": found.finished}
    return JsonResponse({"ready": found.ready, **words}, status=200 if found.ready else 503)


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from a page that is too old, or from elsewhere."""
    return render(request, "403_csrf.html", status=403)
