"""The figures of a session, held against published examples and numbers worked out by hand."""

import pytest

from qa.agreement.alpha import Level
from qa.calibration.measures import Unit, agreement, majority

# Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", section C: four observers,
# twelve units, some values missing. Nominal alpha .743, ordinal .815, interval .849.
READERS = (
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)


def published() -> list[Unit]:
    rows = [line.split() for line in READERS]
    return [
        Unit(place, {reader: float(v) for reader, v in enumerate(column) if v != "."})
        for place, column in enumerate(zip(*rows, strict=True))
    ]


@pytest.mark.parametrize(
    ("level", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)]
)
def test_alpha_is_that_of_krippendorffs_own_example(level: Level, alpha: float) -> None:
    found = agreement(published(), level=level)
    assert found.alpha == pytest.approx(alpha, abs=0.001)
    assert (found.units, found.judgements) == (11, 40)
    assert found.low is not None
    assert found.high is not None
    assert found.low < alpha < found.high


def test_alpha_of_words_is_counted_by_hand() -> None:
    # Each unit has 3 values, so each ordered pair of them counts 1/2: "missed" with "dismissed"
    # and with "empathy" 1 each way in each unit. n = 18, missed 12, the others 3 each:
    # 1 - 17 * 12 / (18^2 - 12^2 - 3^2 - 3^2).
    words = [["missed", "missed", "dismissed"], ["missed", "empathy_1", "missed"]] * 3
    units = [Unit(0, dict(enumerate(said))) for said in words]
    assert agreement(units).alpha == pytest.approx(1 - 17 * 12 / 162)


def test_the_interval_draws_whole_conversations() -> None:
    """Six conversations that are each of one mind say less than sixty units by themselves."""
    said = [{1: "a", 2: "a"}, {1: "b", 2: "b"}, {1: "a", 2: "b"}] * 2
    together = agreement([Unit(place, unit) for place, unit in enumerate(said) for _ in range(10)])
    apart = agreement(
        [Unit(10 * place + n, unit) for place, unit in enumerate(said) for n in range(10)]
    )
    assert together.alpha == apart.alpha
    assert together.low is not None
    assert together.high is not None
    assert apart.low is not None
    assert apart.high is not None
    assert together.high - together.low > 2 * (apart.high - apart.low)


def test_pairs_that_say_the_same_are_counted_by_hand() -> None:
    # a,a,b: 1 of 3 pairs; a,a: 1 of 1; one reader alone: none.
    found = agreement(
        [Unit(0, {1: "a", 2: "a", 3: "b"}), Unit(0, {1: "a", 2: "a"}), Unit(0, {1: "b"})]
    )
    assert (found.same, found.pairs, found.units) == (2, 4, 2)
    assert found.share == 0.5


def test_few_judgements_give_no_alpha() -> None:
    found = agreement([Unit(0, {1: "a", 2: "b"})] * 4)
    assert (found.few, found.alpha, found.share) == (True, None, 0.0)


def test_where_all_say_one_thing_alpha_cannot_be_said() -> None:
    found = agreement([Unit(0, {1: "a", 2: "a"})] * 9)
    assert (found.uniform, found.alpha, found.share) == (True, None, 1.0)
    assert agreement([]).share is None


def test_below_five_conversations_there_is_no_interval() -> None:
    units = [Unit(place, {1: "a", 2: "ab"[place % 2]}) for place in range(4)] * 3
    found = agreement(units)
    assert found.alpha is not None
    assert (found.low, found.high) == (None, None)


def test_the_majority_is_more_than_half_and_more_than_one() -> None:
    assert majority(["a", "a", "b"]) == "a"
    assert majority(["a", "b"]) is None
    assert majority(["a", "a", "b", "b"]) is None
    assert majority(["a"]) is None
    assert majority([]) is None
