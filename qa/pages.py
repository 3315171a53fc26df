"""Pages of nobody in particular: the start, health, and errors."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from kombu.exceptions import KombuError
from redis import Redis, RedisError

from qa.celery import app
from qa.navigation import start_of
from qa.organizations.access import memberships_of


class SignInRequired(LoginRequiredMiddleware):
    """Every page asks who one is, unless it says otherwise."""

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
    places = [(one, start_of(one)) for one in memberships]
    return render(request, "start.html", {"places": places})


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """Liveness: this process answers."""
    return JsonResponse({"status": "ok"})


@login_not_required
def readyz(request: HttpRequest) -> HttpResponse:
    """Readiness: database, broker and at least one worker answer."""
    broker = _broker()
    states = {"database": _database(), "broker": broker, "worker": broker and _worker()}
    ready = all(states.values())
    words = {name: "ok" if state else "unreachable" for name, state in states.items()}
    return JsonResponse({"ready": ready, **words}, status=200 if ready else 503)


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from a page that is too old, or from elsewhere."""
    return render(request, "403_csrf.html", status=403)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def _broker() -> bool:
    try:
        return bool(Redis.from_url(settings.REDIS_URL, socket_timeout=1).ping())
    except (RedisError, ValueError):
        return False


def _worker() -> bool:
    try:
        return bool(app.control.ping(timeout=1, limit=1))
    except (KombuError, RedisError, OSError):
        return False
