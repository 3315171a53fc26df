"""What is particular to the engine "reader": its weights, its gate, its evidence, its texts."""

import json
from pathlib import Path

import pytest

from scorecards.empathy import PreScore, load_pack, prescore, prescore_many
from scorecards.empathy.gold import Turn
from scorecards.empathy.inputs import Input, of_agent, of_customer
from scorecards.empathy.mixing import EMOTIONS
from scorecards.empathy.network import MOST_SAID, Network
from scorecards.empathy.reader import MOST_READ, WEIGHTS, Reader
from scorecards.empathy.text import prepare

TEXTS = Path(__file__).resolve().parents[2] / "scorecards" / "empathy" / "train" / "texts"
ROUTINE = [
    Turn("agent", "Can I take your postcode, please?"),
    Turn("customer", "it's LS7 4BD"),
    Turn("agent", "Thank you. And the first line of the address?"),
    Turn("customer", "flat nine marlow house"),
]
HURT = [
    Turn("customer", "That's the fourth day I've sat here waiting in for your van with a newborn."),
    Turn("agent", "Four days indoors with a tiny baby, I'd be climbing the walls by now."),
]


def scored(turns: list[Turn]) -> PreScore:
    return prescore(turns, pack=load_pack())


def test_empathy_without_a_word_of_feeling_is_heard() -> None:
    found = scored(HURT)
    assert [(m.outcome, m.strength) for m in found.moments] == [("empathy", 2)]
    response = found.turns[1].response
    assert response is not None
    said = [HURT[1].text[span.start : span.end] for span in response.empathy.evidence]
    assert any("climbing the walls" in one or "Four days" in one for one in said)
    assert response.empathy.confidence > 0.5


def test_a_turn_is_judged_alike_alone_and_among_others() -> None:
    alone = scored(HURT).to_dict()
    many = [ROUTINE, HURT, ROUTINE + HURT, HURT]
    found = list(prescore_many(many, pack=load_pack()))
    assert found[1].to_dict() == found[3].to_dict() == alone
    for turns, one in zip(many, found, strict=True):
        assert one == scored(turns)


def test_routine_turns_are_held_back_and_carry_nothing() -> None:
    reader = Reader()
    pack = load_pack()
    prepared = reader.prepare(ROUTINE * 3, pack)
    read = [
        reader.worth_reading(role, prepared, prepared.turns, pack) for role in ("customer", "agent")
    ]
    assert sum(map(len, read)) <= 6
    assert not scored(ROUTINE).moments


def test_each_interaction_has_its_own_language() -> None:
    found = list(prescore_many([HURT, HURT], pack=load_pack(), languages=["en", "fr"]))
    assert [one.fitness.reasons for one in found] == [(), ("unsupported_language",)]


def test_long_turns_are_read_in_windows_that_cover_them() -> None:
    network = Network(WEIGHTS)
    said = " ".join(f"word{n}" for n in range(400))
    windows = list(network.windows(Input("cue", "", said)))
    assert len(windows) > 1
    assert all(len(window.offsets) <= MOST_SAID for window in windows)
    covered = {at for window in windows for start, end in window.offsets for at in (start, end)}
    assert min(covered) == 0
    assert max(covered) == len(said)


def test_no_interaction_is_too_long() -> None:
    turns = [
        Turn(role, f"I am so worried about invoice {n}, it is the third time!")
        for n in range(MOST_READ + 1)
        for role in ("customer", "agent")
    ]
    found = scored(turns)
    assert len(found.turns) == 2 * MOST_READ + 2
    assert found.turns[-2].cue is not None  # by the phrases


def test_tone_that_plain_words_lose_is_told_to_the_network() -> None:
    shouted = of_customer(None, prepare("WHERE IS MY MONEY NOW"))
    assert shouted.before == "(shouting)"
    assert "crying" in of_customer(None, prepare("my parcel 😭")).before
    assert of_customer(None, prepare("my card [CARD] [EMAIL] [PHONE]")).before == ""
    heard = [prepare("I lost my job last week and the rent is due on Friday."), prepare("yes")]
    assert "lost my job" in of_agent(heard, prepare("Oh.")).before


def records() -> list[tuple[str, dict[str, object]]]:
    return [
        (f"{path.name}:{number}", json.loads(line))
        for path in sorted(TEXTS.glob("*.jsonl"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
    ]


def test_every_training_text_is_labelled_and_quotes_its_own_words() -> None:
    faults = [place for place, record in records() if not sound(record)]
    assert faults == []
    assert len(records()) > 3000


def sound(record: dict[str, object]) -> bool:
    """Labels are the codebook's; quotes stand in the text they are about."""
    if "turns" in record:
        turns, cues, responses = (record[key] for key in ("turns", "cues", "responses"))
        assert isinstance(turns, list)
        assert isinstance(cues, dict)
        assert isinstance(responses, dict)
        customers = all(turns[int(at)]["role"] == "customer" for at in cues)
        agents = all(turns[int(at)]["role"] == "agent" for at in responses)
        words = record.get("words", {})
        assert isinstance(words, dict)
        quoted = all(
            quote in turns[int(at)]["text"]
            for at, marked in words.items()
            for quotes in marked.values()
            for quote in quotes
        )
        return customers and agents and quoted and set(cues.values()) <= set(EMOTIONS)
    labels, words = record["labels"], record.get("words", {})
    assert isinstance(labels, dict)
    assert isinstance(words, dict)
    quoted = all(
        quote in str(record["customer" if mark == "cue" else "agent"])
        for mark, quotes in words.items()
        for quote in quotes
    )
    return quoted and labels["emotion"] in {*EMOTIONS, "none"}


@pytest.mark.parametrize(
    "name", ["model.onnx", "tokenizer.json", "reader.json", "gate.npz", "roles.npz"]
)
def test_the_weights_are_here(name: str) -> None:
    assert (WEIGHTS / name).stat().st_size > 500


def test_the_weights_stay_small() -> None:
    assert sum(path.stat().st_size for path in WEIGHTS.iterdir()) < 30_000_000
