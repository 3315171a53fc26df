"""A specialist's whole day by keyboard alone: what a dispute came to, ten reviews, a blind one, a
calibration."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from qa import pipeline
from qa.disputes import actions as disputes
from qa.organizations.models import Membership
from qa.reviews.corrections import Correction
from qa.reviews.models import Review
from qa.reviews.policy import set_policy
from qa.tenancy.context import tenant
from tests.browser.hands import Keys
from tests.world import calibrate, make_calibration, make_interaction, make_review

pytestmark = pytest.mark.django_db(transaction=True)

SignIn = Callable[[Membership], Page]
REVIEWS = 10
FEAR = (3, "fear", "empathy", 2)
REASON = "The customer was let finish at last."


def upheld_dispute(dana: Membership, alex: Membership, mona: Membership) -> None:
    """The agent has objected to one of Dana's answers, and was right."""
    review = make_review(dana, confirmed=True)
    with tenant(dana.organization_id):
        dispute = disputes.open_dispute(
            review, by=alex, target="answer:let_finish", words="I did let them finish."
        )
        change = Correction(question="let_finish", answer="no")
        pipeline.decide_dispute(dispute, by=mona, upheld=True, reason=REASON, change=change)


def read_the_dispute(keys: Keys) -> None:
    keys.open("Notices")
    keys.page.wait_for_url("**/notices/")
    keys.open("Mona upheld")
    keys.page.wait_for_url("**/disputes/**")
    expect(keys.page.locator("body")).to_contain_text(REASON)
    keys.open("Queue")
    keys.page.wait_for_url("**/queue/")


def review_ten(keys: Keys) -> None:
    keys.take()
    for _ in range(REVIEWS):
        keys.review()
    expect(keys.page.locator("body")).to_contain_text("That was the last one.")


def review_one_blind(keys: Keys) -> None:
    keys.page.reload()
    keys.take()
    expect(keys.page.locator("#review")).to_have_attribute("data-blind", "")
    keys.see_feeling("Frus", "4")
    keys.press("c")
    expect(keys.page.locator(".ev").first).to_be_visible()
    keys.answer_yes()
    keys.submit()


def calibrate_one(keys: Keys) -> None:
    keys.open("Go to the session")
    keys.page.wait_for_url("**/calibration/")
    keys.open("November")
    keys.page.wait_for_url("**/calibration/*-*/")
    keys.open("Start scoring")
    keys.page.wait_for_url("**/reviews/**")
    keys.see_feeling("Frus", "4")
    keys.answer_open()
    keys.submit()
    keys.page.wait_for_url("**/calibration/*-*/")
    expect(keys.page.locator("body")).to_contain_text("here are the results")


def test_the_whole_day(
    sign_in: SignIn, dana: Membership, sam: Membership, mona: Membership, alex: Membership
) -> None:
    organization = dana.organization
    upheld_dispute(dana, alex, mona)
    for number in range(REVIEWS):
        make_interaction(organization, external_id=f"c-{number}")
    session = make_calibration(mona, [dana, sam], make_interaction(organization, external_id="c"))
    calibrate(session, sam, FEAR)
    keys = Keys(sign_in(dana))
    read_the_dispute(keys)
    review_ten(keys)
    with tenant(mona.organization_id):
        set_policy(by=mona, blind_percent=100, threshold=0.6, least=30)
    make_interaction(organization, external_id="blind")
    review_one_blind(keys)
    calibrate_one(keys)
    with tenant(dana.organization_id):
        mine = Review.objects.visible_to(dana).confirmed().filter(specialist=dana)
        kinds = [review.kind for review in mine.filter(supersedes__isnull=True)]
    assert sorted(kinds) == ["calibration"] + ["regular"] * (REVIEWS + 2)
    print(f"\nthe whole day: {keys.pressed} keys")
