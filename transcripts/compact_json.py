"""JSON as it is stored and digested: keys in order, nothing between, the same on each run."""

import json
from typing import Any, Final

import orjson

_OPTIONS: Final = orjson.OPT_SORT_KEYS
_ANY_NUMBER: Final = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str
).encode


def compact(value: Any) -> str:
    """A JSON document of a value; ids and moments in it as text."""
    try:
        return orjson.dumps(value, option=_OPTIONS).decode()
    except orjson.JSONEncodeError:  # a whole number of more than 64 bits
        return _ANY_NUMBER(value)
