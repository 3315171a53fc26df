"""`manage.py create_organization`: how a real installation begins."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from qa.audit.models import AuditEvent
from qa.organizations.models import Membership, Organization, Role, User
from qa.tenancy.base import System
from qa.tenancy.context import directory, tenant
from tests.world import PASSWORD

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    printed = StringIO()
    call_command("create_organization", *arguments, stdout=printed)
    return printed.getvalue()


def organizations() -> list[Organization]:
    with directory():
        return list(Organization.objects.order_by("slug"))


def test_the_first_admin_sets_a_password_by_the_printed_link_and_is_in(client: Client) -> None:
    printed = run("Acme Care", "--admin", "jo@acme.example", "--admin-name", "Jo Marsh")
    assert "/o/acme-care/" in printed
    link = re.search(r"/accounts/reset/\S+", printed)
    assert link is not None
    form = client.get(link[0], follow=True)
    words = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    client.post(form.redirect_chain[-1][0], words)
    client.post("/accounts/login/", {"username": "jo@acme.example", "password": PASSWORD})
    assert client.get("/", follow=True).redirect_chain[-1][0].startswith("/o/acme-care/")
    again = client.get(link[0], follow=True)
    assert "new_password1" not in again.content.decode()  # the link works once


def test_it_makes_one_organization_with_one_admin_and_writes_it_down() -> None:
    run("Acme Care", "--admin", "jo@acme.example", "--slug", "acme")
    (organization,) = organizations()
    assert (organization.name, organization.slug) == ("Acme Care", "acme")
    by = System(organization.id)
    with tenant(organization.id):
        member = Membership.objects.visible_to(by).select_related("user").get()
        assert (member.role, member.user.name) == (Role.ADMIN, "jo")
        assert list(AuditEvent.objects.visible_to(by).values_list("action", flat=True)) == [
            "member.added"
        ]


def test_someone_with_a_log_in_keeps_their_password() -> None:
    User.objects.create_user(email="jo@acme.example", name="Jo", password=PASSWORD)
    printed = run("Acme Care", "--admin", "JO@acme.example")
    assert "password they have already" in printed
    assert "/accounts/reset/" not in printed
    assert User.objects.get().check_password(PASSWORD)


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
