"""The e-mail digest: once for each day or week, nothing lost, nothing of a transcript in it."""

import smtplib
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test import override_settings

from qa import tasks
from qa.inbox.digests import choose_digest
from qa.notices.actions import mark_read
from qa.notices.models import Digest, Notice, NoticeChoice
from qa.organizations.models import Membership, Role
from qa.tenancy.context import tenant
from tests.notices.steps import SignIn, notices_of, tell
from tests.reviews.steps import address
from tests.world import confirm_review, make_member, make_organization, make_review

pytestmark = pytest.mark.django_db
SITE = "https://heard.example.com"
MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


class Clock:
    """What time it is for digests."""

    def __init__(self) -> None:
        self.now = MONDAY

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("django.utils.timezone.now", clock)
    return clock


@pytest.fixture(autouse=True)
def mail_is_set_up() -> Iterator[None]:
    with override_settings(DIGESTS=True, SITE_URL=SITE):
        yield


def choose(member: Membership, digest: str) -> None:
    with tenant(member.organization_id):
        choose_digest(digest, by=member)


def test_a_daily_digest_comes_once_a_day_with_what_is_not_read(
    dana: Membership, clock: Clock
) -> None:
    choose(dana, Digest.DAILY)
    tell(dana, subject="1", words="One happened.")
    assert tasks.send_digests() == 0, "the first comes with the next day"
    clock.now += DAY
    assert tasks.send_digests() == 1
    assert tasks.send_digests() == 0
    (sent,) = mail.outbox
    assert sent.to == [dana.user.email]
    assert sent.subject == "1 notice for you in Larkfield"
    assert "One happened." in sent.body
    assert f"{SITE}/o/larkfield/queue/" in sent.body
    assert f"{SITE}{address('notices-settings', dana)}" in sent.body
    html = sent.alternatives[0][0]
    assert f'<a href="{SITE}/o/larkfield/queue/">One happened.</a>' in html
    clock.now += DAY
    assert tasks.send_digests() == 0, "nothing new: no mail, and nothing is mailed twice"
    tell(dana, subject="2", words="Two happened.")
    clock.now += DAY
    assert tasks.send_digests() == 1
    assert "One happened." not in mail.outbox[1].body
    assert all(notice.mailed_at for notice in notices_of(dana))


def test_the_day_begins_at_the_hour_that_is_set(dana: Membership, clock: Clock) -> None:
    choose(dana, Digest.DAILY)
    tell(dana)
    clock.now = MONDAY.replace(hour=5, minute=59) + DAY
    assert tasks.send_digests() == 0
    clock.now = MONDAY.replace(hour=6) + DAY
    assert tasks.send_digests() == 1


def test_a_weekly_digest_comes_on_monday_or_as_soon_as_it_can(
    dana: Membership, clock: Clock
) -> None:
    choose(dana, Digest.WEEKLY)
    tell(dana)
    clock.now = MONDAY + 6 * DAY
    assert tasks.send_digests() == 0
    clock.now = MONDAY + 8 * DAY  # nothing ran on the Monday
    assert tasks.send_digests() == 1
    tell(dana, subject="2")
    clock.now = MONDAY + 10 * DAY
    assert tasks.send_digests() == 0


def test_who_has_not_asked_or_does_not_want_it_any_more_gets_none(
    dana: Membership, sam: Membership, mona: Membership, clock: Clock
) -> None:
    choose(sam, Digest.DAILY)
    choose(sam, Digest.OFF)
    choose(mona, Digest.DAILY)
    mona.user.is_active = False
    mona.user.save()
    for member in (dana, sam, mona):
        tell(member)
    clock.now += DAY
    assert tasks.send_digests() == 0
    assert not mail.outbox


def test_what_was_read_in_the_app_is_not_mailed(dana: Membership, clock: Clock) -> None:
    choose(dana, Digest.DAILY)
    tell(dana)
    with tenant(dana.organization_id):
        mark_read(by=dana)
    clock.now += DAY
    assert tasks.send_digests() == 0


def test_nothing_is_sent_until_mail_is_set_up(dana: Membership, clock: Clock) -> None:
    choose(dana, Digest.DAILY)
    tell(dana)
    clock.now += DAY
    with override_settings(DIGESTS=False):
        assert tasks.send_digests() == 0
    assert tasks.send_digests() == 1


def test_each_organization_mails_its_own(
    dana: Membership, mallory: Membership, clock: Clock
) -> None:
    for member in (dana, mallory):
        choose(member, Digest.DAILY)
        tell(member, words=f"For {member.organization.name}.")
    clock.now += DAY
    assert tasks.send_digests() == 2
    for sent in mail.outbox:
        name = "Larkfield" if sent.to == [dana.user.email] else "Elsewhere"
        assert f"For {name}." in sent.body
        assert sent.subject.endswith(name)


def test_no_words_of_a_conversation_are_in_it(
    dana: Membership, alex: Membership, clock: Clock
) -> None:
    choose(alex, Digest.DAILY)
    review = confirm_review(make_review(dana), dana)
    clock.now += DAY
    assert tasks.send_digests() == 1
    text = mail.outbox[0].body + str(mail.outbox[0].alternatives[0][0])
    with tenant(dana.organization_id):
        turns = review.interaction.transcript.turns
    assert not any(turn["text"] in text for turn in turns)


def test_many_notices_are_counted_and_the_newest_shown(dana: Membership, clock: Clock) -> None:
    choose(dana, Digest.DAILY)
    for number in range(23):
        clock.now += timedelta(minutes=1)
        tell(dana, subject=str(number), words=f"Number {number}.")
    clock.now = MONDAY + DAY
    tasks.send_digests()
    (sent,) = mail.outbox
    assert sent.subject.startswith("23 notices")
    assert "Number 22." in sent.body
    assert "Number 2." not in sent.body
    assert "3 more" in sent.body


def test_an_unreachable_server_loses_nothing_and_is_tried_again(
    dana: Membership, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(dana, Digest.DAILY)
    tell(dana)
    clock.now += DAY
    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "open", _raising(ConnectionRefusedError()))
        assert tasks.send_digests() == 0
    assert notices_of(dana)[0].mailed_at is None
    assert tasks.send_digests() == 1
    assert len(mail.outbox) == 1


def _raising(error: BaseException) -> Any:
    def fail(*args: Any, **kwargs: Any) -> Any:
        raise error

    return fail


TOO_BUSY = smtplib.SMTPResponseException(421, b"try again later")
FULL = smtplib.SMTPRecipientsRefused({"dana@larkfield.example": (452, b"mailbox full")})
NO_SUCH = smtplib.SMTPRecipientsRefused({"dana@larkfield.example": (550, b"no such user")})


@pytest.mark.parametrize(
    ("error", "again_today"),
    [
        (TOO_BUSY, 1),
        (FULL, 1),
        (ConnectionRefusedError(), 1),
        (socket.gaierror(), 1),
        (NO_SUCH, 0),
        (smtplib.SMTPResponseException(554, b"refused"), 0),
        (smtplib.SMTPServerDisconnected(), 0),
        (TimeoutError(), 0),
    ],
    ids=repr,
)
def test_a_mail_that_surely_did_not_go_is_sent_again_and_one_that_may_have_gone_is_not(
    dana: Membership,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    again_today: int,
) -> None:
    choose(dana, Digest.DAILY)
    tell(dana)
    clock.now += DAY
    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", _raising(error))
        assert tasks.send_digests() == 0
    assert tasks.send_digests() == again_today
    clock.now += DAY
    assert tasks.send_digests() == 1 - again_today, "its notices come with the next one"
    assert len(mail.outbox) == 1


def test_a_process_that_dies_while_sending_sends_no_second_mail_that_day(
    dana: Membership, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(dana, Digest.DAILY)
    tell(dana)
    clock.now += DAY
    real = EmailBackend.send_messages

    def dies(self: EmailBackend, messages: Any) -> int:
        real(self, messages)
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", dies)
        with pytest.raises(SystemExit):
            tasks.send_digests()
    assert tasks.send_digests() == 0
    assert len(mail.outbox) == 1


def test_a_mailbox_that_fails_does_not_keep_others_from_their_mail(
    dana: Membership, sam: Membership, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for member in (dana, sam):
        choose(member, Digest.DAILY)
        tell(member)
    clock.now += DAY
    real = EmailBackend.send_messages

    def refuses_dana(self: EmailBackend, messages: Any) -> int:
        if messages[0].to == [dana.user.email]:
            raise NO_SUCH
        return real(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", refuses_dana)
    assert tasks.send_digests() == 1
    assert [sent.to for sent in mail.outbox] == [[sam.user.email]]


@pytest.mark.django_db(transaction=True)
def test_two_beats_at_once_send_one_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    dana = make_member(make_organization("Larkfield"), "Dana", Role.SPECIALIST)
    choose(dana, Digest.DAILY)
    tell(dana)
    with tenant(dana.organization_id):
        rows = NoticeChoice.objects.visible_to(dana)
        rows.update(digested_for=datetime(2026, 1, 1, tzinfo=UTC).date())
    barrier, sent = threading.Barrier(2), []
    real = tasks.digests.due

    def together(**kwargs: Any) -> Any:
        found = real(**kwargs)
        barrier.wait(timeout=20)
        return found

    monkeypatch.setattr(tasks.digests, "due", together)

    def beat() -> None:
        try:
            sent.append(tasks.send_digests())
        finally:
            connection.close()

    threads = [threading.Thread(target=beat) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(sent) == [0, 1]
    assert len(mail.outbox) == 1


def test_a_member_chooses_on_a_page_of_their_own(
    signed_in: SignIn, dana: Membership, sam: Membership
) -> None:
    url = address("notices-settings", dana)
    client = signed_in(dana)
    assert "Mail is not set up" not in client.get(url).content.decode()
    assert client.post(url, {"digest": "hourly"}).status_code == 422
    assert client.post(url, {"digest": "weekly"}).status_code == 302
    assert client.get(url).context["form"].initial == {"digest": "weekly"}
    assert signed_in(sam).get(url).context["form"].initial == {"digest": "off"}
    with override_settings(DIGESTS=False):
        assert "Mail is not set up" in client.get(url).content.decode()


def test_notices_that_were_mailed_stay_unread_in_the_app(dana: Membership, clock: Clock) -> None:
    choose(dana, Digest.DAILY)
    tell(dana)
    clock.now += DAY
    tasks.send_digests()
    with tenant(dana.organization_id):
        assert Notice.objects.visible_to(dana).unread().count() == 1


def test_the_weekly_choice_names_the_day_on_which_the_organizations_week_begins(
    mona: Membership, signed_in: SignIn
) -> None:
    with tenant(mona.organization_id):
        mona.organization.week_start = 6
        mona.organization.save(update_fields=["week_start"])
    page = signed_in(mona).get(address("notices-settings", mona)).content.decode()
    assert "Every Sunday" in page
    assert "Every Monday" not in page
