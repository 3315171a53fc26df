"""What templates of members' pages can ask for about newcomers: each costs a query, once asked."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from qa.first_steps import samples
from qa.first_steps.actions import offers_tour
from qa.first_steps.checklist import on_start_page
from qa.first_steps.reasons import may_try_samples, not_yet
from qa.organizations.models import Membership


def newcomers(request: HttpRequest) -> dict[str, Any]:
    """Template context: the checklist of a start page, pages with nothing to show, samples."""
    membership = getattr(request, "membership", None)
    if membership is None:
        return {}
    return {
        "first_steps": _once(on_start_page, membership),
        "not_yet": _once(not_yet, membership),
        "tour_offered": _once(offers_tour, membership),
        "samples_offered": _once(may_try_samples, membership),
        "samples_here": _once(samples.are_here, membership),
    }


def _once(find: Callable[[Membership], Any], membership: Membership) -> Any:
    return SimpleLazyObject(partial(find, membership))
