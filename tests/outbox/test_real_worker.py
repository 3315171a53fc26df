"""Where no mail server is named, the worker prints the mail: its link can be read there."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from qa.organizations.models import Role
from qa.outbox.models import Mail
from tests.pipeline.real_worker import Worker, sending_to, starter, until
from tests.world import make_member, make_organization

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "worker.log"


@pytest.fixture
def start_worker(monkeypatch: pytest.MonkeyPatch, log: Path) -> Iterator[Callable[[], Worker]]:
    """Starts workers at a Redis database of this test's own."""
    address = urlsplit(os.environ["REDIS_URL"])._replace(path="/10").geturl()
    with sending_to(address, monkeypatch):
        yield from starter(address, log)


def test_the_link_is_printed_by_the_worker(
    start_worker: Callable[[], Worker], log: Path, client: Client
) -> None:
    member = make_member(make_organization("Larkfield"), "dana", Role.SPECIALIST)
    client.post(reverse("password_reset"), {"email": member.user.email})
    worker = start_worker()
    until(lambda: not Mail.objects.exists(), seconds=60, worker=worker)
    lines = log.read_text().splitlines()
    assert f"To: {member.user.email}" in lines
    (link,) = [line for line in lines if line.startswith("http://testserver/accounts/reset/")]
    assert client.get(link, follow=True).status_code == 200
