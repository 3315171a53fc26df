"""Reads for the list of interactions and for the page of one."""

from uuid import UUID

from django.http import QueryDict

from qa import paging
from qa.organizations.models import Membership
from transcripts.filters import Which
from transcripts.models import Interaction

SHOWN = 25
KEY = (paging.moment, UUID)
REMOVED = {
    "CARD": "card number",
    "IBAN": "bank account number",
    "BANK": "bank account",
    "SSN": "social security number",
    "NINO": "national insurance number",
    "NATIONAL_ID": "government number",
    "EMAIL": "e-mail address",
    "PHONE": "phone number",
    "URL": "web address",
    "SECRET": "secret",
    "NAME": "name",
}


def interactions(by: Membership, which: Which, query: QueryDict) -> paging.Page[Interaction]:
    """One page of interactions, newest first, without their transcripts."""
    rows = Interaction.objects.visible_to(by).filter(which.condition())
    if which.q:
        rows = rows.matching(which.q)
    fields = ("started_at", "id")

    def fetch(cursor: paging.Cursor | None, limit: int) -> list[Interaction]:
        some = rows if cursor is None else rows.filter(cursor.beyond(*fields))
        ordered = some.for_lists().order_by(*paging.order(cursor, *fields))
        return list(ordered.defer("metadata")[:limit])

    return paging.page(
        fetch, key=lambda one: (one.started_at, one.pk), query=query, kinds=KEY, size=SHOWN
    )


def removed(interaction: Interaction) -> list[str]:
    """What redaction took out before the transcript was stored, in words."""
    return [
        f"{count} {_plural(REMOVED.get(kind, kind.lower()), count)}"
        for kind, count in interaction.redacted.items()
    ]


def _plural(word: str, count: int) -> str:
    if count == 1:
        return word
    return f"{word}es" if word.endswith("ss") else f"{word}s"
