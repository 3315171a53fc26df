"""Reads for the list of interactions and for the page of one."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib.humanize.templatetags.humanize import intcomma
from django.contrib.postgres.search import SearchHeadline
from django.db.models import F, Func, Q, TextField
from django.http import QueryDict
from django.utils.translation import ngettext_lazy

from qa.core import paging, sorting
from qa.interactions.filters import InteractionFilter
from qa.interactions.sorting import COLUMNS
from qa.organizations.models import Membership
from qa.reviews.columns import Sorting, keys_of
from transcripts.finding import found_by, words_query
from transcripts.models import Interaction, InteractionQuerySet, Transcript

SHOWN = 25
MOST = 20_000  # beyond this the total says "20,000+" instead of counting
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
    by: Membership, found: InteractionQuerySet, query: QueryDict, sort: Sorting
) -> paging.Page[Interaction]:
    """One page of what was found, newest first or as it is asked for, without the transcripts."""
    page: paging.Page[Any]
    if sort.any:
        keys = keys_of(sort, COLUMNS, by=by)
        page = sorting.page(found, keys, query=query, size=SHOWN)
        ids = [row[0] for row in page.rows]
    else:
        # The ids first: the rows around them are read for one page only.
        lean = found.only("id", "started_at")
        page = paging.page(lean, "started_at", "id", query=query, size=SHOWN)
        ids = [row.pk for row in page.rows]
    loaded = Interaction.objects.visible_to(by).for_lists().in_bulk(ids)
    shown = [loaded[pk] for pk in ids if pk in loaded]
    return paging.Page(shown, page.newer_url, page.older_url)


def total(found: InteractionQuerySet) -> str:
    """How many were found, counted up to a limit."""
    number = found.order_by().values("pk")[: MOST + 1].count()
    return f"{intcomma(MOST)}+" if number > MOST else intcomma(number)


def matching(by: Membership, filters: InteractionFilter, *, hidden: Q) -> InteractionQuerySet:
    """Every interaction that fits, in no order."""
    rows = filters.judged(Interaction.objects.visible_to(by).filter(filters.condition()), by=by)
    if filters.asks_for_results:
        rows = rows.exclude(hidden)
    return found_by(rows, filters.q, by=by) if filters.q else rows


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
        words_query(words),
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
