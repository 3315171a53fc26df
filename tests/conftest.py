"""What all tests share: the two-tenant world, the two database roles, a quick password hasher."""

import os
from collections.abc import Iterator

import pytest
from django.test import override_settings
from hypothesis import settings as hypothesis
from pytest_django import DjangoDbBlocker

from devstack.pytest_plugin import OWN_SERVERS, connect_as
from tests.template_database import use_template

pytest_plugins = ["tests.world", "tests.guards"]

# HYPOTHESIS_PROFILE=ci (see .ci/run) tries more of what Hypothesis makes up.
hypothesis.register_profile("dev", max_examples=80, deadline=None)
# The same cases in every run, so that what passes on one machine passes on another.
hypothesis.register_profile("ci", max_examples=500, deadline=None, derandomize=True)
hypothesis.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """The owner's role makes the test database, runs its migrations and drops it."""
    with django_db_blocker.unblock():
        connect_as("DATABASE_OWNER_URL")
        if "PYTEST_XDIST_WORKER" in os.environ and OWN_SERVERS in os.environ:
            use_template()
    yield
    with django_db_blocker.unblock():
        connect_as("DATABASE_URL")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The tests themselves run as the application's role, as the site does."""
    with django_db_blocker.unblock():
        connect_as("DATABASE_URL")
    yield
    with django_db_blocker.unblock():
        connect_as("DATABASE_OWNER_URL")


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """The slow hasher of the site would take half of the test run."""
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with override_settings(PASSWORD_HASHERS=hashers):
        yield
