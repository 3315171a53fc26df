"""What web and worker make sure of before they serve anyone."""

from django.core.checks import Tags, run_checks
from django.core.exceptions import ImproperlyConfigured

from qa.checks import environment_is_complete, names_model_is_installed


def refuse_unsafe_start() -> None:
    """Stop if a server is not named, the database's second wall is missing, or the model is.

    See checks.py.
    """
    missing = [*environment_is_complete(None), *names_model_is_installed(None)]
    if missing:
        raise ImproperlyConfigured(" ".join(f"{one.msg} {one.hint}" for one in missing))
    faults = run_checks(tags=[Tags.database], databases=["default"])
    serious = [fault for fault in faults if fault.is_serious()]
    if serious:
        raise ImproperlyConfigured(" ".join(str(fault.msg) for fault in serious))
