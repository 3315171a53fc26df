"""Where a member can go: the same places for the start page, the rail, the keys and the search."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qa.first_steps.context import facts_in
from qa.first_steps.facts import Facts
from qa.first_steps.reasons import not_yet
from qa.notices.queries import unread
from qa.organizations.access import ADMINS, EVERYONE, MANAGERS, REVIEWERS
from qa.organizations.models import Membership, Organization, Role

WORK, INSIGHT, SET_UP = "work", "insight", "set-up"
GROUPS: dict[str, Promise] = {
    WORK: _("Work"),
    INSIGHT: _("Insight"),
    SET_UP: _("Set-up"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A page that the rail leads to, and the pages that belong to it."""

    name: str  # of its address
    label: Promise
    icon: str
    key: str  # pressed after "g"
    roles: tuple[Role, ...]
    group: str = ""
    within: tuple[str, ...] = ()  # how the addresses of its pages begin, after /o/<slug>/


PLACES: tuple[Place, ...] = (
    Place("feedback", _("Feedback"), "message-circle-heart", "f", (Role.AGENT,), WORK),
    Place("queue", _("Queue"), "inbox", "q", REVIEWERS, WORK, ("reviews",)),
    Place("interactions", _("Conversations"), "messages-square", "i", REVIEWERS, WORK),
    Place(
        "disputes", _("Disputes"), "handshake", "p", EVERYONE, WORK, ("acknowledgements", "notes"),
    ),
    Place(
        "dashboard", _("Dashboard"), "chart-area", "d", MANAGERS, INSIGHT,
        ("moments", "gestures", "agents", "teams", "scores", "reviewers", "ledger"),
    ),
    Place("agreement", _("Agreement"), "scale", "a", REVIEWERS, INSIGHT),
    Place("upload", _("Upload"), "upload", "u", REVIEWERS, SET_UP),
    Place("sampling", _("Sampling"), "dices", "m", MANAGERS, SET_UP),
    Place("scorecards", _("Scorecards"), "list-checks", "c", REVIEWERS, SET_UP),
    Place("calibrations", _("Calibration"), "crosshair", "b", REVIEWERS, SET_UP),
    Place("settings", _("Settings"), "settings", "s", ADMINS, SET_UP),
)  # fmt: skip
# For everyone, below the groups.
ALWAYS: tuple[Place, ...] = (
    Place("notices", _("Notices"), "bell", "n", EVERYONE),
    Place("help", _("Help"), "life-buoy", "h", EVERYONE, "", ("definitions", "first-steps")),
)
START = {
    Role.AGENT: "feedback",
    Role.SPECIALIST: "queue",
    Role.MANAGER: "dashboard",
    Role.ADMIN: "dashboard",
}


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One entry of the menu. `why` says why it can't be used yet; empty where it can."""

    name: str
    label: str
    url: str
    icon: str
    key: str
    group: str
    current: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class MenuGroup:
    """Entries of the menu that belong together."""

    key: str
    label: str
    items: list[MenuItem]


def start_of(membership: Membership) -> str:
    """The address of the member's own start page."""
    return _address(START[Role(membership.role)], membership.organization)


def places_of(membership: Membership) -> list[tuple[Place, str]]:
    """Every place that is open to this member, with its address."""
    return [
        (place, _address(place.name, membership.organization))
        for place in (*PLACES, *ALWAYS)
        if membership.role in place.roles
    ]


def _address(name: str, organization: Organization) -> str:
    return reverse(name, kwargs={"slug": organization.slug})


def _is_current(place: Place, url: str, path: str) -> bool:
    """True if the page at `path` is this place or belongs to it."""
    root, _slash, _name = url.rstrip("/").rpartition("/")
    return any(path.startswith(f"{begin}/") for begin in _beginnings(place, url, root))


def _beginnings(place: Place, url: str, root: str) -> list[str]:
    return [url.rstrip("/"), *(f"{root}/{part}" for part in place.within)]


@dataclass(frozen=True, slots=True)
class Menu:
    """The rail of one page."""

    groups: list[MenuGroup]
    always: list[MenuItem]

    @property
    def here(self) -> MenuItem | None:
        """The place that the page belongs to."""
        entries = [item for group in self.groups for item in group.items] + self.always
        return next((item for item in entries if item.current), None)


def menu_of(membership: Membership, path: str, facts: Facts) -> Menu:
    """The rail of the page at `path`, for this member of an organization that is so far."""
    why = not_yet(membership, facts)
    grouped: dict[str, list[MenuItem]] = {key: [] for key in (*GROUPS, "")}
    for place, url in places_of(membership):
        current = _is_current(place, url, path)
        item = MenuItem(
            place.name, str(place.label), url, place.icon, place.key, place.group, current,
            why[place.name].words if place.name in why else "",
        )  # fmt: skip
        grouped[place.group].append(item)
    groups = [MenuGroup(key, str(GROUPS[key]), grouped[key]) for key in GROUPS if grouped[key]]
    return Menu(groups, grouped[""])


def member(request: HttpRequest) -> dict[str, Any]:
    """Template context of member pages: the membership and its menu.

    What costs a query is given as a function: full pages ask for it, parts of pages do not.
    """
    membership = getattr(request, "membership", None)
    if membership is None:
        return {}

    def menu() -> Menu:
        return menu_of(membership, request.path, facts_in(request))

    return {"membership": membership, "menu": menu, "unread": partial(unread, membership)}
