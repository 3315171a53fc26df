"""Steps in one tab while another takes the conversation: no two requests wait for each other."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from qa import pipeline
from qa.organizations.models import Membership, Role
from qa.reviews import actions, blind
from qa.reviews.models import Review
from qa.reviews.policy import set_policy
from qa.tenancy.context import tenant
from tests.reviews.steps import Desk, address, take
from tests.world import (
    calibrate,
    make_calibration,
    make_interaction,
    make_member,
    make_organization,
)
from transcripts.models import Interaction

pytestmark = pytest.mark.django_db(transaction=True)
SLOW = 0.7


def browser(member: Membership) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


@pytest.fixture
def dana() -> Membership:
    larkfield = make_organization("Larkfield")
    for n in range(3):
        make_interaction(larkfield, external_id=f"c-{n}")
    return make_member(larkfield, "Dana", Role.SPECIALIST)


def slowly(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> None:
    """The transaction stays open for a while after this."""
    real = getattr(module, name)

    def slow(*args: Any, **more: Any) -> Any:
        done = real(*args, **more)
        time.sleep(SLOW)
        return done

    monkeypatch.setattr(module, name, slow)


def meanwhile(first: Callable[[], Any], second: Callable[[], Any]) -> tuple[int, int]:
    """Both answers; the second request comes while the first is in its transaction."""

    def run(step: Callable[[], Any], after: float) -> int:
        time.sleep(after)
        try:
            return int(step().status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        early, late = pool.submit(run, first, 0), pool.submit(run, second, SLOW / 2)
        return early.result(60), late.result(60)


def finished(desk: Desk) -> dict[str, Any]:
    desk.send("accept-all")
    desk.answer_all()
    return {"revision": desk.review.revision}


@pytest.mark.parametrize("named", [False, True])
def test_submitting_while_another_tab_takes(
    monkeypatch: pytest.MonkeyPatch, dana: Membership, *, named: bool
) -> None:
    desk = take(browser(dana), dana)
    sent = {**finished(desk), "next": "1"}
    wanted = {"interaction": str(desk.review.interaction_id)} if named else {}
    slowly(monkeypatch, pipeline, "confirm")
    tab, other = browser(dana), browser(dana)
    submit, again = meanwhile(
        lambda: tab.post(address("review-confirm", dana, pk=desk.pk), sent),
        lambda: other.post(address("queue-take", dana), wanted),
    )
    assert submit == 302
    assert again == (409 if named else 302)


def test_committing_while_another_tab_takes(
    monkeypatch: pytest.MonkeyPatch, dana: Membership
) -> None:
    with tenant(dana.organization_id):
        set_policy(by=dana, blind_percent=100, threshold=0.6, least=30)
    desk = take(browser(dana), dana)
    wanted = {"interaction": str(desk.review.interaction_id)}
    slowly(monkeypatch, blind, "commit")
    tab, other = browser(dana), browser(dana)
    assert meanwhile(
        lambda: tab.post(address("review-commit", dana, pk=desk.pk), {"revision": 0, "sure": 1}),
        lambda: other.post(address("queue-take", dana), wanted),
    ) == (302, 302)


def test_a_reader_submits_while_a_manager_closes_the_reading(
    monkeypatch: pytest.MonkeyPatch, dana: Membership
) -> None:
    people = [make_member(dana.organization, name, Role.SPECIALIST) for name in ("Sam", "Kim")]
    mona = make_member(dana.organization, "Mona", Role.MANAGER)
    with tenant(dana.organization_id):
        call = Interaction.objects.visible_to(mona)[0]
    session = make_calibration(mona, [dana, *people], call)
    for person in people:
        calibrate(session, person)
    with tenant(dana.organization_id):
        reading = Review.objects.visible_to(dana).get(kind="calibration")
    sent = {**finished(Desk(browser(dana), dana, reading.pk)), "summary": "A good call."}
    slowly(monkeypatch, actions, "write_summary")
    reader, manager = browser(dana), browser(mona)
    assert meanwhile(
        lambda: reader.post(address("review-confirm", dana, pk=reading.pk), sent),
        lambda: manager.post(address("calibration-close", mona, pk=session.pk)),
    ) == (302, 409)


def test_a_late_submission_while_a_colleague_takes(
    monkeypatch: pytest.MonkeyPatch, dana: Membership
) -> None:
    sam = make_member(dana.organization, "Sam", Role.SPECIALIST)
    desk = take(browser(dana), dana)
    sent = {**finished(desk), "summary": "A good call."}
    desk.expire()
    wanted = {"interaction": str(desk.review.interaction_id)}
    slowly(monkeypatch, actions, "write_summary")
    tab, other = browser(dana), browser(sam)
    assert meanwhile(
        lambda: tab.post(address("review-confirm", dana, pk=desk.pk), sent),
        lambda: other.post(address("queue-take", sam), wanted),
    ) == (409, 409)
    assert desk.review.summary == "A good call."
