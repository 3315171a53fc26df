"""API keys and members: what an admin can change there, and what is refused."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from qa.organizations.models import Agent, ApiKey, Membership, Organization, Role, Scope, User
from tests.organizations.steps import (
    at,
    deliver,
    events,
    listed,
    newest,
    rows_of,
    shown_secret,
    text_of,
)
from tests.test_routes import API
from tests.world import make_key, make_member

SignIn = Callable[[Membership | None], Client]

# API keys


def test_a_new_key_is_shown_once_and_opens_the_api(
    signed_in: SignIn, larkfield: Organization, ada: Membership
) -> None:
    client = signed_in(ada)
    data = {"name": "CRM import", "scopes": ["interactions:read"], "days": "30"}
    made = client.post(at(larkfield, "settings-key-add"), data)
    secret = shown_secret(made)
    assert made.status_code == 200
    assert "no-store" in made["Cache-Control"]
    assert secret not in made.request["PATH_INFO"]
    assert secret not in str(dict(client.session)) + str(made.cookies) + str(client.cookies)
    for name in ("settings-keys", "settings-key-add", "settings-audit"):
        assert secret not in text_of(client.get(at(larkfield, name)))
    key = newest(ApiKey, larkfield)
    assert key.scopes == ["interactions:read"]
    assert timedelta(days=29) < key.expires_at - timezone.now() < timedelta(days=31)
    assert secret.partition(".")[2] not in key.hashed_key
    assert listed(Client(), larkfield, secret).status_code == 200
    assert newest(ApiKey, larkfield).last_used_at is not None


def test_revoking_asks_once_and_shuts_the_key_out(
    signed_in: SignIn, larkfield: Organization, ada: Membership
) -> None:
    secret = make_key(ada)
    key = newest(ApiKey, larkfield)
    client, url = signed_in(ada), at(larkfield, "settings-key-revoke", key.pk)
    assert "be undone" in text_of(client.get(url))
    assert newest(ApiKey, larkfield).revoked_at is None
    assert listed(Client(), larkfield, secret).status_code == 200
    answer = client.post(url, follow=True)
    assert "is revoked" in text_of(answer)
    assert listed(Client(), larkfield, secret).status_code == 401
    assert client.post(url).status_code == 302
    assert events(larkfield).count("api_key.revoked") == 1


@pytest.mark.parametrize(
    "data",
    [
        {"name": "", "scopes": ["metrics:read"]},
        {"name": "x"},
        {"name": "x", "scopes": ["everything"]},
        {"name": "x", "scopes": ["metrics:read"], "days": "9999999"},
        {"name": "x" * 101, "scopes": ["metrics:read"]},
    ],
)
def test_a_key_needs_a_name_and_known_scopes(
    data: dict[str, Any], signed_in: SignIn, larkfield: Organization, ada: Membership
) -> None:
    answer = signed_in(ada).post(at(larkfield, "settings-key-add"), data)
    assert answer.status_code == 422
    assert newest(ApiKey, larkfield) is None


def test_a_key_can_be_given_what_the_api_has_calls_for(
    signed_in: SignIn, larkfield: Organization, ada: Membership
) -> None:
    page = text_of(signed_in(ada).get(at(larkfield, "settings-key-add")))
    needed = {
        str(scope)
        for route in API
        for scope in getattr(route.view, "cls", route.view).required_scopes.values()
    }
    assert {scope for scope in Scope.values if f'value="{scope}"' in page} == needed


# Members


def test_who_never_set_a_password_can_ask_for_a_link_by_mail(
    larkfield: Organization, ada: Membership
) -> None:
    User.objects.create_user(email="old@larkfield.example", name="From before invitations")
    Client().post(reverse("password_reset"), {"email": "OLD@Larkfield.example"})
    deliver()
    (sent,) = mail.outbox
    assert sent.to == ["old@larkfield.example"]
    assert "/accounts/reset/" in sent.body


def test_a_role_can_be_changed(
    signed_in: SignIn, larkfield: Organization, ada: Membership, dana: Membership
) -> None:
    url = at(larkfield, "settings-member", dana.pk)
    answer = signed_in(ada).post(url, {"role": "manager", "agent": ""})
    assert answer.status_code == 302
    assert newest(Membership, larkfield).role == Role.MANAGER
    signed_in(ada).post(url, {"role": "manager", "agent": ""})
    assert events(larkfield).count("member.role_changed") == 1


def test_the_last_admin_stays_one(
    signed_in: SignIn, larkfield: Organization, ada: Membership
) -> None:
    url = at(larkfield, "settings-member", ada.pk)
    answer = signed_in(ada).post(url, {"role": "specialist"})
    assert answer.status_code == 409
    assert "needs at least one admin" in text_of(answer)
    make_member(larkfield, "Second", Role.ADMIN)
    assert signed_in(ada).post(url, {"role": "specialist"}).status_code == 302
    assert signed_in(ada).get(url).status_code == 403


def test_a_member_who_becomes_an_agent_must_be_one(
    signed_in: SignIn, larkfield: Organization, ada: Membership, dana: Membership
) -> None:
    client, url = signed_in(ada), at(larkfield, "settings-member", dana.pk)
    agent = rows_of(larkfield)["agent"]
    assert client.post(url, {"role": "agent"}).status_code == 422
    assert client.post(url, {"role": "agent", "agent": agent.pk}).status_code == 302
    assert f'value="{agent.pk}" selected' in text_of(client.get(url))
    assert events(larkfield)[-2:] == ["member.role_changed", "member.agent_set"]


def test_a_member_becomes_an_agent_with_a_profile_of_their_name(
    signed_in: SignIn, larkfield: Organization, ada: Membership, dana: Membership
) -> None:
    client, url = signed_in(ada), at(larkfield, "settings-member", dana.pk)
    assert "A new profile with their name" in text_of(client.get(url))
    assert client.post(url, {"role": "agent", "agent": "new"}).status_code == 302
    agent = newest(Agent, larkfield)
    assert (agent.name, newest(Membership, larkfield).agent) == ("Dana", agent)
    assert events(larkfield)[-3:] == ["agent.added", "member.role_changed", "member.agent_set"]
