"""API keys and members: what an admin can change there, and what is refused."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from qa.organizations.models import ApiKey, Membership, Organization, Role, User
from tests.organizations.steps import at, events, listed, newest, rows_of, shown_secret, text_of
from tests.world import PASSWORD, make_key, make_member

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
    assert "This can't be undone" in text_of(client.get(url))
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


# Members


def test_a_new_member_gets_a_link_that_works_once(
    signed_in: SignIn, larkfield: Organization, ada: Membership
) -> None:
    data = {"email": "rui@larkfield.example", "name": "Rui Costa", "role": "specialist"}
    answer = signed_in(ada).post(at(larkfield, "settings-member-add"), data)
    link = shown_secret(answer)
    assert "no-store" in answer["Cache-Control"]
    browser = Client()
    form = browser.get(link, follow=True)
    assert "Choose a new password" in text_of(form)
    fields = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    saved = browser.post(form.request["PATH_INFO"], fields, follow=True)
    assert "password is saved" in text_of(saved)
    entry = {"username": "Rui@Larkfield.example", "password": PASSWORD}
    assert browser.post(reverse("login"), entry).status_code == 302
    assert "no longer works" in text_of(Client().get(link, follow=True))
    rui = newest(Membership, larkfield)
    assert (rui.role, rui.user.check_password(PASSWORD)) == (Role.SPECIALIST, True)
    assert events(larkfield)[-2:] == ["member.added", "member.link_made"]


def test_a_lost_link_can_be_made_again_until_a_password_is_set(
    signed_in: SignIn, larkfield: Organization, ada: Membership
) -> None:
    newcomer = rows_of(larkfield)["newcomer"]
    client, url = signed_in(ada), at(larkfield, "settings-member-link", newcomer.pk)
    link = shown_secret(client.post(url))
    assert "Choose a new password" in text_of(Client().get(link, follow=True))
    newcomer.user.set_password(PASSWORD)
    newcomer.user.save()
    answer = client.post(url, follow=True)
    assert "signs in with their own password" in text_of(answer)
    assert "reset/" not in text_of(answer)
    assert "no longer works" in text_of(Client().get(link, follow=True))
    assert events(larkfield).count("member.link_made") == 1


@pytest.mark.parametrize("has_password", [True, False])
def test_an_account_of_another_organization_is_not_handed_over(
    *,
    has_password: bool,
    signed_in: SignIn,
    larkfield: Organization,
    ada: Membership,
    elsewhere: Organization,
    mallory: Membership,
) -> None:
    dana = make_member(larkfield, "Dana", Role.SPECIALIST)
    if not has_password:
        dana.user.set_unusable_password()
        dana.user.save()
    before = User.objects.get(pk=dana.user.pk).password
    data = {"email": "DANA@Larkfield.example", "name": "Any Name", "role": "admin"}
    answer = signed_in(mallory).post(at(elsewhere, "settings-member-add"), data, follow=True)
    assert "reset/" not in text_of(answer)
    assert "larkfield" not in text_of(answer).lower().replace("dana@larkfield.example", "")
    account = User.objects.get(email__iexact=data["email"])
    assert (account.name, account.password) == ("Dana", before)
    hers = newest(Membership, elsewhere)
    again = signed_in(mallory).post(at(elsewhere, "settings-member-link", hers.pk), follow=True)
    assert "reset/" not in text_of(again)
    assert "member.link_made" not in events(elsewhere)
    ours = signed_in(ada).post(at(larkfield, "settings-member-link", dana.pk), follow=True)
    assert "reset/" not in text_of(ours)


def test_who_never_set_a_password_can_ask_for_a_link_by_mail(
    larkfield: Organization, ada: Membership
) -> None:
    newcomer = rows_of(larkfield)["newcomer"]
    Client().post(reverse("password_reset"), {"email": newcomer.user.email.upper()})
    (sent,) = mail.outbox
    assert sent.to == [newcomer.user.email]
    assert "/accounts/reset/" in sent.body


def test_someone_who_is_a_member_is_not_added_twice(
    signed_in: SignIn, larkfield: Organization, ada: Membership, dana: Membership
) -> None:
    data = {"email": dana.user.email, "name": "Dana", "role": "admin"}
    answer = signed_in(ada).post(at(larkfield, "settings-member-add"), data)
    assert answer.status_code == 409
    assert "a member already" in text_of(answer)
    assert newest(Membership, larkfield).role == Role.SPECIALIST


def test_an_agents_log_in_names_the_agent(
    signed_in: SignIn, larkfield: Organization, ada: Membership
) -> None:
    client, agent = signed_in(ada), rows_of(larkfield)["agent"]
    url = at(larkfield, "settings-member-add")
    data = {"email": "ines@larkfield.example", "name": "Ines", "role": "agent"}
    nameless = client.post(url, data)
    assert nameless.status_code == 422
    assert "Say which agent this person is." in text_of(nameless)
    asked = text_of(client.get(url, {"agent": agent.pk}))
    assert f'<option value="{agent.pk}" selected>Ines (a-9)</option>' in asked
    assert client.post(url, {**data, "agent": agent.pk}).status_code == 200
    assert newest(Membership, larkfield).agent == agent
    taken = client.post(url, {**data, "email": "two@larkfield.example", "agent": agent.pk})
    assert taken.status_code == 422
    assert "Ines (a-9)" not in text_of(client.get(url))


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
