"""An invitation from its sending to its end: accepted once, by its owner, in time."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client, override_settings
from django.utils import timezone

from qa.organizations.models import Invitation, Membership, Organization, Role, User
from qa.outbox.models import Mail
from qa.tenancy.context import tenant
from tests.organizations.joining import (
    OWN,
    handed_link,
    invite,
    join,
    mailed_link,
    newest_link,
    path_of,
    reaches,
    sign_in,
)
from tests.organizations.steps import (
    at,
    deliver,
    events,
    newest,
    rows_of,
    shown_secret,
    text_of,
)

SignIn = Callable[[Membership | None], Client]
RUI = "rui@larkfield.example"


def test_who_is_invited_gets_a_mail_and_is_a_member_once_they_accept(
    signed_in: SignIn, larkfield: Organization, ada: Membership
) -> None:
    client = signed_in(ada)
    link = mailed_link(client, larkfield, "Rui@Larkfield.example", role="specialist")
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == ([RUI], "Join Larkfield in Heard")
    assert "Ada has invited you to join Larkfield in Heard. Your role: specialist." in sent.body
    page = text_of(client.get(at(larkfield, "settings-members")))
    assert "Sent by e-mail, valid until" in page
    assert newest(Membership, larkfield).user.name == "Ada"
    browser, answer = join(link, name="Rui Costa")
    assert answer["Location"] == "/o/larkfield/queue/"
    rui = newest(Membership, larkfield)
    assert (rui.role, rui.user.name, rui.user.only_in_id) == (Role.SPECIALIST, "Rui Costa", None)
    assert "Welcome to Larkfield." in text_of(browser.get(answer["Location"]))
    assert reaches(sign_in("RUI@larkfield.example", OWN), larkfield)
    assert events(larkfield)[-2:] == ["member.invited", "member.joined"]
    assert "Rui@" not in text_of(client.get(at(larkfield, "settings-members")))


def test_without_mail_the_link_is_shown_once_to_pass_on(
    signed_in: SignIn, larkfield: Organization, ada: Membership
) -> None:
    client = signed_in(ada)
    link = handed_link(client, larkfield, RUI)
    token = link.rstrip("/").rpartition("/")[2]
    assert mail.outbox == []
    page = client.get(at(larkfield, "settings-members"))
    assert "Handed to an admin" in text_of(page)
    assert token not in text_of(page) + text_of(client.get(at(larkfield, "settings-audit")))
    assert token not in newest(Invitation, larkfield).link_hash
    _, answer = join(link)
    assert answer.status_code == 302
    assert newest(Membership, larkfield).user.only_in_id == larkfield.pk


def test_opening_the_link_changes_nothing(
    signed_in: SignIn, larkfield: Organization, ada: Membership, mallory: Membership
) -> None:
    link = mailed_link(signed_in(ada), larkfield, mallory.user.email)
    for browser in (Client(), signed_in(mallory)):
        for _ in range(2):
            answer = browser.get(link)
            assert answer.status_code == 200
            assert "no-store" in answer["Cache-Control"]
            browser.head(link)
    assert not reaches(signed_in(mallory), larkfield)
    assert events(larkfield)[-1] == "member.invited"


def test_accepting_needs_the_form_of_the_page(
    signed_in: SignIn, larkfield: Organization, ada: Membership
) -> None:
    link = mailed_link(signed_in(ada), larkfield, RUI)
    strict = Client(enforce_csrf_checks=True)
    data = {"name": "Rui", "password1": OWN, "password2": OWN}
    assert strict.post(link, data).status_code == 403
    assert not User.objects.filter(email=RUI).exists()


@pytest.mark.parametrize("how", ["used", "withdrawn", "replaced", "late", "made up"])
def test_a_link_dies(how: str, signed_in: SignIn, larkfield: Organization, ada: Membership) -> None:
    client = signed_in(ada)
    link = mailed_link(client, larkfield, RUI)
    open_one = newest(Invitation, larkfield)
    if how == "used":
        join(link)
    elif how == "withdrawn":
        client.post(at(larkfield, "settings-invitation-withdraw", open_one.pk))
    elif how == "replaced":
        client.post(at(larkfield, "settings-invitation-again", open_one.pk))
        assert newest_link() != link
    elif how == "late":
        with tenant(larkfield.id):
            past = timezone.now() - timedelta(seconds=1)
            Invitation.objects.visible_to(ada).update(expires_at=past)
        assert "Expired" in text_of(client.get(at(larkfield, "settings-members")))
    else:
        link = link[:-4] + "AAA/"
    before = events(larkfield)
    seen = Client().get(link)
    browser, answer = join(link, password="another password, quite long")
    assert (seen.status_code, answer.status_code) == (404, 404)
    assert "This invitation no longer works" in text_of(seen)
    assert "Larkfield" not in text_of(seen) + text_of(answer)
    assert not reaches(browser, larkfield)
    assert events(larkfield) == before


def test_a_link_whose_time_ran_out_is_made_again(
    signed_in: SignIn, larkfield: Organization, ada: Membership
) -> None:
    client = signed_in(ada)
    mailed_link(client, larkfield, RUI)
    with tenant(larkfield.id):
        Invitation.objects.visible_to(ada).update(expires_at=timezone.now())
    open_one = newest(Invitation, larkfield)
    client.post(at(larkfield, "settings-invitation-again", open_one.pk))
    _, answer = join(newest_link())
    assert answer.status_code == 302
    assert events(larkfield)[-2:] == ["member.invited_again", "member.joined"]


def test_who_is_signed_in_as_somebody_else_is_told_and_comes_back_after_signing_out(
    signed_in: SignIn, larkfield: Organization, ada: Membership, mallory: Membership
) -> None:
    link = mailed_link(signed_in(ada), larkfield, RUI)
    other = signed_in(mallory)
    page = other.get(link)
    assert page.status_code == 409
    assert "This invitation is for somebody else" in text_of(page)
    assert RUI not in text_of(page)
    assert other.post(link).status_code == 409
    assert not reaches(other, larkfield)
    assert other.post("/accounts/logout/", {"next": link})["Location"] == link
    assert "You will sign in with" in text_of(other.get(link))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"password1": "short", "password2": "short"}, "at least 12 characters"),
        ({"password2": "not the same at all"}, "The two passwords"),
        ({"password1": "rui@larkfield", "password2": "rui@larkfield"}, "too similar"),
        ({"name": ""}, "required"),
    ],
)
def test_a_weak_or_mistyped_password_is_refused(
    changes: dict[str, str],
    words: str,
    signed_in: SignIn,
    larkfield: Organization,
    ada: Membership,
) -> None:
    link = mailed_link(signed_in(ada), larkfield, RUI)
    data = {"name": "Rui", "password1": OWN, "password2": OWN} | changes
    answer = Client().post(link, data)
    assert answer.status_code == 422
    assert words in text_of(answer)
    _, answer = join(link)
    assert answer.status_code == 302


def test_nobody_is_invited_twice_and_no_member_is(
    signed_in: SignIn, larkfield: Organization, ada: Membership, dana: Membership
) -> None:
    client = signed_in(ada)
    member = invite(client, larkfield, dana.user.email.upper())
    assert member.status_code == 409
    assert "already a member" in text_of(member)
    mailed_link(client, larkfield, RUI)
    twice = invite(client, larkfield, RUI.upper())
    assert twice.status_code == 409
    assert "This person has been invited already." in text_of(twice)
    assert len(mail.outbox) == 1


def test_an_agents_log_in_names_the_agent(
    signed_in: SignIn, larkfield: Organization, ada: Membership
) -> None:
    client, agent = signed_in(ada), rows_of(larkfield)["agent"]
    url = at(larkfield, "settings-invite")
    data = {"email": "ines@larkfield.example", "name": "Ines", "role": "agent"}
    nameless = client.post(url, data)
    assert nameless.status_code == 422
    assert "Choose an agent profile, or create one." in text_of(nameless)
    asked = text_of(client.get(url, {"agent": agent.pk}))
    assert f'<option value="{agent.pk}" selected>Ines (a-9)</option>' in asked
    link = mailed_link(client, larkfield, data["email"], role="agent", agent=agent.pk)
    taken = client.post(url, {**data, "email": "two@larkfield.example", "agent": agent.pk})
    assert taken.status_code == 422
    assert "Ines (a-9)" not in text_of(client.get(url))
    assert "invited" in text_of(client.get(at(larkfield, "settings-agent", agent.pk)))
    join(link)
    assert newest(Membership, larkfield).agent == agent


def test_the_first_agent_of_an_empty_organization_gets_their_profile_in_the_same_form(
    signed_in: SignIn, larkfield: Organization, ada: Membership
) -> None:
    link = mailed_link(signed_in(ada), larkfield, RUI, role="agent", name="Rui Costa", agent="new")
    browser, answer = join(link, name="Rui Costa")
    assert answer["Location"] == "/o/larkfield/feedback/"
    rui = newest(Membership, larkfield)
    assert rui.agent.name == "Rui Costa"
    assert events(larkfield)[-3:] == ["agent.added", "member.invited", "member.joined"]
    again = invite(
        signed_in(ada), larkfield, "b@x.example", role="agent", name="Rui Costa", agent="new"
    )
    assert again.status_code == 409
    assert "The agent Rui Costa has a log-in or an invitation already." in text_of(again)
    assert reaches(browser, larkfield)


def test_with_mail_a_link_can_be_handed_on_instead(
    signed_in: SignIn, larkfield: Organization, ada: Membership
) -> None:
    client = signed_in(ada)
    link = path_of(shown_secret(invite(client, larkfield, RUI, delivery="link")))
    again = at(larkfield, "settings-invitation-again", newest(Invitation, larkfield).pk)
    newer = path_of(shown_secret(client.post(again, {"delivery": "link"})))
    assert mail.outbox == []
    assert Client().get(link).status_code == 404
    assert join(newer)[1].status_code == 302
    assert newest(Membership, larkfield).user.only_in_id == larkfield.pk


def test_a_place_that_was_given_away_meanwhile_is_refused_in_words(
    signed_in: SignIn, larkfield: Organization, ada: Membership, dana: Membership
) -> None:
    client, agent = signed_in(ada), rows_of(larkfield)["agent"]
    link = mailed_link(client, larkfield, RUI, role="agent", agent=agent.pk)
    with tenant(larkfield.id):
        Membership.objects.visible_to(ada).filter(pk=dana.pk).update(agent=agent)
    _, answer = join(link)
    assert answer.status_code == 409
    assert "Ask the person who invited you." in text_of(answer)
    assert not User.objects.filter(email=RUI).exists()


def test_a_mail_that_cannot_be_sent_is_tried_again(
    signed_in: SignIn, larkfield: Organization, ada: Membership
) -> None:
    with override_settings(EMAIL_BACKEND="tests.outbox.test_mails.Unreachable"):
        answer = invite(signed_in(ada), larkfield, RUI)
        deliver()
    assert "An invitation is on its way to" in text_of(answer)
    assert mail.outbox == []
    Mail.objects.update(due_at=timezone.now())
    _, answer = join(newest_link())
    assert answer["Location"] == "/o/larkfield/dashboard/"


def test_no_mail_brings_a_link_that_another_organization_has_ended_meanwhile(
    signed_in: SignIn,
    larkfield: Organization,
    ada: Membership,
    elsewhere: Organization,
    mallory: Membership,
) -> None:
    invite(signed_in(ada), larkfield, RUI)
    invite(signed_in(mallory), elsewhere, RUI)
    deliver()
    (sent,) = mail.outbox
    assert sent.subject == "Join Elsewhere in Heard"


def test_no_mail_goes_to_whom_the_invitation_was_taken_back_from(
    signed_in: SignIn, larkfield: Organization, ada: Membership
) -> None:
    client = signed_in(ada)
    invite(client, larkfield, RUI)
    waiting = Mail.objects.get()
    made = newest(Invitation, larkfield)
    assert waiting.about == f"{larkfield.pk}/{made.pk}"
    client.post(at(larkfield, "settings-invitation-withdraw", made.pk))
    deliver()
    assert mail.outbox == []
    assert not Mail.objects.exists()


@pytest.mark.parametrize("by_mail", [False, True])
def test_an_old_account_that_never_had_a_password_is_opened_by_mail_alone(
    *, by_mail: bool, signed_in: SignIn, larkfield: Organization, ada: Membership
) -> None:
    old = User.objects.create_user(email=RUI, name="Old")
    join((mailed_link if by_mail else handed_link)(signed_in(ada), larkfield, RUI))
    assert User.objects.get(pk=old.pk).has_usable_password() == by_mail
    assert (newest(Membership, larkfield).user == old) == by_mail
