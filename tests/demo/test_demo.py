"""`manage.py demo` with a real worker process, as `make run` calls it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from devstack.pytest_plugin import process_environment
from qa.calibration.models import Session
from qa.coaching.models import Acknowledgement, CoachingNote
from qa.core.errors import Refused
from qa.dashboards.models import DailyInteractions
from qa.demo import load
from qa.demo.people import EMPTY_SLUG, PASSWORD, PEOPLE, SLUG
from qa.disputes.models import Dispute
from qa.notices.models import Notice
from qa.organizations.models import Agent, Membership, Organization, Team
from qa.reviews.models import Decision, Review, ReviewMoment
from qa.sampling.models import Pick, QueueEntry, Rule
from qa.tenancy.base import System
from qa.tenancy.context import directory, tenant
from scorecards.models import PreScore
from tests.world import make_organization, make_review
from transcripts.models import Interaction

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[None]:
    """A Celery worker on the test database, like the one of `make run`."""
    command = [sys.executable, "-m", "celery", "-A", "qa", "worker", "--concurrency", "2"]
    with (tmp_path / "worker.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=process_environment(),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    yield
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def run(*arguments: str) -> str:
    printed = StringIO()
    call_command("demo", *arguments, stdout=printed)
    return printed.getvalue()


def organization(slug: str) -> Organization:
    with directory():
        return Organization.objects.get(slug=slug)


def test_demo_goes_through_the_worker_and_is_loaded_once(worker: None, client: Client) -> None:
    printed = run("--if-empty")
    loaded = organization(SLUG)
    by = System(loaded.id)
    with tenant(loaded.id):
        assert Interaction.objects.visible_to(by).count() >= 40
        assert not Interaction.objects.visible_to(by).received().exists()
        assert PreScore.objects.visible_to(by).filter(scorable=True).count() >= 40
        assert PreScore.objects.visible_to(by).filter(scorable=False).count() == 3
        assert Agent.objects.visible_to(by).count() == 8
        assert Team.objects.visible_to(by).count() == 2
        rows = Review.objects.visible_to(by).regular()
        assert rows.confirmed().filter(supersedes=None).count() == 14
        assert rows.confirmed().count() == rows.count() == 15, "one was corrected"
        disputed = Dispute.objects.visible_to(by)
        assert sorted(dispute.status for dispute in disputed) == ["open", "upheld"]
        sessions = Session.objects.visible_to(by)
        assert sorted(session.state for session in sessions) == ["agreed", "reading"]
        assert Notice.objects.visible_to(by).unread().exists()
        assert CoachingNote.objects.visible_to(by).count() >= 14
        acknowledged = Acknowledgement.objects.visible_to(by).count()
        assert 0 < acknowledged < 14
        decisions = ReviewMoment.objects.visible_to(by).values_list("decision", flat=True)
        assert set(decisions) >= {Decision.ACCEPTED, Decision.CHANGED}
        assert DailyInteractions.objects.visible_to(by).exists()
    empty = organization(EMPTY_SLUG)
    with tenant(empty.id):
        assert not Interaction.objects.visible_to(System(empty.id)).exists()

    for person in PEOPLE:
        assert person.email in printed
        client.logout()
        client.post("/accounts/login/", {"username": person.email, "password": PASSWORD})
        assert client.get("/", follow=True).status_code == 200, person.email
        assert "_auth_user_id" in client.session, person.email

    with pytest.raises(CommandError, match="is here already"):
        run()
    assert "Loading" not in run("--if-empty")


def test_the_demo_shows_a_random_share_missed_anger_and_assigned_conversations(
    worker: None,
) -> None:
    run("--if-empty")
    by = System(organization(SLUG).id)
    with tenant(by.organization_id):
        rules = Rule.objects.visible_to(by)
        assert sorted(rule.kind for rule in rules) == ["missed_anger", "share"]
        assert not rules.on().exists(), "what a visitor pushes is to wait in the queue"
        picks = Pick.objects.visible_to(by)
        assert set(picks.values_list("why", flat=True)) == {"by_hand"}
        assert QueueEntry.objects.visible_to(by).filter(assigned_to__isnull=False).count() == 4


def test_an_interrupted_load_goes_on_where_it_stopped_beside_what_visitors_did(
    worker: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    half = load.open_organizations()
    assert not load.is_complete(half)
    load.wait_for_worker(half, 120)
    review_one(half, "call-2001", "chat-4013")
    assert not load.is_complete(half), "what a visitor reviews is not the demo's"
    with monkeypatch.context() as broken:
        broken.setattr(load, "sample_some", refuse)
        with pytest.raises(CommandError, match="Not now"):
            run("--if-empty")
    by = System(half.id)
    with tenant(half.id):
        assert Review.objects.visible_to(by).count() == 2, "all or nothing"
        assert not Session.objects.visible_to(by).exists()
    assert "Loaded; 13 interactions" in run("--if-empty")
    assert load.is_complete(half)
    with tenant(half.id):
        sessions = Session.objects.visible_to(by)
        assert [session.state for session in sessions] == ["reading"], (
            "they have read one of the other"
        )


def review_one(of: Organization, *external_ids: str) -> None:
    """A visitor signs in as a specialist and reviews these."""
    with tenant(of.id):
        dana = Membership.objects.visible_to(System(of.id)).get(user__email=PEOPLE[0].email)
        dana.organization = of
        for pk in external_ids:
            rows = Interaction.objects.visible_to(dana)
            make_review(dana, rows.get(external_id=pk), confirmed=True)


def refuse(**_: object) -> None:
    raise Refused("Not now.")


def test_without_a_worker_the_interactions_wait_and_a_second_try_needs_one_too() -> None:
    for arguments in (["--if-empty"], []):
        with pytest.raises(CommandError, match=r"\d\d demo conversations still wait for a worker"):
            run(*arguments, "--wait", "0")
    half = organization(SLUG)
    by = System(half.id)
    assert not load.is_complete(half)
    with tenant(by.organization_id):
        assert Interaction.objects.visible_to(by).received().count() >= 40
        assert not Review.objects.visible_to(by).exists()
        assert not Rule.objects.visible_to(by).exists()


def test_an_installation_with_data_is_left_alone() -> None:
    make_organization("Larkfield")
    assert run("--if-empty") == ""
    with directory():
        assert Organization.objects.count() == 1


def test_log_ins_are_printed_only_where_the_demo_is_loaded() -> None:
    assert run("--logins") == ""
    load.open_organizations()
    printed = run("--logins")
    assert PASSWORD in printed
    assert all(person.email in printed for person in PEOPLE)


def test_an_organization_of_that_name_is_a_clear_error_and_nothing_is_kept() -> None:
    make_organization(EMPTY_SLUG.title())
    with pytest.raises(CommandError, match=EMPTY_SLUG):
        run()
    with directory():
        assert set(Organization.objects.values_list("slug", flat=True)) == {EMPTY_SLUG}
