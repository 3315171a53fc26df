"""What an admin of one organization must never get of another, whatever they do with invitations.

Mallory administers Elsewhere; Ada administers Larkfield.
"""

from collections.abc import Callable

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.tokens import default_token_generator
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from qa.core.errors import NotAllowed, Refused
from qa.organizations import invitations
from qa.organizations import sign_in as signing_in
from qa.organizations.models import Invitation, Membership, Organization, Role, User
from qa.tenancy.context import signed_in as signed_in_as
from qa.tenancy.context import tenant
from tests.organizations.joining import (
    OWN,
    handed_link,
    invite,
    join,
    mailed_link,
    newest_link,
    no_mail,
    reaches,
    sign_in,
)
from tests.organizations.steps import at, deliver, newest, shown_secret, text_of
from tests.world import PASSWORD

SignIn = Callable[[Membership | None], Client]
HERS = "a password that mallory knows"
NEW = "newhire@larkfield.example"


def browser_of(member: Membership) -> Client:
    return sign_in(member.user.email, PASSWORD)


def organizations_of(user: User) -> set[str]:
    with signed_in_as(user.pk):
        return {membership.organization.slug for membership in Membership.objects.of_user(user)}


@pytest.mark.parametrize("by_mail", [False, True])
def test_a_password_set_by_another_organizations_link_opens_nothing_here(
    *,
    by_mail: bool,
    larkfield: Organization,
    ada: Membership,
    elsewhere: Organization,
    mallory: Membership,
) -> None:
    thief, _ = join(handed_link(browser_of(mallory), elsewhere, NEW), password=HERS)
    assert reaches(thief, elsewhere)
    ours = (mailed_link if by_mail else handed_link)(browser_of(ada), larkfield, NEW, role="admin")
    assert not reaches(thief, larkfield)
    assert thief.get(ours).status_code == 409  # even who signed in there holds our link
    assert thief.post(ours).status_code == 409
    newcomer, answer = join(ours)
    assert answer.status_code == 302
    assert (reaches(newcomer, larkfield), reaches(newcomer, elsewhere)) == (True, False)
    for place in ("", "/o/larkfield/settings/"):
        again = sign_in(NEW, HERS, to=place)
        assert (reaches(again, larkfield), reaches(again, elsewhere)) == (False, True)
        again = sign_in(NEW, OWN, to=place)
        assert (reaches(again, larkfield), reaches(again, elsewhere)) == (True, False)
    assert not reaches(thief, larkfield)


@pytest.mark.parametrize("by_mail", [False, True])
def test_a_link_that_another_organization_keeps_opens_nothing_here(
    *,
    by_mail: bool,
    larkfield: Organization,
    ada: Membership,
    elsewhere: Organization,
    mallory: Membership,
) -> None:
    kept = handed_link(browser_of(mallory), elsewhere, NEW)
    ours = (mailed_link if by_mail else handed_link)(browser_of(ada), larkfield, NEW)
    newcomer, _ = join(ours)
    thief, answer = join(kept, password=HERS)
    assert answer.status_code == 404
    assert (reaches(thief, larkfield), reaches(thief, elsewhere)) == (False, False)
    assert (reaches(newcomer, larkfield), reaches(newcomer, elsewhere)) == (True, False)
    assert not reaches(sign_in(NEW, HERS, to="/o/larkfield/"), larkfield)


def test_a_link_dies_when_another_organization_invites_the_same_address(
    larkfield: Organization, ada: Membership, elsewhere: Organization, mallory: Membership
) -> None:
    kept = handed_link(browser_of(mallory), elsewhere, NEW)
    theirs = handed_link(browser_of(ada), larkfield, NEW.upper())
    assert Client().get(kept).status_code == 404
    assert Client().get(theirs).status_code == 200
    with tenant(elsewhere.pk):  # it waits for a new link, as if its time had run out
        assert Invitation.objects.visible_to(mallory).get().expired


@pytest.mark.parametrize("by_mail", [False, True])
def test_another_organization_blocks_nobody_from_joining(
    *,
    by_mail: bool,
    larkfield: Organization,
    ada: Membership,
    elsewhere: Organization,
    mallory: Membership,
) -> None:
    admin = browser_of(ada)
    mine = (mailed_link if by_mail else handed_link)(admin, larkfield, NEW)
    join(handed_link(browser_of(mallory), elsewhere, NEW), password=HERS)
    invited = admin.get(at(larkfield, "settings-members"))
    (again,) = [
        line.partition('"')[0]
        for line in text_of(invited).split('action="')
        if "/again/" in line.partition('"')[0]
    ]
    if by_mail:
        admin.post(again)
        newer = newest_link()
    else:
        with no_mail():
            newer = shown_secret(admin.post(again))
    assert Client().get(mine).status_code == 404
    newcomer, _ = join(newer)
    assert (reaches(newcomer, larkfield), reaches(newcomer, elsewhere)) == (True, False)


@pytest.mark.parametrize("by_mail", [False, True])
def test_nobody_is_a_member_unasked_and_their_name_is_not_told(
    *,
    by_mail: bool,
    larkfield: Organization,
    mona: Membership,
    elsewhere: Organization,
    mallory: Membership,
) -> None:
    admin = browser_of(mallory)
    before = User.objects.get(pk=mona.user_id).password
    link = (mailed_link if by_mail else handed_link)(admin, elsewhere, mona.user.email)
    assert organizations_of(mona.user) == {"larkfield"}
    assert browser_of(mona).get("/")["Location"] == "/o/larkfield/dashboard/"
    pages = ("settings-members", "settings-audit", "settings-invite")
    told = "".join(text_of(admin.get(at(elsewhere, page))) for page in pages)
    assert "Mona" not in told
    assert ("Mona" in text_of(Client().get(link))) is False
    assert User.objects.get(pk=mona.user_id).password == before


def test_the_answer_is_the_same_whether_an_address_has_an_account_or_not(
    larkfield: Organization, mona: Membership, elsewhere: Organization, mallory: Membership
) -> None:
    admin, unknown = browser_of(mallory), "nobody@larkfield.example"
    answers = []
    for email in (mona.user.email, unknown):
        with no_mail():
            made = invite(admin, elsewhere, email)
        page = Client().get(shown_secret(made))
        words = text_of(made).replace(shown_secret(made), "") + text_of(page)
        words = words.replace(page.request["PATH_INFO"], "").replace(email, "x")
        answers.append((made.status_code, page.status_code, _without_tokens(words)))
    assert answers[0] == answers[1]


def _without_tokens(words: str) -> str:
    return "".join(part for part in words.split('"') if len(part) != 64)


def test_a_link_takes_over_nobody_who_has_a_log_in(
    larkfield: Organization, mona: Membership, elsewhere: Organization, mallory: Membership
) -> None:
    before, admin = User.objects.get(pk=mona.user_id), browser_of(mallory)
    working = browser_of(mona)
    mailed = mailed_link(admin, elsewhere, mona.user.email)
    thief, answer = join(mailed, password=HERS)
    assert answer.status_code == 409
    assert "Sign in with it" in text_of(answer)
    open_one = newest(Invitation, elsewhere)
    admin.post(at(elsewhere, "settings-invitation-withdraw", open_one.pk))
    thief, answer = join(handed_link(admin, elsewhere, mona.user.email), password=HERS)
    assert (reaches(thief, elsewhere), reaches(thief, larkfield)) == (True, False)
    after = User.objects.get(pk=mona.user_id)
    assert (after.password, after.name) == (before.password, before.name)
    assert reaches(working, larkfield)
    assert not reaches(sign_in(mona.user.email, HERS, to="/o/larkfield/"), larkfield)


def test_no_door_can_set_a_password_that_exists(
    larkfield: Organization, mona: Membership, mallory: Membership
) -> None:
    before = User.objects.get(pk=mona.user_id).password
    with tenant(mallory.organization_id):
        invited, _ = invitations.invite(
            by=mallory, email=mona.user.email, name="M", role=Role.ADMIN, mailed=True
        )
        with pytest.raises(Refused, match="Sign in with it"):
            invitations.accept_with_new_account(invited, name="M", password=HERS)
        with pytest.raises(NotAllowed, match="another person"):
            invitations.accept(invited, user=mallory.user)
    assert User.objects.get(pk=mona.user_id).password == before


def test_its_owner_joins_a_second_organization_by_signing_in(
    larkfield: Organization, mona: Membership, elsewhere: Organization, mallory: Membership
) -> None:
    link = mailed_link(browser_of(mallory), elsewhere, "MONA@Larkfield.example", role="specialist")
    assert "Sign in with it" in text_of(Client().get(link))
    browser = sign_in(mona.user.email, PASSWORD, to=link)
    assert "Its admins will see your name, Mona" in text_of(browser.get(link))
    assert not reaches(browser, elsewhere)
    assert browser.post(link)["Location"] == "/o/elsewhere/queue/"
    assert (reaches(browser, elsewhere), reaches(browser, larkfield)) == (True, True)
    assert browser.get(link).status_code == 404


def test_a_mail_link_that_asks_for_a_new_password_goes_to_each_log_in_of_the_address(
    larkfield: Organization, ada: Membership, elsewhere: Organization, mallory: Membership
) -> None:
    join(handed_link(browser_of(mallory), elsewhere, NEW), password=HERS)
    join(mailed_link(browser_of(ada), larkfield, NEW))
    mail.outbox.clear()
    Client().post(reverse("password_reset"), {"email": NEW.upper()})
    deliver()
    assert [message.to for message in mail.outbox] == [[NEW], [NEW]]
    assert ["in Elsewhere." in message.body for message in mail.outbox] == [False, True]


def test_the_database_keeps_an_account_in_its_own_organization(
    larkfield: Organization, ada: Membership, elsewhere: Organization, mallory: Membership
) -> None:
    join(handed_link(browser_of(mallory), elsewhere, NEW), password=HERS)
    account = User.objects.get(email=NEW)
    assert account.only_in_id == elsewhere.pk
    with tenant(larkfield.id), pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(organization=larkfield, user=account, role=Role.ADMIN)
    account.only_in = None
    with pytest.raises(IntegrityError), transaction.atomic():
        account.save()


@pytest.mark.parametrize("number", [0, 1, 2])
def test_signing_in_takes_as_long_however_many_accounts_an_address_has(
    *,
    number: int,
    larkfield: Organization,
    ada: Membership,
    elsewhere: Organization,
    mallory: Membership,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for admin, organization in ((mallory, elsewhere), (ada, larkfield))[:number]:
        join(handed_link(browser_of(admin), organization, NEW), password=HERS)
    computed: list[str] = []
    checked = User.check_password
    monkeypatch.setattr(
        User, "check_password", lambda self, raw: computed.append("one") or checked(self, raw)
    )
    monkeypatch.setattr(
        signing_in, "make_password", lambda raw: computed.append("one") or make_password(raw)
    )
    for password in (HERS, "a wrong one"):
        computed.clear()
        sign_in(NEW, password)
        assert len(computed) == 2


def test_old_links_of_admins_are_dead(larkfield: Organization, ada: Membership) -> None:
    user = User.objects.create_user(email="old@larkfield.example", name="Old")
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    token = default_token_generator.make_token(user)
    link = reverse("password_reset_confirm", kwargs={"uidb64": uid, "token": token})
    assert "no longer works" in text_of(Client().get(link, follow=True))


@pytest.mark.parametrize(
    ("typed", "invited"),
    [
        ("Mona@Elsewhere.Example", "mona@elsewhere.example"),
        ("mona@larkf\N{LATIN SMALL LETTER DOTLESS I}eld.example", "mona@xn--larkfeld-xkb.example"),
        ("mona@\N{FULLWIDTH LATIN SMALL LETTER L}arkfield.example", None),
        ("m\N{CYRILLIC SMALL LETTER O}na@larkfield.example", None),
    ],
)
def test_letters_that_look_alike_are_taken_for_nobodys(
    typed: str, invited: str | None, larkfield: Organization, ada: Membership, mona: Membership
) -> None:
    answer = invite(browser_of(ada), larkfield, typed)
    assert answer.status_code == (200 if invited else 422)
    with tenant(larkfield.id):
        found = Invitation.objects.visible_to(ada).values_list("email", flat=True).first()
    assert found == invited
