"""The frame around every page: sign-in, start, faults, the member's menu."""

from collections.abc import Callable

import pytest
from django.contrib.auth import get_user_model
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.views import defaults

from qa.core.version import VERSION
from qa.organizations import invitations
from qa.organizations.models import Membership, Organization, Role
from qa.organizations.sign_in import BACKEND, mailed_links
from qa.tenancy.context import tenant
from tests.world import PASSWORD, make_review

SignIn = Callable[[Membership | None], Client]
NOWHERE = "01900000-0000-7000-8000-000000000000"


def settings_of(organization: Organization, name: str = "settings", **kwargs: object) -> str:
    return reverse(name, kwargs={"slug": organization.slug, **kwargs})


def test_a_person_signs_in_with_their_address_in_any_case(dana: Membership) -> None:
    browser = Client()
    page = browser.get(reverse("login"))
    assert "E-mail" in page.content.decode()
    entry = {"username": dana.user.email.upper(), "password": PASSWORD}
    answer = browser.post(reverse("login"), entry, follow=True)
    assert answer.redirect_chain[-1][0] == f"/o/{dana.organization.slug}/queue/"


def test_a_wrong_password_is_refused_in_words(dana: Membership) -> None:
    entry = {"username": dana.user.email, "password": "wrong"}
    page = Client().post(reverse("login"), entry).content.decode()
    assert "Wrong e-mail or password." in page
    assert "wrong" not in page.replace("field--wrong", "")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("login", "Sign in"),
        ("password_reset", "Forgotten your password?"),
        ("password_reset_done", "Check your e-mail"),
        ("password_reset_complete", "Your new password is saved"),
    ],
)
def test_pages_before_signing_in_are_open(name: str, words: str, db: None) -> None:
    page = Client().get(reverse(name))
    assert page.status_code == 200
    assert words in page.content.decode()


def test_a_password_is_changed_in_the_same_frame(dana: Membership, signed_in: SignIn) -> None:
    client = signed_in(dana)
    url = client.get(reverse("password_change"))["Location"]
    assert url == "/o/larkfield/account/password/"
    page = client.get(url).content.decode()
    assert "Change password" in page
    assert 'href="/o/larkfield/queue/"' in page  # the menu is around it
    fields = {"old_password": PASSWORD, "new_password1": "short", "new_password2": "short"}
    assert "at least 12 characters" in client.post(url, fields).content.decode()
    better = "another quite long phrase"
    fields |= {"new_password1": better, "new_password2": better}
    assert "Your password is changed." in client.post(url, fields, follow=True).content.decode()
    dana.user.refresh_from_db()
    assert dana.user.check_password(better)


def test_a_password_is_changed_without_any_organization_too(db: None) -> None:
    people = get_user_model().objects
    user = people.create_user(email="rui@larkfield.example", name="Rui", password=PASSWORD)
    client, url = Client(), reverse("password_change")
    client.force_login(user, backend=BACKEND)
    better = "another quite long phrase"
    fields = {"old_password": PASSWORD, "new_password1": better, "new_password2": better}
    assert "Current password" in client.get(url).content.decode()
    assert "Password changed" in client.post(url, fields, follow=True).content.decode()


def test_who_was_locked_out_signs_in_once_the_mailbox_gave_another_password(
    dana: Membership,
) -> None:
    client, better = Client(), "another quite long phrase"
    for _ in range(9):
        answer = client.post(reverse("login"), {"username": dana.user.email, "password": "wrong"})
    assert answer.status_code == 429
    assert "Too many attempts" in answer.content.decode()
    uid = urlsafe_base64_encode(force_bytes(dana.user_id))
    names = {"uidb64": uid, "token": mailed_links.make_token(dana.user)}
    form = client.get(reverse("password_reset_confirm", kwargs=names))["Location"]
    client.post(form, {"new_password1": better, "new_password2": better})
    entry = {"username": dana.user.email, "password": better}
    assert client.post(reverse("login"), entry).status_code == 302


def test_with_one_organization_the_start_is_the_members_own(
    dana: Membership, ada: Membership, alex: Membership, signed_in: SignIn
) -> None:
    for member, place in ((dana, "queue"), (ada, "dashboard"), (alex, "feedback")):
        answer = signed_in(member).get("/")
        assert answer["Location"] == f"/o/{member.organization.slug}/{place}/"


def test_with_several_organizations_the_start_is_a_choice(
    dana: Membership, elsewhere: Organization, mallory: Membership, signed_in: SignIn
) -> None:
    with tenant(elsewhere.id):
        invited, _ = invitations.invite(
            by=mallory, email=dana.user.email, name="D", role=Role.MANAGER, mailed=True
        )
        invitations.accept(invited, user=dana.user)
    page = signed_in(dana).get("/").content.decode()
    assert 'href="/o/larkfield/queue/"' in page
    assert 'href="/o/elsewhere/dashboard/"' in page


def test_with_no_organization_the_start_says_what_to_do(db: None) -> None:
    user = get_user_model().objects.create_user(email="new@x.example", name="Nora")
    client = Client()
    client.force_login(user, backend=BACKEND)
    page = client.get("/").content.decode()
    assert "Welcome, Nora" in page
    assert "new@x.example" in page


def test_the_menu_names_the_member_and_signs_out_by_post(
    ada: Membership, signed_in: SignIn
) -> None:
    client = signed_in(ada)
    page = client.get(settings_of(ada.organization)).content.decode()
    for words in ("Ada", "Admin · Larkfield", "Change password", "Sign out"):
        assert words in page
    for choice in ("system", "light", "dark"):
        assert f'data-theme-choice="{choice}"' in page
    assert client.get(reverse("logout")).status_code == 405
    assert client.post(reverse("logout")).status_code == 302
    assert client.get(settings_of(ada.organization)).status_code == 302


def test_a_missing_page_keeps_a_members_menu_and_shows_a_stranger_none(
    ada: Membership, mallory: Membership, signed_in: SignIn
) -> None:
    url = settings_of(ada.organization, "settings-key-revoke", pk=NOWHERE)
    inside = signed_in(ada).get(url)
    assert (inside.status_code, "rail__link" in inside.content.decode()) == (404, True)
    outside = signed_in(mallory).get(url)
    assert (outside.status_code, "rail__link" in outside.content.decode()) == (404, False)
    assert "Larkfield" not in outside.content.decode()


def test_a_page_of_another_role_says_so_and_keeps_the_menu(
    dana: Membership, signed_in: SignIn
) -> None:
    answer = signed_in(dana).get(settings_of(dana.organization))
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "have access" in page
    assert 'aria-current="page"' not in page
    assert 'data-go="q"' in page
    assert 'data-go="s"' not in page


def test_a_form_from_a_stale_page_is_explained(ada: Membership) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(reverse("login"), {"username": "x", "password": "y"})
    assert answer.status_code == 403
    assert "open for too long" in answer.content.decode()


def test_the_pages_for_faults_need_nothing() -> None:
    request = RequestFactory().get("/")
    broken = defaults.server_error(request)
    unreadable = defaults.bad_request(request, Exception())
    assert (broken.status_code, unreadable.status_code) == (500, 400)
    assert "wrong on our side" in broken.content.decode()
    assert "could not be read" in unreadable.content.decode()


def test_every_page_says_which_version_answers(
    dana: Membership, mona: Membership, signed_in: SignIn
) -> None:
    foot = f"<span>Heard {VERSION}</span></footer>"
    for path in ("dashboard/", "interactions/", "notices/", "nothing/"):
        assert foot in signed_in(mona).get(f"/o/{mona.organization.slug}/{path}").content.decode()
    assert foot in Client().get(reverse("login")).content.decode()
    assert foot in defaults.server_error(RequestFactory().get("/")).content.decode()


def test_on_the_review_page_the_menu_says_the_version_and_no_footer_takes_room(
    dana: Membership, signed_in: SignIn
) -> None:
    review = make_review(dana)
    page = signed_in(dana).get(f"/o/{dana.organization.slug}/reviews/{review.pk}/")
    assert f'<p class="menu__version">Heard {VERSION}</p>' in page.content.decode()
    assert "<footer" not in page.content.decode()


def test_the_policy_forbids_inline_script_and_style(ada: Membership, signed_in: SignIn) -> None:
    policy = signed_in(ada).get(settings_of(ada.organization))["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "script-src 'self'" in policy
