"""Fixtures of these tests."""

from tests.scored import engine

__all__ = ["engine"]
