"""The list of agents and of teams: add, correct, deactivate, merge, remove, import, export."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qa.organizations import teams
from qa.organizations.models import Agent, Membership, Organization, Team
from qa.sampling import exclusions
from qa.sampling.models import Exclusion
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from scorecards.models import Moment
from tests.organizations.steps import at, events, text_of
from tests.scored import engine, scored
from tests.several import BO, make_bo, make_handed_over
from tests.transcripts.test_naming_agents import FEELINGS, add, rebuilt
from tests.world import make_interaction, make_review
from transcripts.models import Interaction, Participation

__all__ = ["engine"]
SignIn = Callable[[Membership | None], Client]


def agent_of(organization: Organization, external_id: str) -> Agent:
    with tenant(organization.id):
        rows = Agent.objects.visible_to(System(organization.id), merged=True)
        return rows.select_related("team").get(external_id=external_id)


def rows_of(model: Any, organization: Organization, **which: Any) -> int:
    with tenant(organization.id):
        found: int = model.objects.visible_to(System(organization.id)).filter(**which).count()
        return found


@pytest.fixture
def ada_s(signed_in: SignIn, ada: Membership) -> Client:
    return signed_in(ada)


def test_an_agent_is_added_before_any_file_names_them(
    ada_s: Client, larkfield: Organization, ada: Membership
) -> None:
    page = at(larkfield, "settings-agent-add")
    done = ada_s.post(page, {"name": "Rui  Costa", "external_id": "r-7"})
    rui = agent_of(larkfield, "r-7")
    assert done["Location"] == at(larkfield, "settings-agent", rui.pk)
    assert rui.name == "Rui Costa"
    assert ada_s.post(page, {"name": "Rui", "external_id": "r-7"}).status_code == 409
    assert ada_s.post(page, {"name": "rui costa"}).status_code == 409
    assert ada_s.post(page, {"name": ""}).status_code == 422
    assert events(larkfield)[-1] == "agent.added"
    call = make_interaction(larkfield, prescored=False, agent={"name": "Rui Costa"})
    assert call.agent_id == rui.pk
    invite = ada_s.get(at(larkfield, "settings-invite")).content.decode()
    assert "Rui Costa (r-7)" in invite


def test_an_id_is_corrected_and_stays_one_agents(ada_s: Client, larkfield: Organization) -> None:
    kim, _ = add(larkfield, "Kim", "k-1"), add(larkfield, "Bo", "b-1")
    page = at(larkfield, "settings-agent", kim.pk)
    assert ada_s.post(page, {"name": "Kim", "external_id": "b-1"}).status_code == 409
    assert ada_s.post(page, {"name": "Kim", "external_id": "k-9"}).status_code == 302
    assert agent_of(larkfield, "k-9").pk == kim.pk


def test_a_deactivated_agent_is_offered_no_more_and_loses_nothing(
    ada_s: Client, larkfield: Organization, alex: Membership
) -> None:
    assert alex.agent
    call = make_interaction(larkfield, prescored=False)
    page = at(larkfield, "settings-agent-active", alex.agent.pk)
    for _ in range(2):
        ada_s.post(page)
    naming = f"/o/larkfield/interactions/agent/?interaction={call.pk}"
    listed = at(larkfield, "settings-agents")
    assert "Alex Finch (a-1)" not in ada_s.get(naming).content.decode()
    assert "Alex Finch" not in text_of(ada_s.get(listed))
    assert "Alex Finch" in text_of(ada_s.get(listed, {"state": "inactive"}))
    assert make_interaction(larkfield, prescored=False).agent_id == alex.agent.pk
    assert Membership.objects.visible_to(alex).filter(agent=alex.agent).exists
    ada_s.post(page, {"on": "1"})
    assert "Alex Finch" in text_of(ada_s.get(listed))
    assert events(larkfield).count("agent.deactivated") == 1
    assert events(larkfield)[-1] == "agent.reactivated"


def test_the_list_is_sorted_and_searched(ada_s: Client, larkfield: Organization) -> None:
    for name, pk in (("Cem", "1"), ("Ana", "3"), ("Bea", "2")):
        add(larkfield, name, pk)
    url = at(larkfield, "settings-agents")

    def order(**query: str) -> str:
        page = text_of(ada_s.get(url, query))
        return "".join(
            sorted(
                "ABC", key=lambda one: page.index({"A": ">Ana<", "B": ">Bea<", "C": ">Cem<"}[one])
            )
        )

    assert (order(), order(sort="external_id"), order(sort="junk")) == ("ABC", "CBA", "ABC")
    assert ">Ana<" not in text_of(ada_s.get(url, {"q": "be"}))


@pytest.mark.usefixtures("engine")
def test_two_agents_become_one_and_everything_follows(
    ada_s: Client, dana: Membership, mona: Membership, larkfield: Organization, alex: Membership
) -> None:
    assert alex.agent
    calls = [
        scored(larkfield, *FEELINGS, agent=who, days_ago=n % 3)
        for n, who in enumerate(["a-1", "A-1"] * 3)
    ]
    twin = agent_of(larkfield, "A-1")
    review = make_review(dana, calls[1], confirmed=True)
    with tenant(larkfield.id):
        exclusions.exclude(by=mona, member=dana, agent=twin)
    look = ada_s.get(at(larkfield, "settings-agent-twins")).content.decode()
    assert "merge/?with=Alex%20Finch" in look
    done = ada_s.post(at(larkfield, "settings-agent-merge", twin.pk), {"who": "Alex Finch (a-1)"})
    assert done["Location"] == at(larkfield, "settings-agent", alex.agent.pk)
    for model in (Interaction, Moment, Exclusion):
        assert rows_of(model, larkfield, agent=twin) == 0
    assert rows_of(Interaction, larkfield, agent=alex.agent) == 6
    assert rebuilt(larkfield)
    assert events(larkfield)[-1] == "agent.merged"
    with tenant(larkfield.id):
        assert type(review).objects.visible_to(alex).filter(pk=review.pk).exists()
    assert scored(larkfield, agent="A-1").agent_id == alex.agent.pk
    assert ada_s.get(at(larkfield, "settings-agent", twin.pk)).status_code == 404
    again = ada_s.post(at(larkfield, "settings-agent-add"), {"name": "X", "external_id": "A-1"})
    assert "by a merge" in again.content.decode()


def test_both_took_part_in_one_call(
    ada_s: Client, larkfield: Organization, alex: Membership
) -> None:
    call = make_handed_over(larkfield)
    bo = agent_of(larkfield, BO["external_id"])
    assert alex.agent
    ada_s.post(at(larkfield, "settings-agent-merge", bo.pk), {"who": alex.agent.label})
    assert rows_of(Participation, larkfield, agent=bo) == rows_of(Moment, larkfield, agent=bo) == 0
    assert rebuilt(larkfield)
    page = ada_s.get(f"/o/larkfield/interactions/{call.pk}/")
    assert page.status_code == 200
    assert "Bo Lind</a>" not in page.content.decode()


def test_of_two_log_ins_one_is_chosen(
    ada_s: Client, larkfield: Organization, alex: Membership
) -> None:
    bo = make_bo(larkfield)
    assert alex.agent
    assert bo.agent
    url, who = at(larkfield, "settings-agent-merge", bo.agent.pk), alex.agent.label
    asked = ada_s.post(url, {"who": who})
    assert asked.status_code in {409, 422}
    assert "bo@larkfield.example" in asked.content.decode()
    assert ada_s.post(url, {"who": who, "login": str(bo.agent.pk)}).status_code == 302
    with tenant(larkfield.id):
        now = dict(Membership.objects.visible_to(alex).values_list("pk", "agent"))
    assert (now[bo.pk], now[alex.pk]) == (alex.agent.pk, None)


@pytest.mark.parametrize(
    ("who", "status", "words"),
    [
        ("Kim", 409, "merged with themselves"),
        ("Nobody Here", 409, "no agent"),
        ("", 422, "required"),
    ],
)
def test_what_cannot_be_merged(
    ada_s: Client, larkfield: Organization, who: str, status: int, words: str
) -> None:
    kim = add(larkfield, "Kim")
    answer = ada_s.post(at(larkfield, "settings-agent-merge", kim.pk), {"who": who})
    assert (answer.status_code, words in answer.content.decode()) == (status, True)


@pytest.mark.usefixtures("engine")
def test_a_team_is_renamed_and_removed(
    ada_s: Client, larkfield: Organization, alex: Membership
) -> None:
    scored(larkfield, *FEELINGS)
    with tenant(larkfield.id):
        sales = teams.add_team(by=alex, name="Sales")
        billing = Team.objects.visible_to(alex).get(name="Billing")
    scored(larkfield, *FEELINGS, agent="b-1", name="Bo", team="Sales")
    page = at(larkfield, "settings-team", sales.pk)
    assert ada_s.post(page, {"name": "billing"}).status_code == 409
    assert ada_s.post(page, {"name": "Sales and more"}).status_code == 302
    remove = at(larkfield, "settings-team-remove", billing.pk)
    assert "1 agent is in this team. 1 conversation counts" in " ".join(
        text_of(ada_s.get(remove)).split()
    )
    assert ada_s.post(remove, {"to": str(sales.pk)}).status_code == 302
    assert agent_of(larkfield, "a-1").team_id == sales.pk
    assert rebuilt(larkfield)
    assert (
        ada_s.post(at(larkfield, "settings-team-remove", sales.pk), {"to": ""}).status_code == 302
    )
    assert rows_of(Interaction, larkfield, team=None) == 2
    assert rebuilt(larkfield)
    assert events(larkfield)[-2:] == ["team.removed", "team.removed"]


TABLE = "name;id;team;active\r\n"


def send(
    client: Client, organization: Organization, table: str | bytes, kind: str = "agents"
) -> Any:
    data = table.encode() if isinstance(table, str) else table
    file = SimpleUploadedFile("people.csv", data)
    return client.post(at(organization, f"settings-{kind}-import"), {"file": file})


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_agents_come_as_a_table(ada_s: Client, larkfield: Organization, encoding: str) -> None:
    add(larkfield, "Kim", "k-1")
    table = (
        TABLE
        + "Zoë Müller;z-1;Nachtschicht;\r\nKim Holm;k-1;;\r\nKim;;;\r\nBo;;Nachtschicht;no\r\n"
    )
    answer = send(ada_s, larkfield, table.replace("Kim;;;\r\n", "").encode(encoding))
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "2 added, 1 changed, 0 unchanged" in shown
    zoe, bo = agent_of(larkfield, "z-1"), agent_of(larkfield, "Bo")
    assert zoe.team
    assert (zoe.name, zoe.team.name, zoe.team_id) == ("Zoë Müller", "Nachtschicht", bo.team_id)
    assert bo.deactivated_at is not None
    assert agent_of(larkfield, "k-1").name == "Kim Holm"
    assert events(larkfield)[-1] == "agents.imported"
    back = ada_s.get(at(larkfield, "settings-agents-export")).content
    assert "0 added, 0 changed, 3 unchanged" in send(ada_s, larkfield, back).content.decode()


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("", "empty"),
        ("name\n", "no rows"),
        ("id;team\n1;A\n", "must name the columns"),
        (f"{TABLE}Ana;1;;\nBo;1;;\n", "same agent as in line 2"),
        (f"{TABLE}Ana;;;\nana;;;\n", "same agent as in line"),
        (f"{TABLE}=1+1;2;;\n", "is a formula"),
        (f"{TABLE};2;;\n", "Has no name"),
        (f"{TABLE}Ana;2;;perhaps\n", "yes or no"),
        (f"{TABLE}{'x' * 201};2;;\n", "more than 200 characters"),
        (TABLE + "".join(f"A{n};{n};;\n" for n in range(5_001)), "more than 5,000 rows"),
        (b"\x00\x01\x02\xff" * 20, ""),
        (b"PK\x03\x04" + b"\0" * 40, "looks like an Excel workbook"),
        ('name,id\n"Ana,1\n', "Line 2 has a cell that is too long"),
    ],
)
def test_a_table_at_fault_changes_nothing(
    ada_s: Client, larkfield: Organization, table: str | bytes, words: str
) -> None:
    before = rows_of(Agent, larkfield)
    answer = send(ada_s, larkfield, table)
    assert answer.status_code in {409, 422}
    assert words in answer.content.decode()
    assert rows_of(Agent, larkfield) == before
    assert "agents.imported" not in events(larkfield)


def test_figures_of_an_import_are_grouped(ada_s: Client, larkfield: Organization) -> None:
    page = ada_s.get(at(larkfield, "settings-agents-import")).content.decode()
    assert "Up to 5,000 rows" in page
    table = TABLE + "".join(f"Agent {n};{n};;\n" for n in range(1_200))
    assert "1,200 added, 0 changed" in send(ada_s, larkfield, table).content.decode()
    assert "1,200" in ada_s.get(at(larkfield, "settings")).content.decode()


def test_a_table_for_a_spreadsheet_holds_no_formula(ada_s: Client, larkfield: Organization) -> None:
    add(larkfield, "+cmd", "-1")
    table = ada_s.get(at(larkfield, "settings-agents-export")).content.decode()
    assert "'+cmd,'-1" in table
    assert "1 unchanged" in send(ada_s, larkfield, table).content.decode()


def test_teams_come_as_a_table(ada_s: Client, larkfield: Organization, mona: Membership) -> None:
    address = mona.user.email
    table = f"name,manager\nDay,{address.upper()}\nNight,\n"
    assert "2 added" in send(ada_s, larkfield, table, "teams").content.decode()
    wrong = send(ada_s, larkfield, "name,manager\nLate,nobody@x.example\nday,\n", "teams")
    assert wrong.status_code == 422
    assert rows_of(Team, larkfield) == 2
    assert rows_of(Team, larkfield, manager=mona) == 1
    export = ada_s.get(at(larkfield, "settings-teams-export")).content.decode()
    assert f"Day,{address}" in export
    assert events(larkfield).count("teams.imported") == 1


def test_a_big_table_takes_as_many_queries_as_a_small_one(
    ada_s: Client, larkfield: Organization
) -> None:
    def queries(number: int) -> int:
        rows = "".join(f"A{number}-{n};{number}-{n};;\n" for n in range(number))
        with CaptureQueriesContext(connection) as captured:
            send(ada_s, larkfield, TABLE + rows)
        return len(captured)

    assert queries(2) == queries(20)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_as_many_rows_as_may_come_in_at_once(
    ada_s: Client, larkfield: Organization, encoding: str
) -> None:
    rows = "".join(f"Zoë {n};z-{n};Team {n % 40};yes\r\n" for n in range(5_000))
    done = send(ada_s, larkfield, (TABLE + rows).encode(encoding)).content.decode()
    assert "5,000 added, 0 changed, 0 unchanged" in done
    assert "4,500 more rows are not listed" in done
    assert rows_of(Agent, larkfield, name="Zoë 4999") == 1
    again = (TABLE + rows.replace("Zoë 4999;z-4999", "Zoë 4998;z-4998")).encode(encoding)
    refused = send(ada_s, larkfield, again).content.decode()
    assert "Nothing was imported: 1 row has a problem" in refused
    assert refused.index("same agent as in line 5000") < refused.index("Zoë 1<"), "faults first"
