"""With blind and second readings under way, every number still opens exactly what it counts."""

import re

import pytest

from qa.organizations.models import Membership, Organization
from qa.reviews.policy import set_policy
from qa.tenancy.context import tenant
from tests.dashboards.reading import Browser, parsed
from tests.reviews.steps import take
from tests.scored import scored
from tests.world import make_review

pytestmark = pytest.mark.usefixtures("engine")


@pytest.mark.parametrize("who", ["dana", "sam", "mona"])
def test_what_is_kept_back_is_neither_counted_nor_listed(
    by_hand: Organization, signed_in: Browser, request: pytest.FixtureRequest, who: str
) -> None:
    dana, mona = request.getfixturevalue("dana"), request.getfixturevalue("mona")
    by: Membership = request.getfixturevalue(who)
    with tenant(by_hand.pk):
        set_policy(by=mona, blind_percent=0, second_percent=50, threshold=0.6, least=30)
    for days in range(1, 7):
        interaction = scored(by_hand, ("fear", "missed", 0), ("anger", "empathy", 2), days_ago=days)
        make_review(dana, interaction, confirmed=True)
    with tenant(by_hand.pk):
        set_policy(by=mona, blind_percent=50, second_percent=50, threshold=0.6, least=30)
    for days in range(1, 7):
        felt = [("sadness", "dismissed", 0), ("fear?", "missed", 0)]
        said = ["Volunteers 2: kind", "Sorry bare: so sorry"]
        interaction = scored(by_hand, *felt, said=said, days_ago=days)
    browser = signed_in(by)
    take(browser, by)
    agent = f"/o/larkfield/agents/{interaction.agent_id}/?period=4w"
    pages = [agent, "/o/larkfield/dashboard/?period=4w"] if who == "mona" else [agent]
    opened = 0
    for page in pages:
        for href, text in parsed(browser.get(page).content.decode()).links:
            number = re.fullmatch(r"(\d+)( feelings?| times?| apolog\w+)?", text.strip())
            if ("/moments/" in href or "/gestures/" in href) and number:
                listed = browser.get(href).context
                assert listed["counted"] == int(number[1]), (page, href)
                rows, more = len(listed["page"].rows), listed["page"].older_url
                assert more or rows == int(number[1]), (page, href)
                opened += 1
    assert opened >= 4
