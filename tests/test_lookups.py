"""Lower layers do not know upper ones by string either: lookups follow relations downwards only."""

import ast
import re
from collections.abc import Iterator

from django.apps import apps
from django.db.models import Model

from tests.test_architecture import files, layer, module, place, tree

READS = {
    "F",
    "OuterRef",
    "Q",
    "defer",
    "exclude",
    "filter",
    "only",
    "order_by",
    "prefetch_related",
    "select_related",
    "values",
    "values_list",
}


def upward_relations() -> dict[str, int]:
    """Each name by which a model can be reached from one below it, with the layer it leads to.

    Names that are also a field of some model say nothing: they are left out.
    """
    found: dict[str, int] = {}
    for model in apps.get_models():
        for relation in model._meta.related_objects:
            there = stands(relation.related_model)
            if there is not None and there > (stands(model) or 0):
                found[relation.name] = max(there, found.get(relation.name, 0))
    own = {field.name for model in apps.get_models() for field in model._meta.concrete_fields}
    return {name: there for name, there in found.items() if name not in own}


def stands(model: type[Model]) -> int | None:
    """The layer of one of Heard's own models."""
    try:
        return layer(model.__module__)
    except LookupError:
        return None


def lookups(node: ast.AST) -> Iterator[str]:
    """The names of fields in a read: keywords, and strings with a path or in a read's arguments."""
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name in READS:
            yield from (keyword.arg for keyword in node.keywords if keyword.arg)
            yield from (
                each.value
                for each in node.args
                if isinstance(each, ast.Constant) and isinstance(each.value, str)
            )
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and "__" in node.value:
        yield from re.findall(r"\w+", node.value)


def test_lookups_follow_relations_downwards_only() -> None:
    upward = upward_relations()
    assert {"reviews", "prescores", "moments"} <= upward.keys()
    wrong = [
        f"{place(path, node)} looks up {lookup}"
        for path in files()
        for node in ast.walk(tree(path))
        for lookup in lookups(node)
        if any(upward.get(part, 0) > layer(module(path)) for part in lookup.split("__"))
    ]
    assert not wrong, "\n".join(["Lookups into a layer above:", *wrong])
