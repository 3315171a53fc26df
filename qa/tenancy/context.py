"""The second wall: which organization's rows this transaction may touch.

PostgreSQL compares every row with the setting `heard.organization` (row-level
security, see rls.py). The setting lives and dies with the transaction. Only the
doors set it: `membership_required`, `TenantAPIView`, the tasks and the commands.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection, transaction

ORGANIZATION = "heard.organization"
USER = "heard.user"
API_KEY = "heard.api_key"
INVITATION = "heard.invitation"
INVITING = "heard.inviting"
DIRECTORY = "heard.directory"


@contextmanager
def tenant(organization_id: UUID) -> Iterator[None]:
    """A transaction that sees and writes this organization's rows only."""
    with _scope(ORGANIZATION, str(organization_id)):
        yield


@contextmanager
def signed_in(user_id: UUID) -> Iterator[None]:
    """A transaction that also sees this person's own memberships, in any organization."""
    with _scope(USER, str(user_id)):
        yield


@contextmanager
def presenting_key(prefix: str) -> Iterator[None]:
    """A transaction that also sees the API key with this public prefix."""
    with _scope(API_KEY, prefix):
        yield


@contextmanager
def presenting_invitation(link_hash: str) -> Iterator[None]:
    """A transaction that also sees the invitation whose link has this hash."""
    with _scope(INVITATION, link_hash):
        yield


@contextmanager
def inviting(email: str) -> Iterator[None]:
    """A transaction that also sees every invitation of this address, to end its links."""
    with _scope(INVITING, email):
        yield


@contextmanager
def directory() -> Iterator[None]:
    """A transaction that sees the list of organizations, and nothing inside them."""
    with _scope(DIRECTORY, "on"):
        yield


@contextmanager
def _scope(name: str, value: str) -> Iterator[None]:
    nested = connection.in_atomic_block
    with transaction.atomic():
        before = _set(name, value)
        yield
        if nested:  # an error needs no clean-up: the rollback takes the setting with it
            _set(name, before)


def _set(name: str, value: str) -> str:
    """Set for this transaction and return what stood there before."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(current_setting(%s, true), ''), set_config(%s, %s, true)",
            [name, name, value],
        )
        before: str = cursor.fetchone()[0]
    return before
