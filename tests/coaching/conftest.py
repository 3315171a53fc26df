"""Fixtures of these tests."""

from datetime import UTC

import pytest
from django.utils import timezone

from qa.coaching import queries
from qa.organizations.calendar import Calendar
from tests.scored import engine

__all__ = ["engine"]


@pytest.fixture(autouse=True)
def a_week_that_began_four_days_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that what was said so many days ago is in one week whenever these tests run."""
    calendar = Calendar(UTC, (timezone.now().weekday() - 4) % 7)
    monkeypatch.setattr(queries, "calendar_of", lambda by: calendar)
