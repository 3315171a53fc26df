"""Who reviews nothing of which agent or team."""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from qa.audit import actions as audit
from qa.core.errors import Conflict, Refused
from qa.organizations.models import Agent, Membership, Team
from qa.sampling.models import Exclusion, QueueEntry
from transcripts.models import Participation, handled_by


@transaction.atomic
def exclude(
    *, by: Membership, member: Membership, agent: Agent | None = None, team: Team | None = None
) -> Exclusion:
    """Let a member review nothing of this agent or team; what was assigned to them goes back."""
    if (agent is None) == (team is None):
        raise Refused(_("Choose an agent or a team."))
    found, new = Exclusion.objects.get_or_create(
        organization_id=by.organization_id, member=member, agent=agent, team=team
    )
    if not new:
        raise Conflict(_("This exclusion already exists."))
    if agent:
        theirs = handled_by([agent.pk], "interaction__")
    else:
        joined = Participation.objects.visible_to(by).filter(team=team)
        theirs = Q(interaction__team=team) | Q(interaction__in=joined.values("interaction"))
    places = QueueEntry.objects.visible_to(by).filter(theirs, assigned_to=member)
    places.update(assigned_to=None, returns_at=None)
    audit.record(by, "exclusion.added", found, _barred(found))
    return found


@transaction.atomic
def include(exclusion: Exclusion, *, by: Membership) -> None:
    """Take an exclusion back."""
    audit.record(by, "exclusion.removed", exclusion, _barred(exclusion))
    exclusion.delete()


def _barred(exclusion: Exclusion) -> dict[str, Any]:
    """Who reviews nothing of which agent or team."""
    agent, team = exclusion.agent_id, exclusion.team_id
    of = {"agent": str(agent)} if agent else {"team": str(team)}
    return {"member": str(exclusion.member_id), **of}
