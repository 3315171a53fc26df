"""Pages that can't show anything yet say why, and offer their one next step."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qa.first_steps.facts import facts_of
from qa.first_steps.reasons import REASONS, not_yet
from qa.organizations.models import Membership
from qa.tenancy.context import tenant
from tests.first_steps.steps import load, page_of, review_of
from tests.world import make_interaction

pytestmark = pytest.mark.django_db
SignIn = Callable[[Membership | None], Client]


def waiting(member: Membership) -> set[str]:
    with tenant(member.organization_id):
        return set(not_yet(member, facts_of(member)))


def test_in_an_empty_organization_every_page_waits(mona: Membership) -> None:
    assert waiting(mona) == set(REASONS)


def test_reasons_go_as_things_come(mona: Membership, dana: Membership) -> None:
    interaction = make_interaction(mona.organization)
    assert waiting(mona) == {"disputes", "acknowledgements", "agreement"}
    review_of(dana, interaction)
    assert waiting(mona) == {"agreement"}


def test_a_calibration_needs_somebody_else(mona: Membership) -> None:
    make_interaction(mona.organization)
    with tenant(mona.organization_id):
        reasons = not_yet(mona, facts_of(mona))
    assert "you are the only one" in reasons["calibrations"].words


@pytest.mark.parametrize("page", ["queue/", "dashboard/", "interactions/", "disputes/"])
def test_how_far_an_organization_is_is_looked_up_once_a_page(
    page: str, mona: Membership, signed_in: SignIn
) -> None:
    browser = signed_in(mona)
    with CaptureQueriesContext(connection) as queries:
        text = page_of(browser, page)
    assert "rail__why" in text
    asked = [one for one in queries if "coaching_sharedprescore" in one["sql"]]
    assert len([one for one in asked if one["sql"].count("EXISTS") > 5]) == 1


@pytest.mark.parametrize(
    ("page", "title", "next_step"),
    [
        ("queue/", "Nothing to review right now", "Upload transcripts"),
        ("interactions/", "No conversations yet", "Upload transcripts"),
        ("moments/", "No moments yet", "Upload transcripts"),
        ("gestures/", "Nothing here yet", "Upload transcripts"),
        ("disputes/", "No open disputes", "Upload transcripts"),
        ("acknowledgements/", "Nothing to acknowledge yet", "Upload transcripts"),
        ("calibration/", "No calibration yet", "Upload transcripts"),
        ("calibration/drift/", "Nothing to compare yet", "To the calibration sessions"),
        ("agreement/", "Nothing to measure yet", "Upload transcripts"),
        ("sampling/", "No rules yet", "Add a rule"),
        ("notices/", "No notices yet", "Choose what comes by e-mail"),
        ("settings/agents/", "No agents yet", "Add an agent"),
        ("settings/teams/", "No teams yet", "Add the first team"),
        ("settings/keys/", "No keys yet", "Create the first key"),
    ],
)
def test_an_empty_page_says_what_it_is_for_and_offers_one_step(
    page: str, title: str, next_step: str, ada: Membership, signed_in: SignIn
) -> None:
    text = page_of(signed_in(ada), page)
    empty = text[text.index('<div class="empty">') :]
    assert title in empty
    assert f">{next_step}</a>" in empty
    for control in ("take-next", 'class="filters"', 'id="assign"', 'class="toolbar"'):
        assert control not in text, control


def test_where_samples_may_be_loaded_it_says_so(
    mona: Membership, dana: Membership, signed_in: SignIn
) -> None:
    offer = "Or try it with sample conversations"
    assert offer in page_of(signed_in(mona), "queue/")
    assert offer not in page_of(signed_in(dana), "interactions/")
    load(mona)
    assert offer not in page_of(signed_in(mona), "interactions/?q=nothing")
