"""The second wall: PostgreSQL itself keeps the organizations apart, whatever the code does."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import Error, connection, transaction

from qa.organizations.models import Organization
from qa.site.checks import tenant_models
from qa.tenancy.context import ORGANIZATION, directory, tenant
from tests.furnished import furnish

DENIED = "42501"  # PostgreSQL: insufficient_privilege; a row-level security policy was violated
Model = type[Any]


@pytest.fixture
def both(larkfield: Organization, elsewhere: Organization) -> tuple[Organization, Organization]:
    """Two organizations with a row in every tenant table each."""
    for organization in (larkfield, elsewhere):
        furnish(organization)
    return larkfield, elsewhere


def rows(statement: str, *values: object) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def touched(statement: str, *values: object) -> int:
    """How many rows the statement changed."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        number: int = cursor.rowcount
    return number


def refusal(statement: str, *values: object) -> str:
    """The SQLSTATE with which PostgreSQL refuses the statement."""
    with pytest.raises(Error) as caught, transaction.atomic():
        touched(statement, *values)
    return str(getattr(caught.value.__cause__, "pgcode", ""))


def table(model: Model) -> str:
    return str(model._meta.db_table)


def newest(model: Model) -> UUID:
    """The newest row that the tenant of the transaction sees."""
    found = rows(f"SELECT id FROM {table(model)} ORDER BY id DESC LIMIT 1")
    assert found, f"furnish() in tests/furnished.py makes no row of {table(model)}: add one."
    pk: UUID = found[0][0]
    return pk


def test_the_site_connects_as_a_role_that_cannot_pass_by_the_wall(db: None) -> None:
    found = rows("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
    assert found == [(False, False)]


def test_every_tenant_table_has_forced_row_security_and_a_policy(db: None) -> None:
    for model in (Organization, *tenant_models()):
        (flags,) = rows(
            "SELECT relrowsecurity, relforcerowsecurity, (SELECT count(*) FROM pg_policy "
            "WHERE polrelid = pg_class.oid AND polcmd = '*') FROM pg_class WHERE relname = %s",
            table(model),
        )
        assert flags == (True, True, 1), table(model)


def test_without_a_tenant_every_tenant_table_is_empty(
    both: tuple[Organization, Organization],
) -> None:
    for model in (Organization, *tenant_models()):
        assert rows(f"SELECT count(*) FROM {table(model)}") == [(0,)], table(model)


def test_a_tenant_sees_its_own_rows_and_no_others(both: tuple[Organization, Organization]) -> None:
    larkfield, elsewhere = both
    for model in tenant_models():
        for mine, other in ((larkfield, elsewhere), (elsewhere, larkfield)):
            with tenant(mine.id):
                newest(model)
                seen = rows(f"SELECT DISTINCT organization_id FROM {table(model)}")
                stolen = rows(f"SELECT 1 FROM {table(model)} WHERE organization_id = %s", other.id)
            assert (seen, stolen) == ([(mine.id,)], []), table(model)


def test_a_tenant_sees_itself_in_the_list_of_organizations(
    both: tuple[Organization, Organization],
) -> None:
    larkfield, _ = both
    with tenant(larkfield.id):
        assert rows("SELECT id FROM organizations_organization") == [(larkfield.id,)]
    with directory():
        assert len(rows("SELECT id FROM organizations_organization")) == 2
        for model in tenant_models():
            assert rows(f"SELECT count(*) FROM {table(model)}") == [(0,)], table(model)


def test_rows_of_another_tenant_are_neither_changed_nor_deleted(
    both: tuple[Organization, Organization],
) -> None:
    larkfield, elsewhere = both
    for model in tenant_models():
        with tenant(elsewhere.id):
            (before,) = rows(f"SELECT count(*) FROM {table(model)}")
            pk = newest(model)
        with tenant(larkfield.id):
            name = table(model)
            assert touched(f"UPDATE {name} SET id = id WHERE id = %s", pk) == 0, name
            assert touched(f"DELETE FROM {name} WHERE id = %s", pk) == 0, name
            assert touched(f"DELETE FROM {name} WHERE organization_id = %s", elsewhere.id) == 0
        with tenant(elsewhere.id):
            assert rows(f"SELECT count(*) FROM {table(model)}") == [before], table(model)


def test_a_row_cannot_be_written_into_another_tenant(
    both: tuple[Organization, Organization],
) -> None:
    larkfield, elsewhere = both
    with tenant(larkfield.id):
        for model in tenant_models():
            fields = [field for field in model._meta.concrete_fields if not field.generated]
            names = [f'"{field.column}"' for field in fields]
            given = {'"id"': uuid4(), '"organization_id"': elsewhere.id}
            copied = ["%s" if name in given else name for name in names]
            code = refusal(
                f"INSERT INTO {table(model)} ({', '.join(names)}) SELECT {', '.join(copied)} "
                f"FROM {table(model)} WHERE id = %s",
                *[given[name] for name in names if name in given],
                newest(model),
            )
            assert code == DENIED, table(model)


def test_a_row_cannot_be_moved_into_another_tenant(
    both: tuple[Organization, Organization],
) -> None:
    larkfield, elsewhere = both
    immutable = {"23001"}  # the triggers of rows that never change refuse first
    with tenant(larkfield.id):
        for model in tenant_models():
            statement = f"UPDATE {table(model)} SET organization_id = %s WHERE id = %s"
            code = refusal(statement, elsewhere.id, newest(model))
            assert code in {DENIED} | immutable, table(model)


def test_the_tenant_ends_with_its_block_and_comes_back_after_an_inner_one(
    larkfield: Organization, elsewhere: Organization
) -> None:
    def current() -> str:
        ((value,),) = rows("SELECT coalesce(current_setting(%s, true), '')", ORGANIZATION)
        return str(value)

    with tenant(larkfield.id):
        with tenant(elsewhere.id):
            assert current() == str(elsewhere.id)
        assert current() == str(larkfield.id)
        with pytest.raises(ZeroDivisionError), tenant(elsewhere.id):
            _ = 1 / 0
        assert current() == str(larkfield.id)
    assert current() == ""
