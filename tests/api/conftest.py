"""A REST client of an integration, with a key of Larkfield's."""

from typing import Any

import pytest
from django.test import Client

from qa.organizations.models import Membership, Scope
from tests.world import make_key


class RestClient:
    """What an integration does: JSON with a bearer key."""

    def __init__(self, key: str | None) -> None:
        self.client = Client()
        self.headers = {"Authorization": f"Bearer {key}"} if key else {}

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1{path}", query, headers=self.headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.client.post(
            f"/api/v1{path}",
            body,
            content_type=headers.pop("content_type", "application/json"),
            headers={**self.headers, **headers},
        )

    def upload(self, *files: Any, **fields: str) -> Any:
        data = {"file": list(files), **fields}
        return self.client.post("/api/v1/uploads/", data, headers=self.headers)


@pytest.fixture
def rest(ada: Membership) -> RestClient:
    return RestClient(make_key(ada))


@pytest.fixture
def reader(ada: Membership) -> RestClient:
    return RestClient(make_key(ada, Scope.INTERACTIONS_READ))


@pytest.fixture
def writer(ada: Membership) -> RestClient:
    return RestClient(make_key(ada, Scope.INTERACTIONS_WRITE))


@pytest.fixture
def stranger(mallory: Membership) -> RestClient:
    return RestClient(make_key(mallory))


@pytest.fixture
def keyless(db: None) -> RestClient:
    return RestClient(None)


@pytest.fixture
def callers(
    reader: RestClient, writer: RestClient, stranger: RestClient, keyless: RestClient
) -> dict[str, RestClient]:
    """Who may call, by what they hold."""
    return {"reader": reader, "writer": writer, "stranger": stranger, "keyless": keyless}
