"""Settings: what an admin can change, what is refused, who may not even look."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from qa.audit.models import AuditEvent
from qa.organizations import actions
from qa.organizations.models import Agent, ApiKey, Membership, Organization, Role, Team, User
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.world import PASSWORD, make_key, make_member

SignIn = Callable[[Membership | None], Client]

LISTS = ("settings-keys", "settings-members", "settings-agents", "settings-teams", "settings-audit")
PLAIN = ("settings", *LISTS, "settings-key-add", "settings-member-add", "settings-team-add")
OF_ONE = {
    "settings-key-revoke": "key",
    "settings-member": "member",
    "settings-agent": "agent",
    "settings-team": "team",
}
POSTED = {"settings-member-link": "newcomer", "settings-audit-check": None}


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
        newcomer = actions.add_member(
            by=by, email=f"new@{organization.slug}.example", name="New", role=Role.MANAGER
        )
        assert agent is not None
        return {
            "key": key,
            "member": newcomer,
            "newcomer": newcomer,
            "agent": agent,
            "team": Team.objects.visible_to(by).get(name="Bookings"),
        }


def newest(model: Any, organization: Organization) -> Any:
    with tenant(organization.id):
        rows = model.objects.visible_to(System(organization.id)).order_by("-id")
        related = {Membership: ("user", "agent", "organization"), Team: ("manager",)}
        return rows.select_related(*related.get(model, ())).first()


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


# Who may


@pytest.mark.parametrize("name", [*PLAIN, *OF_ONE, *POSTED])
def test_settings_are_for_admins_of_the_organization_only(
    *,
    name: str,
    signed_in: SignIn,
    larkfield: Organization,
    alex: Membership,
    dana: Membership,
    mona: Membership,
    ada: Membership,
    mallory: Membership,
) -> None:
    kind = OF_ONE.get(name) or POSTED.get(name)
    url = at(larkfield, name, rows_of(larkfield)[kind].pk if kind else None)
    callers = ((None, 302), (mallory, 404), (alex, 403), (dana, 403), (mona, 403), (ada, 200))
    for caller, expected in callers:
        client = signed_in(caller)
        answer = client.post(url) if name in POSTED else client.get(url)
        assert answer.status_code == expected, caller and caller.role


@pytest.mark.parametrize("name", [*OF_ONE, "settings-member-link"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_another_organizations_row_does_not_exist_under_my_address(
    *,
    name: str,
    method: str,
    signed_in: SignIn,
    larkfield: Organization,
    ada: Membership,
    elsewhere: Organization,
    mallory: Membership,
) -> None:
    kind = OF_ONE.get(name, "newcomer")
    foreign = rows_of(elsewhere)[kind]
    before = (events(larkfield), events(elsewhere))
    for pk in (foreign.pk, uuid4()):
        answer = getattr(signed_in(ada), method)(at(larkfield, name, pk))
        refused = 405 if (name, method) == ("settings-member-link", "get") else 404
        assert answer.status_code == refused
    assert (events(larkfield), events(elsewhere)) == before


def test_a_foreign_agent_or_manager_cannot_be_chosen_in_a_form(
    signed_in: SignIn, larkfield: Organization, ada: Membership, mallory: Membership
) -> None:
    mine, foreign = rows_of(larkfield), rows_of(mallory.organization)
    client = signed_in(ada)
    tries = (
        ("settings-member", "member", {"role": "agent", "agent": foreign["agent"].pk}),
        ("settings-agent", "agent", {"name": "Ines", "team": foreign["team"].pk}),
        ("settings-team", "team", {"manager": foreign["member"].pk}),
        ("settings-agent", "agent", {"name": "Ines", "team": "not an id"}),
    )
    for name, kind, data in tries:
        assert client.post(at(larkfield, name, mine[kind].pk), data).status_code == 422, name


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


# Agents and teams


def test_an_agent_is_renamed_and_moved_to_a_team(
    signed_in: SignIn, larkfield: Organization, ada: Membership
) -> None:
    agent = rows_of(larkfield)["agent"]
    with tenant(larkfield.id):
        team = actions.add_team(by=ada, name="Complaints")
    client, url = signed_in(ada), at(larkfield, "settings-agent", agent.pk)
    for _ in range(2):
        done = client.post(url, {"name": "Inês Sá", "team": team.pk}, follow=True)
        assert "Inês Sá" in text_of(done)
    assert events(larkfield)[-2:] == ["agent.renamed", "agent.moved"]
    with tenant(larkfield.id):
        found = actions.find_or_add_agent(by=ada, external_id="a-9", name="Ines", team=None)
    assert found is not None
    assert (found.pk, found.name, found.team_id) == (agent.pk, "Inês Sá", team.pk)
    client.post(url, {"name": "Inês Sá", "team": ""})
    assert newest(Agent, larkfield).team_id is None


def test_a_nameless_agent_is_refused(
    signed_in: SignIn, larkfield: Organization, ada: Membership
) -> None:
    url = at(larkfield, "settings-agent", rows_of(larkfield)["agent"].pk)
    assert signed_in(ada).post(url, {"name": " "}).status_code == 422
    assert newest(Agent, larkfield).name == "Ines"


def test_agents_are_found_by_name_number_and_team(
    signed_in: SignIn, larkfield: Organization, ada: Membership
) -> None:
    team, by = rows_of(larkfield)["team"], System(larkfield.id)
    with tenant(larkfield.id):
        actions.find_or_add_agent(by=by, external_id="b-1", name="Bodil", team=None)
    url = at(larkfield, "settings-agents")
    for query, ines, bodil in (
        ({"q": "ine"}, True, False),
        ({"q": "b-1"}, False, True),
        ({"team": team.pk}, True, False),
        ({"team": "junk", "after": "junk"}, True, True),
        ({"q": "nobody"}, False, False),
    ):
        page = text_of(signed_in(ada).get(url, query))
        assert (">Ines</a>" in page, ">Bodil</a>" in page) == (ines, bodil), query


def test_a_team_is_added_once_and_gets_a_manager(
    signed_in: SignIn, larkfield: Organization, ada: Membership, mona: Membership, dana: Membership
) -> None:
    client = signed_in(ada)
    add = at(larkfield, "settings-team-add")
    assert client.post(add, {"name": "Complaints"}).status_code == 302
    assert client.post(add, {"name": "Complaints"}).status_code == 409
    assert client.post(add, {"name": ""}).status_code == 422
    url = at(larkfield, "settings-team", newest(Team, larkfield).pk)
    assert client.post(url, {"manager": dana.pk}).status_code == 422
    assert client.post(url, {"manager": mona.pk}).status_code == 302
    assert newest(Team, larkfield).manager == mona
    assert events(larkfield)[-2:] == ["team.added", "team.manager_set"]
    client.post(at(larkfield, "settings-member", mona.pk), {"role": "specialist"})
    assert newest(Team, larkfield).manager is None


# The audit trail


def test_the_audit_trail_names_who_did_what(
    signed_in: SignIn, larkfield: Organization, ada: Membership
) -> None:
    client = signed_in(ada)
    client.post(at(larkfield, "settings-team-add"), {"name": "Complaints"})
    page = text_of(client.get(at(larkfield, "settings-audit")))
    assert re.search(r">Ada<.*?added a team", page, re.S)
    assert "Heard" in page


def test_checking_the_chain_finds_the_entry_that_was_altered(
    signed_in: SignIn, larkfield: Organization, ada: Membership
) -> None:
    rows_of(larkfield)
    client, url = signed_in(ada), at(larkfield, "settings-audit-check")
    assert "The chain holds" in text_of(client.post(url))
    last = AuditEvent(
        organization=larkfield, number=len(events(larkfield)) + 1, at=timezone.now(),
        actor="system", action="member.added", target_type="x", target_id="x", data={},
        previous_hash="0" * 64, hash="0" * 64,
    )  # fmt: skip
    with tenant(larkfield.id):
        last.save(force_insert=True)
    assert f"broken at number {last.number}" in text_of(client.post(url))


# Lists


def fill(organization: Organization, ada: Membership, how_many: int) -> None:
    by = System(organization.id)
    with tenant(organization.id):
        for number in range(how_many):
            mark = f"{how_many}-{number:02}"
            agent = actions.find_or_add_agent(
                by=by, external_id=mark, name=f"Agent {mark}", team=f"Team {mark}"
            )
            member = actions.add_member(
                by=ada,
                email=f"{mark}@larkfield.example",
                name=f"Member {mark}",
                role=Role.MANAGER,
                agent=agent,
            )
            key, _ = actions.create_key(by=member, name=f"Key {mark}", scopes=["metrics:read"])
            actions.revoke_key(key, by=member)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_takes_as_many_queries_for_20_rows_as_for_2(
    name: str, signed_in: SignIn, larkfield: Organization, ada: Membership
) -> None:
    client, url = signed_in(ada), at(larkfield, name)
    counts = []
    for how_many in (2, 18):
        fill(larkfield, ada, how_many)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(url).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_long_lists_go_on_where_the_page_before_ended(
    signed_in: SignIn, larkfield: Organization, ada: Membership
) -> None:
    by = System(larkfield.id)
    with tenant(larkfield.id):
        for number in range(120):
            actions.find_or_add_agent(
                by=by, external_id=f"n-{number}", name=f"Agent {number // 4:03}", team=None
            )
    client, url, seen = signed_in(ada), at(larkfield, "settings-agents"), []
    while url:
        page = text_of(client.get(url))
        seen += re.findall(r'data-label="Number"><span class="wraps">(n-\d+)<', page)
        following = re.search(r'href="([^"]+)" rel="next"', page)
        url = following[1].replace("&amp;", "&") if following else ""
    assert len(seen) == len(set(seen)) == 120
