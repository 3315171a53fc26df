"""What web and worker make sure of before they serve anyone."""

import gc

from django.core.checks import Tags, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.urls import get_resolver

from qa.site.checks import environment_is_complete, names_model_is_installed


def refuse_unsafe_start() -> None:
    """Stop if a server is not named, the database's second wall is missing, or the model is.

    See checks.py.
    """
    missing = [*environment_is_complete(None), *names_model_is_installed(None)]
    if missing:
        raise ImproperlyConfigured(" ".join(f"{fault.msg} {fault.hint}" for fault in missing))
    faults = run_checks(tags=[Tags.database], databases=["default"])
    serious = [fault for fault in faults if fault.is_serious()]
    if serious:
        raise ImproperlyConfigured(" ".join(str(fault.msg) for fault in serious))


def load_for_good() -> None:
    """Load what the first request would, and keep the garbage collector from looking at it again.

    It is some hundred thousand objects that stay as long as the process. Looked through once for
    every few thousand new interactions, they took 6 to 8 % of the time of an intake.
    """
    get_resolver().url_patterns  # noqa: B018 (a property that loads the whole site)
    gc.collect()
    gc.freeze()
