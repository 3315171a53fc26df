"""Teams: groups of agents under somebody who leads them."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from qa.audit import actions as audit
from qa.core.errors import Conflict, Gone, Refused
from qa.organizations.actions import LEADERS
from qa.organizations.models import Agent, Membership, Team
from qa.tenancy.base import Actor


@transaction.atomic
def add_team(*, by: Actor, name: str, manager: Membership | None = None) -> Team:
    """Open a team, with or without a manager."""
    name = " ".join(name.split())
    _refuse_taken(name, by)
    team, new = Team.objects.get_or_create(
        organization_id=by.organization_id, name=name, defaults={"manager": leader(manager)}
    )
    if not new:
        raise Conflict(_("There is a team of this name already."))
    audit.record(by, "team.added", team, {"manager": str(manager.pk) if manager else None})
    return team


@transaction.atomic
def change_team(team: Team, *, by: Actor, name: str, manager: Membership | None) -> Team:
    """Rename a team, or say who leads it."""
    wanted = {"name": " ".join(name.split()), "manager": leader(manager)}
    changed = [field for field, value in wanted.items() if getattr(team, field) != value]
    if not changed:
        return team
    if "name" in changed:
        _refuse_taken(str(wanted["name"]), by, but=team)
    data = audit.changes({"manager": team.manager}, {"manager": wanted["manager"]})
    for field in changed:
        setattr(team, field, wanted[field])
    try:
        with transaction.atomic():
            team.save(update_fields=changed)
    except IntegrityError:
        raise Conflict(_("There is a team of this name already.")) from None
    if changed == ["manager"]:
        audit.record(by, "team.manager_set", team, data)
    else:
        audit.record(by, "team.changed", team, {"changed": changed} | data)
    return team


@transaction.atomic
def remove_team(team: Team, *, by: Actor, to: Team | None = None, even_so: bool = False) -> int:
    """Close a team; gives how many agents went into another one, or into none with `even_so`.

    What came in for it stays, and counts for no team any more.
    """
    held = Team.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=team.pk).first()
    if held is None:
        raise Gone(_("This team has been removed already."))
    if to is not None and to.pk == team.pk:
        raise Refused(_("Choose another team for its agents."))
    agents = Agent.objects.visible_to(by, merged=True).filter(team=team)
    if agents.filter(merged_into=None).exists() and to is None and not even_so:
        raise Refused(_("There are agents in it: say where they go."), code="not_empty")
    moved = agents.update(team=to)
    audit.record(by, "team.removed", held, {"moved": moved, "to": str(to.pk) if to else None})
    held.delete()
    return moved


def leader(member: Membership | None) -> Membership | None:
    """The same member, who may lead a team."""
    if member and member.role not in LEADERS:
        raise Refused(_("Only a manager or an admin can lead a team."))
    return member


def _refuse_taken(name: str, by: Actor, but: Team | None = None) -> None:
    rows = Team.objects.visible_to(by).filter(name__iexact=name)
    if (rows.exclude(pk=but.pk) if but else rows).exists():
        raise Conflict(_("There is a team of this name already."))
