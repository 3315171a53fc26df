"""What an agent sees of their own figures."""

from qa.dashboards.figures import Overview
from qa.dashboards.queries import overview
from qa.dashboards.scope import DEFAULT_PERIOD, Scope
from qa.organizations.calendar import calendar_of
from qa.organizations.models import Membership


def own_trend(by: Membership) -> Overview | None:
    """The agent's own last twelve weeks; None for an account that is no agent's."""
    if by.agent_id is None:
        return None
    calendar = calendar_of(by)
    narrowed = {"agent": str(by.agent_id), "calendar": calendar}
    return overview(by, Scope.of_period(DEFAULT_PERIOD, calendar.today(), **narrowed))
