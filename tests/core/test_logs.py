"""Logs name ids and places; what a transcript says never gets into them."""

import io
import logging
from collections.abc import Iterator
from typing import NoReturn
from uuid import uuid4

import pytest
from django.conf import settings as site
from django.test import Client
from django.urls import path
from pytest_django import Settings

from qa import tasks
from qa.core.logs import PrivateFormatter
from transcripts import attempts

SAID = "my card number is 4111 1111 1111 1111"


@pytest.fixture
def printed() -> Iterator[io.StringIO]:
    """Everything that is logged, as the site's handler prints it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(PrivateFormatter())
    root = logging.getLogger()
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)


def fail(*args: object, **options: object) -> NoReturn:
    try:
        raise KeyError(SAID)
    except KeyError as error:
        raise ValueError(f"cannot read {SAID}") from error


def test_the_site_prints_through_the_private_formatter() -> None:
    assert site.LOGGING["formatters"]["line"]["()"] == "qa.core.logs.PrivateFormatter"
    assert {handler["formatter"] for handler in site.LOGGING["handlers"].values()} == {"line"}


def test_an_exception_is_logged_by_kind_and_place(printed: io.StringIO) -> None:
    try:
        fail()
    except ValueError:
        logging.getLogger("qa.test").exception("interaction=%s", "i-1")
    text = printed.getvalue()
    assert "ERROR qa.test interaction=i-1" in text
    assert "builtins.ValueError" in text
    assert "builtins.KeyError" in text
    assert f"{__file__}:" in text
    assert SAID not in text


def test_a_page_that_fails_does_not_print_the_message(
    printed: io.StringIO, client: Client, settings: Settings, db: None
) -> None:
    fail.login_required = False  # type: ignore[attr-defined]
    settings.ROOT_URLCONF = (path("fail/", fail),)
    client.raise_request_exception = False
    assert client.get("/fail/").status_code == 500
    assert "Internal Server Error: /fail/" in printed.getvalue()
    assert SAID not in printed.getvalue()


def test_a_task_that_fails_does_not_print_the_message(
    printed: io.StringIO, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "count_attempt", fail)
    result = tasks.process.apply(args=[str(uuid4()), str(uuid4())])
    assert result.failed()
    assert "Task qa.tasks.process" in printed.getvalue()
    assert "ValueError" in printed.getvalue()
    assert SAID not in printed.getvalue()
