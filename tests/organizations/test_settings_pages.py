"""Settings: who may, agents and teams, the audit trail, lists."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from qa.audit.models import AuditEvent
from qa.organizations import actions, invitations, teams
from qa.organizations.models import Agent, Membership, Organization, Role, Team
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.organizations.steps import at, events, newest, rows_of, text_of
from tests.world import PASSWORD

SignIn = Callable[[Membership | None], Client]

LISTS = ("settings-keys", "settings-members", "settings-agents", "settings-teams", "settings-audit")
PLAIN = (
    "settings",
    *LISTS,
    "settings-key-add",
    "settings-invite",
    "settings-team-add",
    "settings-agent-add",
    "settings-agent-twins",
    "settings-agents-import",
    "settings-teams-import",
    "settings-redaction",
    "settings-audit-export",
)
OF_ONE = {
    "settings-key-revoke": "key",
    "settings-member": "member",
    "settings-member-remove": "member",
    "settings-agent": "agent",
    "settings-agent-merge": "agent",
    "settings-team": "team",
    "settings-team-remove": "team",
}
POSTED = {
    "settings-invitation-again": "invitation",
    "settings-invitation-withdraw": "invitation",
    "settings-audit-check": None,
}


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
    callers = ((None, 302), (mallory, 404), (alex, 403), (dana, 403), (mona, 403))
    for caller, expected in callers:
        client = signed_in(caller)
        answer = client.post(url) if name in POSTED else client.get(url)
        assert answer.status_code == expected, caller and caller.role
    client = signed_in(ada)
    answer = client.post(url, follow=True) if name in POSTED else client.get(url)
    assert answer.status_code == 200


@pytest.mark.parametrize("name", [*OF_ONE, *POSTED][:-1])
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
    kind = OF_ONE.get(name, "invitation")
    foreign = rows_of(elsewhere)[kind]
    before = (events(larkfield), events(elsewhere))
    for pk in (foreign.pk, uuid4()):
        answer = getattr(signed_in(ada), method)(at(larkfield, name, pk))
        refused = 405 if name in POSTED and method == "get" else 404
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


# Agents and teams


def test_an_agent_is_renamed_and_moved_to_a_team(
    signed_in: SignIn, larkfield: Organization, ada: Membership
) -> None:
    agent = rows_of(larkfield)["agent"]
    with tenant(larkfield.id):
        team = teams.add_team(by=ada, name="Complaints")
    client, url = signed_in(ada), at(larkfield, "settings-agent", agent.pk)
    for _ in range(2):
        done = client.post(url, {"name": "Inês Sá", "team": team.pk}, follow=True)
        assert "Inês Sá" in text_of(done)
    assert events(larkfield)[-2:] == ["team.added", "agent.changed"]
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
    assert re.search(r">Ada<.*?Added a team", page, re.S)
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
            member = invitations.admit(
                by=by,
                email=f"{mark}@larkfield.example",
                name=f"Member {mark}",
                role=Role.MANAGER,
                agent=agent,
                password=PASSWORD,
            )
            invitations.invite(
                by=ada,
                email=f"new-{mark}@larkfield.example",
                name=f"New {mark}",
                role=Role.MANAGER,
                mailed=True,
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
        seen += re.findall(r'data-label="ID"><span class="wraps">(n-\d+)<', page)
        following = re.search(r'href="([^"]+)" rel="next"', page)
        url = following[1].replace("&amp;", "&") if following else ""
    assert len(seen) == len(set(seen)) == 120
