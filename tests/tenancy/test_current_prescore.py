"""The migration that makes one pre-score of each interaction the current one."""

from importlib import import_module
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction

from devstack.pytest_plugin import connect_as
from qa.organizations.models import Organization
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from scorecards.models import PreScore
from tests.commands.rescoring import prescores, rescore, strict_pack
from tests.world import make_interaction, make_organization

migration = import_module("scorecards.migrations.0003_current_prescore")
MAKE_ALL_CURRENT = """
    DROP INDEX prescore_one_current;
    ALTER TABLE scorecards_prescore NO FORCE ROW LEVEL SECURITY;
    UPDATE scorecards_prescore SET current = true;
    ALTER TABLE scorecards_prescore FORCE ROW LEVEL SECURITY;
"""
INDEX = "CREATE UNIQUE INDEX prescore_one_current ON scorecards_prescore (interaction_id)"


@pytest.mark.django_db(transaction=True)
def test_of_several_that_are_here_the_newest_becomes_current(tmp_path: Path) -> None:
    organizations = [make_organization(name) for name in ("Larkfield", "Elsewhere")]
    for organization in organizations:
        for external_id in ("c-1", "c-2"):
            make_interaction(organization, external_id=external_id)
        rescore("--pack", strict_pack(tmp_path), organization=organization.slug)
    connect_as("DATABASE_OWNER_URL")
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(MAKE_ALL_CURRENT)
            cursor.execute(migration.NEWEST_IS_CURRENT)
            cursor.execute(f"{INDEX} WHERE current")
    finally:
        connect_as("DATABASE_URL")
    for organization in organizations:
        shown = [(found.definitions, found.current) for found in prescores(organization)]
        assert shown == [("codebook-1", False), ("strict-1", True)] * 2


def test_two_cannot_be_current(larkfield: Organization, tmp_path: Path) -> None:
    make_interaction(larkfield)
    rescore("--pack", strict_pack(tmp_path))
    unique = pytest.raises(IntegrityError, match="prescore_one_current")
    with tenant(larkfield.id), unique, transaction.atomic():
        PreScore.objects.visible_to(System(larkfield.id)).update(current=True)
    assert len(prescores(larkfield)) == 2
