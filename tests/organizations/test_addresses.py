"""One's own name and address, and an address that an admin asks for: proven before it holds."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessFailureLog
from django.core import mail, signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from qa.organizations import accounts
from qa.organizations.models import Membership, Organization, User
from qa.tenancy.context import tenant
from tests.organizations.joining import (
    handed_link,
    join,
    mailed_link,
    no_mail,
    reaches,
    sign_in,
)
from tests.organizations.steps import at, deliver, events, newest, text_of
from tests.world import PASSWORD

SignIn = Callable[[Membership | None], Client]
NEW = "dana.new@larkfield.example"


def own(client: Client, organization: Organization, email: str = NEW) -> Any:
    return client.post(at(organization, "account-address"), {"email": email}, follow=True)


def proposed(client: Client, member: Membership, email: str = NEW) -> Any:
    url = at(member.organization, "settings-member-address", member.pk)
    return client.post(url, {"email": email}, follow=True)


def newest_link() -> str:
    deliver()
    found = re.search(r"http://[^/]+(/accounts/address/\S+)", mail.outbox[-1].body)
    assert found
    return found[1]


def address_of(member: Membership) -> str:
    return User.objects.get(pk=member.user_id).email


def test_a_member_changes_their_own_name(
    signed_in: SignIn, larkfield: Organization, dana: Membership, ada: Membership
) -> None:
    client, url = signed_in(dana), at(larkfield, "account-name")
    assert 'value="Dana"' in text_of(client.get(url))
    answer = client.post(url, {"name": "  Dana   Reyes "}, follow=True)
    assert "Your name is saved." in text_of(answer)
    assert client.post(url, {"name": "  "}).status_code == 422
    assert client.post(url, {"name": "Dana Reyes"}).status_code == 302
    assert events(larkfield).count("member.renamed") == 1
    assert "Dana Reyes" in text_of(signed_in(ada).get(at(larkfield, "settings-members")))


def test_a_new_address_holds_once_it_is_confirmed_and_the_old_one_is_told(
    signed_in: SignIn, larkfield: Organization, dana: Membership
) -> None:
    client = signed_in(dana)
    old = dana.user.email
    assert f"A link is on its way to {NEW}." in text_of(own(client, larkfield, NEW.upper()))
    link = newest_link()
    assert mail.outbox[-1].to == [NEW]
    assert "Dana" not in mail.outbox[-1].body
    assert text_of(client.get(link)).count(NEW) == 1
    assert address_of(dana) == old  # opening it changes nothing
    assert client.post(link, {"password": "a wrong one"}).status_code == 422
    assert address_of(dana) == old
    answer = client.post(link, {"password": PASSWORD}, follow=True)
    assert address_of(dana) == NEW
    assert f"Sign in with {NEW} from now on." in text_of(answer)
    deliver()
    told = mail.outbox[-1]
    assert told.to == [old]
    assert NEW not in told.body
    assert reaches(sign_in(NEW, PASSWORD), larkfield)
    assert not reaches(sign_in(old, PASSWORD), larkfield)
    assert events(larkfield)[-2:] == ["member.address_asked", "member.address_changed"]
    assert client.get(link).status_code == 404  # used


@pytest.mark.parametrize("how", ["taken back", "replaced", "late", "made up", "left"])
def test_a_link_to_a_new_address_dies(
    how: str,
    signed_in: SignIn,
    larkfield: Organization,
    dana: Membership,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = signed_in(dana)
    own(client, larkfield)
    link = newest_link()
    if how == "taken back":
        client.post(at(larkfield, "account-address"), {"withdraw": "on"})
    elif how == "replaced":
        own(client, larkfield, "other@larkfield.example")
    elif how == "late":
        late = timezone.now().timestamp() + accounts.LASTS.total_seconds() + 1
        monkeypatch.setattr(signing.time, "time", lambda: late)
    elif how == "made up":
        link = link[:-4] + "AAA/"
    else:
        client.logout()
        assert client.get(link)["Location"].startswith(reverse("login"))
        return
    assert client.get(link).status_code == 404
    assert client.post(link, {"password": PASSWORD}).status_code == 404
    assert address_of(dana) != NEW


def test_a_member_has_no_more_than_five_mails_an_hour_sent(
    signed_in: SignIn, larkfield: Organization, dana: Membership
) -> None:
    client = signed_in(dana)
    answers = [own(client, larkfield, f"d{number}@x.example").status_code for number in range(6)]
    assert answers == [200] * 5 + [409]


def test_whoever_reads_the_new_mailbox_alone_changes_nothing(
    signed_in: SignIn, larkfield: Organization, dana: Membership, mallory: Membership
) -> None:
    own(signed_in(dana), larkfield, mallory.user.email)
    link = newest_link()
    thief = signed_in(mallory)
    page = thief.get(link)
    assert page.status_code == 409
    assert dana.user.email not in text_of(page)
    assert thief.post(link, {"password": PASSWORD}).status_code == 409
    assert address_of(dana) == dana.user.email


def test_an_address_of_another_log_in_is_told_to_its_owner_alone(
    signed_in: SignIn, larkfield: Organization, dana: Membership, mallory: Membership
) -> None:
    client = signed_in(dana)
    pages = [
        text_of(own(client, larkfield, email)).replace(email, "x")
        for email in (mallory.user.email, "nobody@elsewhere.example")
    ]
    own(client, larkfield, mallory.user.email)
    assert _plain(pages[0]) == _plain(pages[1])
    answer = client.post(newest_link(), {"password": PASSWORD})
    assert answer.status_code == 409
    assert "another log-in with this address" in text_of(answer)
    assert address_of(dana) == dana.user.email


def _plain(page: str) -> str:
    return re.sub(r"[A-Za-z0-9_-]{40,}", "", page)


def test_an_admin_asks_and_the_member_confirms(
    signed_in: SignIn, larkfield: Organization, ada: Membership, dana: Membership
) -> None:
    admin = signed_in(ada)
    asked = text_of(proposed(admin, dana))
    assert "Nothing changes until they open the link" in asked
    link = newest_link()
    assert "An admin of Larkfield asks you" in mail.outbox[-1].body
    assert address_of(dana) == dana.user.email
    assert admin.get(link).status_code == 409  # not the admin's to confirm
    assert admin.post(link, {"password": PASSWORD}).status_code == 409
    client = sign_in(dana.user.email, PASSWORD, to=link)
    assert client.post(link, {"password": PASSWORD}).status_code == 302
    assert address_of(dana) == NEW
    assert events(larkfield)[-2:] == ["member.address_proposed", "member.address_changed"]
    page = text_of(signed_in(ada).get(at(larkfield, "settings-member", dana.pk)))
    assert "You have asked for" not in page


def test_an_admin_can_ask_no_more(
    signed_in: SignIn, larkfield: Organization, ada: Membership, dana: Membership
) -> None:
    admin = signed_in(ada)
    proposed(admin, dana)
    link = newest_link()
    admin.post(at(larkfield, "settings-member-address", dana.pk), {"withdraw": "on"})
    assert sign_in(dana.user.email, PASSWORD).get(link).status_code == 404
    assert events(larkfield)[-1] == "member.address_withdrawn"
    assert proposed(admin, dana, ada.user.email).status_code == 409
    assert proposed(admin, dana, dana.user.email).status_code == 409


def test_a_log_in_of_several_organizations_is_asked_as_any_other(
    larkfield: Organization, ada: Membership, dana: Membership, mallory: Membership
) -> None:
    """Nothing tells whether a member belongs elsewhere too; each trail tells of the change."""
    admin = sign_in(ada.user.email, PASSWORD)
    url = at(larkfield, "settings-member-address", dana.pk)
    before = _plain(text_of(admin.get(url)))
    link = mailed_link(sign_in(mallory.user.email, PASSWORD), mallory.organization, dana.user.email)
    client = sign_in(dana.user.email, PASSWORD)
    client.post(link)
    assert _plain(text_of(admin.get(url))) == before
    proposed(admin, dana)
    client.post(newest_link(), {"password": PASSWORD})
    assert address_of(dana) == NEW
    for organization in (larkfield, mallory.organization):
        assert events(organization)[-1] == "member.address_changed"


def test_who_was_removed_confirms_nothing_that_was_asked_of_them(
    signed_in: SignIn, larkfield: Organization, ada: Membership, dana: Membership
) -> None:
    admin = signed_in(ada)
    proposed(admin, dana)
    link = newest_link()
    admin.post(at(larkfield, "settings-member-remove", dana.pk))
    assert sign_in(dana.user.email, PASSWORD).get(link).status_code == 404


def test_without_mail_no_address_changes_and_the_page_says_what_can_be_done(
    signed_in: SignIn, larkfield: Organization, ada: Membership, dana: Membership
) -> None:
    handed, _ = join(handed_link(signed_in(ada), larkfield, "rui@larkfield.example"))
    with no_mail():
        for client in (signed_in(dana), handed):
            page = text_of(client.get(at(larkfield, "account-address")))
            assert "Ask an admin to invite your new address." in page
            assert own(client, larkfield).status_code == 409
        admin, rui = signed_in(ada), newest(Membership, larkfield)
        for member in (dana, rui):
            url = at(larkfield, "settings-member-address", member.pk)
            assert "Invite the new address as a new member." in text_of(admin.get(url))
            assert proposed(admin, member).status_code == 409
    assert mail.outbox == []


@pytest.mark.parametrize("whose", ["own choice", "the organization's"])
def test_mails_about_an_address_are_in_their_readers_language(
    whose: str, signed_in: SignIn, larkfield: Organization, ada: Membership, dana: Membership
) -> None:
    User.objects.filter(pk=ada.user_id).update(language="en")
    if whose == "own choice":
        User.objects.filter(pk=dana.user_id).update(language="fr")
    else:
        with tenant(larkfield.id):
            Organization.objects.filter(pk=larkfield.pk).update(language="fr")
    proposed(signed_in(ada), dana)
    newest_link()
    by_admin = mail.outbox[-1]
    own(signed_in(dana), larkfield)
    link = newest_link()
    asked = mail.outbox[-1]
    signed_in(dana).post(link, {"password": PASSWORD})
    deliver()
    told = mail.outbox[-1]
    # Nobody's organization is known of who asks for themself: their own choice alone says.
    french = [by_admin, asked, told] if whose == "own choice" else [by_admin]
    assert (asked.to, told.to) == ([NEW], [dana.user.email])
    for message in (by_admin, asked, told):
        assert message.body.startswith("Bonjour," if message in french else "Hello,")
        assert ("adresse" in message.subject) is (message in french)


@pytest.mark.parametrize("page", ["confirm an address", "change it", "change it, in none"])
def test_wrong_passwords_of_who_is_signed_in_are_slowed_as_at_sign_in(
    page: str, signed_in: SignIn, larkfield: Organization, dana: Membership
) -> None:
    client, other = signed_in(dana), signed_in(dana)
    own(client, larkfield)
    url, field = {
        "confirm an address": (newest_link(), "password"),
        "change it": (at(larkfield, "account-password"), "old_password"),
        "change it, in none": (reverse("password_change"), "old_password"),
    }[page]
    new = dict.fromkeys(("new_password1", "new_password2"), "another quite long phrase")

    def tried(password: str) -> int:
        return client.post(url, {field: password, **new}).status_code

    answers = [tried(f"guess {n}") for n in range(8)]
    assert set(answers[:7]) <= {200, 422}
    assert answers[7] == 429
    assert tried(PASSWORD) == 429  # the right one is not looked at either
    assert not reaches(sign_in(dana.user.email, PASSWORD), larkfield)
    assert reaches(other, larkfield)  # whoever is in stays in
    for kept in (*AccessAttempt.objects.all(), *AccessFailureLog.objects.all()):
        assert "guess" not in f"{kept.__dict__}"
        assert "quite long" not in f"{kept.__dict__}"
