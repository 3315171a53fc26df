"""How the tests invite people and accept, through the pages."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core import mail
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import reverse

from qa.organizations.models import Organization
from tests.organizations.steps import at, deliver, shown_secret, text_of

OWN = "a password that only they know"
CONSOLE = "django.core.mail.backends.console.EmailBackend"


@contextmanager
def no_mail() -> Iterator[None]:
    """As an installation without EMAIL_URL."""
    with override_settings(EMAIL_BACKEND=CONSOLE):
        yield


def invite(
    admin: Client, organization: Organization, email: str, *, role: str = "manager", **data: Any
) -> HttpResponse:
    """What the admin's form answers."""
    given = {"email": email, "name": "Somebody", "role": role, **data}
    return admin.post(at(organization, "settings-invite"), given, follow=True)


def handed_link(admin: Client, organization: Organization, email: str, **data: Any) -> str:
    """The link that an admin gets to pass on, where no mail is set up."""
    with no_mail():
        return path_of(shown_secret(invite(admin, organization, email, **data)))


def mailed_link(admin: Client, organization: Organization, email: str, **data: Any) -> str:
    """The link that only the mailbox gets."""
    answer = invite(admin, organization, email, **data)
    assert "/invitations/" not in text_of(answer).replace("settings/invitations/", "")
    return newest_link()


def newest_link() -> str:
    """Where the mail leads that the worker sends now, or has sent last."""
    deliver()
    found = re.search(r"http\S+/accounts/invitations/\S+", mail.outbox[-1].body)
    assert found, "no link in the mail"
    return path_of(found[0])


def path_of(link: str) -> str:
    return re.sub(r"^https?://[^/]+", "", link)


def join(link: str, *, password: str = OWN, name: str = "Nell Hart") -> tuple[Client, HttpResponse]:
    """Accept as somebody who has no log-in: their browser, and what it was answered."""
    browser = Client()
    data = {"name": name, "password1": password, "password2": password}
    return browser, browser.post(link, data)


def sign_in(email: str, password: str, *, to: str = "") -> Client:
    """A browser in which somebody has typed this; whether it let them in is to be seen."""
    browser = Client()
    browser.post(reverse("login"), {"username": email, "password": password, "next": to})
    return browser


def reaches(browser: Client, organization: Organization) -> bool:
    """True if this browser gets to any page of the organization."""
    status = browser.get(at(organization, "disputes")).status_code
    assert status in {200, 302, 404}
    return bool(status == 200)
