"""Whether mail reaches people, and where its links lead."""

from typing import Final

from django.conf import settings
from django.http import HttpRequest

# These write mail down where operators read it: it reaches nobody, and proves nothing.
PRINTING: Final = tuple(
    f"django.core.mail.backends.{kind}.EmailBackend" for kind in ("console", "dummy", "filebased")
)


def goes_out() -> bool:
    """True if mail reaches the people it is addressed to."""
    return settings.EMAIL_BACKEND not in PRINTING


def site_of(request: HttpRequest) -> str:
    """The site's own address, else the one at which it was asked."""
    return settings.SITE_URL or f"{request.scheme}://{request.get_host()}"
