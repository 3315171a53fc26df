"""A walk over every address of the site: who may come in, and whose rows an id may name.

A new address is picked up by itself. Where a test here fails on one, the message says what
to do: mostly to name the kind of row that a new URL parameter stands for.
"""

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django import DjangoDbBlocker

from qa.organizations.models import ApiKey, Membership, Role
from qa.tenancy.context import tenant
from tests.furnished import Furnished, furnish
from tests.world import make_key, make_organization

pytestmark = pytest.mark.django_db
SignIn = Callable[[Membership | None], Client]
METHODS = ("get", "post")
API_METHODS = (*METHODS, "put", "patch", "delete")

# Nobody needs to sign in for these.
PUBLIC = {
    "login",
    "password_reset",
    "password_reset_done",
    "password_reset_confirm",
    "password_reset_complete",
    "invitation",
    "sign_up",
    "sign_up_open",
    "healthz",
    "readyz",
    "texts",
    "api-schema",
    "api-docs",
}
# For everyone who is signed in, whatever they belong to.
SIGNED_IN = {"start", "logout", "password_change", "password_change_done", "address_confirm"}

# What an id stands for, by the part of the address before it: reviews/<uuid:pk>/ is a review.
# The kinds are the attributes of tests/furnished.py's Furnished.
KINDS = {
    "agents": "agent",
    "answers": "answer",
    "automatic": "automatic",
    "calibration": "session",
    "disputes": "dispute",
    "exclusions": "exclusion",
    "feedback": "feedback",
    "files": "file",
    "interactions": "interaction",
    "invitations": "invitation",
    "items": "item",
    "keys": "key",
    "members": "member",
    "merges": "merge",
    "moments": "moment",
    "notes": "note",
    "notices": "notice",
    "reviews": "review",
    "sampling": "rule",
    "sampling-rules": "rule",
    "scorecards": "scorecard",
    "teams": "team",
    "templates": "template",
    "uploads": "upload",
    "versions": "version",
    "views": "view",
}
# Addresses for which the row must be in another state than the usual one.
SPECIAL = {
    "api-review": {"pk": "feedback"},
    "interaction-retry": {"pk": "failed"},
}
# Addresses of rows that are one member's own, and whose of Furnished they are: 404 for the others.
OWN = {"notice": Role.MANAGER}
# Values of parameters that are not ids.
WORDS = {"uidb64": "x", "token": "x", "sheet": "scores-agents", "kind": "csv"}


@dataclass(frozen=True, slots=True)
class Route:
    """One address of the site."""

    pattern: str
    name: str
    view: Any

    @property
    def parameters(self) -> set[str]:
        return set(re.findall(r"<(?:\w+:)?(\w+)>", self.pattern)) - {"slug"}

    @property
    def member_page(self) -> bool:
        return self.pattern.startswith("o/<slug:slug>/")

    @property
    def api(self) -> bool:
        return self.pattern.startswith("api/")

    def kind(self, parameter: str) -> str | None:
        """The kind of row that the parameter names."""
        if parameter in SPECIAL.get(self.name, {}):
            return SPECIAL[self.name][parameter]
        before = re.search(rf"([\w-]+)/<(?:\w+:)?{parameter}>", self.pattern)
        return KINDS.get(before[1]) if before else None

    def address(self, slug: str, rows: Furnished) -> str:
        """The address under this organization's slug, with the ids of `rows`."""
        kwargs: dict[str, Any] = {}
        for parameter in self.parameters:
            kind = self.kind(parameter)
            kwargs[parameter] = WORDS[parameter] if kind is None else rows.pk_of(kind)
        return reverse(self.name, kwargs={**kwargs, "slug": slug} if self.member_page else kwargs)


def walk(resolver: URLResolver, prefix: str = "") -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield Route(pattern, str(entry.name or ""), entry.callback)
        else:
            yield from walk(entry, pattern)


ROUTES = list(walk(get_resolver()))
MEMBER_PAGES = [route for route in ROUTES if route.member_page]
API = [route for route in ROUTES if route.api and route.name not in PUBLIC]


@pytest.fixture(autouse=True)
def without_tracebacks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The list of wrong answers names the errors; their tracebacks would bury it."""
    monkeypatch.setattr(logging.getLogger("django.request"), "disabled", True)


@pytest.fixture(scope="module")
def both(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[Furnished]]:
    """Two furnished organizations, made once for all tests here and taken back after the last.

    Each test's own transaction is a savepoint of this one, so nothing that it does stays.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield [furnish(make_organization(name)) for name in ("Larkfield", "Elsewhere")]
        transaction.set_rollback(True)


@pytest.fixture
def mine(both: list[Furnished]) -> Furnished:
    return both[0]


@pytest.fixture
def foreign(both: list[Furnished]) -> Furnished:
    return both[1]


class Wrong(list[str]):
    """Answers that were not as expected, all of them, one line each."""

    def check(self, right: bool, route: Route, method: str, got: object) -> None:
        if not right:
            self.append(f"{method.upper():4} {route.pattern} ({route.name}): {got}")

    def none(self, instruction: str) -> None:
        assert not self, "\n".join([instruction, *self])


def ask(browser: Client, method: str, address: str, **options: Any) -> HttpResponseBase:
    """One request, whatever it changes being undone."""
    browser.raise_request_exception = False
    with transaction.atomic():
        answer: HttpResponseBase = getattr(browser, method)(address, **options)
        transaction.set_rollback(True)
    return answer


def statuses(
    browser: Client, address: str, methods: tuple[str, ...] = METHODS, **options: Any
) -> dict[str, int]:
    """The status for each method; a method that the address lacks (405) is left out."""
    answers = {method: ask(browser, method, address, **options) for method in methods}
    return {
        method: answer.status_code
        for method, answer in answers.items()
        if answer.status_code != 405
    }


def test_every_address_has_a_name_of_its_own() -> None:
    names = [route.name for route in ROUTES]
    double = {name for name in names if names.count(name) > 1}
    assert not double, f"Give each path(…) in urls.py one name of its own: {double}"


def test_every_address_is_for_members_or_the_api_or_listed_here() -> None:
    stray = [
        route.pattern
        for route in ROUTES
        if not (route.member_page or route.api or route.name in PUBLIC | SIGNED_IN)
    ]
    assert not stray, (
        "Put these under /o/<slug>/ or /api/v1/, or, if nobody needs to be a member for them, "
        f"into PUBLIC or SIGNED_IN of tests/test_routes.py: {stray}"
    )


def test_every_parameter_has_a_sample() -> None:
    unknown = [
        f"{route.pattern} <{parameter}>"
        for route in ROUTES
        for parameter in route.parameters - set(WORDS)
        if route.kind(parameter) is None
    ]
    assert not unknown, (
        "Say in KINDS (tests/test_routes.py) what kind of row these ids name, and let furnish() "
        f"(tests/furnished.py) make one: {unknown}"
    )


def test_every_member_page_names_its_roles() -> None:
    bare = [route.pattern for route in MEMBER_PAGES if not getattr(route.view, "roles", ())]
    assert not bare, f"Decorate these views with @membership_required(…roles): {bare}"


def test_who_is_not_signed_in_is_sent_to_the_sign_in_or_gets_401(
    mine: Furnished, client: Client
) -> None:
    wrong = Wrong()
    for route in ROUTES:
        address = route.address("larkfield", mine)
        for method in METHODS:
            answer = ask(client, method, address)
            to_login = answer.headers.get("Location", "").startswith(reverse("login"))
            if route.name in PUBLIC:
                right = answer.status_code < 500 and not (to_login or answer.status_code == 401)
                right = right or (route.name, answer.status_code) == ("readyz", 503)
            elif route.api:
                right = answer.status_code == 401
            else:
                right = answer.status_code == 302 and to_login
            wrong.check(right, route, method, answer.status_code)
    wrong.none("Logged out, these should redirect to the sign-in (pages) or answer 401 (API):")


def test_a_stranger_gets_404_everywhere(
    mine: Furnished, foreign: Furnished, signed_in: SignIn
) -> None:
    wrong = Wrong()
    for role, stranger in foreign.people.items():
        browser = signed_in(stranger)
        for route in MEMBER_PAGES:
            answers = statuses(browser, route.address("larkfield", mine))
            wrong.check(bool(answers), route, "", "neither GET nor POST")
            for method, status in answers.items():
                wrong.check(status == 404, route, method, f"{status} for {role} of elsewhere")
    wrong.none("A member of another organization should get 404 here:")


def test_a_wrong_role_gets_403(mine: Furnished, signed_in: SignIn) -> None:
    wrong = Wrong()
    for role, member in mine.people.items():
        browser = signed_in(member)
        for route in MEMBER_PAGES:
            if role not in route.view.roles:
                for method, status in statuses(browser, route.address("larkfield", mine)).items():
                    wrong.check(status == 403, route, method, f"{status} for {role}")
    wrong.none("A member whose role the view does not list should get 403 here:")


def test_a_right_role_gets_an_answer(mine: Furnished, signed_in: SignIn) -> None:
    wrong = Wrong()
    for role, member in mine.people.items():
        browser = signed_in(member)
        for route in MEMBER_PAGES:
            if role in route.view.roles and OWN.get(route.name, role) == role:
                for method, status in statuses(browser, route.address("larkfield", mine)).items():
                    fine = status < 500 and status not in {401, 403, 404}
                    wrong.check(fine, route, method, f"{status} for {role}")
    wrong.none("A member with one of the view's roles should get a page, or a reason, here:")


def test_a_foreign_id_under_ones_own_slug_is_404(
    mine: Furnished, foreign: Furnished, signed_in: SignIn
) -> None:
    wrong = Wrong()
    for role, member in mine.people.items():
        browser = signed_in(member)
        for route in MEMBER_PAGES:
            if route.parameters - set(WORDS) and role in route.view.roles:
                address = route.address("larkfield", foreign)
                for method, status in statuses(browser, address).items():
                    wrong.check(status == 404, route, method, f"{status} for {role}")
    wrong.none("Another organization's id should be 404 here (fetch by visible_to(…) first):")


def test_a_foreign_id_is_404_in_the_api(
    mine: Furnished, foreign: Furnished, client: Client
) -> None:
    wrong = Wrong()
    key = make_key(foreign.people[Role.ADMIN])
    options = {"headers": {"authorization": f"Bearer {key}"}, "content_type": "application/json"}
    for route in API:
        if route.parameters:
            address = route.address("", mine)
            for method, status in statuses(client, address, API_METHODS, **options).items():
                wrong.check(status == 404, route, method, status)
    wrong.none("Another organization's id should be 404 here (fetch by visible_to(key) first):")


def test_a_key_without_scopes_gets_403_in_the_api(mine: Furnished, client: Client) -> None:
    wrong = Wrong()
    admin = mine.people[Role.ADMIN]
    key = make_key(admin)
    with tenant(admin.organization_id):
        ApiKey.objects.visible_to(admin).update(scopes=[])
    options = {"headers": {"authorization": f"Bearer {key}"}, "content_type": "application/json"}
    for route in API:
        answers = statuses(client, route.address("", mine), API_METHODS, **options)
        wrong.check(bool(answers), route, "", "no method at all")
        for method, status in answers.items():
            wrong.check(status == 403, route, method, status)
    wrong.none("A key without the scope should get 403 here (name it in required_scopes):")
