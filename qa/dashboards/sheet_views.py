"""Every table of the pages of figures as a file, with the filters of its page."""

from collections.abc import Callable, Mapping
from typing import Final

from django.http import Http404, HttpResponse
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from qa.core import spreadsheet
from qa.dashboards import dashboard_sheets, ledger, reviewing_sheets
from qa.dashboards.coverage import coverage
from qa.dashboards.insight_forms import InsightForm
from qa.dashboards.result_sheets import SHEETS, ResultSheets
from qa.dashboards.reviewing import backlog
from qa.dashboards.scorecard_results import results
from qa.dashboards.sheets import Sheet
from qa.organizations.access import MANAGERS, MemberRequest, membership_required
from qa.organizations.models import Agent, Membership

Maker = Callable[[Membership, InsightForm], Sheet]
TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def _of_scores(name: str) -> Maker:
    def make(by: Membership, form: InsightForm) -> Sheet:
        found = results(by, form.scope(), card=form.value("card"))
        return ResultSheets(by, found).made(name)

    return make


def _agents(by: Membership, form: InsightForm) -> list[Agent]:
    return dashboard_sheets.agents_listed(by, text=form.value("q"), team=form.value("team"))


MAKERS: Final[Mapping[str, Maker]] = {
    **{f"scores-{name}": _of_scores(name) for name in SHEETS},
    "dashboard-agents": lambda by, form: dashboard_sheets.agents_sheet(
        by, form.scope(), form.value("sort")
    ),
    "dashboard-time": lambda by, form: dashboard_sheets.trend_sheet(
        by, form.scope(), form.value("by")
    ),
    "dashboard-feelings": lambda by, form: dashboard_sheets.feelings_sheet(by, form.scope()),
    "ledger-agents": lambda by, form: ledger.agents_ledger(by, form.scope()),
    "ledger-teams": lambda by, form: ledger.teams_ledger(by, form.scope()),
    "reviewers": lambda by, form: reviewing_sheets.reviewers_sheet(by, form.scope()),
    "backlog": lambda by, form: reviewing_sheets.backlog_sheet(backlog(by)),
    "coverage": lambda by, form: reviewing_sheets.coverage_sheet(
        by, coverage(by, form.scope()), form.scope()
    ),
    "agents": lambda by, form: dashboard_sheets.index_sheet(by, form.scope(), _agents(by, form)),
}


@require_GET
@membership_required(*MANAGERS)
def sheet(request: MemberRequest, sheet: str, kind: str) -> HttpResponse:
    """One table as CSV or XLSX."""
    by = request.membership
    if sheet not in MAKERS or kind not in TYPES:
        raise Http404
    form = InsightForm(request.GET, membership=by)
    scope = form.scope()
    made = MAKERS[sheet](by, form)
    answer = HttpResponse(_written(made, kind), content_type=TYPES[kind])
    name = f"{slugify(by.organization.slug)}-{sheet}-{scope.start}-{scope.end}.{kind}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _written(sheet: Sheet, kind: str) -> bytes:
    if kind == "xlsx":
        return spreadsheet.as_xlsx(sheet.title, sheet.header, sheet.lines)
    return f"\ufeff{spreadsheet.as_csv(sheet.header, sheet.lines)}".encode()
