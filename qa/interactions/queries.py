"""Reads for the list of interactions and for the page of one."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib.postgres.search import SearchHeadline, SearchQuery
from django.db.models import F, Func, Q, TextField
from django.http import QueryDict
from django.utils.translation import ngettext_lazy

from qa.core import paging
from qa.interactions.filters import InteractionFilter
from qa.organizations.models import Membership
from transcripts.models import Interaction, InteractionQuerySet, Transcript

SHOWN = 25
HIT, END = "\x02", "\x03"  # around a hit; no transcript holds them
REMOVED = {
    "CARD": ngettext_lazy("%(n)s card number", "%(n)s card numbers", "n"),
    "IBAN": ngettext_lazy("%(n)s bank account number", "%(n)s bank account numbers", "n"),
    "BANK": ngettext_lazy("%(n)s bank account", "%(n)s bank accounts", "n"),
    "SSN": ngettext_lazy("%(n)s social security number", "%(n)s social security numbers", "n"),
    "NINO": ngettext_lazy(
        "%(n)s national insurance number", "%(n)s national insurance numbers", "n"
    ),
    "NATIONAL_ID": ngettext_lazy("%(n)s government ID number", "%(n)s government ID numbers", "n"),
    "DOB": ngettext_lazy("%(n)s date of birth", "%(n)s dates of birth", "n"),
    "ADDRESS": ngettext_lazy("%(n)s postal address", "%(n)s postal addresses", "n"),
    "EMAIL": ngettext_lazy("%(n)s e-mail address", "%(n)s e-mail addresses", "n"),
    "PHONE": ngettext_lazy("%(n)s phone number", "%(n)s phone numbers", "n"),
    "URL": ngettext_lazy("%(n)s web address", "%(n)s web addresses", "n"),
    "SECRET": ngettext_lazy("%(n)s secret", "%(n)s secrets", "n"),
    "NAME": ngettext_lazy("%(n)s name", "%(n)s names", "n"),
    "WORD": ngettext_lazy("%(n)s word from your own list", "%(n)s words from your own list", "n"),
}


def interactions(
    by: Membership, filters: InteractionFilter, query: QueryDict, *, hidden: Q
) -> paging.Page[Interaction]:
    """One page of interactions, newest first, without their transcripts.

    Those of which `hidden` holds are not found by their results.
    """
    shown = matching(by, filters, hidden=hidden).for_lists().defer("metadata")
    return paging.page(shown, "started_at", "id", query=query, size=SHOWN)


def matching(by: Membership, filters: InteractionFilter, *, hidden: Q) -> InteractionQuerySet:
    """Every interaction that fits, in no order."""
    rows = filters.judged(Interaction.objects.visible_to(by).filter(filters.condition()), by=by)
    if filters.asks_for_results:
        rows = rows.exclude(hidden)
    return rows.matching(filters.q) if filters.q else rows


class _Said(Func):
    """All that was said in a transcript, turn after turn."""

    template = "(SELECT string_agg(t->>'text', ' … ') FROM jsonb_array_elements(%(expressions)s) t)"
    output_field = TextField()


Hits = dict[UUID, list[tuple[str, bool]]]  # of each interaction: stretches, and whether they hit


def hits(by: Membership, shown: Sequence[Interaction], words: str) -> Hits:
    """Where the words that were searched for stand, for the rows of one page."""
    if not words:
        return {}
    said = SearchHeadline(
        _Said(F("turns")),
        SearchQuery(words, search_type="websearch", config="simple"),
        config="simple",
        start_sel=HIT,
        stop_sel=END,
        max_words=22,
        min_words=8,
    )
    rows = Transcript.objects.visible_to(by).filter(
        interaction__in=[interaction.pk for interaction in shown]
    )
    found = rows.annotate(said=said).values_list("interaction_id", "said")
    return {pk: _stretches(text) for pk, text in found if HIT in text}


def _stretches(text: str) -> list[tuple[str, bool]]:
    parts = []
    for number, piece in enumerate(text.split(HIT)):
        hit, _, rest = piece.partition(END) if number else ("", "", piece)
        parts += [(hit, True), (rest, False)]
    return [(words, is_hit) for words, is_hit in parts if words]


def removed(interaction: Interaction) -> list[str]:
    """What redaction took out before the transcript was stored, in words."""
    return [_in_words(kind, count) for kind, count in interaction.redacted.items()]


def _in_words(kind: str, count: int) -> str:
    known = REMOVED.get(kind)
    return str(known % {"n": count}) if known else f"{count} {kind.lower()}"
