"""Who has been shown a pre-score, or what others said, gives no independent reading any more."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from qa.organizations.models import Membership
from qa.reviews.models import Exposure, Review
from qa.reviews.policy import set_policy
from qa.sampling import actions as sampling
from qa.tenancy.context import tenant
from tests.calibration.steps import items_of
from tests.reviews.steps import Desk, address, take
from tests.world import (
    calibrate,
    confirm_review,
    make_calibration,
    make_interaction,
    make_review,
)
from transcripts.models import Interaction, Upload, UploadedFile

pytestmark = pytest.mark.django_db
SignIn = Callable[[Membership | None], Client]
ANGER = 1
EVIDENCE = "ev--"
UNANSWERED = [
    {"role": "customer", "text": "This is the third time I've called and nobody helps me!"},
    {"role": "agent", "text": "Can I have your account number?"},
] * 3
FURIOUS = [
    {"role": "customer", "text": "I am furious! This is outrageous, I am so angry with you!"},
    {"role": "agent", "text": "Can I have your account number?"},
] * 3


def policy(by: Membership, *, blind: int = 100, second: int = 0) -> None:
    with tenant(by.organization_id):
        set_policy(by=by, blind_percent=blind, second_percent=second, threshold=0.6, least=30)


def text(browser: Client, name: str, by: Membership, query: str = "", **kwargs: Any) -> str:
    answer = browser.get(address(name, by, **kwargs) + query, follow=True)
    return answer.content.decode()  # type: ignore[no-any-return]


WITHHELD = "The figures for this selection are withheld until you have scored"


def feelings(page: str) -> int:
    """How many feelings the page of an agent, or the dashboard, says were shown."""
    found = re.search(r"Feelings shown</dt><dd><a[^>]*>(\d+)<", page)
    assert found
    return int(found[1])


@pytest.fixture
def call(dana: Membership, mona: Membership) -> Interaction:
    policy(mona)
    return make_interaction(dana.organization)


def test_a_blind_reading_can_be_given_once(
    signed_in: SignIn, dana: Membership, sam: Membership, call: Interaction
) -> None:
    first = take(signed_in(dana), dana)
    first.send("commit", sure=1)
    assert EVIDENCE in first.page
    assert first.send("release").status_code == 302
    again = take(signed_in(dana), dana, interaction=str(call.pk))
    assert not again.review.blind
    assert "Not blind: already seen" in again.page
    assert again.send("release").status_code == 302
    assert take(signed_in(sam), sam).review.blind, "somebody else has not seen it"


def test_what_was_put_back_before_the_commit_is_blind_again(
    signed_in: SignIn, dana: Membership, call: Interaction
) -> None:
    desk = take(signed_in(dana), dana)
    desk.send("add", cue_turn=ANGER, emotion="anger", choice="missed")
    desk.send("release")
    assert take(signed_in(dana), dana).review.blind


def test_who_had_an_open_view_of_it_gets_no_blind_one_after_the_share_was_raised(
    signed_in: SignIn, dana: Membership, mona: Membership
) -> None:
    taken = make_interaction(dana.organization, external_id="taken")
    looked = make_interaction(dana.organization, external_id="looked at")
    desk = take(signed_in(dana), dana, interaction=str(taken.pk))
    desk.send("release")
    assert EVIDENCE in text(signed_in(dana), "interaction", dana, pk=looked.pk)
    policy(mona)
    for interaction in (taken, looked):
        assert not take(signed_in(dana), dana, interaction=str(interaction.pk)).review.blind


@pytest.mark.parametrize("looks", [False, True])
def test_a_managers_review_is_blind_unless_they_have_looked(
    signed_in: SignIn, mona: Membership, call: Interaction, *, looks: bool
) -> None:
    browser = signed_in(mona)
    if looks:
        assert EVIDENCE in text(browser, "interaction", mona, pk=call.pk)
    assert ("Blind review" in text(browser, "queue", mona)) is not looks
    desk = take(browser, mona)
    assert desk.review.blind is not looks
    assert (EVIDENCE in desk.page) is looks


@pytest.mark.parametrize("page", ["interactions", "moments", "agent"])
def test_a_list_that_shows_it_counts_as_a_look(
    signed_in: SignIn, mona: Membership, page: str
) -> None:
    policy(mona)
    call = make_interaction(mona.organization, turns=UNANSWERED)
    where = {"pk": call.agent_id} if page == "agent" else {}
    assert str(call.pk) in text(signed_in(mona), page, mona, **where)
    with tenant(mona.organization_id):
        assert Exposure.objects.visible_to(mona).get().interaction_id == call.pk


def test_what_is_open_blind_is_shown_nowhere_whatever_the_role_and_the_share(
    signed_in: SignIn, mona: Membership, call: Interaction
) -> None:
    browser = signed_in(mona)
    desk = take(browser, mona)
    policy(mona, blind=0)
    assert "Set aside for a blind review" in text(browser, "interaction", mona, pk=call.pk)
    assert EVIDENCE not in text(browser, "interaction", mona, pk=call.pk)
    assert str(call.pk) not in text(browser, "moments", mona)
    assert WITHHELD in text(browser, "agent", mona, pk=call.agent_id)
    assert WITHHELD in text(browser, "dashboard", mona)
    desk.send("commit", sure=1)
    assert EVIDENCE in text(browser, "interaction", mona, pk=call.pk)
    assert feelings(text(browser, "agent", mona, pk=call.agent_id)) == 2


def test_the_numbers_of_an_agent_do_not_tell_a_specialist_what_waits_for_a_blind_reading(
    signed_in: SignIn, dana: Membership, sam: Membership, mona: Membership
) -> None:
    other = make_interaction(dana.organization, external_id="reviewed")
    make_review(sam, other, confirmed=True)
    policy(mona)
    call = make_interaction(
        dana.organization, external_id="waits", started_at="2026-11-03T09:00:00Z"
    )
    day = "?from=2026-11-03&to=2026-11-03"
    browser = signed_in(dana)
    page = text(browser, "agent", dana, day, pk=call.agent_id)
    assert WITHHELD in page
    assert "data-outcome" not in page.partition("<main")[2]
    both = "?from=2026-11-01&to=2026-11-03"
    assert WITHHELD in text(browser, "agent", dana, both, pk=call.agent_id), "two calls are few"
    listed = text(browser, "moments", dana, f"{both}&agent={call.agent_id}")
    assert "</strong> feelings" not in listed, "the difference to the rows would tell it"
    assert "1 conversation</a> counts in these totals" in listed
    assert str(call.pk) not in listed
    assert feelings(text(signed_in(mona), "agent", mona, both, pk=call.agent_id)) == 4


@pytest.mark.parametrize("who", ["dana", "mona"])
def test_the_upload_page_tells_nothing_of_it_in_passing(
    signed_in: SignIn, request: pytest.FixtureRequest, mona: Membership, who: str
) -> None:
    by = request.getfixturevalue(who)
    policy(mona)
    call = make_interaction(mona.organization)
    with tenant(mona.organization_id):
        upload = Upload.objects.create(organization=mona.organization, created_by=by.actor_label)
        file = UploadedFile.objects.create(
            organization=mona.organization,
            upload=upload,
            position=0,
            name="monday.vtt",
            size=1,
            status=UploadedFile.Status.ACCEPTED,
        )
        Interaction.objects.visible_to(mona).filter(pk=call.pk).update(file=file)
    page = text(signed_in(by), "upload", by)
    assert "Set aside for a blind review" in page
    assert "data-outcome" not in page
    assert "No feelings shown" not in page
    desk = take(signed_in(by), by)
    assert desk.review.blind
    desk.send("commit", sure=1)
    assert "data-outcome" in text(signed_in(by), "upload", by)


def test_the_readers_of_a_calibration_give_no_blind_review_afterwards(
    signed_in: SignIn, dana: Membership, sam: Membership, mona: Membership, call: Interaction
) -> None:
    session = make_calibration(mona, [dana, sam], call)
    for reader in (dana, sam):
        calibrate(session, reader)
    assert not take(signed_in(dana), dana, interaction=str(call.pk)).review.blind


def test_who_gave_a_reading_away_again_is_no_reader_of_a_calibration(
    signed_in: SignIn, dana: Membership, sam: Membership, mona: Membership, call: Interaction
) -> None:
    desk = take(signed_in(dana), dana)
    desk.send("commit", sure=1)
    desk.send("release")
    sent = {
        "name": "November",
        "due": "",
        "members": [str(dana.pk), str(sam.pk)],
        "interactions": [str(call.pk)],
    }
    answer = signed_in(mona).post(address("calibration-add", mona), sent)
    assert answer.status_code == 422
    assert "Dana has already seen one of these conversations" in answer.content.decode()


@pytest.mark.parametrize("page", ["review", "interaction"])
def test_who_has_looked_at_a_review_is_not_asked_for_its_second_reading(
    signed_in: SignIn, dana: Membership, sam: Membership, mona: Membership, page: str
) -> None:
    policy(mona, blind=0, second=100)
    first = make_review(dana, confirmed=True)
    browser = signed_in(sam)
    assert "second review" in text(browser, "queue", sam)
    where = first.pk if page == "review" else first.interaction_id
    assert "data-outcome" in text(browser, page, sam, pk=where)
    assert "second review" not in text(browser, "queue", sam)
    assert browser.post(address("queue-second", sam))["Location"] == address("queue", sam)
    with tenant(dana.organization_id):
        assert not Review.objects.visible_to(dana).filter(kind="second").exists()


def test_the_first_reader_may_look_at_their_own_review(
    signed_in: SignIn, dana: Membership, sam: Membership, mona: Membership
) -> None:
    policy(mona, blind=0, second=100)
    first = make_review(dana)
    confirm_review(first, dana)
    assert Desk(signed_in(dana), dana, first.pk).page
    answer = signed_in(sam).post(address("queue-second", sam))
    assert "/reviews/" in answer["Location"]


def test_who_has_only_looked_may_still_read_it_for_a_calibration(
    signed_in: SignIn, dana: Membership, sam: Membership, mona: Membership
) -> None:
    call = make_interaction(mona.organization)
    for reader in (mona, dana):
        assert EVIDENCE in text(signed_in(reader), "interaction", reader, pk=call.pk)
    assert make_calibration(mona, [dana, sam, mona], call).is_reading


def test_the_queue_hides_what_is_in_hand_blind_though_the_share_was_lowered(
    signed_in: SignIn, dana: Membership, mona: Membership, call: Interaction
) -> None:
    desk = take(signed_in(dana), dana)
    policy(mona, blind=0)
    for query in ("", "?whose=mine"):
        page = text(desk.client, "queue", dana, query)
        assert "Blind review" in page
        assert "data-outcome" not in page.partition("<tbody")[2].partition("</tbody>")[0]
    assert str(call.pk) not in text(desk.client, "queue", dana, "?outcome=sympathy_only")


def test_a_step_on_what_is_not_ones_own_tells_nothing_of_it(
    signed_in: SignIn, dana: Membership, sam: Membership, call: Interaction
) -> None:
    first = take(signed_in(sam), sam)
    first.send("commit", sure=1)
    browser = signed_in(dana)
    for action, data in (
        ("accept-all", {}),
        ("accept", {"cue_turn": ANGER}),
        ("accept", {"cue_turn": 5}),
        ("release", {}),
    ):
        answer = browser.post(
            address(f"review-{action}", dana, pk=first.pk),
            {"revision": 0, **data},
            headers={"HX-Request": "true"},
        )
        assert answer.status_code == 409
        shown = answer.content.decode()
        assert "Someone else is reviewing" in shown
        assert "data-outcome" not in shown


def test_accepting_all_in_an_old_tab_is_told_also_where_nothing_is_left(
    signed_in: SignIn, dana: Membership, mona: Membership
) -> None:
    make_interaction(dana.organization)
    desk = take(signed_in(dana), dana)
    desk.send("accept-all")
    assert desk.send("accept-all", revision=99).status_code == 409


def test_who_sees_the_results_of_a_calibration_gives_no_blind_review(
    signed_in: SignIn, dana: Membership, sam: Membership, mona: Membership, ada: Membership
) -> None:
    policy(mona)
    call = make_interaction(mona.organization)
    session = make_calibration(mona, [dana, sam], call)
    calibrate(session, dana)
    item = items_of(session, mona)[0]
    assert "Not everyone is done" in text(signed_in(ada), "calibration-item", ada, pk=item.pk)
    calibrate(session, sam)
    assert not take(signed_in(ada), ada, interaction=str(call.pk)).review.blind


def test_what_a_targeted_rule_finds_is_counted_and_not_named_before_a_blind_reading(
    signed_in: SignIn, mona: Membership
) -> None:
    call = make_interaction(mona.organization, turns=FURIOUS)
    with tenant(mona.organization_id):
        rule = sampling.create_rule(by=mona, kind="missed_anger", name="Anger")
    assert str(call.pk) in text(signed_in(mona), "sampling-rule", mona, pk=rule.pk)
    policy(mona)
    assert str(call.pk) not in text(signed_in(mona), "sampling-rule", mona, pk=rule.pk)
    assert take(signed_in(mona), mona).review.blind


def test_lists_tell_a_specialist_nothing_of_what_they_may_be_asked_to_read_again(
    signed_in: SignIn, dana: Membership, sam: Membership, mona: Membership
) -> None:
    policy(mona, blind=0, second=100)
    first = make_review(dana, confirmed=True)
    browser, call = signed_in(sam), first.interaction
    listed = text(browser, "interactions", sam)
    rows = listed.partition("<tbody")[2].partition("</tbody>")[0]
    assert "Set aside for a second review" in rows
    assert "data-outcome" not in rows
    assert str(call.pk) not in text(browser, "moments", sam)
    agent = text(browser, "agent", sam, pk=call.agent_id)
    assert WITHHELD in agent
    assert str(first.pk) not in agent
    taken = browser.post(address("queue-second", sam))
    assert "/reviews/" in taken["Location"]
    assert "data-outcome" in text(signed_in(dana), "interactions", dana), "their own word"


def test_a_managers_list_of_it_counts_as_a_look(
    signed_in: SignIn, dana: Membership, mona: Membership
) -> None:
    policy(mona, blind=0, second=100)
    make_review(dana, confirmed=True)
    browser = signed_in(mona)
    assert "second review" in text(browser, "queue", mona)
    text(browser, "moments", mona)
    assert "second review" not in text(browser, "queue", mona)


def test_a_dispute_waits_until_its_manager_has_read_for_themself(
    signed_in: SignIn, dana: Membership, mona: Membership, alex: Membership
) -> None:
    policy(mona, blind=0, second=100)
    review = make_review(dana, confirmed=True)
    url = address("dispute-open", alex, pk=review.pk)
    sent = {"target": f"moment:{ANGER}", "words": "I did answer."}
    made = signed_in(alex).post(f"{url}?target={sent['target']}", sent)
    browser = signed_in(mona)
    taken = browser.post(address("queue-second", mona))
    desk = Desk(browser, mona, taken["Location"].rstrip("/").rpartition("/")[2])
    page = browser.get(made["Location"])
    assert page.status_code == 409
    assert "data-outcome" not in page.content.decode()
    assert "I did answer." not in page.content.decode()
    decided = browser.post(
        f"{made['Location']}decide/", {"decision": "decline", "reason": "It is as it says."}
    )
    assert decided.status_code == 409
    desk.send("accept-all")
    desk.answer_all()
    desk.send("confirm")
    assert "I did answer." in browser.get(made["Location"]).content.decode()
