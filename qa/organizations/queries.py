"""What the settings pages show: one page of rows."""

from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from django.db import models
from django.http import QueryDict

from qa.core import paging
from qa.organizations.models import Agent, ApiKey, Invitation, Membership, Organization
from qa.tenancy.base import Actor
from transcripts.redaction import OwnWords

R = TypeVar("R")
M = TypeVar("M", bound=models.Model)

SIZE = 50
INVITED = 200


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    """Some rows, and whether there are more behind the last."""

    rows: list[R]
    more: bool

    @property
    def last(self) -> R | None:
        """The row to go on from; None where nothing follows."""
        return self.rows[-1] if self.more else None


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
