"""The doors set the tenant: pages, the API and tasks, and nobody inherits it from the last one."""

from collections.abc import Callable
from io import BytesIO
from typing import Any, ClassVar

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import include, path
from pytest_django import Settings
from rest_framework.request import Request
from rest_framework.response import Response

from qa import tasks
from qa.api.base import TenantAPIView
from qa.organizations.access import EVERYONE, membership_in, membership_required
from qa.organizations.models import Membership, Organization, Role
from qa.site.checks import tenant_models
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from scorecards.models import PreScore
from tests.furnished import furnish
from tests.world import make_interaction, make_key, make_member, make_organization
from transcripts.models import Interaction

SignIn = Callable[[Membership | None], Client]


def organizations_seen() -> dict[str, list[str]]:
    """Whose rows a raw cursor sees now, by table."""
    seen = {}
    with connection.cursor() as cursor:
        for model in tenant_models():
            name = model._meta.db_table
            cursor.execute(f"SELECT DISTINCT organization_id::text FROM {name}")
            seen[name] = [value for (value,) in cursor.fetchall()]
    return seen


@membership_required(*EVERYONE)
def look(request: HttpRequest) -> HttpResponse:
    return JsonResponse(organizations_seen())


@membership_required(*EVERYONE)
def stumble(request: HttpRequest) -> HttpResponse:
    Interaction.objects.update(failure="written")
    raise ZeroDivisionError


class LookAPI(TenantAPIView):
    required_scopes: ClassVar = {"GET": "interactions:read", "DELETE": "interactions:write"}

    def get(self, request: Request) -> Response:
        return Response(organizations_seen())

    def delete(self, request: Request) -> Response:
        Interaction.objects.update(failure="written")
        raise ZeroDivisionError


URLS = (
    path("o/<slug:slug>/look/", look),
    path("o/<slug:slug>/stumble/", stumble),
    path("api/look/", LookAPI.as_view()),
    path("", include("qa.urls")),  # what actions tell people of leads to real pages
)


@pytest.fixture(autouse=True)
def test_only_addresses(settings: Settings) -> None:
    settings.ROOT_URLCONF = URLS


@pytest.fixture
def both(larkfield: Organization, elsewhere: Organization) -> tuple[Organization, Organization]:
    for organization in (larkfield, elsewhere):
        furnish(organization)
    return larkfield, elsewhere


def bearer(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


def test_inside_a_page_a_raw_cursor_sees_the_members_organization_only(
    both: tuple[Organization, Organization], dana: Membership, signed_in: SignIn
) -> None:
    larkfield, _ = both
    seen = signed_in(dana).get("/o/larkfield/look/").json()
    assert seen == {model._meta.db_table: [str(larkfield.id)] for model in tenant_models()}


def test_inside_an_endpoint_a_raw_cursor_sees_the_keys_organization_only(
    both: tuple[Organization, Organization], mallory: Membership, client: Client
) -> None:
    _, elsewhere = both
    seen = client.get("/api/look/", headers=bearer(make_key(mallory))).json()
    assert seen == {model._meta.db_table: [str(elsewhere.id)] for model in tenant_models()}


def test_a_person_in_two_organizations_sees_one_at_a_time(
    both: tuple[Organization, Organization], dana: Membership, signed_in: SignIn
) -> None:
    larkfield, elsewhere = both
    with tenant(elsewhere.id):
        Membership.objects.create(organization=elsewhere, user=dana.user, role=Role.AGENT)
    browser = signed_in(dana)
    for organization in (larkfield, elsewhere, larkfield):
        seen = browser.get(f"/o/{organization.slug}/look/").json()
        assert {name for names in seen.values() for name in names} == {str(organization.id)}


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_a_form_arrives(
    dana: Membership, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[bool] = []

    class Watched(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            opened.append(connection.in_atomic_block)
            return super().read(size)

    form = encode_multipart(BOUNDARY, {"a": "b"})
    sent: dict[str, Any] = {"wsgi.input": Watched(form), "CONTENT_LENGTH": str(len(form))}
    browser = signed_in(dana)
    page = "/o/larkfield/look/"
    answer = browser.generic("POST", page, **sent, CONTENT_TYPE=MULTIPART_CONTENT)
    assert answer.status_code == 200
    assert opened
    assert not any(opened)


def test_a_member_of_one_organization_is_a_stranger_in_the_other(
    both: tuple[Organization, Organization], dana: Membership, signed_in: SignIn
) -> None:
    assert signed_in(dana).get("/o/elsewhere/look/").status_code == 404
    assert signed_in(dana).get("/o/nowhere/look/").status_code == 404


def test_an_agents_membership_knows_its_agent(alex: Membership) -> None:
    membership = membership_in(alex.user, "larkfield")
    with tenant(membership.organization_id):
        assert membership.agent is not None
        assert membership.agent.external_id == "a-1"


def test_the_task_of_one_organization_leaves_anothers_interaction_alone(
    larkfield: Organization, elsewhere: Organization
) -> None:
    theirs = make_interaction(elsewhere, prescored=False)
    tasks.process(str(larkfield.id), str(theirs.id))
    with tenant(elsewhere.id):
        theirs.refresh_from_db()
        assert (theirs.status, theirs.attempts) == ("received", 0)
        assert not PreScore.objects.visible_to(System(elsewhere.id)).exists()
    tasks.process(str(elsewhere.id), str(theirs.id))
    with tenant(elsewhere.id):
        theirs.refresh_from_db()
        assert (theirs.status, theirs.attempts) == ("prescored", 1)


@pytest.fixture
def committed(transactional_db: None) -> tuple[Membership, str]:
    """A specialist and a key of an organization that holds one interaction, all committed."""
    organization = make_organization("Larkfield")
    make_interaction(organization, prescored=False)
    return (
        make_member(organization, "Dana", Role.SPECIALIST),
        make_key(make_member(organization, "Ada", Role.ADMIN)),
    )


def state_of_the_connection() -> tuple[int, str, int]:
    """The backend's process, the tenant that is set, and how many interactions show."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_backend_pid(), coalesce(current_setting('heard.organization', true), ''), "
            "(SELECT count(*) FROM transcripts_interaction)"
        )
        found: tuple[int, str, int] = cursor.fetchone()
    return found


def test_the_next_user_of_the_connection_inherits_no_tenant(
    committed: tuple[Membership, str], signed_in: SignIn
) -> None:
    member, key = committed
    backend, _, _ = state_of_the_connection()
    browser = signed_in(member)
    calls: list[tuple[str, dict[str, Any]]] = [
        ("/o/larkfield/look/", {}),
        ("/api/look/", {"headers": bearer(key)}),
    ]
    for address, options in calls:
        answer = browser.get(address, **options)
        assert answer.json()["transcripts_interaction"] == [str(member.organization_id)]
        assert state_of_the_connection() == (backend, "", 0), address


def test_a_request_that_fails_leaves_nothing_behind(
    committed: tuple[Membership, str], signed_in: SignIn
) -> None:
    member, key = committed
    backend, _, _ = state_of_the_connection()
    browser = signed_in(member)
    with pytest.raises(ZeroDivisionError):
        browser.get("/o/larkfield/stumble/")
    assert state_of_the_connection() == (backend, "", 0)
    with pytest.raises(ZeroDivisionError):
        browser.delete("/api/look/", headers=bearer(key))
    assert state_of_the_connection() == (backend, "", 0)
    with tenant(member.organization_id):
        assert Interaction.objects.visible_to(member).get().failure == ""


def test_a_task_leaves_no_tenant_behind(committed: tuple[Membership, str]) -> None:
    member, _ = committed
    backend, _, _ = state_of_the_connection()
    with tenant(member.organization_id):
        interaction = Interaction.objects.visible_to(member).get()
    tasks.process(str(member.organization_id), str(interaction.pk))
    tasks.sweep()
    assert state_of_the_connection() == (backend, "", 0)
