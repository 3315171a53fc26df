"""Agents and teams as CSV tables: read row by row, kept whole or not at all, written for others.

plan = plan_agents(read_rows(data, "agents.csv", AGENTS), by=admin)
plan.faults          # nothing is kept while there is one
keep_agents(plan, by=admin)
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa.audit import actions as audit
from qa.core import spreadsheet
from qa.core.errors import Refused
from qa.core.texts import grouped
from qa.organizations.actions import LEADERS
from qa.organizations.models import Agent, Membership, Team
from qa.tenancy.base import Actor
from transcripts.formats import FormatError
from transcripts.formats.csv_columns import columns_of
from transcripts.formats.csv_table import read_table
from transcripts.formats.source import Source

MOST: Final = 5_000
LARGEST: Final = 4 * 1024 * 1024
LONGEST: Final = 200
SHOWN: Final = 500
ZIPPED: Final = b"PK\x03\x04"  # how workbooks begin
AGENTS: Final = ("name", "id", "team", "active")
TEAMS: Final = ("name", "manager")
OTHERWISE: Final = {"agent_name": "name", "agent_id": "id", "team": "team"}  # as exports name them
NO: Final = frozenset({"no", "n", "false", "f", "0"})
FATES: Final = {
    "added": gettext_lazy("added"),
    "changed": gettext_lazy("changed"),
    "as before": gettext_lazy("unchanged"),
}
YES: Final = frozenset({"", "yes", "y", "true", "t", "1"})


@dataclass(slots=True)
class Line:
    """One row of the table, and what becomes of it."""

    number: int
    cells: dict[str, str]
    fate: str = ""  # "added", "changed", "as before", or empty where `fault` says why not
    fault: str = ""
    row: Any = None  # the agent or team that it is about
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def fate_word(self) -> str:
        """What becomes of it, in the reader's language."""
        return str(FATES.get(self.fate, ""))


@dataclass(frozen=True, slots=True)
class Plan:
    """What a table would do, row by row."""

    lines: Sequence[Line]

    @property
    def faults(self) -> list[Line]:
        return [line for line in self.lines if line.fault]

    @property
    def shown(self) -> list[Line]:
        """The rows that a page lists: those at fault first, and not more than can be read."""
        return sorted(self.lines, key=lambda line: not line.fault)[:SHOWN]

    @property
    def not_shown(self) -> int:
        """How many rows a page does not list."""
        return max(0, len(self.lines) - SHOWN)

    def count(self, fate: str) -> int:
        """How many rows have this fate."""
        return sum(line.fate == fate for line in self.lines)


def read_rows(data: bytes, name: str, wanted: Sequence[str]) -> list[Line]:
    """The rows of a table with these columns, in any order; the first is needed."""
    if len(data) > LARGEST:
        number = LARGEST // 1024 // 1024
        raise Refused(_("The file is too large: %(number)s MB at most.") % {"number": number})
    if data.startswith(ZIPPED):
        raise Refused(_("This looks like an Excel workbook. Save it as CSV, and import that."))
    try:
        table = read_table(Source(data, name).text)
        places = _places(table.header, wanted)
        lines: list[Line] = []
        for row in table.rows():
            if len(lines) == MOST:
                text = _("The file has more than %(number)s rows. Split it.")
                raise Refused(text % {"number": grouped(MOST)})
            cells = {
                key: spreadsheet.plain(row.cells[at]) if at < len(row.cells) else ""
                for key, at in places.items()
            }
            lines.append(Line(row.line, cells))
    except FormatError as error:
        said = _("Line %(number)s %(reason)s") if error.line else _("The file %(reason)s")
        told = {"number": grouped(error.line or 0), "reason": error.reason}
        raise Refused(said % told) from None
    if not lines:
        raise Refused(_("The file has a header and no rows below it."))
    return lines


def _places(header: Sequence[str], wanted: Sequence[str]) -> dict[str, int]:
    known = {" ".join(cell.split()).casefold(): at for at, cell in reversed([*enumerate(header)])}
    places = {key: known[key] for key in wanted if key in known}
    if len(header) > 1:
        for meaning, at in columns_of(header).places.items():
            key = OTHERWISE.get(meaning, "")
            if key in wanted:
                places.setdefault(key, at)
    if wanted[0] not in places:
        text = _(
            "The first line must name the columns: %(needed)s, and if you like %(others)s. "
            "It holds: %(found)s."
        )
        found = ", ".join(header)[:200] or "–"
        raise Refused(text % {"needed": wanted[0], "others": ", ".join(wanted[1:]), "found": found})
    return places


def plan_agents(lines: Sequence[Line], *, by: Actor) -> Plan:
    """Say what becomes of each row; three queries, however many rows."""
    everybody = list(
        Agent.objects.visible_to(by, merged=True).select_related("team", "merged_into")
    )
    by_id = {agent.external_id: agent for agent in everybody}
    by_name: dict[str, list[Agent]] = {}
    for agent in everybody:
        if not agent.merged_into_id:
            by_name.setdefault(_fold(agent.name), []).append(agent)
    seen: dict[str, int] = {}
    for line in lines:
        line.fault = _fault_of(line.cells)
        if not line.fault:
            _plan_agent(line, by_id, by_name, seen)
    return Plan(lines)


def _plan_agent(
    line: Line,
    by_id: Mapping[str, Agent],
    by_name: Mapping[str, list[Agent]],
    seen: dict[str, int],
) -> None:
    name, external_id = line.cells["name"], line.cells.get("id", "")
    named = by_name.get(_fold(name), [])
    there = by_id.get(external_id) if external_id else by_id.get(name)
    if there is None and not external_id and named:
        there = named[0]
        if len(named) > 1:
            line.fault = _("several agents have this name: give the ID")
            return
    if there and there.merged_into:
        line.fault = _("this ID belongs to %(name)s, by a merge") % {"name": there.merged_into.name}
        return
    key = there.external_id if there else external_id or name
    if key in seen or (not external_id and _fold(key) in map(_fold, seen)):
        twin = _("the same agent as in line %(number)s")
        line.fault = twin % {"number": seen.get(key) or _line_of(key, seen)}
        return
    seen[key] = line.number
    line.row, line.values = there, _wanted(line.cells, there, key)
    line.fate = "added" if there is None else "changed" if line.values else "as before"


def _line_of(key: str, seen: Mapping[str, int]) -> int:
    """The line of an agent of this name, however it is written there."""
    return next(number for other, number in seen.items() if _fold(other) == _fold(key))


def _wanted(cells: Mapping[str, str], there: Agent | None, key: str) -> dict[str, Any]:
    """What the row says otherwise than the list; an empty cell leaves things as they are."""
    stops = cells.get("active", "").casefold() in NO
    if there is None:
        gone = {"deactivated_at": timezone.now()} if stops else {}
        return {"name": cells["name"], "external_id": key, "team": cells.get("team", ""), **gone}
    wanted: dict[str, Any] = {}
    if there.name != cells["name"]:
        wanted["name"] = cells["name"]
    if (team := cells.get("team", "")) and team != (there.team.name if there.team else ""):
        wanted["team"] = team
    if cells.get("active") and stops is (there.deactivated_at is None):
        wanted["deactivated_at"] = timezone.now() if stops else None
    return wanted


def _fault_of(cells: Mapping[str, str]) -> str:
    if not cells["name"]:
        return _("has no name")
    if any(len(cell) > LONGEST for cell in cells.values()):
        return _("has a cell of more than %(number)s characters") % {"number": LONGEST}
    if any("\0" in cell for cell in cells.values()):
        return _("has a cell that is not text")
    if any(cell.startswith(("=", "@")) for cell in cells.values()):
        return _("has a cell that is a formula: give its value")
    if cells.get("active", "").casefold() not in YES | NO:
        return _("active must be yes or no")
    return ""


@transaction.atomic
def keep_agents(plan: Plan, *, by: Membership) -> None:
    """Do what the plan says; refused as a whole where a row is at fault."""
    _refuse_faults(plan)
    teams = _teams(plan, by)
    new, changed = [], []
    for line in plan.lines:
        values = dict(line.values)
        if "team" in values:
            values["team"] = teams.get(_fold(values["team"]))
        if line.row is None:
            new.append(Agent(organization_id=by.organization_id, **values))
        elif values:
            for name, value in values.items():
                setattr(line.row, name, value)
            changed.append(line.row)
    Agent.objects.bulk_create(new)
    if changed:
        Agent.objects.bulk_update(changed, ["name", "team", "deactivated_at"], batch_size=500)
    audit.record(by, "agents.imported", by, {"added": len(new), "changed": len(changed)})


def _teams(plan: Plan, by: Actor) -> dict[str, Team]:
    known = {_fold(team.name): team for team in Team.objects.visible_to(by)}
    for line in plan.lines:
        name = line.values.get("team")
        if name and _fold(name) not in known:
            known[_fold(name)] = Team.objects.create(organization_id=by.organization_id, name=name)
    return known


def plan_teams(lines: Sequence[Line], *, by: Actor) -> Plan:
    """The same for teams; a manager is named by the log-in address."""
    known = {_fold(team.name): team for team in Team.objects.visible_to(by)}
    members = Membership.objects.visible_to(by).filter(role__in=LEADERS).select_related("user")
    leaders = {member.user.email.casefold(): member for member in members}
    seen: dict[str, int] = {}
    for line in lines:
        name, lead = _fold(line.cells["name"]), line.cells.get("manager", "").casefold()
        line.fault = _fault_of(line.cells)
        if not line.fault and name in seen:
            line.fault = _("the same team as in line %(number)s") % {"number": seen[name]}
        if not line.fault and lead and lead not in leaders:
            line.fault = _("no manager or admin here has this e-mail address")
        if line.fault:
            continue
        seen[name], line.row = line.number, known.get(name)
        if line.row is None:
            line.fate = "added"
            line.values = {"name": line.cells["name"], "manager": leaders.get(lead)}
        elif lead and line.row.manager_id != leaders[lead].pk:
            line.fate, line.values = "changed", {"manager": leaders[lead]}
        else:
            line.fate = "as before"
    return Plan(lines)


@transaction.atomic
def keep_teams(plan: Plan, *, by: Membership) -> None:
    """Do what the plan says; refused as a whole where a row is at fault."""
    _refuse_faults(plan)
    for line in plan.lines:
        if line.row is None:
            Team.objects.create(organization_id=by.organization_id, **line.values)
        elif line.values:
            line.row.manager = line.values["manager"]
            line.row.save(update_fields=["manager"])
    data = {"added": plan.count("added"), "changed": plan.count("changed")}
    audit.record(by, "teams.imported", by, data)


def agents_csv(*, by: Actor) -> str:
    """Every agent, as `read_rows` takes them."""
    return spreadsheet.as_csv(AGENTS, _agent_rows(by))


def teams_csv(*, by: Actor) -> str:
    """Every team, as `read_rows` takes them."""
    rows = Team.objects.visible_to(by).select_related("manager__user").by_name()
    listed = ((team.name, team.manager.user.email if team.manager else "") for team in rows)
    return spreadsheet.as_csv(TEAMS, listed)


def _agent_rows(by: Actor) -> Iterator[tuple[str, ...]]:
    for agent in Agent.objects.visible_to(by).select_related("team").by_name():
        team = agent.team.name if agent.team else ""
        yield agent.name, agent.external_id, team, "no" if agent.deactivated_at else "yes"


def _refuse_faults(plan: Plan) -> None:
    if plan.faults:
        raise Refused(_("Nothing was imported: some rows have problems."))


def _fold(text: str) -> str:
    return " ".join(text.split()).casefold()
