"""What every REST endpoint shares: the way of a request, problems as RFC 9457.

the key is looked up and its use noted     a short transaction each
the parameters are checked                 what is unknown is refused
the body is read to its end                no transaction, no lock: its sender may be slow
the method runs                            one transaction, its tenant set by the key
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import (
    PermissionDenied,
    ValidationError,
)
from django.db import Error, InterfaceError, OperationalError
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    JsonResponse,
    UnreadablePostError,
)
from django.template import loader
from django.views import defaults
from django.views.decorators.common import no_append_slash
from psycopg2.errors import IdleInTransactionSessionTimeout
from rest_framework import exceptions, status
from rest_framework.pagination import CursorPagination
from rest_framework.parsers import BaseParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from qa.api.options import MAX_PAGE, NoOptions, PageOptions, Plain, read_options
from qa.core.errors import Conflict, DomainError, Fault, Gone, NotAllowed
from qa.organizations.authentication import note_use, refuse_revoked
from qa.organizations.models import ApiKey
from qa.tenancy.context import tenant
from scorecards.in_use import DefinitionsUnusable
from transcripts.formats import FormatError

STATUS: dict[type[DomainError], int] = {
    Conflict: 409,
    NotAllowed: 403,
    Gone: 410,
    DefinitionsUnusable: 503,
}
TITLES = {
    400: "The request is not valid",
    401: "An API key is needed",
    403: "This key may not do that",
    404: "Not found",
    405: "This address has no such method",
    406: "Only JSON is served",
    408: "Request Timeout",
    409: "Conflict",
    413: "The request is too large",
    415: "This content type is not taken here",
    422: "The request is not valid",
    429: "Too many requests",
    500: "A fault in Heard",
    503: "Heard is busy",
}
RETRY_AFTER = 10  # seconds
BUSY = (
    "The database is away, or did not get this done in time, so it was given up. Send it again "
    "later: what is kept already is recognised."
)
API = "/api/"


class ProblemRenderer(JSONRenderer):
    """JSON under its RFC 9457 name."""

    media_type = "application/problem+json"


class TooLarge(exceptions.APIException):
    """A body over the limit; nothing of it is kept."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"

    def __init__(self, limit: int) -> None:
        super().__init__(f"The body is larger than {limit // 1024 // 1024} MB.")


class BodyParser(BaseParser):
    """Hands the view the body's bytes, up to the limit; what they mean is the importers' affair."""

    media_type = "application/json"
    limit = settings.MAX_BODY_BYTES

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        if stream is None:
            return b""
        body: bytes = stream.read(self.limit + 1)
        if len(body) > self.limit:
            raise TooLarge(self.limit)
        return body


class NewestFirst(CursorPagination):
    """Keyset pages, 50 rows each, up to 200."""

    page_size = 50
    max_page_size = MAX_PAGE
    page_size_query_param = "page_size"
    ordering: tuple[str, ...] = ("-id",)


class TenantAPIView(APIView):
    """An endpoint of one organization, which the key names.

    Subclasses name the scope that each method needs in `required_scopes`, and the parameters it
    takes in `query`. Methods in `own_transactions` open their own, where they work for long before
    they write, or commit batch by batch; those in `own_bodies` read the body themselves, or not.
    """

    parser_classes: tuple[type[BaseParser], ...] = (BodyParser,)
    required_scopes: ClassVar[dict[str, str]] = {}
    query: ClassVar[dict[str, type[Plain]]] = {}
    own_transactions: ClassVar[tuple[str, ...]] = ()
    own_bodies: ClassVar[tuple[str, ...]] = ()
    given: dict[str, Any]  # the parameters of this call, checked

    @property
    def key(self) -> ApiKey:
        """The API key that `HasScope` has let through."""
        key = self.request.auth
        assert isinstance(key, ApiKey)  # noqa: S101 (the permission class saw to it)
        return key

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        """Without the redirect to the slash: clients follow one with GET, and the push is lost."""
        return no_append_slash(super().as_view(**initkwargs))

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Everything that comes before the method, so that it never waits for the sender."""
        super().initial(request, *args, **kwargs)
        note_use(self.key)
        method = "GET" if request.method == "HEAD" else str(request.method)
        self.given = read_options(self.query.get(method, NoOptions), request.query_params)
        if method != "GET" and method not in self.own_bodies:
            _ = request.data
        if method not in self.own_transactions:
            handle = getattr(self, method.lower())
            setattr(self, str(request.method).lower(), self._in_transaction(handle))

    def _in_transaction(self, handle: Callable[..., Response]) -> Callable[..., Response]:
        """A method that sees and writes the rows of the key's organization."""

        def handled(*args: Any, **kwargs: Any) -> Response:
            with self.transaction():
                return handle(*args, **kwargs)

        return handled

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """The key's rows, for a key that was not revoked while the body arrived."""
        with tenant(self.key.organization_id):
            if self.request.method not in ("GET", "HEAD"):
                refuse_revoked(self.key)
            yield


class ListAPIView(TenantAPIView):
    """An endpoint whose GET gives a list, page by page."""

    query: ClassVar = {"GET": PageOptions}


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler of addresses that lead nowhere: clients get a problem, people a page."""
    if not request.path.startswith(API):
        return defaults.page_not_found(request, exception)
    return _plain_problem(404, "There is nothing at this address.", "not_found")


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler of faults in Heard itself: clients get a problem, people a page."""
    if is_busy(sys.exception()):
        return _busy(request)
    if not request.path.startswith(API):
        return defaults.server_error(request)
    detail = "Heard met a fault; nothing was stored. Try again later."
    return _plain_problem(500, detail, "server_error")


def is_busy(error: BaseException | None) -> bool:
    """True if the database is away or has ended what took too long: to be tried again later."""
    lost = isinstance(error, Error) and isinstance(error.__cause__, IdleInTransactionSessionTimeout)
    return lost or isinstance(error, OperationalError | InterfaceError)


def _busy(request: HttpRequest) -> HttpResponse:
    if request.path.startswith(API):
        answer = _plain_problem(503, BUSY, "busy")
    else:
        answer = HttpResponse(loader.render_to_string("503.html"), status=503)
    answer["Retry-After"] = str(RETRY_AFTER)
    return answer


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """Every refusal as `application/problem+json`, with a path for every fault."""
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if is_busy(error):
        answer = _answer(503, BUSY, context, code="busy")
        answer["Retry-After"] = str(RETRY_AFTER)
        return answer
    if isinstance(error, UnreadablePostError):
        error = exceptions.ParseError("The body ended before it was complete.")
    if isinstance(error, DomainError):
        number = next((s for kind, s in STATUS.items() if isinstance(error, kind)), 400)
        return _answer(number, error.message, context, code=error.code, faults=error.faults)
    if isinstance(error, exceptions.ValidationError):
        faults = _faults(error.detail)
        return _answer(400, "Some fields are not valid.", context, code="invalid", faults=faults)
    if isinstance(error, exceptions.APIException):
        response = _answer(
            error.status_code, str(error.detail), context, code=str(error.get_codes())
        )
        if header := getattr(error, "auth_header", None):
            response["WWW-Authenticate"] = header
        return response
    return None


def _answer(
    status_code: int,
    detail: str,
    context: dict[str, Any],
    *,
    code: str,
    faults: tuple[Fault, ...] = (),
) -> Response:
    body = _body(status_code, detail, code, faults)
    if request := context.get("request"):
        request.accepted_renderer = ProblemRenderer()
        request.accepted_media_type = ProblemRenderer.media_type
    return Response(body, status=status_code, content_type=ProblemRenderer.media_type)


def _plain_problem(status_code: int, detail: str, code: str) -> HttpResponse:
    """A problem outside any endpoint."""
    body = _body(status_code, detail, code)
    return JsonResponse(body, status=status_code, content_type=ProblemRenderer.media_type)


def _body(
    status_code: int, detail: str, code: str, faults: tuple[Fault, ...] = ()
) -> dict[str, Any]:
    return {
        "type": "about:blank",
        "title": TITLES.get(status_code, "The request was refused"),
        "status": status_code,
        "detail": detail,
        "code": code,
        "errors": [{"path": fault.path, "message": fault.message} for fault in faults],
    }


def _faults(detail: Any, path: str = "") -> tuple[Fault, ...]:
    """Faults of fields, each with its path: `turns[3].role`."""
    if isinstance(detail, dict):
        pairs = [(_joined(path, key), value) for key, value in detail.items()]
        return tuple(fault for key, value in pairs for fault in _faults(value, key))
    if isinstance(detail, list):
        return tuple(fault for value in detail for fault in _faults(value, path))
    return (Fault(path, str(detail)),)


def _joined(path: str, key: str | int) -> str:
    return f"{path}[{key}]" if isinstance(key, int) else f"{path}.{key}".strip(".")


class Pages(NewestFirst):
    """Pages that say when a cursor is none of theirs."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        try:
            return super().paginate_queryset(queryset, request, view) or []
        except (exceptions.NotFound, ValidationError, ValueError):
            fault = Fault("cursor", "is not one that this list has given out")
            raise FormatError(faults=[fault]) from None
