"""Pytest plugin (`-p devstack.pytest_plugin`): real, throw-away PostgreSQL and Redis for the tests.

It must be a plugin: pytest-django reads the settings before any conftest.py. Where the
environment names servers (DATABASE_URL, REDIS_URL), those are used.

With pytest-xdist (`-n 2`) the controller starts the servers. Its workers inherit their
addresses; each has a test database (pytest-django) and a Redis database of its own, so
that no worker's Celery takes another's tasks.

The tests connect as the application's role, which cannot pass by row-level security. Only
making and dropping the test database is done as the owner: see tests/conftest.py.
"""

import os
from urllib.parse import unquote, urlsplit

import pytest
from django.db import connection

from devstack.servers import throw_away_stack

OWN_SERVERS = "HEARD_TEST_SERVERS"  # set, for the workers too, where this plugin started PostgreSQL
DEFAULTS = {"SECRET_KEY": "only-for-tests", "SECURE": "false", "LOG_LEVEL": "WARNING"}


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Start what the environment does not name, before pytest-django reads the settings."""
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        use_redis_database(int(worker.removeprefix("gw")) + 1)
        return
    if not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
        os.environ.update(start_servers(early_config))
    # Empty, not absent: the owner of another database must not be read from .data/stack.env.
    os.environ.setdefault("DATABASE_OWNER_URL", "")


def start_servers(config: pytest.Config) -> dict[str, str]:
    """Start the missing servers, to be stopped when pytest ends, however it ends."""
    stack = throw_away_stack()
    config.add_cleanup(stack.stop)
    started = stack.start(os.environ)
    return {**started, OWN_SERVERS: "1"} if not os.environ.get("DATABASE_URL") else started


def use_redis_database(number: int) -> None:
    """Another database of the same Redis; a server has 16 of them."""
    parts = urlsplit(os.environ["REDIS_URL"])
    os.environ["REDIS_URL"] = parts._replace(path=f"/{number % 16}").geturl()


def connect_as(variable: str) -> None:
    """Let Django's default connection use the role named in DATABASE_URL or the owner's.

    Changes the user only: the name of the database is the test runner's. Without an owner
    of its own, the one role does both.
    """
    parts = urlsplit(os.environ.get(variable) or os.environ["DATABASE_URL"])
    connection.close()
    connection.settings_dict["USER"] = unquote(parts.username or "")
    connection.settings_dict["PASSWORD"] = unquote(parts.password or "")


def process_environment() -> dict[str, str]:
    """The environment for a real worker or web process on the test database."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    name = str(connection.settings_dict["NAME"])
    return {**os.environ, "DATABASE_URL": parts._replace(path=f"/{name}").geturl()}
