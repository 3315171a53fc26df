"""What a call does not know is refused by every call, never passed over."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import URLPattern

from qa.api.options import NoOptions
from qa.api.urls import urlpatterns
from scorecards import empathy
from tests.world import interaction_json

METHODS = [
    (pattern, method)
    for pattern in urlpatterns
    for method in sorted(pattern.callback.view_class.required_scopes)
]


def address(pattern: URLPattern) -> str:
    return f"/{pattern.pattern}".replace("<uuid:pk>", str(uuid4()))


@pytest.mark.parametrize(
    ("pattern", "method"), METHODS, ids=[f"{method} {route.pattern}" for route, method in METHODS]
)
def test_an_unknown_parameter_is_refused_with_those_that_are_known(
    rest: Any, pattern: URLPattern, method: str
) -> None:
    path = f"/api/v1{address(pattern)}?nonsense=1"
    answer = rest.client.generic(method, path, headers=rest.headers)
    assert answer.status_code == 400
    (fault,) = answer.json()["errors"]
    assert fault["path"] == "nonsense"
    kind = pattern.callback.view_class.query.get(method, NoOptions)
    known = ", ".join(kind().fields)
    expected = f"expected only {known}" if known else "this call takes no parameters"
    assert fault["message"] == f"is not known here; {expected}"


@pytest.mark.parametrize("size", ["0", "201", "abc"])
@pytest.mark.parametrize("path", ["/interactions/", "/reviews/", "/scorecards/"])
def test_a_page_of_another_size_than_there_is_is_refused(rest: Any, path: str, size: str) -> None:
    answer = rest.get(path, page_size=size)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["path"] == "page_size"


@pytest.mark.django_db(transaction=True)
def test_a_dry_run_computes_outside_of_any_transaction(
    rest: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bool] = []
    engine = empathy.prescore

    def watched(*turns: Any, **options: Any) -> Any:
        seen.append(connection.in_atomic_block)
        return engine(*turns, **options)

    monkeypatch.setattr(empathy, "prescore", watched)
    assert rest.post("/interactions/?dry_run=true", interaction_json()).status_code == 200
    assert seen == [False]
