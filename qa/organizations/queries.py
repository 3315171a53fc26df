"""What the settings pages show: one page of rows, and the audit trail in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.db import models
from django.http import QueryDict

from qa.audit import actions as audit
from qa.audit.models import AuditEvent
from qa.core import paging
from qa.organizations.models import Agent, ApiKey, Invitation, Membership, Organization
from qa.tenancy.base import Actor
from transcripts.redaction import OwnWords

R = TypeVar("R")
M = TypeVar("M", bound=models.Model)

SIZE = 50
INVITED = 200
DEEDS = {
    "agent.added": "added an agent",
    "agent.changed": "corrected an agent",
    "agent.deactivated": "deactivated an agent",
    "agent.merged": "merged two agents",
    "agent.moved": "moved an agent to another team",
    "agent.renamed": "renamed an agent",
    "agent.reactivated": "reactivated an agent",
    "agents.imported": "imported agents",
    "answer.forgotten": "had a remembered answer about files forgotten",
    "answer.remembered": "answered a question about files, to be remembered",
    "api_key.created": "created an API key",
    "api_key.revoked": "revoked an API key",
    "definitions.put_to_use": "put an engine and definitions to use",
    "dispute.acknowledged": "read the decision of a dispute",
    "dispute.declined": "declined a dispute",
    "dispute.opened": "disputed a part of a review",
    "dispute.upheld": "upheld a dispute",
    "dispute.withdrawn": "withdrew a dispute",
    "feedback.policy_set": "set how feedback is shared and disputed",
    "interaction.agent_set": "said whose conversation it is",
    "interaction.replaced": "replaced an interaction",
    "interaction.retried": "had an interaction pre-scored again",
    "interaction.roles_changed": "said who speaks in turns of an interaction",
    "interaction.speakers_swapped": "swapped customer and agent of an interaction",
    "calibration.agreed": "agreed on the result of a calibration",
    "calibration.begun": "began a calibration",
    "calibration.called_off": "called a calibration off",
    "calibration.held": "recorded what holds in a calibration",
    "calibration.not_read": "closed a reading that was not submitted",
    "calibration.opened": "opened the results of a calibration",
    "calibration.said": "said something in a calibration",
    "invitation.withdrawn": "withdrew an invitation",
    "member.added": "added a member",
    "member.agent_set": "said which agent a member is",
    "member.invited": "invited somebody",
    "member.invited_again": "sent an invitation again",
    "member.joined": "accepted an invitation",
    "member.left": "left the organization",
    "member.link_made": "made a password link for a member",
    "member.preferences_set": "chose their own language and time zone",
    "member.removed": "removed a member",
    "member.role_changed": "changed a member's role",
    "note.removed": "removed a coaching note",
    "note.written": "wrote a coaching note",
    "notices.digest_chosen": "chose how often notices come by e-mail",
    "organization.domains_set": "set the company's e-mail domains",
    "organization.logo_set": "changed the organization's logo",
    "organization.opened": "opened the organization",
    "organization.set_up": "changed the organization's settings",
    "organization.redaction_chosen": "chose what is redacted",
    "organization.own_words_set": "set words that are always redacted, or never",
    "prescore.acknowledged": "read a pre-score",
    "rescore.begun": "began to make new pre-scores",
    "review.acknowledged": "acknowledged a review",
    "review.confirmed": "submitted a review",
    "review.opened": "took an interaction for review",
    "review.released": "put an interaction back into the queue",
    "score.changed": "corrected a review",
    "scorecard.archived": "put a scorecard away",
    "scorecard.created": "began a scorecard",
    "scorecard.draft_discarded": "dropped the draft of a scorecard",
    "scorecard.drafted": "changed the draft of a scorecard",
    "scorecard.duplicated": "copied a scorecard",
    "scorecard.published": "published a scorecard",
    "scorecard.restored": "brought a scorecard back",
    "scorecard.used_for": "said what a scorecard is used for",
    "team.added": "added a team",
    "team.changed": "corrected a team",
    "team.removed": "removed a team",
    "teams.imported": "imported teams",
    "team.manager_set": "set a team's manager",
}


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    """Some rows, and whether there are more behind the last."""

    rows: list[R]
    more: bool

    @property
    def last(self) -> R | None:
        """The row to go on from; None where nothing follows."""
        return self.rows[-1] if self.more else None


@dataclass(frozen=True, slots=True)
class Deed:
    """One line of the audit trail."""

    number: int
    at: datetime
    who: str
    what: str
    target: str
    details: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What checking the chain of events found."""

    broken: int | None
    checked: int


def redacted_kinds(by: Actor) -> list[str]:
    """The kinds of personal data that the actor's organization has taken out, cards apart."""
    return Organization.objects.visible_to(by).only("unredacted").get().redacted_kinds


def own_words(by: Actor) -> OwnWords:
    """The words that the actor's organization has always taken out, or always kept."""
    rows = Organization.objects.visible_to(by).only("removed_words", "kept_words")
    organization = rows.get()
    return OwnWords(tuple(organization.removed_words), tuple(organization.kept_words))


def by_name(rows: models.QuerySet[M]) -> Page[M]:
    """The first rows of a queryset in the order of names."""
    found = list(rows[: SIZE + 1])
    return Page(found[:SIZE], more=len(found) > SIZE)


def invited(by: Actor) -> Page[Invitation]:
    """Who is invited and has not accepted yet, newest first."""
    found = list(Invitation.objects.visible_to(by).for_members_page()[: INVITED + 1])
    return Page(found[:INVITED], more=len(found) > INVITED)


def email_domains(by: Actor) -> list[str]:
    """The organization's own e-mail domains."""
    found = Organization.objects.visible_to(by).only("email_domains").get()
    return list(found.email_domains)


def keys(by: Actor, query: QueryDict) -> paging.Page[ApiKey]:
    """One page of API keys, newest first."""
    rows = ApiKey.objects.visible_to(by).for_keys_page()

    return paging.page(rows, "id", query=query, size=SIZE)


def events(by: Actor, query: QueryDict) -> paging.Page[AuditEvent]:
    """One page of the audit trail, newest first."""
    rows = AuditEvent.objects.visible_to(by)

    return paging.page(rows, "number", query=query, size=SIZE)


def deeds(by: Actor, found: Sequence[AuditEvent]) -> list[Deed]:
    """Events in words, with the names of those who acted."""
    names = _names(by, {event.actor for event in found})
    return [
        Deed(
            number=event.number,
            at=event.at,
            who=names.get(event.actor, "Heard" if event.actor == "system" else event.actor),
            what=DEEDS.get(event.action, event.action.replace(".", ": ").replace("_", " ")),
            target=event.target_id,
            details=_words(event.data),
        )
        for event in found
    ]


def check_chain(by: Actor) -> Verdict:
    """Follow the chain from the first event to the last."""
    events = AuditEvent.objects.visible_to(by)
    last = events.order_by("-number").first()
    broken = audit.first_broken(events.order_by("number").iterator(chunk_size=2000))
    return Verdict(broken=broken, checked=last.number if last else 0)


def _names(by: Actor, labels: set[str]) -> dict[str, str]:
    kinds = [label.partition(":") for label in labels]
    members = [rest for kind, _, rest in kinds if kind == "member"]
    prefixes = [rest for kind, _, rest in kinds if kind == "key"]
    people = Membership.objects.visible_to(by, former=True).filter(pk__in=members)
    names = {member.actor_label: member.user.name for member in people.select_related("user")}
    for key in ApiKey.objects.visible_to(by).filter(prefix__in=prefixes):
        names[key.actor_label] = f"API key “{key.name}”"
    return names


def _words(data: dict[str, Any]) -> str:
    """An event's values on one line: "from: agent, to: manager"."""
    shown = {key: value for key, value in data.items() if value not in (None, "", [], {})}
    parts = []
    for key, value in shown.items():
        values = value if isinstance(value, list) else [value]
        words = (f"{value:.4g}" if isinstance(value, float) else str(value) for value in values)
        parts.append(f"{key.replace('_', ' ')}: {', '.join(words)}")
    return "; ".join(parts)


def kept(query: QueryDict, *names: str) -> str:
    """These parameters of an address once more, each ending in &."""
    given = [(name, query[name]) for name in names if query.get(name)]
    return f"{urlencode(given)}&" if given else ""


def holdings(by: Membership) -> dict[str, int]:
    """How many members, agents and keys would go with the organization."""
    return {
        "members": Membership.objects.visible_to(by).count(),
        "agents": Agent.objects.visible_to(by).count(),
        "api_keys": ApiKey.objects.visible_to(by).usable().count(),
    }
