"""A feeling of which the pre-score is not sure what kind it is: nothing takes it for one.

The test's engine is 93 % sure that there is a feeling; "anger?" is one of unsure kind.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from qa.agreement.judgements import judged, tables
from qa.coaching.models import SharedPreScore
from qa.coaching.policy import set_feedback_policy
from qa.organizations.models import Membership, Organization
from qa.reviews.models import Review
from qa.reviews.policy import set_policy
from qa.sampling import actions as sampling
from qa.sampling.models import Pick
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.api.conftest import RestClient
from tests.reviews.steps import address, take
from tests.scored import engine, scored  # noqa: F401 (a fixture)
from tests.scored import found as found_now
from tests.world import confirm_review, make_key, make_review
from transcripts.models import Interaction

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("engine")]
SignIn = Callable[[Membership | None], Client]
UNSURE, SURE = ("anger?", "missed", 0), ("anger", "missed", 0)
CHIP = (
    '<span class="emotion" data-emotion="unsure">A feeling, kind unsure '
    '<span class="emotion__sure">93\xa0% sure</span></span>'
)


def listed(browser: Client, emotion: str) -> int:
    """How many moments the list shows for this filter; it says the same number, or none."""
    shown = browser.get(f"/o/larkfield/moments/?emotion={emotion}").context
    kept = shown["kept_back"].conversations
    assert shown["counted"] == (None if kept else len(shown["moments"]))
    return len(shown["moments"])


def found(browser: Client, emotion: str) -> set[Any]:
    """The interactions that their list shows for this filter."""
    rows = browser.get(f"/o/larkfield/interactions/?emotion={emotion}").context["rows"]
    return {row.interaction.pk for row in rows}


@pytest.fixture
def both(larkfield: Organization, elsewhere: Organization) -> tuple[Interaction, Interaction]:
    """A conversation with a feeling of unsure kind, and one with plain anger."""
    scored(elsewhere, UNSURE)
    return scored(larkfield, UNSURE), scored(larkfield, SURE)


def test_it_is_a_value_of_its_own_in_lists_filters_and_figures(
    both: tuple[Interaction, Interaction], mona: Membership, signed_in: SignIn
) -> None:
    unsure, sure = both
    browser = signed_in(mona)
    assert [listed(browser, one) for one in ("anger", "unsure", "")] == [1, 1, 2]
    assert found(browser, "anger") == {sure.pk}
    assert found(browser, "unsure") == {unsure.pk}
    page = browser.get("/o/larkfield/dashboard/?period=4w")
    overview = page.context["overview"]
    assert [(one.emotion, one.mix.n) for one in overview.negative] == [("anger", 1)]
    assert [(one.emotion, one.mix.n) for one in overview.unsure] == [("unsure", 1)]
    assert "Unclear which feeling" in page.content.decode()
    assert overview.now.n == 2


def test_a_person_settles_the_kind(
    both: tuple[Interaction, Interaction], dana: Membership, mona: Membership, signed_in: SignIn
) -> None:
    desk = take(signed_in(dana), dana, interaction=both[0].pk)
    assert CHIP in desk.page
    assert '<option value="anger" selected>Anger (best guess)</option>' in " ".join(
        desk.page.replace("\n", " ").split()
    )
    desk.send("accept", cue_turn=1)
    assert desk.moments[1].emotion == "anger"
    assert listed(signed_in(mona), "unsure") == 1, "not before the review is submitted"
    confirm_review(desk.review, dana)
    browser = signed_in(mona)
    assert [listed(browser, one) for one in ("anger", "unsure")] == [2, 0]
    assert found(browser, "unsure") == set()
    assert found(browser, "anger") == {one.pk for one in both}


def test_another_feeling_stands_beside_that_the_kind_was_unsure(
    larkfield: Organization, dana: Membership, mona: Membership, signed_in: SignIn
) -> None:
    desk = take(signed_in(dana), dana, interaction=scored(larkfield, UNSURE).pk)
    desk.send("change", cue_turn=1, emotion="fear", choice="missed")
    chip, page = (" ".join(text.split()) for text in (CHIP, desk.page))
    assert f'<span class="visually-hidden">pre-score: </span>{chip}' in page
    confirm_review(desk.review, dana)
    assert [listed(signed_in(mona), one) for one in ("fear", "anger", "unsure")] == [1, 0, 0]


def test_pages_say_how_sure_the_feeling_is_beside_how_sure_the_outcome_is(
    larkfield: Organization, mona: Membership, signed_in: SignIn
) -> None:
    kept = scored(larkfield, ("anger?", "missed", 0, 61))
    browser = signed_in(mona)
    agent = address("agent", mona, pk=kept.agent_id)
    for url in (address("moments", mona), address("interaction", mona, pk=kept.pk), agent):
        html = browser.get(url).content.decode()
        assert CHIP in html, url
        assert "61\xa0% sure" in html, url
        assert "Anger</span>" not in html, url
    queue = browser.get(address("queue", mona)).content.decode()
    assert "A feeling, kind unsure</span>" in queue


def test_the_strongest_feeling_of_the_queue_is_one_of_a_sure_kind(
    larkfield: Organization, dana: Membership, signed_in: SignIn
) -> None:
    scored(larkfield, UNSURE, ("surprise", "missed", 0))
    html = signed_in(dana).get(address("queue", dana)).content.decode()
    assert "Surprise</span>" in html
    assert "kind unsure</span>" not in html


def test_the_rule_for_missed_anger_leaves_it_alone(
    both: tuple[Interaction, Interaction], mona: Membership
) -> None:
    by = System(mona.organization_id)
    with tenant(mona.organization_id):
        rule = sampling.create_rule(by=mona, kind="missed_anger", name="Missed anger")
        sampling.switch_on(rule, by=mona, look_back=True)
        sampling.draw(by=by)
        picked = Pick.objects.visible_to(by).values_list("interaction", flat=True)
        assert set(picked) == {both[1].pk}


def test_an_agent_reads_that_the_kind_is_unsure(
    larkfield: Organization, mona: Membership, alex: Membership, signed_in: SignIn
) -> None:
    with tenant(larkfield.id):
        set_feedback_policy(by=mona, dispute_days=14, share_from=0.5, remind_days=7)
    scored(larkfield, UNSURE)
    with tenant(larkfield.id):
        one = SharedPreScore.objects.visible_to(System(larkfield.id)).get()
    html = signed_in(alex).get(address("automatic-one", alex, pk=one.pk)).content.decode()
    assert CHIP in html
    assert "Anger</span>" not in html


def test_praise_does_not_name_a_feeling_of_unsure_kind(
    larkfield: Organization, alex: Membership, signed_in: SignIn
) -> None:
    scored(larkfield, ("anger?", "empathy", 2))
    html = signed_in(alex).get(address("feedback", alex)).content.decode()
    assert "after a customer told you:" in html


def test_agreement_on_the_kind_leaves_it_out(
    larkfield: Organization, dana: Membership, mona: Membership
) -> None:
    for felt in (UNSURE, SURE):
        make_review(dana, scored(larkfield, felt), confirmed=True)
    with tenant(larkfield.id):
        reviews = judged(mona, blind=False)
        compared = {label: tables(reviews, label).sum() for label in ("cue", "emotion", "outcome")}
    assert compared["cue"] - compared["emotion"] == 1
    assert compared["outcome"] == 2, "what became of it is compared all the same"


def test_rest_filters_by_it_and_says_it(
    both: tuple[Interaction, Interaction], ada: Membership, dana: Membership, mallory: Membership
) -> None:
    unsure, sure = both
    rest = RestClient(make_key(ada))
    answers = [rest.get("/interactions/", emotion=one).json() for one in ("anger", "unsure")]
    ids = [[row["id"] for row in answer["results"]] for answer in answers]
    assert ids == [[str(sure.pk)], [str(unsure.pk)]]
    (moment,) = rest.get(f"/interactions/{unsure.pk}/").json()["prescore"]["moments"]
    assert (moment["emotion"], moment["kind_unsure"], moment["presence"]) == ("anger", True, 0.93)
    review = make_review(dana, unsure, confirmed=True)
    (decided,) = rest.get(f"/reviews/{review.pk}/").json()["moments"]
    assert decided["prescore"]["kind_unsure"] is True
    assert RestClient(make_key(mallory)).get(f"/interactions/{unsure.pk}/").status_code == 404
    assert rest.get("/interactions/", emotion="bliss").status_code == 400


def test_a_pre_score_from_before_is_sure_of_its_kinds(
    larkfield: Organization,
    dana: Membership,
    mona: Membership,
    signed_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("scorecards.actions.run_engine", without_certainty)
    kept = scored(larkfield, SURE)
    browser = signed_in(mona)
    assert [listed(browser, one) for one in ("anger", "unsure")] == [1, 0]
    review = make_review(dana, kept)
    pages = [address("interaction", dana, pk=kept.pk), address("review", dana, pk=review.pk)]
    for url in pages:
        html = signed_in(dana).get(url).content.decode()
        assert 'data-emotion="anger">Anger</span>' in html
        assert "kind unsure" not in html


def without_certainty(interaction: Interaction) -> dict[str, Any]:
    """As pre-scores were stored before they said how sure a feeling is."""
    result = found_now(interaction)
    for one in [*result["moments"], *(turn.get("cue") or {} for turn in result["turns"])]:
        one.pop("presence", None)
        one.pop("kind_unsure", None)
    return result


def test_a_blind_reviewer_is_told_nothing_of_it(
    larkfield: Organization, dana: Membership, mona: Membership, signed_in: SignIn
) -> None:
    with tenant(larkfield.id):
        set_policy(by=mona, blind_percent=100, threshold=0.6, least=30)
    kept = scored(larkfield, UNSURE)
    desk = take(signed_in(dana), dana, interaction=kept.pk)
    with tenant(larkfield.id):
        assert Review.objects.visible_to(dana).get(pk=desk.pk).blind
    assert "kind unsure" not in desk.page
    assert "kind unsure" not in signed_in(dana).get(address("queue", dana)).content.decode()
    assert listed(signed_in(dana), "unsure") == 0
