"""A preview tells nobody what the pre-score found in what they are to judge blind."""

from collections.abc import Callable

import pytest
from django.test import Client

from qa.organizations.models import Membership
from tests.reviews.steps import address
from tests.sampling.test_rules import NOT_ANSWERED, call, made
from tests.world import make_calibration

pytestmark = pytest.mark.django_db
SignIn = Callable[[Membership | None], Client]


def test_a_targeted_preview_counts_but_does_not_list_what_its_reader_calibrates(
    signed_in: SignIn, mona: Membership, dana: Membership
) -> None:
    manager, larkfield = signed_in(mona), mona.organization
    kept = call(larkfield, external_id="c-1", turns=NOT_ANSWERED)
    other = call(larkfield, external_id="c-2", turns=NOT_ANSWERED)
    make_calibration(mona, [mona, dana], kept)
    rule = made(manager, mona, "missed_anger")
    shown = manager.get(address("sampling-rule", mona, pk=rule)).content.decode()
    assert "this rule would pick <strong>2</strong>" in shown
    assert address("interaction", mona, pk=other.pk) in shown
    assert address("interaction", mona, pk=kept.pk) not in shown


def test_a_random_preview_tells_nothing_and_lists_all(
    signed_in: SignIn, mona: Membership, dana: Membership
) -> None:
    manager = signed_in(mona)
    kept = call(mona.organization, external_id="c-1", turns=NOT_ANSWERED)
    make_calibration(mona, [mona, dana], kept)
    rule = made(manager, mona, "share", percent="100")
    shown = manager.get(address("sampling-rule", mona, pk=rule)).content.decode()
    assert address("interaction", mona, pk=kept.pk) in shown
