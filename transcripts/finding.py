"""Conversations by what people type into a search: what was said, or a part of what is known."""

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q

from qa.tenancy.base import Actor
from transcripts.models import InteractionQuerySet, Transcript, UploadedFile


def found_by(rows: InteractionQuerySet, text: str, *, by: Actor) -> InteractionQuerySet:
    """By what is said in the turns, or by a part of an id, a file's name or a value given."""
    part = text.strip().lower()
    files = UploadedFile.objects.visible_to(by).filter(name__icontains=part).values("pk")
    said = Transcript.objects.visible_to(by).filter(search=words_query(text))
    given = Q(sought__contains=part) | Q(file__in=files)
    return rows.filter(given | Q(pk__in=said.values("interaction")))


def words_query(text: str) -> SearchQuery:
    """Words as people type them into a search: the beginning of each is enough.

    What is written in web-search syntax (quotes, "or", a minus) is taken as that.
    """
    words = text.split()
    if words and all(word.isalnum() and word.lower() != "or" for word in words):
        begun = " & ".join(f"{word}:*" for word in words)
        return SearchQuery(begun, search_type="raw", config="simple")
    return SearchQuery(text, search_type="websearch", config="simple")
