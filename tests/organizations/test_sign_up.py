"""Opening an organization by oneself: off, the address proven first, and nobody told anything."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from qa.organizations import sign_up
from qa.organizations.models import Membership, Organization, Role, User
from qa.organizations.own_models import SignUp
from qa.outbox.models import Mail
from qa.tenancy.context import directory, signed_in
from tests.organizations.steps import deliver, text_of
from tests.world import PASSWORD, make_organization

pytestmark = pytest.mark.django_db
SignIn = Callable[[Membership | None], Client]
NEW = "nora@newcomer.example"
FORM = {
    "organization": "Newcomer Ltd",
    "time_zone": "Europe/Dublin",
    "name": "Nora Quill",
    "password1": PASSWORD,
    "password2": PASSWORD,
}


@pytest.fixture(autouse=True)
def on() -> object:
    with override_settings(SIGN_UP=True):
        yield


def ask(email: str = NEW, browser: Client | None = None) -> object:
    return (browser or Client()).post(reverse("sign_up"), {"email": email})


def link() -> str:
    """The link of the newest mail."""
    deliver()
    found = re.search(r"https?://[^/]+(/accounts/sign-up/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def organizations() -> list[str]:
    with directory():
        return list(Organization.objects.order_by("pk").values_list("slug", flat=True))


def test_it_is_off_unless_the_operator_says_so() -> None:
    with override_settings(SIGN_UP=False):
        for page in (reverse("sign_up"), reverse("sign_up_open", kwargs={"token": "x"})):
            assert Client().get(page).status_code == 404
            assert Client().post(page, {"email": NEW}).status_code == 404
    assert not Mail.objects.exists()


def test_an_organization_is_opened_with_its_first_admin() -> None:
    browser = Client()
    assert "Check your e-mail" in text_of(ask(browser=browser))
    page = link()
    assert mail.outbox[-1].to == [NEW]
    assert organizations() == []  # looking changes nothing
    assert "Nora" not in text_of(browser.get(page))
    answer = browser.post(page, FORM)
    assert answer.headers["Location"] == "/o/newcomer-ltd/dashboard/"
    assert browser.get(answer.headers["Location"]).status_code == 200
    account = User.objects.get(email=NEW)
    assert account.only_in_id is None
    with signed_in(account.pk):
        member = Membership.objects.of_user(account).get()
    assert member.role == Role.ADMIN
    assert member.organization.time_zone == member.organization.days_zone == "Europe/Dublin"
    assert Client().get(page).status_code == 404  # a link is used once
    assert account.check_password(PASSWORD)


def test_the_answer_is_the_same_whoever_has_the_address(ada: Membership) -> None:
    pages = (text_of(ask(email)) for email in (ada.user.email, NEW))
    known, new = (re.sub(r'"x-csrftoken": "\w+"', "", page) for page in pages)
    assert known.replace(ada.user.email, NEW) == new


def test_who_has_an_account_signs_in_with_it(ada: Membership, signed_in: SignIn) -> None:
    ask(ada.user.email)
    page = link()
    assert "already have a log-in" in str(mail.outbox[-1].body)
    stranger = text_of(Client().get(page))
    assert "Sign in with it" in stranger
    assert "password1" not in stranger
    Client().post(page, FORM)
    assert organizations() == ["larkfield"]
    answer = signed_in(ada).post(page, FORM)
    assert answer.headers["Location"] == "/o/newcomer-ltd/dashboard/"
    assert User.objects.get(pk=ada.user_id).name == "Ada"


def test_another_person_who_is_signed_in_does_not_use_the_link_up(
    dana: Membership, signed_in: SignIn
) -> None:
    ask()
    page = link()
    answer = signed_in(dana).post(page, {**FORM, "password1": "x", "password2": "x"})
    assert answer.status_code == 422
    assert organizations() == ["larkfield"]


@pytest.mark.parametrize(
    "wrong",
    [{"organization": ""}, {"time_zone": "Mars/Olympus"}, {"password2": "other"}, {"name": ""}],
)
def test_what_is_missing_is_said_and_the_link_still_works(wrong: dict[str, str]) -> None:
    ask()
    page = link()
    assert Client().post(page, {**FORM, **wrong}).status_code == 422
    assert Client().post(page, FORM).status_code == 302


def test_addresses_of_organizations_never_meet() -> None:
    make_organization("Newcomer-Ltd")
    for slug in ("newcomer-ltd-2", "newcomer-ltd-3"):
        ask()
        SignUp.objects.update(sent_at=timezone.now() - timedelta(hours=2))
        page = link()
        browser = Client()
        if slug.endswith("3"):
            browser.post(reverse("login"), {"username": NEW, "password": PASSWORD})
        browser.post(page, FORM)
        assert organizations()[-1] == slug
        SignUp.objects.all().delete()


def test_a_name_without_latin_letters_gets_an_address_too() -> None:
    ask()
    Client().post(link(), {**FORM, "organization": "新規株式会社"})
    assert re.fullmatch(r"organization-[0-9a-f]{8}", organizations()[0])


def test_one_address_gets_one_mail_and_everybody_together_so_many_an_hour(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask()
    ask(NEW.upper())
    link()
    ask()
    deliver()
    assert len(mail.outbox) == 1
    monkeypatch.setattr(sign_up, "HOURLY", 2)
    ask("second@newcomer.example")
    answer = ask("third@newcomer.example")
    assert getattr(answer, "status_code", 0) == 429
    deliver()
    assert len(mail.outbox) == 2


def test_a_link_dies_after_its_time_and_when_another_is_sent() -> None:
    ask()
    first = link()
    SignUp.objects.update(sent_at=timezone.now() - timedelta(hours=2))
    ask()
    second = link()
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    SignUp.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert Client().post(second, FORM).status_code == 404
    sign_up.drop_old(now=timezone.now())
    assert not SignUp.objects.exists()
    assert organizations() == []


@pytest.mark.parametrize("email", ["", "nobody", "nörä@newcomer.example"])
def test_what_is_no_address_is_refused(email: str) -> None:
    assert getattr(ask(email), "status_code", 0) == 422
    assert not Mail.objects.exists()
