"""What templates of members' pages can ask for about newcomers: each costs a query, once asked."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from qa.first_steps import samples
from qa.first_steps.actions import offers_tour
from qa.first_steps.checklist import on_start_page
from qa.first_steps.facts import Facts, facts_of
from qa.first_steps.reasons import may_try_samples, not_yet
from qa.organizations.models import Membership


def newcomers(request: HttpRequest) -> dict[str, Any]:
    """Template context: the checklist of a start page, pages with nothing to show, samples."""
    membership = getattr(request, "membership", None)
    if membership is None:
        return {}
    return {
        "first_steps": _from_facts(on_start_page, request),
        "not_yet": _from_facts(not_yet, request),
        "samples_offered": _from_facts(may_try_samples, request),
        "tour_offered": SimpleLazyObject(partial(offers_tour, membership)),
        "samples_here": SimpleLazyObject(partial(samples.are_here, membership)),
    }


def facts_in(request: Any) -> Facts:
    """How far the organization has come: the menu and the page ask, and it is looked up once."""
    if not hasattr(request, "first_steps_facts"):
        request.first_steps_facts = facts_of(request.membership)
    found: Facts = request.first_steps_facts
    return found


def _from_facts(find: Callable[[Membership, Facts], Any], request: Any) -> Any:
    return SimpleLazyObject(lambda: find(request.membership, facts_in(request)))
