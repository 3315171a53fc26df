"""REST: push interactions, upload files, read both."""

from typing import Any, ClassVar
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import exceptions, status
from rest_framework.request import Request
from rest_framework.response import Response

from qa import pipeline
from qa.api.base import Pages, TenantAPIView
from qa.api.examples import KNOWN, PRESCORED, PUSHED, RECEIVED, pushes
from qa.api.openapi import problems
from qa.api.serializers import (
    CanonicalInteractionSerializer,
    InteractionDetailSerializer,
    InteractionFilters,
    InteractionListSerializer,
    InteractionSerializer,
    PushOptions,
    ReceiptSerializer,
)
from qa.core.errors import Conflict, Fault
from qa.interactions.results import narrowed
from qa.organizations.models import Scope
from scorecards.actions import preview
from transcripts import idempotency
from transcripts.formats import CanonicalInteraction, FormatError, read_canonical, read_json
from transcripts.models import IdempotentAnswer, Interaction
from transcripts.receiving import Receipt, Received, conflict

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Up to 255 printable characters. For 24 hours the same request with the same key "
    "is answered as it was the first time, and done once.",
)


MAX_KEY = 255


class KeyReused(exceptions.APIException):
    """An Idempotency-Key that came with another request before."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_detail = "This Idempotency-Key was used for another request within 24 hours."
    default_code = "idempotency_key_reused"


class InteractionsView(TenantAPIView):
    """`/interactions/`"""

    required_scopes: ClassVar = {"POST": Scope.INTERACTIONS_WRITE, "GET": Scope.INTERACTIONS_READ}
    query: ClassVar = {"POST": PushOptions, "GET": InteractionFilters}
    own_transactions: ClassVar = ("POST",)  # a dry run computes for long and writes nothing

    @extend_schema(
        operation_id="interactions_push",
        summary="Push one interaction",
        description="The same source and external_id with the same content again is answered "
        "with 200 and the same id. With `dry_run=true` the answer is the pre-score, and "
        "nothing is stored.",
        parameters=[PushOptions, IDEMPOTENCY_KEY],
        request=CanonicalInteractionSerializer,
        examples=[PUSHED],
        responses={
            200: OpenApiResponse(
                pushes(), "Known already, replaced, or a dry run.", [KNOWN, PRESCORED]
            ),
            201: OpenApiResponse(ReceiptSerializer, "Kept; its pre-score follows.", [RECEIVED]),
            **problems(400, 408, 409, 413, 415, 422),
        },
        tags=["interactions"],
    )
    def post(self, request: Request) -> Response:
        key = _idempotency_key(request)
        pushed = _interaction(request)
        if self.given["dry_run"]:
            return Response(preview(pushed, by=self.key))
        with self.transaction():
            if key is None:
                return self.push(pushed)
            return self.push_once(pushed, key, request)

    def push_once(self, pushed: CanonicalInteraction, key: str, request: Request) -> Response:
        """Keep one interaction; a request that comes again is answered as it was."""
        answer = idempotency.claim_answer(by=self.key, key=key, request_hash=_request_hash(request))
        if answer.status:
            return _again(answer, request)
        response = self.push(pushed)
        idempotency.keep_answer(
            answer, by=self.key, status=response.status_code, body=dict(response.data)
        )
        return response

    def push(self, pushed: CanonicalInteraction) -> Response:
        """Keep one interaction, or say that it is here."""
        (result,) = pipeline.submit([pushed], by=self.key)
        if result.receipt is Receipt.RECEIVED:
            return _receipt(result.id, result.status, status.HTTP_201_CREATED)
        if result.receipt is Receipt.DUPLICATE:
            return _receipt(result.id, result.status, status.HTTP_200_OK)
        if self.given["on_conflict"] != "replace":
            raise _conflict(result)
        row = pipeline.replace(pushed, by=self.key, interaction_id=result.id)
        return _receipt(row.pk, row.status, status.HTTP_200_OK)

    @extend_schema(
        operation_id="interactions_list",
        summary="List interactions",
        description="Newest arrivals first, without their turns. Several filters narrow further.",
        parameters=[InteractionFilters],
        responses={
            200: OpenApiResponse(InteractionListSerializer, "One page, newest arrivals first."),
            **problems(400),
        },
        tags=["interactions"],
    )
    def get(self, request: Request) -> Response:
        rows = narrowed(
            Interaction.objects.visible_to(self.key).for_api_list(), by=self.key, **self.given
        )
        pages = Pages()
        found = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response([InteractionSerializer(row).data for row in found])


class InteractionView(TenantAPIView):
    """`/interactions/{id}/`"""

    required_scopes: ClassVar = {"GET": Scope.INTERACTIONS_READ}

    @extend_schema(
        operation_id="interactions_read",
        summary="Read one interaction",
        description="With its turns, its pre-score (null while it waits) and its confirmed review "
        "(null until there is one).",
        responses={
            200: OpenApiResponse(InteractionDetailSerializer, "The interaction."),
            **problems(404),
        },
        tags=["interactions"],
    )
    def get(self, request: Request, pk: UUID) -> Response:
        rows = (
            Interaction.objects.visible_to(self.key)
            .for_api()
            .prefetch_related("reviews__moments__moment")
        )
        return Response(InteractionDetailSerializer(get_object_or_404(rows, pk=pk)).data)


def _interaction(request: Request) -> CanonicalInteraction:
    """The body, checked against the contract; every fault with its path."""
    try:
        pushed = read_json(_body(request))
    except FormatError as error:
        reason = error.reason
        if error.line:
            told = {"reason": reason, "line": error.line}
            reason = gettext("%(reason)s (line %(line)s)") % told
        message = gettext("The body %(reason)s.") % {"reason": reason}
        raise FormatError(message, faults=[Fault("", reason)]) from None
    return read_canonical(pushed)


def _body(request: Request) -> bytes:
    body: Any = request.data  # what BodyParser has read; DRF parses no empty body
    return body or b""


def _idempotency_key(request: Request) -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not (0 < len(key) <= MAX_KEY and key.isascii() and key.isprintable()):
        message = f"must have 1 to {MAX_KEY} printable ASCII characters"
        raise FormatError(faults=[Fault("Idempotency-Key", message)])
    return key


def _request_hash(request: Request) -> str:
    """What makes a request the same one; keyed, so that no content can be guessed back from it."""
    head = f"{request.method} {request.get_full_path()}\n".encode()
    return salted_hmac("idempotency", head + _body(request), algorithm="sha256").hexdigest()


def _again(answer: IdempotentAnswer, request: Request) -> Response:
    """The first answer once more, if the request is the same."""
    if answer.request_hash != _request_hash(request):
        raise KeyReused
    return Response(answer.body, status=answer.status, headers={"Idempotency-Replayed": "true"})


def _receipt(pk: UUID, state: str, number: int) -> Response:
    return Response({"id": str(pk), "status": state}, status=number)


def _conflict(result: Received) -> Conflict:
    message = (
        "This interaction is here already with other content. "
        "Push it with ?on_conflict=replace to replace it."
    )
    return Conflict(message, faults=[conflict(result)])
