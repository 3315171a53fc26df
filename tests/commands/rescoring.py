"""The rescore command as an operator runs it, and a pack that finds less empathy."""

from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command

from qa.organizations.models import Organization
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from scorecards.empathy import DEFAULT_PACK
from scorecards.models import PreScore

SUMMARY = "{n} {verb} rescored by reader-3.1 under strict-1"


NO_EMPATHY = (
    ("\nempathy = 1.0\n", "\nempathy = 10.0\n"),
    ("\nempathy = 0.5\n", "\nempathy = 1.0\n"),
)


def strict_pack(folder: Path, name: str = "strict-1") -> Path:
    """The codebook under which nothing is empathy."""
    return own_pack(folder, name, *NO_EMPATHY)


def own_pack(folder: Path, name: str, *changes: tuple[str, str]) -> Path:
    """The codebook under another id, with other words in some places."""
    text = DEFAULT_PACK.read_text()
    for old, new in (('id = "codebook-1"', f'id = "{name}"'), *changes):
        assert text.count(old) == 1
        text = text.replace(old, new)
    path = folder / f"{name}.toml"
    path.write_text(text)
    return path


def rescore(*arguments: object, organization: str = "larkfield") -> tuple[int, list[str], str]:
    """The exit status, the lines printed, and what went to standard error."""
    out, err = StringIO(), StringIO()
    status = 0
    given: list[Any] = ["--organization", organization, *map(str, arguments)]
    try:
        call_command("rescore", *given, stdout=out, stderr=err)
    except SystemExit as stop:
        status = int(stop.code or 0)
    return status, out.getvalue().splitlines(), err.getvalue()


def prescores(organization: Organization) -> list[PreScore]:
    with tenant(organization.id):
        rows = PreScore.objects.visible_to(System(organization.id))
        return list(rows.order_by("interaction_id", "created_at"))
