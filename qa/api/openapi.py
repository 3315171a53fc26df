"""What every documented operation of the API shares: how to sign in, what a refusal is."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiExample, OpenApiResponse
from rest_framework import serializers

from qa.api.base import TITLES

WHEN = {
    400: "Something in the request is not valid; `errors` names every field at fault.",
    401: "The key is missing, unknown, revoked or expired.",
    403: "The key lacks the scope that this call needs.",
    404: "There is no such thing in the key's organization.",
    408: "The request did not arrive in its time.",
    409: "What is stored stands against it.",
    413: "The body is over the limit; nothing of it was kept.",
    415: "The body is of another content type than the call takes.",
    422: "This Idempotency-Key came with another request before.",
    503: "The database is away or took too long. `Retry-After` says when to send it again.",
}


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """`Authorization: Bearer KEY`."""

    target_class = "qa.organizations.authentication.ApiKeyAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "An API key of one organization, made by an admin under Settings.",
        }


class FaultSerializer(serializers.Serializer[Any]):
    """One thing wrong with one field."""

    path = serializers.CharField(
        help_text="`turns[3].role`; empty for the whole.", allow_blank=True
    )
    message = serializers.CharField()


class ProblemSerializer(serializers.Serializer[Any]):
    """A refusal (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField(help_text="Stable; for programs.")
    errors = FaultSerializer(many=True)  # type: ignore[assignment]  # the RFC's name


def problems(*statuses: int) -> dict[tuple[int, str], OpenApiResponse]:
    """Documented refusals, with those that every call with a key can meet."""
    return {
        (status, "application/problem+json"): OpenApiResponse(
            ProblemSerializer, description=WHEN[status], examples=[_example(status)]
        )
        for status in sorted({400, 401, 403, 503, *statuses})
    }


def _example(status: int) -> OpenApiExample:
    faults = [{"path": "turns[3].role", "message": "is missing; expected one of customer, agent"}]
    value = {
        "type": "about:blank",
        "title": TITLES[status],
        "status": status,
        "detail": WHEN[status],
        "code": "invalid" if status == 400 else "refused",
        "errors": faults if status == 400 else [],
    }
    return OpenApiExample(TITLES[status], value=value, response_only=True, status_codes=[status])
