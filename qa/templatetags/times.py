"""In which time zone a page shows its times. Loaded as a built-in, like look.py."""

from datetime import date as date_type
from typing import Any

from django import template
from django.template.defaultfilters import date as plain_date
from django.utils import timezone
from django.utils.translation import gettext as _

from qa.core.dates import written
from qa.organizations.models import Membership

register = template.Library()


@register.filter(expects_localtime=True, is_safe=False)
def date(value: Any, form: str | None = None) -> str:
    """As Django's own filter, with months abbreviated as the language does."""
    if form and isinstance(value, date_type):
        return written(value, form)
    return str(plain_date(value, form))


@register.filter
def zone_name(zone: object) -> str:
    """A time zone as people write it: "America/New York"."""
    return str(zone).replace("_", " ")


@register.simple_tag
def current_zone() -> str:
    """The time zone of the times on this page."""
    return zone_name(timezone.get_current_timezone_name())


@register.simple_tag
def times_note(membership: Membership) -> str:
    """Where the clocks of this page stand, and by whose days figures are counted."""
    here = current_zone()
    days = zone_name(membership.organization.days_zone)
    if here == days:
        return _("Times in %(zone)s") % {"zone": here}
    return _("Times in %(zone)s, figures by the days of %(days)s") % {"zone": here, "days": days}
