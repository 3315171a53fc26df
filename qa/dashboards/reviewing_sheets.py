"""The tables of reviewers' work: volume and time, backlog by age, coverage by agent."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from qa.core.rates import rate
from qa.dashboards import sheets
from qa.dashboards.coverage import Covered, month_of
from qa.dashboards.reviewing import Backlog, Reviewer, reviewers
from qa.dashboards.scope import Scope
from qa.dashboards.sheets import NUMBER, SHARE, TIME, Cell, Column, Sheet
from qa.disputes.models import Dispute
from qa.organizations.models import Membership


def reviewers_sheet(by: Membership, scope: Scope) -> Sheet:
    """Each reviewer by name, never by rank."""
    rows = [_reviewer(by, scope, one) for one in reviewers(by, scope)]
    columns = [
        Column(_("Reviewer")),
        Column(_("Reviews"), NUMBER),
        Column(_("Second reviews"), NUMBER),
        Column(_("Median time"), TIME),
        Column(_("Disputes"), NUMBER),
        Column(_("Upheld"), NUMBER),
        Column(_("Declined"), NUMBER),
        Column(_("Open"), NUMBER),
        Column(_("Share upheld"), SHARE),
    ]
    note = _("Counted by the day on which a review was submitted, or a dispute opened.")
    return Sheet("reviewers", _("Reviewers"), columns, rows, note)


def backlog_sheet(waiting: Backlog) -> Sheet:
    """What waits for a review, by age."""
    rows = [
        [Cell(str(band.words)), Cell(band.total), Cell(band.assigned)] for band in waiting.bands
    ]
    columns = [
        Column(_("Waiting for")),
        Column(_("Conversations"), NUMBER),
        Column(_("Assigned to someone"), NUMBER),
    ]
    note = _("Conversations in the queue right now, by the time since they came in.")
    return Sheet("backlog", _("Backlog by age"), columns, rows, note)


def coverage_sheet(by: Membership, covered: Iterable[Covered], scope: Scope) -> Sheet:
    """The active agents, and how far this month's reviews have come."""
    start, end = month_of(scope.calendar)
    opened = reverse("submitted-reviews", kwargs={"slug": by.organization.slug})
    days = f"from={start}&to={end}"
    rows = []
    for one in covered:
        page = reverse("agent", kwargs={"slug": by.organization.slug, "pk": one.agent.pk})
        team = one.agent.team.name if one.agent.team else ""
        cells = [
            Cell(one.agent.name, page, team),
            sheets.count(one.reviewed, f"{opened}?{days}&agent={one.agent.pk}"),
        ]
        if one.target:
            cells += [Cell(one.target), Cell(one.missing)]
        else:
            cells += [Cell(None), Cell(None)]
        rows.append(cells)
    columns = [
        Column(_("Agent")),
        Column(_("Reviewed this month"), NUMBER),
        Column(_("Target"), NUMBER),
        Column(_("Still to review"), NUMBER),
    ]
    return Sheet("coverage", _("Coverage this month"), columns, rows)


def _reviewer(by: Membership, scope: Scope, one: Reviewer) -> list[Cell]:
    opened = reverse("submitted-reviews", kwargs={"slug": by.organization.slug})
    href = f"{opened}?from={scope.start}&to={scope.end}&member={one.member.pk}"
    upheld = one.disputes[Dispute.Status.UPHELD]
    return [
        Cell(one.member.user.name),
        sheets.count(one.reviews, href),
        sheets.count(one.second, f"{href}&kind=second"),
        Cell(one.median),
        Cell(one.disputed),
        Cell(upheld),
        Cell(one.disputes[Dispute.Status.DECLINED]),
        Cell(one.disputes[Dispute.Status.OPEN]),
        sheets.share(rate(upheld, one.decided)),
    ]
