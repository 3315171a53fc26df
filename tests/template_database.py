"""One test database with all migrations, of which each xdist worker's own is a copy.

The first worker makes it while the others wait for a lock of PostgreSQL's. Copied with the
tables are their owners, rights and policies, so both walls stand in every copy. It goes with
the throw-away server; on a server that the environment names, each worker migrates for itself.
"""

from django.conf import settings
from django.db import connection

NAME = "test_template"
LOCK = 5_021_931  # any number, the same for all workers


def use_template() -> None:
    """Let the test database be made as a copy; needs the owner's role."""
    with connection._nodb_cursor() as cursor:  # the lock goes with its connection
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME])
        if cursor.fetchone() is None:
            _make()
    connection.settings_dict["TEST"]["TEMPLATE"] = NAME


def _make() -> None:
    """As Django makes a test database, under another name; nobody stays connected to it."""
    usual, test = connection.settings_dict["NAME"], connection.settings_dict["TEST"]
    own, test["NAME"] = test["NAME"], NAME
    try:
        connection.creation.create_test_db(verbosity=0, serialize=False)
    finally:
        connection.close()
        test["NAME"] = own
        connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = usual
