"""Whoever is deactivated is out like somebody removed, and is taken back by an admin."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from qa.organizations.access import SEEN_EVERY
from qa.organizations.models import Membership, Organization, Role, User
from qa.outbox.models import Mail
from qa.reviews.models import Review
from qa.tenancy.context import tenant
from tests.organizations.joining import invite, no_mail, reaches, sign_in
from tests.organizations.steps import at, deliver, events, listed, newest, text_of
from tests.world import PASSWORD, make_interaction, make_key, make_member, make_review

SignIn = Callable[[Membership | None], Client]


def deactivate(admin: Client, member: Membership) -> Any:
    url = at(member.organization, "settings-member-deactivate", member.pk)
    return admin.post(url, follow=True)


def reactivate(admin: Client, member: Membership, role: str, **data: Any) -> Any:
    url = at(member.organization, "settings-member-reactivate", member.pk)
    return admin.post(url, {"role": role, **data}, follow=True)


def test_a_deactivated_member_is_out_at_once_and_comes_back(
    signed_in: SignIn, larkfield: Organization, ada: Membership, dana: Membership, sam: Membership
) -> None:
    working, before = sign_in(dana.user.email, PASSWORD), events(larkfield)
    kept = make_review(dana, make_interaction(larkfield, external_id="done"), confirmed=True)
    begun = make_interaction(larkfield, external_id="begun")
    make_review(dana, begun)
    admin = signed_in(ada)
    url = at(larkfield, "settings-member-deactivate", dana.pk)
    assert "Deactivate Dana?" in text_of(admin.get(url))
    assert reaches(working, larkfield)
    assert "Dana is deactivated." in text_of(deactivate(admin, dana))
    assert working.get(at(larkfield, "queue")).status_code == 302  # signed out
    assert not reaches(sign_in(dana.user.email, PASSWORD), larkfield)
    assert make_review(sam, begun).specialist == sam
    assert "member.deactivated" in events(larkfield)[len(before) :]
    members = at(larkfield, "settings-members")
    assert "Dana" not in text_of(admin.get(members))
    assert "Dana" in text_of(admin.get(members, {"state": "deactivated"}))
    asked = admin.get(at(larkfield, "settings-member", dana.pk), follow=True)
    assert "has had no access since" in text_of(asked)
    assert "Dana is a member again." in text_of(reactivate(admin, dana, "manager"))
    again = sign_in(dana.user.email, PASSWORD)
    assert again.get("/")["Location"] == "/o/larkfield/dashboard/"
    with tenant(larkfield.id):
        assert Review.objects.visible_to(ada).get(pk=kept.pk).specialist_id == dana.pk
    assert events(larkfield)[-1] == "member.reactivated"


def test_who_is_reactivated_is_told_by_mail_in_their_language(
    signed_in: SignIn, larkfield: Organization, ada: Membership, dana: Membership
) -> None:
    User.objects.filter(pk=dana.user_id).update(language="fr")
    admin = signed_in(ada)
    deactivate(admin, dana)
    deliver()
    before = len(mail.outbox)
    reactivate(admin, dana, "manager")
    deliver()
    (told,) = mail.outbox[before:]
    assert told.to == [dana.user.email]
    assert "Larkfield" in told.subject
    assert told.body.startswith("Bonjour,")
    assert "http://testserver" in told.body
    deactivate(admin, dana)
    reactivate(admin, dana, "manager")
    deactivate(admin, dana)  # out again before the mail is written
    deliver()
    assert len(mail.outbox) == before + 1


def test_nobody_is_mailed_where_no_mail_goes_out(
    signed_in: SignIn, ada: Membership, dana: Membership
) -> None:
    admin = signed_in(ada)
    deactivate(admin, dana)
    with no_mail():
        reactivate(admin, dana, "manager")
    assert not Mail.objects.filter(kind=Mail.Kind.REACTIVATED).exists()


def test_their_keys_stay_revoked(
    signed_in: SignIn, larkfield: Organization, ada: Membership
) -> None:
    second = make_member(larkfield, "Second", Role.ADMIN)
    key, admin = make_key(second), signed_in(ada)
    deactivate(admin, second)
    assert listed(Client(), larkfield, key).status_code == 401
    reactivate(admin, second, "admin")
    assert listed(Client(), larkfield, key).status_code == 401


def test_an_agent_comes_back_as_the_same_one_unless_somebody_else_is(
    signed_in: SignIn, larkfield: Organization, ada: Membership, alex: Membership, dana: Membership
) -> None:
    admin, agent = signed_in(ada), alex.agent
    assert agent is not None
    deactivate(admin, alex)
    url = at(larkfield, "settings-member-reactivate", alex.pk)
    assert f'value="{agent.pk}" selected' in text_of(admin.get(url))
    admin.post(at(larkfield, "settings-member", dana.pk), {"role": "agent", "agent": agent.pk})
    assert f'value="{agent.pk}"' not in text_of(admin.get(url))
    assert reactivate(admin, alex, "agent", agent=agent.pk).status_code == 422
    assert reactivate(admin, alex, "agent").status_code == 422
    reactivate(admin, alex, "specialist")
    assert reaches(sign_in(alex.user.email, PASSWORD), larkfield)


def test_the_last_admin_and_oneself_are_not_deactivated(
    signed_in: SignIn, larkfield: Organization, ada: Membership
) -> None:
    client = signed_in(ada)
    assert "can&#x27;t deactivate yourself" in text_of(deactivate(client, ada))
    second = make_member(larkfield, "Second", Role.ADMIN)
    assert deactivate(client, ada).status_code == 409
    deactivate(client, second)
    answer = client.post(at(larkfield, "settings-member", ada.pk), {"role": "manager"})
    assert "Make somebody else an admin first." in text_of(answer)  # who rests counts for none
    assert client.post(at(larkfield, "leave")).status_code == 409
    assert reaches(client, larkfield)


def test_who_is_deactivated_can_be_removed_for_good(
    signed_in: SignIn, larkfield: Organization, ada: Membership, dana: Membership
) -> None:
    admin = signed_in(ada)
    deactivate(admin, dana)
    url = at(larkfield, "settings-member-remove", dana.pk)
    assert "no longer reactivate them" in text_of(admin.get(url))
    assert admin.post(url).status_code == 302
    assert reactivate(admin, dana, "manager").status_code == 404
    assert admin.get(url).status_code == 404
    assert events(larkfield)[-2:] == ["member.deactivated", "member.removed"]


def test_who_is_deactivated_is_not_invited_but_reactivated(
    signed_in: SignIn, larkfield: Organization, ada: Membership, dana: Membership
) -> None:
    admin = signed_in(ada)
    deactivate(admin, dana)
    answer = invite(admin, larkfield, dana.user.email)
    assert answer.status_code == 409
    assert "Reactivate them instead." in text_of(answer)


def test_only_whoever_is_out_rests_in_the_database_too(
    larkfield: Organization, dana: Membership
) -> None:
    with tenant(larkfield.id), pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(pk=dana.pk).update(deactivated_at=timezone.now())


def test_members_are_found_and_sorted(
    signed_in: SignIn, larkfield: Organization, ada: Membership, dana: Membership, mona: Membership
) -> None:
    client, url = signed_in(ada), at(larkfield, "settings-members")
    page = text_of(client.get(url, {"q": "DANA@"}))
    assert ("Dana" in page, "Mona" in page) == (True, False)
    assert "No matches" in text_of(client.get(url, {"q": "\0nobody at all"}))
    with tenant(larkfield.id):
        long_ago = timezone.now() - timedelta(days=40)
        Membership.objects.filter(pk=mona.pk).update(last_seen_at=long_ago)
    for sort, first in (("user__name", "Ada"), ("role", "Ada"), ("seen", "Mona"), ("x", "Ada")):
        page = text_of(client.get(url, {"sort": sort}))
        names = page.partition("<tbody>")[2]
        found = [name for name in ("Ada", "Dana", "Mona") if f">{name}</a>" in names]
        assert min(found, key=lambda name: names.index(f">{name}</a>")) == first, sort


def test_when_a_member_was_last_here_is_noted_once_in_a_quarter_of_an_hour(
    signed_in: SignIn, larkfield: Organization, dana: Membership
) -> None:
    client, url = signed_in(dana), at(larkfield, "queue")

    def seen_after(before: Any) -> Any:
        with tenant(larkfield.id):
            Membership.objects.filter(pk=dana.pk).update(last_seen_at=before)
        assert client.get(url).status_code == 200
        return newest(Membership, larkfield).last_seen_at

    now = timezone.now()
    recent, past = now - SEEN_EVERY / 2, now - SEEN_EVERY * 2
    assert seen_after(None) >= now
    assert seen_after(past) >= now
    assert seen_after(recent) == recent
