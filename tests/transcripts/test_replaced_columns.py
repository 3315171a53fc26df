"""Each column of an interaction is either replaced with its content or kept, and says which."""

from uuid import UUID

import pytest

from qa.organizations.models import Organization
from tests.pipeline.steps import CALM, replace, stored, submit
from transcripts.actions import KEPT, REPLACED
from transcripts.models import Interaction


def test_every_column_is_named_as_replaced_or_as_kept() -> None:
    given = (one for one in Interaction._meta.concrete_fields if not one.generated)
    columns = sorted(field.attname for field in given)
    assert sorted([*REPLACED, *KEPT]) == columns, (
        "Say in transcripts/actions.py whether new content replaces the column or leaves it."
    )


@pytest.mark.django_db
def test_new_content_replaces_what_is_named_and_keeps_the_rest(larkfield: Organization) -> None:
    before, after = _replaced(larkfield)
    assert {name for name in KEPT if getattr(before, name) != getattr(after, name)} == {"revision"}
    assert (after.subject, after.language, after.turn_count) == ("Address", "de", len(CALM))
    assert after.content_hash != before.content_hash


def _replaced(larkfield: Organization) -> tuple[Interaction, Interaction]:
    """An interaction before and after the same source pushed other content for it."""
    (received,) = submit(larkfield, {"external_id": "c-1"})
    pk: UUID = received.id
    before = stored(larkfield, pk)
    replace(larkfield, pk, external_id="c-1", turns=CALM, subject="Address", language="de")
    return before, stored(larkfield, pk)
