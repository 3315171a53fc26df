"""Before the results open, a reader finds no pre-score and no colleague's word anywhere."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from qa.organizations.models import Membership, Role
from qa.reviews.models import Review
from qa.tenancy.context import tenant
from tests.calibration.steps import ANGER, address, items_of, text_of
from tests.world import calibrate, make_calibration, make_interaction, make_member, make_review

pytestmark = pytest.mark.django_db

SignIn = Callable[[Membership | None], Client]
TELLING = re.compile(r'class="ev |data-outcome="|data-emotion="|Sympathy only')


def told(browser: Client, *pages: str) -> list[str]:
    """Which of these pages say what became of a feeling."""
    return [page for page in pages if TELLING.search(content(browser, page))]


def content(browser: Client, page: str) -> str:
    answer = browser.get(page, follow=True)
    shown = text_of(answer)
    legend = re.sub(r'<ul class="legend.*?</ul>', "", shown, flags=re.DOTALL)
    return re.sub(r"<(select|fieldset).*?</\1>", "", legend, flags=re.DOTALL)


@pytest.mark.parametrize("done", [False, True])
@pytest.mark.parametrize("role", [Role.SPECIALIST, Role.MANAGER])
def test_a_reader_sees_nothing_before_the_results_open(
    signed_in: SignIn, sam: Membership, ada: Membership, mona: Membership, role: Role, *, done: bool
) -> None:
    reader = make_member(mona.organization, "Rita", role)
    call = make_interaction(mona.organization)
    other = make_review(ada, call, confirmed=True)
    session = make_calibration(mona, [reader, sam, mona], call)
    calibrate(session, sam, ANGER)
    item = items_of(session, mona)[0]
    with tenant(reader.organization_id):
        own = Review.objects.visible_to(reader).get(kind="calibration", specialist=reader)
        theirs = Review.objects.visible_to(sam).get(kind="calibration")
    if done:
        calibrate(session, reader)
    browser = signed_in(reader)
    pages = [
        address("review", reader, pk=own.pk),
        address("review", reader, pk=other.pk),
        address("review", reader, pk=theirs.pk),
        address("interaction", reader, pk=call.pk),
        address("interactions", reader),
        address("calibrations", reader),
        address("calibration-drift", reader),
        address("calibration", reader, pk=session.pk),
        address("calibration-item", reader, pk=item.pk),
    ]
    if role == Role.MANAGER:
        pages.append(address("moments", reader))
        agent = content(browser, address("agent", reader, pk=call.agent_id))
        assert str(other.pk) not in agent, "figures over many are no answer, a review is"
    assert told(browser, *pages) == []
    asked = browser.get(address("review", reader, pk=own.pk), headers={"HX-Request": "true"})
    assert not re.search(r'class="ev ', text_of(asked))


def test_a_reader_does_not_get_it_from_the_queue_meanwhile(
    signed_in: SignIn, dana: Membership, sam: Membership, mona: Membership
) -> None:
    call = make_interaction(mona.organization)
    session = make_calibration(mona, [dana, sam], call)
    browser = signed_in(dana)
    taken = browser.post(address("queue-take", dana))
    assert taken["Location"] == address("queue", dana)
    named = browser.post(address("queue-take", dana), {"interaction": str(call.pk)})
    assert named.status_code == 422
    assert str(call.pk) not in text_of(browser.get(address("queue", dana)))
    calibrate(session, dana)
    calibrate(session, sam)
    assert str(call.pk) in text_of(browser.get(address("queue", dana)))


def test_afterwards_everybody_sees_everybody_and_the_pre_score(
    signed_in: SignIn, dana: Membership, sam: Membership, mona: Membership
) -> None:
    call = make_interaction(mona.organization)
    session = make_calibration(mona, [dana, sam, mona], call)
    for reader in (dana, sam):
        calibrate(session, reader, ANGER)
    calibrate(session, mona, (1, "frustration", "missed", 0))
    shown = text_of(
        signed_in(dana).get(address("calibration-item", dana, pk=items_of(session, mona)[0].pk))
    )
    assert all(name in shown for name in ("Dana", "Sam", "Mona", "Pre-score"))
    assert "Answers differ" in shown
    assert shown.count("differs</span>") == 1
    assert "Found only by the pre-score" in shown
