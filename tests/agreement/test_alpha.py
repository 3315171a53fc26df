"""Krippendorff's alpha against what is published, against its definition, and as it must behave."""

from collections.abc import Sequence
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.agreement.alpha import Floats, Level, alphas, coincidences

# Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability": sections A, B and C. A row for
# each observer, a column for each unit, a dot where a value is missing.
BINARY = ("0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0")
NAMES = ("a a b b d c c c e d d a", "b a b b b c c c e d d d")
FOUR = (
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)
# Wikipedia, "Krippendorff's alpha", a computational example.
THREE = (
    ". . . . . 3 4 1 2 1 1 3 3 . 3",
    "1 . 2 1 3 3 4 3 . . . . . . .",
    ". . 2 1 3 4 4 . 2 1 1 3 3 . 4",
)
# nltk, test_disagreement.py: disagreement beyond what chance would give, and a unit of one value.
WORSE = ("y y .", "n n .", "n . n")

SCALE = (1.0, 2.0, 4.0, 9.0)  # numbers of unequal distance
LEVELS: tuple[Level, ...] = ("nominal", "ordinal", "interval")
COUNTS = st.lists(st.lists(st.integers(0, 3), min_size=4, max_size=4), min_size=1, max_size=8)


def told(rows: Sequence[str]) -> tuple[list[list[int]], list[str]]:
    """How many observers gave each unit each value, and the values."""
    units = list(zip(*(row.split() for row in rows), strict=True))
    values = sorted({value for unit in units for value in unit} - {"."})
    return [[unit.count(value) for value in values] for unit in units], values


def alpha(
    counts: Sequence[Sequence[int]], level: Level, values: Sequence[float] = SCALE
) -> float | None:
    matrix: Floats = coincidences(counts).sum(axis=0)
    found = alphas(matrix[None], level, values)[0]
    return None if np.isnan(found) else float(found)


def by_definition(counts: Sequence[Sequence[int]], level: Level) -> float | None:
    """Observed and expected disagreement, pair by pair, as the paper says it in words."""
    kept = [
        [place for place, n in enumerate(unit) for _ in range(n)]
        for unit in counts
        if sum(unit) > 1
    ]
    every = [value for unit in kept for value in unit]
    said = [every.count(place) for place in range(len(SCALE))]

    def squared(c: int, k: int) -> float:
        if level == "nominal":
            return float(c != k)
        if level == "interval":
            return (SCALE[c] - SCALE[k]) ** 2
        low, high = min(c, k), max(c, k)
        return (sum(said[low : high + 1]) - (said[c] + said[k]) / 2) ** 2

    expected = sum(squared(c, k) for c, k in permutations(every, 2))
    if not expected:
        return None
    observed = sum(
        sum(squared(c, k) for c, k in permutations(unit, 2)) / (len(unit) - 1) for unit in kept
    )
    return 1 - (len(every) - 1) * observed / expected


@pytest.mark.parametrize(
    ("rows", "level", "published"),
    [
        (BINARY, "nominal", 0.095),
        (NAMES, "nominal", 0.692),
        (FOUR, "nominal", 0.743),
        (FOUR, "ordinal", 0.815),
        (FOUR, "interval", 0.849),
        (THREE, "nominal", 0.691),
        (THREE, "interval", 0.811),
        (WORSE, "nominal", -0.333),
    ],
)
def test_alpha_is_what_is_published(rows: Sequence[str], level: Level, published: float) -> None:
    counts, values = told(rows)
    numbers = [float(value) for value in values] if level == "interval" else ()
    assert alpha(counts, level, numbers) == pytest.approx(published, abs=5e-4)


@pytest.mark.parametrize("level", LEVELS)
@given(counts=COUNTS)
def test_alpha_is_its_definition(level: Level, counts: list[list[int]]) -> None:
    assert alpha(counts, level) == pytest.approx(by_definition(counts, level))


@pytest.mark.parametrize("level", LEVELS)
@given(counts=COUNTS)
def test_alpha_never_exceeds_1_and_is_1_exactly_where_all_agree(
    level: Level, counts: list[list[int]]
) -> None:
    found = alpha(counts, level)
    if found is not None:
        assert found <= 1
        agreed = all(np.count_nonzero(unit) <= 1 for unit in counts if sum(unit) > 1)
        assert (found == 1) == agreed


@given(counts=COUNTS, order=st.permutations(range(4)))
def test_names_have_no_order(counts: list[list[int]], order: list[int]) -> None:
    renamed = [[unit[place] for place in order] for unit in counts]
    assert alpha(renamed, "nominal") == pytest.approx(alpha(counts, "nominal"))


@given(counts=COUNTS)
def test_a_scale_may_be_read_backwards_in_any_unit_of_measure(counts: list[list[int]]) -> None:
    back = [unit[::-1] for unit in counts]
    assert alpha(back, "ordinal") == pytest.approx(alpha(counts, "ordinal"))
    numbers = [10 - 3 * value for value in SCALE][::-1]
    assert alpha(back, "interval", numbers) == pytest.approx(alpha(counts, "interval"))


@given(counts=COUNTS)
def test_values_that_nobody_gives_and_units_of_one_reader_change_nothing(
    counts: list[list[int]],
) -> None:
    more = [[*unit, 0] for unit in counts] + [[0, 1, 0, 0, 0], [0] * 5]
    for level in LEVELS:
        assert alpha(more, level, (*SCALE, 100.0)) == pytest.approx(alpha(counts, level))


def test_many_matrices_at_once_are_each_by_itself() -> None:
    several = [told(rows)[0] for rows in (FOUR, [row[::-1] for row in FOUR])]
    matrices = np.stack([coincidences(counts).sum(axis=0) for counts in several])
    for level in LEVELS:
        found = alphas(matrices, level, (1, 2, 3, 4, 5))
        assert found.tolist() == [alpha(matrix, level, (1, 2, 3, 4, 5)) for matrix in several]
