"""What the views of all apps share: what a form sent, and the status of a refusal."""

from typing import Any

from django.forms import BaseForm

from qa.core.errors import Conflict, DomainError, Refused


def cleaned(form: BaseForm) -> dict[str, Any]:
    """Return what a form sent. Raises `Refused` with everything that is wrong with it."""
    if form.is_valid():
        return form.cleaned_data
    raise Refused(" ".join(str(fault) for faults in form.errors.values() for fault in faults))


def status_of(error: DomainError | None) -> int:
    """Return 409 where somebody was faster, 422 for any other refusal, 200 without one."""
    if error is None:
        return 200
    return 409 if isinstance(error, Conflict) else 422
