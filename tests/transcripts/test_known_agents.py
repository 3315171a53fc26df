"""An organization's own agents are recognised among the speakers of its files."""

from collections.abc import Callable

import pytest
from django.test import Client

from qa import pipeline
from qa.organizations import actions as organizations
from qa.organizations.models import Membership, Organization
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.world import make_key
from transcripts.formats import validate
from transcripts.models import Interaction
from transcripts.receiving import Receipt

SignIn = Callable[[Membership | None], Client]
DOMAINS = "/o/larkfield/settings/domains/"


def talk(*speakers: str) -> dict[str, object]:
    said = ("I am so angry that nobody helps me.", "I am sorry about that, let me look.")
    turns = [
        {"role": "unknown", "speaker": who, "text": words}
        for who, words in zip(speakers, said, strict=True)
    ]
    return {"channel": "chat", "turns": turns}


def push(organization: Organization, pushed: dict[str, object]) -> tuple[Receipt, Interaction]:
    by = System(organization.id)
    with tenant(organization.id):
        (result,) = pipeline.submit([validate(pushed)], by=by)
        rows = Interaction.objects.visible_to(by).select_related("transcript", "agent")
        return result.receipt, rows.get(pk=result.id)


def roles(interaction: Interaction) -> list[str]:
    return [turn["role"] for turn in interaction.transcript.turns]


@pytest.mark.parametrize(
    "label", ["Alex Finch", "alex  FINCH", "a-1", "Alex Finch <af@mail.example>"]
)
def test_an_agent_is_known_by_name_or_number(
    alex: Membership, larkfield: Organization, label: str
) -> None:
    _, interaction = push(larkfield, talk("Jo Winter", label))
    assert roles(interaction) == ["customer", "agent"]
    assert interaction.agent == alex.agent


def test_an_agent_is_known_by_the_address_they_sign_in_with(
    alex: Membership, larkfield: Organization
) -> None:
    _, interaction = push(larkfield, talk("jo@example.com", "Alex@larkfield.example"))
    assert roles(interaction) == ["customer", "agent"]
    assert interaction.agent == alex.agent


def test_whoever_writes_from_the_company_is_an_agent(
    ada: Membership, larkfield: Organization
) -> None:
    with tenant(larkfield.id):
        organizations.set_email_domains(by=ada, domains=["larkfield.example"])
    _, interaction = push(larkfield, talk("jo@example.com", "Support <help@larkfield.example>"))
    assert roles(interaction) == ["customer", "agent"]
    assert interaction.agent is None


def test_nobody_on_the_list_leaves_the_roles_open(
    alex: Membership, larkfield: Organization
) -> None:
    _, interaction = push(larkfield, talk("Jo Winter", "Robin Vale"))
    assert roles(interaction) == ["unknown", "unknown"]


def test_another_organizations_agents_are_not_known_here(
    alex: Membership, elsewhere: Organization
) -> None:
    _, interaction = push(elsewhere, talk("Jo Winter", "Alex Finch"))
    assert roles(interaction) == ["unknown", "unknown"]


def test_two_agents_of_one_name_speak_as_agent_and_name_nobody(larkfield: Organization) -> None:
    with tenant(larkfield.id):
        for number in ("a-7", "a-8"):
            organizations.find_or_add_agent(
                by=System(larkfield.id), external_id=number, name="Kim Roe", team=None
            )
    _, interaction = push(larkfield, talk("Jo Winter", "Kim Roe"))
    assert roles(interaction) == ["customer", "agent"]
    assert interaction.agent is None


def test_the_same_content_is_known_although_its_agent_was_not_at_first(
    larkfield: Organization,
) -> None:
    first, interaction = push(larkfield, talk("Jo Winter", "Alex Finch"))
    with tenant(larkfield.id):
        organizations.find_or_add_agent(
            by=System(larkfield.id), external_id="a-1", name="Alex Finch", team=None
        )
    again, same = push(larkfield, talk("Jo Winter", "Alex Finch"))
    assert (first, again) == (Receipt.RECEIVED, Receipt.DUPLICATE)
    assert interaction.pk == same.pk


def test_the_api_knows_them_too(alex: Membership, ada: Membership, larkfield: Organization) -> None:
    key = {"Authorization": f"Bearer {make_key(ada)}"}
    pushed = Client().post(
        "/api/v1/interactions/",
        talk("Jo Winter", "Alex Finch"),
        content_type="application/json",
        headers=key,
    )
    again = Client().post(
        "/api/v1/interactions/",
        talk("Jo Winter", "Alex Finch"),
        content_type="application/json",
        headers=key,
    )
    with tenant(larkfield.id):
        interaction = Interaction.objects.visible_to(ada).select_related("transcript").get()
    assert (pushed.status_code, again.status_code) == (201, 200)
    assert roles(interaction) == ["customer", "agent"]


def test_admins_set_the_domains(signed_in: SignIn, ada: Membership) -> None:
    client = signed_in(ada)
    said = client.post(DOMAINS, {"domains": "Larkfield.example\n@mail.larkfield.example"})
    assert said.status_code == 302
    shown = client.get(DOMAINS).content.decode()
    assert "larkfield.example\nmail.larkfield.example" in shown


@pytest.mark.parametrize("wrong", ["larkfield", "a b@c", "http://x.example", "-x.example"])
def test_what_is_no_domain_is_refused(signed_in: SignIn, ada: Membership, wrong: str) -> None:
    response = signed_in(ada).post(DOMAINS, {"domains": wrong})
    assert response.status_code == 422
    assert "Not a domain" in response.content.decode()


def test_who_may_set_the_domains(
    signed_in: SignIn, ada: Membership, dana: Membership, mona: Membership, mallory: Membership
) -> None:
    for member, expected in ((None, 302), (mallory, 404), (dana, 403), (mona, 403), (ada, 200)):
        assert signed_in(member).get(DOMAINS).status_code == expected, member
