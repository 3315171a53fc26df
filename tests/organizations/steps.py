"""How the settings tests reach and read the pages."""

import re
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from qa import tasks
from qa.audit.models import AuditEvent
from qa.organizations import actions, invitations
from qa.organizations.models import Invitation, Membership, Organization, Role, Team
from qa.outbox.models import Mail
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.world import PASSWORD


def at(organization: Organization, name: str, pk: object = None) -> str:
    kwargs: dict[str, Any] = {"slug": organization.slug}
    return reverse(name, kwargs=kwargs | ({"pk": pk} if pk else {}))


def rows_of(organization: Organization) -> dict[str, Any]:
    """One row of every kind that the settings pages are about."""
    by = System(organization.id)
    with tenant(organization.id):
        admin = Membership.objects.visible_to(by).filter(role=Role.ADMIN)[0]
        agent = actions.find_or_add_agent(by=by, external_id="a-9", name="Ines", team="Bookings")
        key, _ = actions.create_key(by=admin, name="CRM", scopes=["metrics:read"])
        member = invitations.admit(
            by=by,
            email=f"ruth@{organization.slug}.example",
            name="Ruth",
            role=Role.MANAGER,
            password=PASSWORD,
            mailed=True,
        )
        invitation, _ = invitations.invite(
            by=admin,
            email=f"new@{organization.slug}.example",
            name="New",
            role=Role.MANAGER,
            mailed=True,
        )
        assert agent is not None
        return {
            "key": key,
            "member": member,
            "invitation": invitation,
            "agent": agent,
            "team": Team.objects.visible_to(by).get(name="Bookings"),
        }


def newest(model: Any, organization: Organization) -> Any:
    with tenant(organization.id):
        rows = model.objects.visible_to(System(organization.id)).order_by("-id")
        related = {
            Membership: ("user", "agent", "organization"),
            Invitation: ("agent",),
            Team: ("manager",),
        }
        return rows.select_related(*related.get(model, ())).first()


def deliver() -> None:
    """Have the worker send the mails that wait."""
    for waiting in Mail.objects.order_by("pk"):
        tasks.send_mail(str(waiting.pk))


def events(organization: Organization) -> list[str]:
    with tenant(organization.id):
        found = AuditEvent.objects.visible_to(System(organization.id)).order_by("number")
        return list(found.values_list("action", flat=True))


def text_of(response: HttpResponse) -> str:
    return response.content.decode()


def shown_secret(response: HttpResponse) -> str:
    found = re.search(r'<textarea[^>]* id="secret"[^>]*>([^<]+)</textarea>', text_of(response))
    assert found, "nothing to copy on this page"
    return found[1]


def listed(client: Client, organization: Organization, key: str) -> HttpResponse:
    """What the API answers to this key."""
    answer: HttpResponse = client.get(
        "/api/v1/interactions/", headers={"Authorization": f"Bearer {key}"}
    )
    return answer
