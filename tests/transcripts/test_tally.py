"""A file of JSON lines has the same row whether it is read whole or line by line."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from qa.organizations.models import Membership, Organization
from qa.tenancy.base import System
from qa.tenancy.context import directory, tenant
from tests.world import interaction_json, make_key
from transcripts.models import UploadedFile


def lines(*, good: int, bad: int) -> bytes:
    """Interactions, the first of them twice, then as many lines as are to be refused."""
    kept = [interaction_json(external_id=f"c-{number}") for number in range(good)]
    refused = [interaction_json(channel="fax") for _ in range(bad)]
    return "\n".join(json.dumps(each) for each in [*kept, kept[0], *refused]).encode()


def row(slug: str) -> UploadedFile:
    with directory():
        organization = Organization.objects.get(slug=slug)
    with tenant(organization.id):
        return UploadedFile.objects.visible_to(System(organization.id)).get()


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize(
    ("good", "bad", "status"), [(1, 0, "accepted"), (2, 3, "partly"), (2, 130, "partly")]
)
def test_read_whole_or_line_by_line_a_file_has_the_same_row(
    ada: Membership, tmp_path: Path, good: int, bad: int, status: str
) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(lines(good=good, bad=bad))
    key = {"Authorization": f"Bearer {make_key(ada)}"}
    sent = {"file": SimpleUploadedFile(path.name, path.read_bytes())}
    Client().post("/api/v1/uploads/", sent, headers=key)
    with suppress(SystemExit):  # something was refused
        call_command("import", str(path), organization="elsewhere")
    whole, by_line = row("larkfield"), row("elsewhere")
    assert (whole.status, by_line.status) == (status, status)
    assert (whole.summary["received"], whole.summary["duplicates"]) == (good, 1)
    assert len(whole.faults) == min(bad, 101)
    assert whole.faults == by_line.faults
    assert whole.redacted == by_line.redacted
    for name in ("received", "duplicates", "refused", "turns", "channels", "roles", "notes"):
        assert whole.summary[name] == by_line.summary[name], name
