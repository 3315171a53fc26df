"""What a request changed for its thread: undone at its end, whatever came of it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone, translation


class LeaveNoTrace:
    """Takes back the language and the time zone of whoever a request was answered for.

    It stands around everything that answers, so that pages of errors are theirs too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            return self.get_response(request)
        finally:
            translation.deactivate()
            timezone.deactivate()
