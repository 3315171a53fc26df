"""What every REST endpoint shares: one transaction with its tenant, problems as RFC 9457."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import (
    PermissionDenied,
    ValidationError,
)
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.views import defaults
from django.views.decorators.common import no_append_slash
from rest_framework import exceptions, serializers, status
from rest_framework.pagination import CursorPagination
from rest_framework.parsers import BaseParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from qa.core.errors import Conflict, DomainError, Fault, Gone, NotAllowed
from qa.organizations.models import ApiKey
from transcripts.formats import FormatError

STATUS: dict[type[DomainError], int] = {Conflict: 409, NotAllowed: 403, Gone: 410}
TITLES = {
    400: "The request is not valid",
    401: "An API key is needed",
    403: "This key may not do that",
    404: "Not found",
    405: "This address has no such method",
    406: "Only JSON is served",
    409: "Conflict",
    413: "The request is too large",
    415: "This content type is not taken here",
    422: "The request is not valid",
    429: "Too many requests",
    500: "A fault in Heard",
}
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
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering = ("-id",)


class TenantAPIView(APIView):
    """An endpoint of one organization: one transaction, its tenant set by the key.

    Subclasses name the scope each method needs in `required_scopes`.
    """

    parser_classes: tuple[type[BaseParser], ...] = (BodyParser,)
    required_scopes: ClassVar[dict[str, str]] = {}

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

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with transaction.atomic():
            return super().dispatch(request, *args, **kwargs)


class BatchesAPIView(TenantAPIView):
    """An endpoint that commits batch by batch.

    The key is checked in a transaction of its own; each batch opens another (tenancy/context.py).
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return APIView.dispatch(self, request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            super().initial(request, *args, **kwargs)

    def handle_exception(self, exc: Exception) -> Response:
        with transaction.atomic():  # a refusal rolls back what is open: this, and no batch
            return super().handle_exception(exc)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler of addresses that lead nowhere: clients get a problem, people a page."""
    if not request.path.startswith(API):
        return defaults.page_not_found(request, exception)
    return _plain_problem(404, "There is nothing at this address.", "not_found")


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler of faults in Heard itself: clients get a problem, people a page."""
    if not request.path.startswith(API):
        return defaults.server_error(request)
    detail = "Heard met a fault; nothing was stored. Try again later."
    return _plain_problem(500, detail, "server_error")


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """Every refusal as `application/problem+json`, with a path for every fault."""
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
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
    if transaction.get_connection().in_atomic_block:
        transaction.set_rollback(True)
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
    if isinstance(detail, dict):
        pairs = [(f"{path}.{key}".strip("."), value) for key, value in detail.items()]
        return tuple(fault for key, value in pairs for fault in _faults(value, key))
    if isinstance(detail, list):
        return tuple(fault for value in detail for fault in _faults(value, path))
    return (Fault(path, str(detail)),)


class Pages(NewestFirst):
    """Pages that say when a cursor is none of theirs."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        try:
            return super().paginate_queryset(queryset, request, view) or []
        except (exceptions.NotFound, ValidationError, ValueError):
            fault = Fault("cursor", "is not one that this list has given out")
            raise FormatError(faults=[fault]) from None


def read_options(kind: type[serializers.Serializer[Any]], given: QueryDict) -> dict[str, Any]:
    """The parameters of a call, checked; every fault with its name."""
    fields = kind(data=given)
    fields.is_valid(raise_exception=True)
    return dict(fields.validated_data)
