"""As many queries for twenty as for two; two who submit, or close and submit, at the same time."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qa import pipeline
from qa.calibration import actions
from qa.calibration.models import Session
from qa.calibration.progress import next_reading
from qa.core.errors import DomainError
from qa.organizations.models import Membership, Organization, Role
from qa.reviews.proposals import card_of
from qa.tenancy.context import tenant
from tests.calibration.steps import ANGER, FEAR, act, address, hold, items_of, session_of
from tests.world import answer_one, calibrate, make_calibration, make_interaction, make_member

SignIn = Callable[[Membership | None], Client]


def queries(browser: Client, page: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert browser.get(page).status_code == 200
    return len(caught)


def agreed_session(
    signed_in: SignIn, mona: Membership, readers: list[Membership], calls: int, name: str
) -> Session:
    found = [make_interaction(mona.organization, external_id=f"{name}-{n}") for n in range(calls)]
    session = make_calibration(mona, readers, *found, name=name)
    for reader in readers:
        calibrate(session, reader, ANGER, FEAR)
    browser = signed_in(mona)
    for item in items_of(session, mona):
        form = browser.get(address("calibration-item", mona, pk=item.pk)).context["form"]
        hold(browser, mona, item, {name: field.initial for name, field in form.fields.items()})
    assert act(browser, "calibration-agree", mona, session).status_code == 302
    return session


@pytest.mark.django_db
def test_pages_cost_the_same_for_two_and_for_many(signed_in: SignIn, mona: Membership) -> None:
    readers = [make_member(mona.organization, f"R{n}", Role.SPECIALIST) for n in range(12)]
    small = agreed_session(signed_in, mona, readers[:2], 1, "small")
    browser = signed_in(mona)
    pages = ("calibrations", "calibration-drift", "calibration-add")
    few = {name: queries(browser, address(name, mona)) for name in pages}
    large = agreed_session(signed_in, mona, readers, 3, "large")
    agreed_session(signed_in, mona, readers, 1, "another")
    browser = signed_in(mona)
    assert {name: queries(browser, address(name, mona)) for name in pages} == few
    first, other = (queries(browser, address("calibration", mona, pk=s.pk)) for s in (small, large))
    assert first == other
    first, other = (
        queries(browser, address("calibration-item", mona, pk=items_of(s, mona)[0].pk))
        for s in (small, large)
    )
    assert first == other


def at_once(*jobs: Callable[[], object]) -> list[str]:
    """Run these at the same time; "done", or why not, of each."""
    barrier, said = threading.Barrier(len(jobs)), ["" for _ in jobs]

    def run(place: int) -> None:
        try:
            barrier.wait(timeout=20)
            jobs[place]()
            said[place] = "done"
        except DomainError as error:
            said[place] = error.message
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return said


def ready_to_submit(session: Session, reader: Membership) -> Callable[[], object]:
    with tenant(reader.organization_id):
        review = next_reading(session, by=reader)
        assert review is not None
        for question in card_of(review).questions:
            answer_one(review, reader, question, "yes")

    def submit() -> None:
        with tenant(reader.organization_id):
            pipeline.confirm(review, by=reader)

    return submit


@pytest.mark.django_db(transaction=True)
def test_the_last_two_submit_at_once_and_the_results_open_once(
    larkfield: Organization, dana: Membership, sam: Membership, mona: Membership
) -> None:
    for number in range(4):
        call = make_interaction(larkfield, external_id=f"c-{number}")
        session = make_calibration(mona, [dana, sam], call)
        said = at_once(*(ready_to_submit(session, reader) for reader in (dana, sam)))
        assert said == ["done", "done"]
        assert session_of(mona).is_discussed


@pytest.mark.django_db(transaction=True)
def test_the_same_reading_is_submitted_once(
    larkfield: Organization, dana: Membership, sam: Membership, mona: Membership
) -> None:
    session = make_calibration(mona, [dana, sam], make_interaction(larkfield))
    submit = ready_to_submit(session, dana)
    said = at_once(submit, submit, submit)
    assert said.count("done") == 1
    assert said.count("This review has already been submitted. Nothing was changed.") == 2


@pytest.mark.django_db(transaction=True)
def test_who_submits_while_it_is_closed_is_in_it_or_told(
    larkfield: Organization, dana: Membership, sam: Membership, mona: Membership, ada: Membership
) -> None:
    for number in range(4):
        call = make_interaction(larkfield, external_id=f"c-{number}")
        session = make_calibration(mona, [dana, sam, ada], call)
        calibrate(session, dana)
        calibrate(session, sam)

        def close(session: Session = session) -> None:
            with tenant(larkfield.id):
                actions.close_reading(session, by=mona)

        said = at_once(ready_to_submit(session, ada), close)
        assert said[1] in {"done", "Scoring is already closed."}
        assert said[0] == "done" or "closed" in said[0] or "taken over" in said[0]
        assert "done" in said
        assert session_of(mona).is_discussed
