"""What a call may be told: query parameters, and the keys of small bodies. Nothing is passed over.

A parameter that a call does not know is refused with the names of those it knows. A caller who
writes `dry_run` where it is not taken would otherwise believe that nothing was stored.
"""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from rest_framework import serializers

from transcripts.formats.errors import shortened

MAX_PAGE = 200


class Known(serializers.Serializer[Any]):
    """Fields by name; what is unknown is refused with the names that are known."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping) and (faults := self.strangers(data)):
            raise serializers.ValidationError(faults)
        return super().to_internal_value(data)

    def strangers(self, data: Mapping[str, Any]) -> dict[str, str]:
        """What is not known here, by its name."""
        known = ", ".join(self.fields)
        expected = f"expected only {known}" if known else "this call takes no parameters"
        return {
            shortened(str(name)): f"is not known here; {expected}"
            for name in data
            if name not in self.fields
        }


class Plain(Known):
    """Parameters of a query or a form; what is given twice is refused too."""

    def strangers(self, data: Mapping[str, Any]) -> dict[str, str]:
        faults = super().strangers(data)
        if isinstance(data, QueryDict):
            twice = [name for name, values in data.lists() if len(values) > 1]
            faults |= dict.fromkeys(twice, "is given more than once")
        return faults


class NoOptions(Plain):
    """A call without parameters."""


class PageOptions(Plain):
    """Where in a list, and how much of it."""

    cursor = serializers.CharField(max_length=500, required=False, help_text="From `next`.")
    page_size = serializers.IntegerField(min_value=1, max_value=MAX_PAGE, required=False)


def read_options(kind: type[Plain], given: QueryDict) -> dict[str, Any]:
    """The parameters of a call, checked; every fault with its name."""
    fields = kind(data=given)
    fields.is_valid(raise_exception=True)
    return dict(fields.validated_data)
