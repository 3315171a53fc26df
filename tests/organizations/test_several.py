"""Several people invited at once: read line by line, and nothing lost where one is wrong."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.http import HttpResponse
from django.test import Client

from qa.organizations import several
from qa.organizations.models import Agent, Invitation, Membership, Organization, Role, Team
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.organizations.joining import join, no_mail, path_of, sign_in
from tests.organizations.steps import at, deliver, events, newest, text_of
from tests.world import PASSWORD

SignIn = Callable[[Membership | None], Client]
LINK = re.compile(r'<textarea[^>]* id="secret\d+"[^>]*>([^<]+)</textarea>')


def ask(admin: Client, organization: Organization, people: str, **data: Any) -> HttpResponse:
    given = {"people": people, "role": "specialist", **data}
    return admin.post(at(organization, "settings-invite-several"), given, follow=True)


def invited(organization: Organization) -> dict[str, Invitation]:
    with tenant(organization.id):
        rows = Invitation.objects.visible_to(System(organization.id)).select_related("agent__team")
        return {row.email: row for row in rows}


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("ann.lee@x.example", [("ann.lee@x.example", "Ann Lee")]),
        ("Ann Lee <Ann@X.example>", [("ann@x.example", "Ann Lee")]),
        ('"Lee, Ann" <ann@x.example>;', [("ann@x.example", "Lee, Ann")]),
        ("Ann Lee\tann@x.example", [("ann@x.example", "Ann Lee")]),
        ("ann@x.example, Ann Lee", [("ann@x.example", "Ann Lee")]),
        ("a@x.example b@x.example,c@x.example", [(f"{n}@x.example", n.upper()) for n in "abc"]),
        (
            "Ann Lee <ann@x.example>, Bo <bo@x.example>",
            [("ann@x.example", "Ann Lee"), ("bo@x.example", "Bo")],
        ),
        ("\n\n  ann@x.example  \nANN@x.example\n", [("ann@x.example", "Ann")]),
        ("12@x.example", [("12@x.example", "12@x.example")]),
        ("Write to ann@x.example.", [("ann@x.example", "Write to")]),
        (" ; ,\n", []),
    ],
)
def test_pasted_lists_are_read_as_programs_write_them(
    text: str, people: list[tuple[str, str]]
) -> None:
    assert [(line.email, line.name) for line in several.read(text)] == people


@pytest.mark.parametrize(
    "line",
    ["Ann Lee", "x" * 300 + "@x.example", "ann@", "@x.example", "ann@x", "m\u043ena@x.example"],
)
def test_a_line_that_names_nobody_says_so(line: str) -> None:
    (read,) = several.read(line)
    assert read.text == line
    assert read.fault


def test_those_who_are_fine_are_invited_and_the_others_come_back(
    signed_in: SignIn, larkfield: Organization, ada: Membership, dana: Membership
) -> None:
    client = signed_in(ada)
    text = f"Ann Lee <ann@x.example>\n{dana.user.email}\nnobody\nbo@x.example"
    answer = ask(client, larkfield, text)
    page = text_of(answer)
    assert answer.status_code == 409
    assert "2 invitations are on their way." in page
    assert "This person is already a member." in page
    assert "There is no e-mail address in this line." in page
    assert f">\n{dana.user.email}\nnobody</textarea>" in page
    assert set(invited(larkfield)) == {"ann@x.example", "bo@x.example"}
    deliver()
    assert sorted(sent.to[0] for sent in mail.outbox) == ["ann@x.example", "bo@x.example"]
    assert events(larkfield)[-2:] == ["member.invited", "member.invited"]
    again = ask(client, larkfield, "ann@x.example")
    assert "This person has been invited already." in text_of(again)


def test_all_fine_leads_to_the_members(
    signed_in: SignIn, larkfield: Organization, ada: Membership
) -> None:
    answer = ask(signed_in(ada), larkfield, "ann@x.example", role="manager")
    assert answer.redirect_chain == [(at(larkfield, "settings-members"), 302)]
    assert "1 invitation is on its way." in text_of(answer)
    assert invited(larkfield)["ann@x.example"].role == Role.MANAGER


def test_without_mail_each_has_a_link_to_pass_on(
    signed_in: SignIn, larkfield: Organization, ada: Membership
) -> None:
    with no_mail():
        answer = ask(signed_in(ada), larkfield, "ann@x.example\nbo@x.example")
    assert "no-store" in answer["Cache-Control"]
    links = LINK.findall(text_of(answer))
    assert len(links) == 2
    for link, name in zip(links, ("Ann", "Bo"), strict=True):
        _, joined = join(path_of(link), name=name)
        assert joined.status_code == 302
        assert newest(Membership, larkfield).user.only_in_id == larkfield.pk
    assert mail.outbox == []


def test_with_mail_a_link_can_be_asked_for_too(
    signed_in: SignIn, larkfield: Organization, ada: Membership
) -> None:
    answer = ask(signed_in(ada), larkfield, "ann@x.example", delivery="link")
    (link,) = LINK.findall(text_of(answer))
    deliver()
    assert mail.outbox == []
    assert not invited(larkfield)["ann@x.example"].mailed
    assert join(path_of(link))[1].status_code == 302


def test_agents_get_the_profile_of_their_name_or_a_new_one_in_the_team(
    signed_in: SignIn, larkfield: Organization, ada: Membership, alex: Membership
) -> None:
    with tenant(larkfield.id):
        by = System(larkfield.id)
        team = Team.objects.visible_to(by).get()
        free = Agent(organization=larkfield, external_id="a-7", name="Colm Hay")
        free.save()
    assert alex.agent is not None
    people = f"colm hay <c@x.example>\nRui Costa <r@x.example>\n{alex.agent.name} <a@x.example>"
    answer = ask(signed_in(ada), larkfield, people, role="agent", team=team.pk)
    assert "Alex Finch has a log-in or an invitation already." in text_of(answer)
    made = invited(larkfield)
    assert made["c@x.example"].agent == free
    rui = made["r@x.example"].agent
    assert rui is not None
    assert (rui.name, rui.team) == ("Rui Costa", team)
    assert "a@x.example" not in made


def test_more_than_a_hundred_are_refused_and_kept(
    signed_in: SignIn, larkfield: Organization, ada: Membership
) -> None:
    people = "\n".join(f"p{n}@x.example" for n in range(101))
    answer = ask(signed_in(ada), larkfield, people)
    assert answer.status_code == 422
    assert "p100@x.example" in text_of(answer)
    assert invited(larkfield) == {}


def test_the_answer_is_the_same_for_people_of_another_organization(
    larkfield: Organization, mona: Membership, elsewhere: Organization, mallory: Membership
) -> None:
    """One of the four ways to learn of an account, or to take it over, with many at once."""
    admin = sign_in(mallory.user.email, PASSWORD)
    known, unknown = mona.user.email, "nobody@larkfield.example"
    answer = ask(admin, elsewhere, f"X <{known}>\nX <{unknown}>")
    assert "2 invitations are on their way." in text_of(answer)
    page = text_of(admin.get(at(elsewhere, "settings-members")))
    assert "Mona" not in page
    rows = [page.partition(f'<span class="wraps">{email}')[2][:300] for email in (known, unknown)]
    assert rows[0] == rows[1]
    assert sign_in(mona.user.email, PASSWORD).get("/")["Location"] == "/o/larkfield/dashboard/"


def test_a_link_of_ours_dies_when_another_organization_invites_many(
    larkfield: Organization, ada: Membership, elsewhere: Organization, mallory: Membership
) -> None:
    with no_mail():
        ours = ask(sign_in(ada.user.email, PASSWORD), larkfield, "a@x.example\nb@x.example")
        ask(sign_in(mallory.user.email, PASSWORD), elsewhere, "b@x.example\na@x.example")
    for link in LINK.findall(text_of(ours)):
        assert Client().get(path_of(link)).status_code == 404
