"""The tables of the dashboard as files, and the tables of agents and of teams."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from qa.dashboards import queries, sheets
from qa.dashboards.figures import AgentRow, Mix
from qa.dashboards.scope import Scope
from qa.dashboards.sheets import NUMBER, SHARE, Cell, Column, Sheet
from qa.organizations.models import Agent, Membership
from scorecards.choices import CHOICE_WORDS, FEELINGS
from transcripts.filters import NOBODY

AGENTS_LISTED = 200


def agents_sheet(by: Membership, scope: Scope, sort: str = "name") -> Sheet:
    """The dashboard's agents, with the share of feelings that each met with empathy."""
    rows = [_agent(by, row) for row in queries.agent_rows(by, scope, sort=sort)]
    columns = [
        Column(_("Agent")),
        Column(_("Team")),
        Column(_("Conversations"), NUMBER),
        Column(_("Reviewed"), NUMBER),
        *_mix_columns(),
        Column(_("Empathy, previous period"), SHARE),
        Column(_("Feelings, previous period"), NUMBER),
    ]
    return Sheet("dashboard-agents", _("By agent"), columns, rows)


def trend_sheet(by: Membership, scope: Scope, step: str = "week") -> Sheet:
    """Outcomes over time, by the organization's weeks or days."""
    found = queries.overview(by, scope, step=step)
    rows = [
        [Cell(one.bin.start.isoformat()), Cell(one.bin.end.isoformat()), *_mix_cells(one.mix)]
        for one in found.stretches
    ]
    columns = [Column(_("From")), Column(_("To")), *_mix_columns()]
    return Sheet("dashboard-time", _("Over time"), columns, rows)


def feelings_sheet(by: Membership, scope: Scope) -> Sheet:
    """Outcomes by feeling."""
    found = queries.overview(by, scope)
    words = dict(FEELINGS)
    rows = [
        [Cell(str(words.get(one.emotion, one.emotion))), *_mix_cells(one.mix)]
        for one in (*found.negative, *found.positive, *found.unsure)
    ]
    return Sheet(
        "dashboard-feelings", _("By feeling"), [Column(_("Feeling")), *_mix_columns()], rows
    )


def index_sheet(by: Membership, scope: Scope, agents: Sequence[Agent]) -> Sheet:
    """These agents, whether they had conversations in the period or not."""
    among = [agent.pk for agent in agents]
    told = {row.agent_id: row for row in queries.agent_rows(by, scope, among=among)}
    rows = [_listed(by, agent, told.get(agent.pk)) for agent in agents]
    columns = [
        Column(_("Agent")),
        Column(_("Team")),
        Column(_("Conversations"), NUMBER),
        Column(_("Reviewed"), NUMBER),
        Column(_("Feelings"), NUMBER),
        Column(_("Answered with empathy"), SHARE),
    ]
    return Sheet("agents", _("Agents"), columns, rows)


def agents_listed(by: Membership, *, text: str = "", team: str = "") -> list[Agent]:
    """Agents by name: those of a team, or whose name holds a text."""
    rows = Agent.objects.visible_to(by).select_related("team").order_by("name", "pk")
    rows = rows.filter(name__icontains=text) if text else rows
    if team:
        rows = rows.filter(team=None if team == NOBODY else UUID(team))
    return list(rows[:AGENTS_LISTED])


def _listed(by: Membership, agent: Agent, row: AgentRow | None) -> list[Cell]:
    slug = by.organization.slug
    cells = [
        Cell(agent.name, reverse("agent", kwargs={"slug": slug, "pk": agent.pk})),
        _team(by, agent),
    ]
    if row is None:
        return [*cells, Cell(0), Cell(0), Cell(0), Cell(None)]
    conversations = f"{reverse('interactions', kwargs={'slug': slug})}?{row.mix.query}"
    moments = f"{reverse('moments', kwargs={'slug': slug})}?{row.mix.query}"
    return [
        *cells,
        sheets.count(row.work.interactions, f"{conversations}&status=scored"),
        sheets.count(row.work.reviewed, f"{conversations}&status=reviewed"),
        Cell(None) if row.mix.withheld else sheets.count(row.mix.n, moments),
        sheets.share(row.mix.empathy, f"{moments}&outcome=empathy"),
    ]


def _team(by: Membership, agent: Agent) -> Cell:
    if agent.team is None:
        return Cell("")
    kwargs = {"slug": by.organization.slug, "pk": agent.team.pk}
    return Cell(agent.team.name, reverse("team", kwargs=kwargs))


def _agent(by: Membership, row: AgentRow) -> list[Cell]:
    before = row.before.empathy
    return [
        Cell(row.name),
        Cell(row.team),
        Cell(row.work.interactions),
        Cell(row.work.reviewed),
        *_mix_cells(row.mix),
        sheets.share(before),
        Cell(None if row.before.withheld else before.n),
    ]


def _mix_columns() -> Iterable[Column]:
    yield Column(_("Feelings"), NUMBER)
    yield from (Column(str(words), NUMBER) for words in CHOICE_WORDS.values())
    yield Column(_("Answered with empathy"), SHARE)


def _mix_cells(mix: Mix) -> Iterable[Cell]:
    yield Cell(None if mix.withheld else mix.n)
    yield from (Cell(None if mix.withheld else number) for _key, number in mix.cells)
    yield sheets.share(mix.empathy)
