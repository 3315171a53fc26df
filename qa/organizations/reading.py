"""In which language and time zone a person reads: their own choice, else their organization's."""

from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone, translation

from qa.organizations.models import Organization, User


def speak_to(user: User, organization: Organization | None = None) -> None:
    """Let the rest of this request be in the person's language and time zone.

    Where neither they nor the organization chose a language, the browser's stays.
    """
    if language := _language(user, organization):
        translation.activate(language)
    if zone := _zone(user, organization):
        timezone.activate(zone)


@contextmanager
def written_for(user: User | None, organization: Organization | None = None) -> Iterator[None]:
    """Write a mail in its reader's language and time zone: no browser says which."""
    language = _language(user, organization) or settings.LANGUAGE_CODE
    zone = _zone(user, organization) or ZoneInfo(settings.TIME_ZONE)
    with translation.override(language), timezone.override(zone):
        yield


def _language(user: User | None, organization: Organization | None) -> str:
    chosen = (user.language if user else "") or (organization.language if organization else "")
    return chosen if chosen in dict(settings.LANGUAGES) else ""


def _zone(user: User | None, organization: Organization | None) -> ZoneInfo | None:
    chosen = (user.time_zone if user else "") or (organization.time_zone if organization else "")
    return ZoneInfo(chosen) if chosen else None
