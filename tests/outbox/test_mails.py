"""Mails that people wait for go out by the worker; the row is the job."""

import logging
import socket
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from qa import dispatch, tasks
from qa.celery import app
from qa.organizations.mails import WRITERS
from qa.organizations.models import Membership
from qa.outbox import actions as outbox
from qa.outbox.models import Mail
from qa.tenancy.base import new_id

KNOWN, UNKNOWN = "dana@larkfield.example", "nobody@larkfield.example"
Commit = Callable[..., Any]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[Any]]]:
    """What the broker got, in order."""
    messages: list[tuple[str, list[Any]]] = []

    def send_task(task: str, args: list[Any], **options: object) -> None:
        messages.append((task, list(args)))

    monkeypatch.setattr(app, "send_task", send_task)
    return messages


def ask(address: str, commit: Commit) -> int:
    with commit(execute=True):
        answer = Client().post(reverse("password_reset"), {"email": address})
    return answer.status_code


def test_a_link_is_mailed_by_the_worker_and_stands_nowhere_before(
    dana: Membership,
    sent: list[tuple[str, list[Any]]],
    django_capture_on_commit_callbacks: Commit,
    client: Client,
) -> None:
    assert ask(KNOWN.upper(), django_capture_on_commit_callbacks) == 302
    assert not mail.outbox
    (waiting,) = Mail.objects.all()
    assert sent == [("qa.tasks.send_mail", [str(waiting.pk)])]
    assert (waiting.about, waiting.site) == (KNOWN, "http://testserver")

    assert tasks.send_mail(str(waiting.pk)) is True
    (message,) = mail.outbox
    assert message.to == [dana.user.email]
    link = next(line for line in message.body.splitlines() if line.startswith("http"))
    assert link.startswith("http://testserver/accounts/reset/")
    assert "new_password1" in client.get(link, follow=True).content.decode()
    assert not Mail.objects.exists()
    assert tasks.send_mail(str(waiting.pk)) is False
    assert len(mail.outbox) == 1


def test_the_links_lead_to_the_address_of_the_site(
    dana: Membership,
    sent: object,
    django_capture_on_commit_callbacks: Commit,
    settings: Settings,
) -> None:
    settings.SITE_URL = "https://heard.example.com"
    ask(KNOWN, django_capture_on_commit_callbacks)
    tasks.send_mail(str(Mail.objects.get().pk))
    assert "https://heard.example.com/accounts/reset/" in mail.outbox[0].body


def first_words(statement: str) -> str:
    """A statement without its values, and without the names that Django gives to savepoints."""
    words = statement.split()
    return words[0] if "SAVEPOINT" in words else " ".join(words[:3])


def test_an_address_nobody_has_is_answered_by_the_same_steps(
    dana: Membership,
    sent: list[tuple[str, list[Any]]],
    django_capture_on_commit_callbacks: Commit,
) -> None:
    asked = []
    for address in (KNOWN, UNKNOWN):
        with CaptureQueriesContext(connection) as made:
            status = ask(address, django_capture_on_commit_callbacks)
        asked.append((status, [first_words(query["sql"]) for query in made]))
    assert asked[0] == asked[1]
    assert asked[0][1] == ["SAVEPOINT", 'INSERT INTO "outbox_mail"', "RELEASE"]
    assert [task for task, _ in sent] == ["qa.tasks.send_mail"] * 2
    tasks.send_mail(str(Mail.objects.get(about=UNKNOWN).pk))
    assert not mail.outbox
    assert not Mail.objects.filter(about=UNKNOWN).exists()


def test_asking_again_while_a_mail_waits_makes_no_second_one(
    dana: Membership, sent: object, django_capture_on_commit_callbacks: Commit
) -> None:
    for _ in range(3):
        ask(KNOWN, django_capture_on_commit_callbacks)
    assert Mail.objects.count() == 1


def test_without_a_broker_the_sweep_sends_it(
    dana: Membership,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Commit,
) -> None:
    def refuse(*args: object, **options: object) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as patched:
        patched.setattr(app, "send_task", refuse)
        assert ask(KNOWN, django_capture_on_commit_callbacks) == 302
    named: list[Any] = []
    monkeypatch.setattr(dispatch, "enqueue_mail", lambda pk: named.append(pk) or True)
    tasks.sweep()
    assert not named  # its own message may be on its way
    Mail.objects.update(due_at=timezone.now())
    tasks.sweep()
    assert named == [Mail.objects.get().pk]


class Unreachable(EmailBackend):
    def send_messages(self, messages: Any) -> int:
        raise socket.gaierror


def test_a_mail_the_server_does_not_take_is_tried_again_and_given_up_in_the_end(
    dana: Membership,
    sent: object,
    django_capture_on_commit_callbacks: Commit,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    ask(KNOWN, django_capture_on_commit_callbacks)
    pk = Mail.objects.get().pk
    settings.EMAIL_BACKEND = f"{__name__}.Unreachable"
    pauses = []
    for _ in range(outbox.ATTEMPTS):
        assert tasks.send_mail(str(pk)) is False
        assert tasks.send_mail(str(pk)) is False  # too early: that was no attempt
        pauses.append(round((Mail.objects.get().due_at - timezone.now()) / timedelta(minutes=1)))
        Mail.objects.update(due_at=timezone.now())
    assert pauses == [1, 2, 4, 8, 16, 32, 64, 128]
    with caplog.at_level(logging.ERROR):
        assert tasks.send_mail(str(pk)) is False
    assert not Mail.objects.exists()
    assert str(pk) in caplog.text
    assert KNOWN not in caplog.text


def test_one_mail_is_sent_once_by_two_workers(
    dana: Membership, sent: object, django_capture_on_commit_callbacks: Commit
) -> None:
    ask(KNOWN, django_capture_on_commit_callbacks)
    pk, now = Mail.objects.get().pk, timezone.now()
    assert outbox.take(pk, now=now) is not None
    assert outbox.take(pk, now=now) is None


def test_every_kind_of_mail_has_its_writer() -> None:
    assert WRITERS.keys() == set(Mail.Kind.values)


def test_what_is_about_an_organization_or_its_people_is_forgotten(db: None) -> None:
    gone, stays, member = new_id(), new_id(), new_id()
    names = [
        (Mail.Kind.INVITATION, "{}/{member}"),
        (Mail.Kind.INVITATION, "{.hex}/{member.hex}"),
        (Mail.Kind.MEMBER_ADDRESS, "{.hex}/{member.hex}/rui@example.com"),
        (Mail.Kind.REACTIVATED, "{.hex}/{member.hex}"),
    ]
    for kind, name in names:
        for organization in (gone, stays):
            outbox.send_later(kind, about=name.format(organization, member=member), site="")
    for address in ("dana@gone.example", "adana@gone.example"):
        outbox.send_later(Mail.Kind.PASSWORD, about=address, site="")
        outbox.send_later(Mail.Kind.OWN_ADDRESS, about=f"{member.hex}/{address}", site="")
    outbox.forget(addresses=["DANA@gone.example"], organization_id=gone)
    left = set(Mail.objects.values_list("about", flat=True))
    assert left == {
        *(name.format(stays, member=member) for _, name in names),
        "adana@gone.example",
        f"{member.hex}/adana@gone.example",
    }
