"""The API's door: `Authorization: Bearer KEY`, scopes, and the tenant of the transaction."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, MethodNotAllowed, NotAuthenticated
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from qa.organizations.actions import KEYS
from qa.organizations.models import ApiKey
from qa.tenancy.context import enter, presenting_key

USED_AT_EVERY = timedelta(minutes=1)


class ApiKeyAuthentication(BaseAuthentication):
    """Finds the key, sets the tenant for the transaction that `TenantAPIView` opened."""

    def authenticate(self, request: Request) -> tuple[None, ApiKey] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != b"bearer":
            return None
        if len(words) != 2:
            raise AuthenticationFailed("Expected the header “Authorization: Bearer KEY”.")
        key = _find(words[1].decode("latin-1"))
        enter(key.organization_id)
        _note_use(key)
        return None, key

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class HasScope(BasePermission):
    """The view's `required_scopes` says which scope each method needs."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not isinstance(request.auth, ApiKey):
            raise NotAuthenticated
        method = "GET" if request.method == "HEAD" else request.method
        needed = view.required_scopes.get(method)
        if needed is None:
            raise MethodNotAllowed(str(request.method))
        self.message = f"This key lacks the scope {needed}."
        return needed in request.auth.scopes


def _find(text: str) -> ApiKey:
    prefix = text.partition(".")[0]
    with presenting_key(prefix):
        key = ApiKey.objects.filter(prefix=prefix).first()
    if key is None or not KEYS.verify(text, key.hashed_key) or key.revoked_at is not None:
        raise AuthenticationFailed("This API key is unknown or revoked.")
    if key.expired:
        raise AuthenticationFailed("This API key has expired.")
    return key


def _note_use(key: ApiKey) -> None:
    """Remember when a key was last used, at most once a minute."""
    now = timezone.now()
    if key.last_used_at is None or now - key.last_used_at > USED_AT_EVERY:
        ApiKey.objects.visible_to(key).filter(pk=key.pk).update(last_used_at=now)
