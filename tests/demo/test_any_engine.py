"""The demo loads whatever the pre-score finds: its reviews come out as they are written.

Only the conversations that are reviewed or calibrated are pushed here: 18 of 52.
"""

from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import call_command

from qa import pipeline
from qa.calibration.models import Session
from qa.demo import calibrations, load
from qa.demo.reviews import written_reviews
from qa.disputes.models import Dispute
from qa.reviews.models import Decision, Review, ReviewMoment
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from scorecards import actions as scorecards
from scorecards.empathy.inputs import Input
from scorecards.empathy.network import Network, Prediction
from scorecards.models import Emotion, Outcome
from transcripts.models import Interaction

pytestmark = pytest.mark.django_db

Result = dict[str, Any]
Engine = Callable[[Interaction, Result], Result]
LOUD = 1.0  # logits: processors have been seen to differ by .6
REVIEWED = [review["external_id"] for review in written_reviews()]


@pytest.fixture(autouse=True)
def _few_conversations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = {*REVIEWED, *calibrations.SEEN}
    lines = load.INTERACTIONS.read_text().splitlines()
    kept = [line for line in lines if any(f'"{pk}"' in line for pk in wanted)]
    assert len(kept) == len(wanted)
    few = tmp_path / "interactions.jsonl"
    few.write_text("\n".join(kept))
    monkeypatch.setattr(load, "INTERACTIONS", few)


@pytest.fixture(scope="module")
def read_once() -> Callable[[Network, list[Input]], list[list[Prediction]]]:
    """The network itself, which reads each input once in this module."""
    read, known = Network.read, {}

    def look_up(network: Network, inputs: list[Input]) -> list[list[Prediction]]:
        new = [fromkey for fromkey in dict.fromkeys(inputs) if fromkey not in known]
        known.update(zip(new, read(network, new), strict=True))
        return [known[text] for text in inputs]

    return look_up


def nothing(_interaction: Interaction, result: Result) -> Result:
    """No feeling anywhere, and nobody apologizes."""
    none = dict.fromkeys(result["apologies"], 0)
    return {**result, "moments": [], "turns": [], "apologies": none}


def everywhere(seed: int) -> Engine:
    """Some feeling in every turn of the customer's, and anything may have become of it."""
    rng = np.random.default_rng(seed)

    def find(interaction: Interaction, result: Result) -> Result:
        roles = [turn["role"] for turn in interaction.transcript.turns]
        moments = []
        for turn in (at for at, role in enumerate(roles) if role == "customer"):
            outcome = str(rng.choice(Outcome.values))
            moments.append(
                {
                    "cue_turn": turn,
                    "emotion": str(rng.choice(Emotion.values)),
                    "response_turns": [at for at in (turn + 1,) if roles[at:][:1] == ["agent"]],
                    "outcome": outcome,
                    "strength": int(rng.integers(1, 3)) if outcome == "empathy" else 0,
                    "apology_then_empathy": bool(rng.integers(2)),
                    "confidence": float(rng.random()),
                }
            )
        return {**result, "moments": moments}

    return find


def push() -> tuple[System, list[Interaction]]:
    """The demo's organizations and conversations, as they wait for a worker."""
    by = System(load.open_organizations().id)
    with tenant(by.organization_id):
        rows = Interaction.objects.visible_to(by).received().select_related("transcript")
        return by, list(rows.order_by("external_id"))


def read(pushed: list[Interaction]) -> list[Result]:
    """What the engine makes of them."""
    return [result for _, result in scorecards.run_engine_many(pushed) if result is not None]


def load_with(by: System, pushed: list[Interaction], results: list[Result]) -> None:
    """Let a worker have found this, go on with the command, and look at what came out."""
    for interaction, result in zip(pushed, results, strict=True):
        pipeline.advance(interaction, by=by, result=result)
    printed = StringIO()
    call_command("demo", "--if-empty", stdout=printed)
    assert f"Loaded; {len(REVIEWED)} interactions" in printed.getvalue()
    check_complete(by)


def check_complete(by: System) -> None:
    """Every review is confirmed as it is written, and all that follows is there."""
    with tenant(by.organization_id):
        rows = Review.objects.visible_to(by).regular().confirmed().filter(supersedes=None)
        assert sorted(row.interaction.external_id or "" for row in rows) == sorted(REVIEWED)
        for written in written_reviews():
            review = rows.get(interaction__external_id=written["external_id"])
            moments = ReviewMoment.objects.visible_to(by).filter(review=review)
            kept = moments.exclude(decision=Decision.REJECTED).order_by("cue_turn")
            assert list(kept.values("cue_turn", "emotion", "outcome", "strength")) == [
                {name: value for name, value in moment.items() if name != "reason"}
                for moment in written["moments"]
            ]
        disputes = Dispute.objects.visible_to(by)
        assert sorted(dispute.status for dispute in disputes) == ["open", "upheld"]
        sessions = Session.objects.visible_to(by)
        assert sorted(session.state for session in sessions) == ["agreed", "reading"]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_demo_loads_with_a_network_that_says_something_else(
    seed: int, read_once: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(seed)

    def jitter(numbers: Any) -> Any:
        return numbers + rng.uniform(-LOUD, LOUD, np.shape(numbers)).astype(np.float32)

    def noisy(network: Network, inputs: list[Input]) -> list[list[Prediction]]:
        return [[disturbed(window) for window in windows] for windows in read_once(network, inputs)]

    def disturbed(prediction: Prediction) -> Prediction:
        scores = {name: jitter(logits) for name, logits in prediction.scores.items()}
        return replace(prediction, scores=scores, tokens=jitter(prediction.tokens))

    by, pushed = push()
    monkeypatch.setattr(Network, "read", read_once)
    quiet = read(pushed)
    monkeypatch.setattr(Network, "read", noisy)
    loud = read(pushed)
    assert all(result != other for result, other in zip(quiet, loud, strict=True))
    load_with(by, pushed, loud)


@pytest.mark.parametrize("engine", [nothing, everywhere(1), everywhere(2)])
def test_the_demo_loads_with_an_engine_that_finds_nothing_or_anything_everywhere(
    engine: Engine, read_once: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Network, "read", read_once)
    by, pushed = push()
    found = zip(pushed, read(pushed), strict=True)
    load_with(by, pushed, [engine(interaction, result) for interaction, result in found])
