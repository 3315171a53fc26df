"""The names of what events hold ids of: one query for each kind of row, however many there are."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from qa.organizations.models import Membership
from qa.reviews.visibility import hidden_on_own_page
from qa.trail.things import THINGS, Thing
from transcripts.models import Interaction

Key = tuple[str, str]  # a model's label and an id


@dataclass(frozen=True, slots=True)
class Name:
    """What a row is called, and its page; empty where it has none or is gone."""

    text: str
    url: str = ""
    conversation: UUID | None = None


class NamesFound:
    """The names of these rows, as far as the reader sees them."""

    def __init__(self, keys: Iterable[Key], *, by: Membership) -> None:
        self.by = by
        wanted: dict[str, set[UUID]] = defaultdict(set)
        for model, pk in keys:
            if model in THINGS and (found := _uuid(pk)):
                wanted[model].add(found)
        self.found: dict[Key, Name] = {}
        for model, ids in wanted.items():
            thing = THINGS[model]
            for row in thing.rows(by).filter(pk__in=ids):
                self.found[model, str(row.pk)] = self._named(thing, row)
        self.hidden = self._hidden()

    def of(self, model: str, pk: str) -> Name:
        """The name of a row; what is gone, or not to be seen, has that of its kind."""
        found = self.found.get((model, pk))
        if found:
            return found
        thing = THINGS.get(model)
        word = str(thing.word) if thing else model.rpartition(".")[2]
        return Name(_("%(kind)s (not available)") % {"kind": word})

    def text_of(self, model: str, pk: str) -> str:
        """The name alone."""
        return self.of(model, pk).text

    def is_hidden(self, name: Name) -> bool:
        """True if the reader has still to judge the conversation that it belongs to."""
        return name.conversation in self.hidden

    def _named(self, thing: Thing, row: Any) -> Name:
        link, url = thing.link(row), ""
        if link:
            page, pk = link
            place = {"slug": self.by.organization.slug} | ({"pk": pk} if pk else {})
            url = reverse(page, kwargs=place)
        return Name(thing.text(row), url, thing.conversation(row))

    def _hidden(self) -> set[UUID]:
        ids = {name.conversation for name in self.found.values() if name.conversation}
        if not ids:
            return set()
        rows = Interaction.objects.visible_to(self.by).filter(pk__in=ids)
        return set(rows.filter(hidden_on_own_page(self.by)).values_list("pk", flat=True))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
