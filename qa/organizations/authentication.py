"""The API's door: `Authorization: Bearer KEY` and its scopes.

Nothing here outlives the look at the key: no transaction, and no lock on its row. Calls of one key
go on side by side, however long one of them takes.
"""

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, MethodNotAllowed, NotAuthenticated
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from qa.organizations.actions import KEYS
from qa.organizations.models import ApiKey
from qa.tenancy.context import presenting_key, tenant

UNKNOWN = "This API key is unknown or revoked."
USED_AT_EVERY = timedelta(minutes=1)


class ApiKeyAuthentication(BaseAuthentication):
    """Finds the key; `TenantAPIView` sets the tenant that it names."""

    def authenticate(self, request: Request) -> tuple[None, ApiKey] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != b"bearer":
            return None
        if len(words) != 2:
            raise AuthenticationFailed("Expected the header “Authorization: Bearer KEY”.")
        return None, _find(words[1].decode("latin-1"))

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
        raise AuthenticationFailed(UNKNOWN)
    if key.expired:
        raise AuthenticationFailed("This API key has expired.")
    return key


def note_use(key: ApiKey) -> None:
    """Remember when a key was last used, at most once a minute.

    Whoever comes while another call notes it goes on: one of them is enough.
    """
    now = timezone.now()
    if key.last_used_at is not None and now - key.last_used_at <= USED_AT_EVERY:
        return
    with tenant(key.organization_id):
        mine = ApiKey.objects.visible_to(key).filter(pk=key.pk)
        due = mine.filter(Q(last_used_at=None) | Q(last_used_at__lt=now - USED_AT_EVERY))
        if due.select_for_update(skip_locked=True).first():
            mine.update(last_used_at=now)


def refuse_revoked(key: ApiKey) -> None:
    """Look again before anything is written: a body may have taken minutes to arrive."""
    if not ApiKey.objects.visible_to(key).filter(pk=key.pk, revoked_at=None).exists():
        raise AuthenticationFailed(UNKNOWN)
