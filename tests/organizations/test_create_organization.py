"""`manage.py create_organization`: how a real installation begins."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from qa.audit.models import AuditEvent
from qa.organizations.models import Invitation, Membership, Organization, Role, User
from qa.organizations.sign_in import BACKEND
from qa.tenancy.base import System
from qa.tenancy.context import directory, tenant
from tests.world import PASSWORD

pytestmark = pytest.mark.django_db


def call(command: str, *arguments: str) -> str:
    printed = StringIO()
    call_command(command, *arguments, stdout=printed)
    return printed.getvalue()


def run(*arguments: str) -> str:
    return call("create_organization", *arguments)


def organizations() -> list[Organization]:
    with directory():
        return list(Organization.objects.order_by("slug"))


def link_in(printed: str) -> str:
    found = re.search(r"/accounts/invitations/\S+", printed)
    assert found is not None
    return found[0]


def joined(client: Client, link: str) -> str:
    """Accept as a new person; gives where that leads."""
    words = {"name": "Jo Marsh", "password1": PASSWORD, "password2": PASSWORD}
    answer = client.post(link, words, follow=True)
    return str(answer.redirect_chain[-1][0]) if answer.redirect_chain else ""


def test_the_first_admin_joins_by_the_printed_link_and_signs_in_from_then_on(
    client: Client,
) -> None:
    printed = run("Acme Care", "--admin", "jo@acme.example", "--admin-name", "Jo Marsh")
    assert "/o/acme-care/" in printed
    link = link_in(printed)
    assert 'value="Jo Marsh"' in client.get(link).content.decode()
    assert joined(client, link).startswith("/o/acme-care/")
    again = Client()
    assert again.get(link).status_code == 404  # the link works once
    again.post("/accounts/login/", {"username": "Jo@Acme.example", "password": PASSWORD})
    assert again.get("/", follow=True).redirect_chain[-1][0].startswith("/o/acme-care/")


def test_it_makes_one_organization_asks_one_admin_and_writes_it_down() -> None:
    run("Acme Care", "--admin", "Jo@Acme.example", "--slug", "acme")
    (organization,) = organizations()
    assert (organization.name, organization.slug) == ("Acme Care", "acme")
    by = System(organization.id)
    with tenant(organization.id):
        assert not Membership.objects.visible_to(by).exists()
        invited = Invitation.objects.visible_to(by).get()
        assert (invited.role, invited.name, invited.email) == (Role.ADMIN, "Jo", "jo@acme.example")
        assert list(AuditEvent.objects.visible_to(by).values_list("action", flat=True)) == [
            "member.invited"
        ]


def test_someone_with_a_log_in_keeps_their_password_and_is_asked(client: Client) -> None:
    account = User.objects.create_user(email="jo@acme.example", name="Jo", password=PASSWORD)
    link = link_in(run("Acme Care", "--admin", "JO@acme.example"))
    client.force_login(account, backend=BACKEND)
    assert "Its admins will see your name" in client.get(link).content.decode()
    assert client.post(link)["Location"].startswith("/o/acme-care/")
    assert User.objects.get().check_password(PASSWORD)


def test_an_organization_whose_admins_cannot_sign_in_gets_another_one(client: Client) -> None:
    first = link_in(run("Acme Care", "--admin", "jo@acme.example"))
    again = link_in(call("invite_admin", "acme-care", "jo@acme.example"))
    assert client.get(first).status_code == 404  # the newer link has replaced it
    assert joined(client, again).startswith("/o/acme-care/")
    with pytest.raises(CommandError, match="already a member"):
        call("invite_admin", "acme-care", "jo@acme.example")
    with pytest.raises(CommandError, match="no organization"):
        call("invite_admin", "nowhere", "jo@acme.example")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["Acme", "--admin", "jo"], "e-mail address"),
        (["株式会社", "--admin", "jo@acme.example"], "Give a --slug"),
        (["Acme", "--admin", "jo@acme.example", "--slug", "Not a slug"], "small letters"),
        (["Acme", "--admin", "jo@acme.example", "--slug", "a" * 61], "at most 60"),
        (["  ", "--admin", "jo@acme.example", "--slug", "acme"], "Give a NAME"),
        (["A" * 201, "--admin", "jo@acme.example", "--slug", "acme"], "at most 200"),
    ],
)
def test_what_cannot_be_is_refused_in_words(arguments: list[str], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        run(*arguments)
    assert organizations() == []


def test_a_slug_is_given_once() -> None:
    run("Acme Care", "--admin", "jo@acme.example")
    with pytest.raises(CommandError, match="slug acme-care exists already"):
        run("Acme Care", "--admin", "kim@acme.example")
    assert len(organizations()) == 1
    assert not User.objects.filter(email="kim@acme.example").exists()
