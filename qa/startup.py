"""What web and worker make sure of before they serve anyone."""

from django.core.checks import Tags, run_checks
from django.core.exceptions import ImproperlyConfigured


def refuse_unsafe_database() -> None:
    """Stop if the database's second wall is missing or can be bypassed (see checks.py)."""
    faults = run_checks(tags=[Tags.database], databases=["default"])
    serious = [fault for fault in faults if fault.is_serious()]
    if serious:
        raise ImproperlyConfigured(" ".join(str(fault.msg) for fault in serious))
