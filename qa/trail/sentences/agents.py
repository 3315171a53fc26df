"""What is said of agents and teams."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from qa.trail.entries import Entry, Value, moved
from qa.trail.values import AGENT, MEMBER, TEAM, Chosen, Named, text

IN_TEAM: Final = Value(_("Team"), Named(TEAM))
LEAD: Final = Value(_("Team lead"), Named(MEMBER))
FIELDS: Final = Value(
    _("Changed"),
    Chosen(
        {
            "name": _("name"),
            "external_id": _("ID"),
            "team": _("team"),
            "manager": _("team lead"),
        }
    ),
)
ADDED: Final = Value(_("Added"), text)
CHANGED: Final = Value(_("Changed"), text)

ENTRIES: Final[Mapping[str, Entry]] = {
    "agent.added": Entry(_("Added an agent"), {"team": IN_TEAM}),
    "agent.changed": Entry(
        _("Edited an agent"), {"changed": FIELDS}, moves=moved(Named(TEAM), _("Team"))
    ),
    "agent.deactivated": Entry(_("Deactivated an agent")),
    "agent.merged": Entry(
        _("Merged another agent into this one"),
        {"merged": Value(_("Merged agent"), Named(AGENT)), "id": Value(_("Their ID"), text)},
    ),
    "agent.moved": Entry(_("Moved an agent to another team"), moves=moved(Named(TEAM), _("Team"))),
    "agent.reactivated": Entry(_("Reactivated an agent")),
    "agent.renamed": Entry(_("Renamed an agent")),
    "agent.unmerged": Entry(
        _("Undid a merge of agents"),
        {
            "into": Value(_("Had been merged into"), Named(AGENT)),
            "conversations": Value(_("Conversations given back"), text),
        },
    ),
    "agents.imported": Entry(_("Imported agents"), {"added": ADDED, "changed": CHANGED}),
    "team.added": Entry(_("Added a team"), {"manager": LEAD}),
    "team.changed": Entry(_("Edited a team"), {"changed": FIELDS, "manager": LEAD}),
    "team.manager_set": Entry(_("Changed a team's lead"), {"manager": LEAD}),
    "team.removed": Entry(
        _("Removed a team"),
        {
            "moved": Value(_("Agents moved"), text),
            "to": Value(_("Moved to"), Named(TEAM)),
        },
    ),
    "teams.imported": Entry(_("Imported teams"), {"added": ADDED, "changed": CHANGED}),
}
