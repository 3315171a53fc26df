"""Automatic feedback: pre-scores that agents read before any person has confirmed them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qa import pipeline, tasks
from qa.audit.models import AuditEvent
from qa.coaching.models import SharedPreScore
from qa.coaching.policy import set_feedback_policy
from qa.organizations.models import Agent, Membership, Organization, Role
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.dashboards.reading import Browser
from tests.notices.steps import notices_of
from tests.reviews.steps import address
from tests.scored import scored
from tests.world import make_interaction, make_member, make_review

pytestmark = pytest.mark.usefixtures("engine")  # 80 % sure of each moment, if not told otherwise
SURE, UNSURE = 0.8, 0.81
FEAR = ("fear", "missed", 0)


def share_from(mona: Membership, least: float | None, **more: int) -> None:
    with tenant(mona.organization_id):
        values = {"dispute_days": 14, "remind_days": 7, **more}
        set_feedback_policy(by=mona, share_from=least, **values)


def shared(organization: Organization) -> list[SharedPreScore]:
    by = System(organization.id)
    with tenant(organization.id):
        return list(SharedPreScore.objects.visible_to(by).order_by("shared_at"))


def test_nothing_is_shared_unless_it_is_switched_on(
    larkfield: Organization, alex: Membership, signed_in: Browser
) -> None:
    scored(larkfield, FEAR)
    assert not shared(larkfield)
    assert "Pre-scored, not reviewed" not in (
        signed_in(alex).get(address("feedback", alex)).content.decode()
    )


def test_the_agent_reads_a_sure_pre_score_marked_as_not_confirmed(
    larkfield: Organization, mona: Membership, alex: Membership, signed_in: Browser
) -> None:
    share_from(mona, SURE)
    scored(larkfield, FEAR, words="worried words")
    (prescore,) = shared(larkfield)
    browser = signed_in(alex)
    url = address("automatic-one", alex, pk=prescore.pk)
    assert url in browser.get(address("feedback", alex)).content.decode()
    page = browser.get(url).content.decode()
    assert "Pre-score, not reviewed by a person" in page
    assert "worried words" in page
    assert "80\xa0% sure" in page
    browser.post(address("automatic-acknowledge", alex, pk=prescore.pk))
    assert "You marked this as read on" in browser.get(url).content.decode()
    again = browser.post(address("automatic-acknowledge", alex, pk=prescore.pk))
    assert again.status_code == 409
    assert "already marked this as read" in again.content.decode()
    with tenant(larkfield.id):
        events = AuditEvent.objects.visible_to(mona).filter(action="prescore.acknowledged")
        assert events.count() == 1


@pytest.mark.parametrize("why", ["not sure", "no moment", "not scorable", "nobody", "no log-in"])
def test_what_is_not_shared(
    larkfield: Organization, mona: Membership, alex: Membership, why: str
) -> None:
    share_from(mona, UNSURE if why == "not sure" else SURE)
    if why == "no moment":
        scored(larkfield)
    elif why == "nobody":
        scored(larkfield, FEAR, agent="")
    elif why == "no log-in":
        scored(larkfield, FEAR, agent="a-2", name="Billie Wren")
    else:
        scored(larkfield, FEAR, subject="unfit" if why == "not scorable" else "")
    assert not shared(larkfield)


@pytest.mark.parametrize(
    ("sure", "is_shared"),
    [((80, 95, 90), True), ((79, 95, 90), False), ((95, 79, 90), False), ((95, 90, 79), False)],
)
def test_one_moment_that_is_not_sure_enough_keeps_the_whole_pre_score(
    larkfield: Organization,
    mona: Membership,
    alex: Membership,
    sure: tuple[int, ...],
    is_shared: bool,
) -> None:
    share_from(mona, SURE)
    scored(larkfield, *((*FEAR, percent) for percent in sure))
    assert bool(shared(larkfield)) == is_shared
    assert bool(notices_of(alex)) == is_shared


def test_a_day_of_calls_is_one_notice_until_something_is_read(
    larkfield: Organization, mona: Membership, alex: Membership, signed_in: Browser
) -> None:
    share_from(mona, SURE)
    for _ in range(3):
        scored(larkfield, FEAR)
    assert len(notices_of(alex)) == 1
    url = address("automatic-acknowledge", alex, pk=shared(larkfield)[0].pk)
    signed_in(alex).post(url)
    scored(larkfield, FEAR)
    assert [notice.read_at is None for notice in notices_of(alex)] == [False, True]


def test_a_review_takes_the_place_of_the_pre_score(
    larkfield: Organization,
    dana: Membership,
    mona: Membership,
    alex: Membership,
    signed_in: Browser,
) -> None:
    share_from(mona, SURE)
    interaction = scored(larkfield, FEAR)
    (prescore,) = shared(larkfield)
    review = make_review(dana, interaction, confirmed=True)
    browser = signed_in(alex)
    assert "Pre-scored" not in browser.get(address("feedback", alex)).content.decode()
    answer = browser.get(address("automatic-one", alex, pk=prescore.pk))
    assert answer["Location"] == address("feedback-review", alex, pk=review.pk)


def test_only_its_agent_reads_it(
    larkfield: Organization, mona: Membership, alex: Membership, signed_in: Browser
) -> None:
    share_from(mona, SURE)
    scored(larkfield, FEAR)
    scored(larkfield, FEAR, agent="a-2", name="Billie Wren")
    (prescore,) = shared(larkfield)
    with tenant(larkfield.id):
        agent = Agent.objects.visible_to(mona).get(external_id="a-2")
    billie = make_member(larkfield, "Billie", Role.AGENT, agent)
    for name in ("automatic-one", "automatic-acknowledge"):
        url = address(name, alex, pk=prescore.pk)
        browser = signed_in(billie)
        answer = browser.get(url) if name == "automatic-one" else browser.post(url)
        assert answer.status_code == 404


def test_content_that_is_replaced_takes_its_pre_score_along(
    larkfield: Organization, mona: Membership, alex: Membership
) -> None:
    share_from(mona, SURE)
    interaction = scored(larkfield, FEAR)
    with tenant(larkfield.id):
        pipeline.reassign(interaction.pk, by=mona, roles={0: "customer"})
    assert not shared(larkfield)


def test_pre_scoring_twice_shares_once(
    larkfield: Organization, mona: Membership, alex: Membership
) -> None:
    share_from(mona, 0)
    interaction = make_interaction(
        larkfield,
        turns=[
            {"role": "customer", "text": "Feeling fear: x"},
            {"role": "agent", "text": "Outcome missed 0: x"},
        ],
    )
    tasks.process(str(larkfield.id), str(interaction.pk))
    assert len(shared(larkfield)) == 1


def test_the_list_costs_the_same_for_many(
    larkfield: Organization, mona: Membership, alex: Membership, signed_in: Browser
) -> None:
    share_from(mona, SURE)
    counts = []
    browser = signed_in(alex)
    for more in (2, 20):
        for _ in range(more):
            scored(larkfield, FEAR)
        for name in ("automatic", "feedback"):
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(address(name, alex)).status_code == 200
            counts.append(len(queries))
    assert counts[:2] == counts[2:]
    assert len(browser.get(address("automatic", alex)).context["page"].rows) == 22


def test_managers_set_it_and_wrong_values_are_refused(
    larkfield: Organization, mona: Membership, dana: Membership, signed_in: Browser
) -> None:
    url = address("settings-feedback", mona)
    values = {
        "dispute_days": 7,
        "share": "sure",
        "share_percent": 85,
        "remind_days": 3,
        "recall_minutes": 10,
    }
    manager = signed_in(mona)
    wrong = manager.post(url, {**values, "share_percent": 20})
    assert wrong.status_code == 422
    assert 'value="7"' in wrong.content.decode(), "nothing that was filled in is lost"
    assert manager.post(url, values).status_code == 302
    form = manager.get(url).context["form"]
    assert form.initial == values
    manager.post(url, {**values, "share": "none"})
    assert manager.get(url).context["form"].initial["share"] == "none"
    assert signed_in(dana).get(url).status_code == 403
