"""Points and good feelings are those of the definitions that a pre-score was made under."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qa.organizations.models import Membership, Organization
from qa.tenancy.context import tenant
from scorecards.empathy import load_pack
from scorecards.in_use import scale_of
from tests.commands.rescoring import own_pack, rescore
from tests.dashboards.reading import Browser
from tests.scorecards.steps import the_card
from tests.world import confirm_review, make_interaction, make_review

POINTS = (
    ("\nsympathy_only = 25\n", "\nsympathy_only = 35\n"),
    ("\nempathy_specific = 100\n", "\nempathy_specific = 80\n"),
    ("\nempathy_generic = 75\n", "\nempathy_generic = 85\n"),
)
FEAR_IS_GOOD = (
    (
        'example = "I\'m scared someone has my card."',
        'example = "I\'m scared someone has my card."\npositive = true',
    ),
)


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    return own_pack(tmp_path, "ours-1", *POINTS, *FEAR_IS_GOOD)


def test_a_review_is_scored_by_the_definitions_of_its_pre_score(
    larkfield: Organization, dana: Membership, ours: Path, signed_in: Browser
) -> None:
    before = make_review(dana, make_interaction(larkfield, external_id="c-1"))
    rescore("--pack", ours)
    after = make_review(dana, make_interaction(larkfield, external_id="c-2"))
    rescore()  # the drafts keep what they were opened on
    scores = []
    for review in (before, after):
        address = f"/o/larkfield/reviews/{review.pk}/"
        assert signed_in(dana).get(address).status_code == 200
        scores.append(confirm_review(review, dana).empathy_score)
    assert scores == [62.5, 57.5]


def test_pages_of_cards_and_definitions_are_of_what_is_in_use(
    larkfield: Organization, mona: Membership, ours: Path, signed_in: Browser
) -> None:
    card = reverse("scorecard", args=["larkfield", the_card(mona).pk])
    definitions = "/o/larkfield/definitions/"
    browser = signed_in(mona)
    assert "25 for sympathy only" in browser.get(card).content.decode()
    rescore("--pack", ours)
    assert "35 for sympathy only" in browser.get(card).content.decode()
    page = browser.get(definitions).content.decode()
    assert "ours-1: Codebook" in page
    assert "s own)" in page
    assert "35 points" in page
    rescore("--engine", "cues-1.0")
    page = browser.get(definitions).content.decode()
    assert "s own)" not in page
    assert "cues-1.0" in page


def test_good_feelings_on_the_dashboard_are_those_of_what_is_in_use(
    larkfield: Organization, mona: Membership, ours: Path, signed_in: Browser
) -> None:
    yesterday = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    make_interaction(larkfield, started_at=yesterday)
    browser, address = signed_in(mona), "/o/larkfield/dashboard/"
    assert "Positive feelings" not in browser.get(address).content.decode()
    rescore("--pack", ours)
    assert "Positive feelings" in browser.get(address).content.decode()
    with CaptureQueriesContext(connection) as own:
        browser.get(address)
    rescore()
    with CaptureQueriesContext(connection) as heards:
        browser.get(address)
    assert len(own) == len(heards)


def test_of_definitions_that_nobody_kept_heards_own_are_the_scale(
    larkfield: Organization, elsewhere: Organization, mona: Membership, ours: Path
) -> None:
    rescore("--pack", ours, organization="elsewhere")
    with tenant(larkfield.id):
        for definitions in ("codebook-1", "ours-1", "../packs/codebook-1"):
            assert scale_of(definitions, by=mona) == load_pack().scale
    rescore("--pack", ours)
    with tenant(larkfield.id):
        assert scale_of("ours-1", by=mona).weights["sympathy_only"] == 35
