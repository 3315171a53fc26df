"""Where a member can go: the same list for the start page and the menu."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from qa.notices.queries import unread
from qa.organizations.access import ADMINS, EVERYONE, MANAGERS, REVIEWERS
from qa.organizations.models import Membership, Role

PLACES: tuple[tuple[str, str, str, tuple[Role, ...]], ...] = (
    ("Feedback", "feedback", "message-circle-heart", (Role.AGENT,)),
    ("Queue", "queue", "inbox", REVIEWERS),
    ("Dashboard", "dashboard", "chart-area", MANAGERS),
    ("Interactions", "interactions", "messages-square", REVIEWERS),
    ("Sampling", "sampling", "dices", MANAGERS),
    ("Upload", "upload", "upload", REVIEWERS),
    ("Disputes", "disputes", "handshake", EVERYONE),
    ("Scorecards", "scorecards", "list-checks", REVIEWERS),
    ("Calibration", "calibrations", "crosshair", REVIEWERS),
    ("Agreement", "agreement", "scale", REVIEWERS),
    ("Settings", "settings", "settings", ADMINS),
)
START = {
    Role.AGENT: "feedback",
    Role.SPECIALIST: "queue",
    Role.MANAGER: "dashboard",
    Role.ADMIN: "dashboard",
}


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One entry of the menu."""

    label: str
    url: str
    icon: str
    current: bool


def start_of(membership: Membership) -> str:
    """The address of the member's own start page."""
    name = START[Role(membership.role)]
    return reverse(name, kwargs={"slug": membership.organization.slug})


def member(request: HttpRequest) -> dict[str, Any]:
    """Template context of member pages: the membership and its menu."""
    membership = getattr(request, "membership", None)
    if membership is None:
        return {}
    places = []
    for label, name, icon, roles in PLACES:
        if membership.role in roles:
            url = reverse(name, kwargs={"slug": membership.organization.slug})
            places.append(MenuItem(label, url, icon, request.path.startswith(url)))
    # Asked for by full pages only, so that a part costs no query.
    return {"membership": membership, "nav": places, "unread": partial(unread, membership)}
