"""Fixtures of these tests; `by_hand` is a small organization whose numbers are easy to count."""

from tests.dashboards.reading import by_hand
from tests.scored import engine

__all__ = ["by_hand", "engine"]
