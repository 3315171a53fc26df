"""A blind review: judged first, shown afterwards; what was said until then is kept apart."""

from collections.abc import Callable

import pytest
from django.test import Client

from qa.audit.models import AuditEvent
from qa.organizations.models import Membership, Organization
from qa.reviews.models import Decision, Reason, Withheld
from qa.reviews.policy import drawn, is_drawn, set_policy
from qa.tenancy.base import System, new_id
from qa.tenancy.context import tenant
from tests.reviews.steps import Desk, address, take
from tests.world import make_interaction
from transcripts.models import Interaction

pytestmark = pytest.mark.django_db
SignIn = Callable[[Membership | None], Client]
ANGER, WORRY = 1, 3
EVIDENCE = "ev--"


def all_blind(by: Membership, percent: int = 100) -> None:
    with tenant(by.organization_id):
        set_policy(by=by, blind_percent=percent, threshold=0.6, least=30)


@pytest.fixture
def desk(signed_in: SignIn, dana: Membership, mona: Membership) -> Desk:
    all_blind(mona)
    make_interaction(dana.organization)
    return take(signed_in(dana), dana)


def add(desk: Desk, turn: int, emotion: str, choice: str) -> None:
    desk.send("add", cue_turn=turn, emotion=emotion, choice=choice)


def test_nothing_of_the_machines_is_shown_before_the_specialist_commits(desk: Desk) -> None:
    page = desk.page
    assert desk.review.blind
    assert EVIDENCE not in page
    assert "pre-score hidden" in page
    assert 'id="accept' not in page
    assert desk.moments == {}
    part = desk.client.get(
        address("review", desk.member, pk=desk.pk), {"add": ANGER}, headers={"HX-Request": "true"}
    ).content.decode()
    assert EVIDENCE not in part
    assert "pre-score," not in part


def test_queue_list_and_interaction_keep_the_pre_score_back(
    signed_in: SignIn, dana: Membership, mona: Membership
) -> None:
    kept = make_interaction(dana.organization)
    client = signed_in(dana)
    shown = client.get(address("queue", dana)).content.decode()
    assert "Blind review" not in shown
    all_blind(mona)
    queue = client.get(address("queue", dana)).content.decode()
    assert "Blind review" in queue
    rows = queue.partition("<tbody")[2].partition("</tbody>")[0]
    assert "data-outcome" not in rows
    interaction = client.get(address("interaction", dana, pk=kept.pk)).content.decode()
    assert "Set aside for a blind review" in interaction
    assert EVIDENCE not in interaction
    listed = client.get(address("interactions", dana)).content.decode()
    assert "Set aside for a blind review" in listed
    managers = signed_in(mona).get(address("interaction", mona, pk=kept.pk)).content.decode()
    assert EVIDENCE in managers


def test_no_filter_gives_away_what_is_kept_back(
    signed_in: SignIn, dana: Membership, mona: Membership
) -> None:
    kept = make_interaction(dana.organization)
    asked = [
        ("interactions", {"emotion": "fear"}),
        ("interactions", {"outcome": "sympathy_only"}),
        ("interactions", {"prescore_least": "0"}),
        ("queue", {"outcome": "sympathy_only"}),
        ("moments", {"emotion": "fear"}),
    ]
    for blind in (False, True):
        if blind:
            all_blind(mona)
        for page, filters in asked:
            shown = signed_in(dana).get(address(page, dana), filters).content.decode()
            assert (str(kept.pk) in shown) is not blind, (page, filters)
    assert str(kept.pk) in signed_in(mona).get(address("moments", mona)).content.decode()
    same = {"outcome": "sympathy_only"}
    assert signed_in(dana).post(address("queue-take", dana), same)["Location"] == address(
        "queue", dana
    )
    desk = take(signed_in(dana), dana)
    desk.send("commit", sure=1)
    found = desk.client.get(
        address("interactions", dana), {"outcome": "sympathy_only"}
    ).content.decode()
    assert str(kept.pk) in found


def test_committing_pairs_what_both_said_and_keeps_the_first_reading(desk: Desk) -> None:
    add(desk, ANGER, "frustration", "dismissed")
    add(desk, 5, "relief", "missed")
    desk.send("commit")
    review, moments = desk.review, desk.moments
    assert review.committed_at is not None
    assert review.first_reading == [
        {"cue_turn": ANGER, "emotion": "frustration", "outcome": "dismissed", "strength": 0},
        {"cue_turn": 5, "emotion": "relief", "outcome": "missed", "strength": 0},
    ]
    assert moments[ANGER].decision == Decision.CHANGED
    assert moments[ANGER].reason == Reason.BLIND
    assert moments[ANGER].moment is not None
    assert moments[WORRY].decision == Decision.REJECTED  # found by the machine alone
    assert moments[5].decision == Decision.ADDED  # by the person alone
    assert EVIDENCE in desk.page
    with tenant(desk.member.organization_id):
        events = AuditEvent.objects.visible_to(desk.member).filter(action="review.committed")
        assert events.count() == 1


def test_the_same_judgement_counts_as_confirmed(
    signed_in: SignIn, dana: Membership, sam: Membership, mona: Membership
) -> None:
    make_interaction(dana.organization, external_id="open")
    machine = take(signed_in(sam), sam).moments[ANGER].moment
    assert machine is not None
    all_blind(mona)
    make_interaction(dana.organization, external_id="blind")
    desk = take(signed_in(dana), dana)
    relates = machine.outcome == "empathy"
    choice = f"empathy_{machine.strength}" if relates else machine.outcome
    add(desk, ANGER, machine.emotion, choice)
    desk.send("commit")
    assert desk.moments[ANGER].decision == Decision.ACCEPTED


def test_after_the_commit_all_may_be_changed_and_the_first_reading_stays(desk: Desk) -> None:
    desk.send("commit", sure=1)
    said = desk.review.first_reading
    desk.send("accept", cue_turn=WORRY)
    assert desk.moments[WORRY].decision == Decision.ACCEPTED
    desk.answer_all()
    assert desk.send("confirm").status_code == 302
    assert desk.review.status == "confirmed"
    assert desk.review.first_reading == said == []


def test_submitting_before_the_commit_is_refused_and_loses_nothing(desk: Desk) -> None:
    add(desk, ANGER, "anger", "missed")
    desk.answer_all()
    answer = desk.send("confirm", summary="Well.")
    assert answer.status_code == 422
    assert "Lock your review and compare it with the pre-score first" in answer.content.decode()
    assert desk.review.status == "open"
    assert desk.moments[ANGER].outcome == "missed"


def test_committing_twice_is_told(desk: Desk) -> None:
    desk.send("commit", sure=1)
    answer = desk.send("commit")
    assert answer.status_code == 409
    assert "already shown" in answer.content.decode()


def test_committing_in_another_tab_is_told(desk: Desk) -> None:
    before = desk.review.revision
    add(desk, ANGER, "anger", "missed")
    assert desk.send("commit", revision=before).status_code == 409
    assert desk.review.first_reading is None


def test_a_reason_of_blindness_cannot_be_chosen(
    signed_in: SignIn, dana: Membership, mona: Membership
) -> None:
    make_interaction(dana.organization)
    desk = take(signed_in(dana), dana)
    answer = desk.send(
        "change", cue_turn=ANGER, emotion="anger", choice="dismissed", reason=Reason.BLIND
    )
    assert answer.status_code == 422


def test_the_draw_is_steady_and_keeps_to_the_share() -> None:
    ids = [new_id() for _ in range(4000)]
    drawn = [pk for pk in ids if is_drawn(pk, 10)]
    assert 300 < len(drawn) < 500
    assert all(is_drawn(pk, 10) and is_drawn(pk, 50) for pk in drawn)
    assert not any(is_drawn(pk, 0) for pk in ids)
    assert all(is_drawn(pk, 100) for pk in ids)


@pytest.mark.parametrize("percent", [0, 20, 50, 100])
def test_the_database_draws_as_we_do(larkfield: Organization, percent: int) -> None:
    ids = {make_interaction(larkfield, external_id=f"c-{n}").pk for n in range(30)}
    with tenant(larkfield.pk):
        rows = Interaction.objects.visible_to(System(larkfield.pk)).filter(drawn(percent))
        found = set(rows.values_list("pk", flat=True))
    assert found == {pk for pk in ids if is_drawn(pk, percent)}


def test_a_withheld_label_waits_for_the_persons_own_choice(
    signed_in: SignIn, dana: Membership
) -> None:
    make_interaction(dana.organization)
    desk = take(signed_in(dana), dana)
    found = desk.moments[ANGER].moment
    assert found is not None
    with tenant(dana.organization_id):
        Withheld.objects.create(
            organization_id=dana.organization_id, label=found.outcome, agreement=0.3, compared=40
        )
    assert "Decide this one yourself" in desk.page.replace("&nbsp;", " ")
    answer = desk.send("accept", cue_turn=ANGER)
    assert answer.status_code == 422
    assert "Choose the outcome yourself" in answer.content.decode()
    desk.send("accept-all")
    held = [moment for moment in desk.moments.values() if moment.moment.outcome == found.outcome]  # type: ignore[union-attr]
    assert all(moment.decision == Decision.PENDING for moment in held)
    desk.send("change", cue_turn=ANGER, emotion="anger", choice="missed", reason=Reason.WORDS_ONLY)
    assert desk.moments[ANGER].decision != Decision.PENDING
