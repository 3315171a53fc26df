"""The API's description: complete, valid, and the same as the file in docs/api."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema
from jsonschema import Draft202012Validator

from qa.core.version import VERSION
from tests.world import interaction_json, make_interaction

KEPT = Path(__file__).parents[2] / "docs" / "api" / "openapi.yaml"
REFRESH = "python manage.py spectacular --file docs/api/openapi.yaml"
METHODS = ("get", "post", "put", "patch", "delete")


@pytest.fixture
def schema(client: Client) -> dict[str, Any]:
    response = client.get("/api/v1/schema/")
    assert response.status_code == 200
    read: dict[str, Any] = yaml.safe_load(response.content)
    return read


def operations(schema: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{method} {path}": operation
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    }


def test_it_is_open_api_3_1(schema: dict[str, Any]) -> None:
    validate_schema(schema)
    assert schema["openapi"].startswith("3.1")


def test_it_says_which_version_of_heard_it_describes(schema: dict[str, Any]) -> None:
    assert schema["info"]["version"] == VERSION


def test_the_kept_file_is_up_to_date(schema: dict[str, Any]) -> None:
    kept = yaml.safe_load(KEPT.read_text())
    assert schema == kept, f"The API has changed. If that is meant, refresh the file: {REFRESH}"


def test_every_operation_is_described(schema: dict[str, Any]) -> None:
    found = operations(schema)
    assert set(found) >= {
        "post /api/v1/interactions/",
        "get /api/v1/interactions/",
        "get /api/v1/interactions/{id}/",
        "post /api/v1/uploads/",
        "get /api/v1/uploads/{id}/",
    }
    for name, operation in found.items():
        assert operation["summary"], name
        assert operation["description"], name
        assert operation["security"] == [{"bearer": []}], name
        for status, response in operation["responses"].items():
            assert response["description"], (name, status)
            assert response["content"], (name, status)
        assert {"401", "403"} <= set(operation["responses"]), name


def test_the_key_is_a_bearer_token() -> None:
    made = SchemaGenerator().get_schema(request=None, public=True)
    assert made["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"


def test_the_answers_are_as_described(rest: Any, schema: dict[str, Any], larkfield: Any) -> None:
    row = make_interaction(larkfield, external_id="c-1")
    answers = {
        "InteractionDetail": rest.get(f"/interactions/{row.pk}/"),
        "InteractionList": rest.get("/interactions/"),
        "PreScore": rest.post("/interactions/?dry_run=true", interaction_json()),
        "Problem": rest.post("/interactions/", {"channel": "fax"}),
        "Receipt": rest.post("/interactions/", interaction_json()),
    }
    for name, answer in answers.items():
        body = answer.json()
        part = schema["components"]["schemas"][name]
        checker = Draft202012Validator({**part, "components": schema["components"]})
        assert [error.message for error in checker.iter_errors(body)] == [], name
        assert set(body) == set(part["properties"]), name


def test_the_documentation_page_works_under_the_strict_policy(client: Client) -> None:
    page = client.get("/api/v1/docs/")
    html = page.content.decode()
    assert page.status_code == 200
    assert "unsafe-inline" not in page["Content-Security-Policy"]
    assert "<style" not in html
    assert " style=" not in html
    assert html.count("<script") == html.count("<script src=") == 5
