"""The trail as a table for a spreadsheet, written while it is read: however long it is."""

from collections.abc import Iterator
from datetime import tzinfo
from typing import Final

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from qa.core import spreadsheet
from qa.organizations.models import Membership
from qa.tenancy.context import tenant
from qa.trail.filters import TrailForm
from qa.trail.reading import Deed, read

AT_ONCE: Final = 500


def as_csv(form: TrailForm, *, by: Membership) -> Iterator[str]:
    """The events that fit, newest first, with a header; each part in a transaction of its own.

    In the language and time zone of now: the parts are written when the view is long through.
    """
    language = translation.get_language() or settings.LANGUAGE_CODE
    return _as_read(_parts(form, by), language, timezone.get_current_timezone())


def _as_read(parts: Iterator[str], language: str, zone: tzinfo) -> Iterator[str]:
    while True:
        with translation.override(language), timezone.override(zone):
            part = next(parts, None)
        if part is None:
            return
        yield part


def _parts(form: TrailForm, by: Membership) -> Iterator[str]:
    yield "\ufeff"
    header = (
        _("Number"), _("When"), _("Who"), _("What"), _("About"), _("Changes"),
        _("Action"), _("Object"), _("Actor"),
    )  # fmt: skip
    yield spreadsheet.as_csv(header, [])
    last: int | None = None
    with tenant(by.organization_id):
        narrowed = form.narrowed()
    while True:
        with tenant(by.organization_id):
            rows = narrowed.order_by("-number")
            some = list((rows if last is None else rows.filter(number__lt=last))[:AT_ONCE])
            lines = [_row(deed) for deed in read(some, by=by)]
        if not some:
            return
        yield spreadsheet.lines(lines)
        last = some[-1].number


def _row(deed: Deed) -> tuple[str | int, ...]:
    when = timezone.localtime(deed.at).isoformat(sep=" ", timespec="seconds")
    changes = "; ".join(deed.changes)
    about = deed.about.text
    return (
        deed.number, when, deed.who, deed.what, about, changes,
        deed.action, deed.target, deed.actor,
    )  # fmt: skip
