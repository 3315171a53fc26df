"""With blind and second readings under way everybody is told the same numbers, or none."""

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
def test_a_list_gives_no_number_that_its_rows_could_be_subtracted_from(
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
                kept = listed["kept_back"].conversations
                rows, more = len(listed["page"].rows), listed["page"].older_url
                assert listed["counted"] == (None if kept else int(number[1])), (page, href)
                assert more or rows == int(number[1]) or kept, (page, href)
                opened += 1
    assert opened >= 4


def test_two_managers_see_the_same_figures_whatever_one_of_them_has_to_score(
    by_hand: Organization, signed_in: Browser, mona: Membership, ada: Membership
) -> None:
    with tenant(by_hand.pk):
        set_policy(by=mona, blind_percent=100, second_percent=0, threshold=0.6, least=30)
    for days in range(1, 13):
        scored(by_hand, ("sadness", "dismissed", 0), ("fear", "missed", 0), days_ago=days)
    page = "/o/larkfield/dashboard/?period=4w"

    def figures(by: Membership) -> tuple[object, ...]:
        shown = signed_in(by).get(page).context["overview"]
        return shown.now.counts, shown.before.counts, shown.work

    before = figures(ada)
    take(signed_in(mona), mona)
    assert figures(ada) == before, "what Mona keeps from herself changes nothing for Ada"
    assert figures(mona) == before
    text = signed_in(mona).get(page).content.decode()
    assert re.search(r'<a href="/o/larkfield/queue/">1 conversation</a> counts', text)
    assert "counts in these totals" not in signed_in(ada).get(page).content.decode()


def test_few_conversations_are_withheld_from_the_one_who_has_to_score_one_of_them(
    by_hand: Organization, signed_in: Browser, mona: Membership, ada: Membership
) -> None:
    with tenant(by_hand.pk):
        set_policy(by=mona, blind_percent=100, second_percent=0, threshold=0.6, least=30)
    browser = signed_in(mona)
    desk = take(browser, mona)
    day = desk.review.interaction.started_at.date().isoformat()
    page = f"/o/larkfield/dashboard/?from={day}&to={day}"
    shown = browser.get(page).context
    assert shown["overview"].now.withheld
    assert not shown["overview"].now.n
    assert shown["overview"].negative == []
    assert all(row.mix.withheld for row in shown["agents"])
    whole = browser.get("/o/larkfield/dashboard/?period=4w").context
    kept = desk.review.interaction.agent_id
    assert [row.agent_id for row in whole["agents"] if row.mix.withheld] == [kept]
    other = signed_in(ada).get(page).context["overview"].now
    assert other.n
    assert not other.withheld
