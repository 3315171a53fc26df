"""Locks of an organization on something that is no row: its trail, its dashboards, its sampling."""

from django.db import connection

from qa.tenancy.base import Actor


def acquire(name: str, *, by: Actor, shared: bool = False) -> None:
    """Wait for an organization's lock and hold it until the transaction ends.

    Any number may hold it `shared` at once, but none of them beside one who holds it alone.
    """
    function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {function}(hashtextextended(%s, 0))", [f"{name}:{by.organization_id}"]
        )
