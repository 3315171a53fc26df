"""The steps of a calibration as a browser without JavaScript sends them."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from qa.calibration.models import Item, Session
from qa.organizations.models import Membership
from qa.tenancy.context import tenant
from transcripts.models import Interaction

ANGER, FEAR = (1, "anger", "sympathy_only", 0), (3, "fear", "empathy", 2)


def address(name: str, member: Membership, **kwargs: Any) -> str:
    return reverse(name, kwargs={"slug": member.organization.slug, **kwargs})


def begin(
    client: Client,
    manager: Membership,
    readers: list[Membership],
    interactions: list[Interaction],
    **more: Any,
) -> Any:
    sent = {
        "name": "November",
        "due": "",
        "members": [str(reader.pk) for reader in readers],
        "interactions": [str(interaction.pk) for interaction in interactions],
        **more,
    }
    return client.post(address("calibration-add", manager), sent)


def session_of(manager: Membership) -> Session:
    with tenant(manager.organization_id):
        return Session.objects.visible_to(manager).order_by("-made_at").select_related("made_by")[0]


def items_of(session: Session, manager: Membership) -> list[Item]:
    with tenant(manager.organization_id):
        rows = Item.objects.visible_to(manager).filter(session=session)
        return list(rows.select_related("session", "interaction"))


def act(client: Client, name: str, member: Membership, session: Session) -> Any:
    return client.post(address(name, member, pk=session.pk))


def hold(client: Client, manager: Membership, item: Item, held: Mapping[str, str]) -> HttpResponse:
    sent = {f"hold-{name}": value for name, value in held.items()}
    answer: Any = client.post(address("calibration-hold", manager, pk=item.pk), sent)
    return answer


def text_of(answer: Any) -> str:
    content: bytes = answer.content
    return content.decode()
