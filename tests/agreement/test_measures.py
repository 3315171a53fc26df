"""The coefficients against published examples and against the library."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import cohen_kappa_score

from qa.agreement.alpha import alphas, coincidences
from qa.agreement.measures import FEW, ac1s, agreement, gap, kappas

# Gwet (2002), "Kappa statistic is not satisfactory", table 2: 125 subjects, two raters.
GWET = np.array([[118.0, 5.0], [2.0, 0.0]])
TABLES = arrays(np.float64, (3, 3), elements=st.integers(0, 9).map(float))


def each(table: np.ndarray) -> tuple[list[int], list[int]]:
    """The judgements that a table counts."""
    first, second = [], []
    for (row, column), number in np.ndenumerate(table):
        first += [row] * int(number)
        second += [column] * int(number)
    return first, second


def test_gwets_own_example() -> None:
    assert ac1s(GWET[None])[0] == pytest.approx(0.9408, abs=5e-5)
    assert kappas(GWET[None])[0] == pytest.approx(-0.0234, abs=5e-5)


@given(TABLES)
def test_the_samples_are_computed_as_the_library_does(table: np.ndarray) -> None:
    first, second = each(table)
    if len({*first, *second}) < 2:
        return
    expected = cohen_kappa_score(first, second)
    if not np.isnan(expected):
        assert kappas(table[None])[0] == pytest.approx(expected)


@given(TABLES)
def test_the_figures_of_a_table_are_the_library_s_and_alpha_s(table: np.ndarray) -> None:
    first, second = each(table)
    found = agreement(table[None])
    assert (found.n, found.same) == (len(first), int(np.trace(table)))
    if found.n < FEW or found.alpha.value is None:
        return
    units = np.eye(3)[first] + np.eye(3)[second]
    assert found.alpha.value == pytest.approx(alphas(coincidences(units).sum(axis=0)[None])[0])
    kappa = cohen_kappa_score(first, second)
    assert found.kappa.value == (None if np.isnan(kappa) else pytest.approx(kappa))


def test_intervals_hold_the_value_and_narrow_with_more_interactions() -> None:
    table = np.array([[3.0, 1.0], [1.0, 3.0]])
    few, many = (
        agreement(np.stack([table] * 8 + [table.T * 0 + 1])),
        agreement(np.stack([table, table * 0 + 1] * 100)),
    )
    for found in (few, many):
        figure = found.kappa
        assert figure.value is not None
        assert figure.low is not None
        assert figure.high is not None
        assert figure.low <= figure.value <= figure.high
    assert many.kappa.high - many.kappa.low < 0.2  # type: ignore[operator]


def test_the_same_data_give_the_same_figures() -> None:
    tables = np.stack([GWET, GWET.T, GWET])
    assert agreement(tables) == agreement(tables)
    assert gap(tables, tables[:2]) == gap(tables, tables[:2])


def test_too_few_judgements_have_no_figure() -> None:
    found = agreement(np.array([[[4.0, 1.0], [1.0, 3.0]]]))
    assert found.n == 9
    assert found.kappa.value is None
    assert gap(np.zeros((0, 2, 2)), GWET[None]).value is None


def test_one_value_only_has_no_kappa() -> None:
    found = agreement(np.array([[[40.0, 0.0], [0.0, 0.0]]]))
    assert found.kappa.value is None
    assert found.alpha.value is None
    assert found.ac1.value == 1.0
