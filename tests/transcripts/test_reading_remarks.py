"""What a reader set aside or decided stands on the pages of those who judge."""

from typing import Any

import pytest
from django.utils.html import escape

from qa.organizations.models import Membership
from tests.dashboards.reading import Browser
from tests.world import confirm_review, make_interaction, make_review
from transcripts.formats.remarks import KEY, MOST, remarks_of, with_remarks

REMARK = "What an agent forwarded is shown as the words of whoever wrote it."
TITLE = "How the file was read"
pytestmark = pytest.mark.django_db


def pages(signed_in: Browser, dana: Membership, **changes: Any) -> list[str]:
    interaction = make_interaction(dana.organization, **changes)
    review = make_review(dana, interaction)
    browser, home = signed_in(dana), "/o/larkfield/"
    found = [browser.get(f"{home}interactions/{interaction.pk}/").content.decode()]
    found.append(browser.get(f"{home}reviews/{review.pk}/").content.decode())
    confirm_review(review, dana)
    return [*found, browser.get(f"{home}reviews/{review.pk}/").content.decode()]


def test_remarks_stand_on_the_pages_of_an_interaction_and_its_review(
    signed_in: Browser, dana: Membership
) -> None:
    for page in pages(signed_in, dana, metadata=with_remarks({}, [REMARK, REMARK])):
        assert page.count(escape(REMARK)) == 1
        assert TITLE in page


@pytest.mark.parametrize("metadata", [{}, {KEY: "no list"}, {KEY: [1, None]}, {KEY: {"a": "b"}}])
def test_without_remarks_nothing_is_said(
    signed_in: Browser, dana: Membership, metadata: dict[str, Any]
) -> None:
    for page in pages(signed_in, dana, metadata=metadata):
        assert TITLE not in page


def test_remarks_are_few_and_each_once() -> None:
    assert remarks_of(with_remarks({"a": 1}, map(str, range(50)))) == [*map(str, range(MOST))]
    assert with_remarks({"a": 1}, []) == {"a": 1}
