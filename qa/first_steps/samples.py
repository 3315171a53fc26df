"""Sample conversations: invented, to try everything with, and taken out again when done.

They come in as all conversations do, and are marked by who received them: no file and no client
can set that. What is reviewed of them goes with them, which the database allows for samples alone
(see migration 0002).
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qa import pipeline, removing
from qa.audit.actions import record
from qa.calibration.models import Item
from qa.core.errors import Conflict
from qa.dashboards import actions as dashboards
from qa.organizations.models import Agent, Membership
from qa.tenancy import locks
from qa.tenancy.base import Actor, System
from transcripts.formats import CanonicalInteraction, validate
from transcripts.models import SAMPLE, Interaction, InteractionQuerySet, handled_by

FILE = Path(__file__).parent / "samples.json"
SPEAKERS = {"noor": "Noor Haddad", "piet": "Piet Lang"}
AGENTS: Final = tuple(f"{name} (sample)" for name in SPEAKERS.values())  # name and id in one


@dataclass(frozen=True, slots=True)
class TakenOut:
    """How many samples went, and what had to stay."""

    conversations: int
    kept: int  # conversations of a calibration session
    agents_kept: int  # who can sign in, or have other conversations

    @property
    def in_words(self) -> str:
        """Say what went and what stays, and why."""
        if not self.conversations and not self.kept:
            return _("There were no sample conversations.")
        went = ngettext(
            "%(n)s sample conversation was taken out, with everything made of it.",
            "%(n)s sample conversations were taken out, with everything made of them.",
            self.conversations,
        )
        in_session = ngettext(
            "%(n)s stays, because a calibration session uses it.",
            "%(n)s stay, because calibration sessions use them.",
            self.kept,
        )
        people = ngettext(
            "%(n)s sample agent stays: they have a log-in, an invitation or other conversations.",
            "%(n)s sample agents stay: they have log-ins, invitations or other conversations.",
            self.agents_kept,
        )
        said = [went % {"n": self.conversations}]
        said += [in_session % {"n": self.kept}] * bool(self.kept)
        said += [people % {"n": self.agents_kept}] * bool(self.agents_kept)
        return " ".join(said)


def rows(by: Actor) -> InteractionQuerySet:
    """The samples that are here; found by their ids, of which there is an index."""
    named = Q(source=SAMPLE, external_id__in=[each["external_id"] for each in written()])
    return Interaction.objects.visible_to(by).filter(named, received_from=SAMPLE)


def are_here(by: Actor) -> bool:
    """True if the organization has sample conversations, which its figures count."""
    return rows(System(by.organization_id)).exists()


@transaction.atomic
def load(*, by: Membership) -> int:
    """Bring the sample conversations in and have them pre-scored; gives how many there are."""
    locks.acquire("samples", by=by)
    if rows(by).exists():
        raise Conflict(_("The sample conversations are here already."))
    received = pipeline.submit(
        conversations(timezone.now()), by=System(by.organization_id, actor_label=SAMPLE)
    )
    record(by, "samples.loaded", by.organization, {"conversations": len(received)})
    return len(received)


@transaction.atomic
def take_out(*, by: Membership) -> TakenOut:
    """Remove the samples with their pre-scores, places in the queue, drafts and reviews.

    What a calibration session reads stays, and so does an agent who has become somebody's.
    """
    locks.acquire("samples", by=by)
    system = System(by.organization_id)
    held = list(rows(system).select_for_update(of=("self",)).order_by("pk"))
    in_session = Item.objects.visible_to(system).filter(interaction__in=[one.pk for one in held])
    kept = set(in_session.values_list("interaction", flat=True))
    going = [one for one in held if one.pk not in kept]
    dashboards.leave(going, by=system)
    reviews = removing.remove([one.pk for one in going], by=system)
    agents_kept = _remove_agents(system)
    done = TakenOut(len(going), len(kept), agents_kept)
    told = {"conversations": len(going), "reviews": reviews, "kept": len(kept)}
    record(by, "samples.taken_out", by.organization, told)
    return done


def conversations(now: datetime) -> list[CanonicalInteraction]:
    """The samples, as if they had taken place in the last three weeks."""
    return [validate(_canonical(each, now)) for each in written()]


@cache
def written() -> tuple[dict[str, Any], ...]:
    """The samples as they stand in their file."""
    return tuple(json.loads(FILE.read_text()))


def _canonical(each: dict[str, Any], now: datetime) -> dict[str, Any]:
    name = SPEAKERS[each["agent"]]
    turns = [
        {"role": role, "speaker": name if role == "agent" else "Customer", "text": text}
        for role, text in each["turns"]
    ]
    started = (now - timedelta(days=each["days_ago"])).replace(hour=10, minute=15, second=0)
    return {
        "source": SAMPLE,
        "external_id": each["external_id"],
        "channel": each["channel"],
        "started_at": started.replace(microsecond=0).isoformat(),
        "duration_s": each.get("duration_s"),
        "language": "en",
        "subject": each["subject"],
        # Whatever the language of the screen: it is the agent's name for everyone.
        "agent": {"external_id": f"{name} (sample)", "name": f"{name} (sample)"},
        "turns": turns,
    }


def _remove_agents(system: System) -> int:
    """Delete the samples' agents where nothing else is theirs; gives how many stay."""
    agents = Agent.objects.visible_to(system, merged=True).filter(external_id__in=AGENTS)
    busy = Q(membership__isnull=False) | Q(invitation__isnull=False) | Q(merged__isnull=False)
    stay = set(agents.filter(busy | Q(merged_into__isnull=False)).values_list("pk", flat=True))
    for agent in agents.exclude(pk__in=stay):
        if Interaction.objects.visible_to(system).filter(handled_by([agent.pk])).exists():
            stay.add(agent.pk)
    agents.exclude(pk__in=stay).delete()
    return len(stay)
