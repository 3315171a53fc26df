"""What a file leaves open, and what the uploader answered.

An importer that meets an open question takes the cautious way, names the question in
`Parsed.open`, and heeds `source.answers` where the person has spoken.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo


class Question(StrEnum):
    """What only a person can say of a file."""

    FORMAT = "format"  # two formats fit nearly as well
    CHANNEL = "channel"  # the file does not say what it is a transcript of
    ROLES = "roles"  # who is the agent, who the customer
    DAY_FIRST = "day_first"  # 3/5/26: the third of May, or the fifth of March
    TIME_ZONE = "time_zone"  # times without a zone
    COLUMNS = "columns"  # which column of a table holds what
    PIECES = "pieces"  # who speaks in each piece of a text without labels


@dataclass(frozen=True, slots=True)
class Answers:
    """A person's word on a file; what is None or absent was not answered.

    `roles` maps speaker labels as the file has them to canonical roles. `columns` maps what is
    wanted (`conversation`, `speaker`, `role`, `text`, `time`) to the table's column names.
    `pieces` says of each piece of a text without labels who speaks in it (see pieces.py).
    """

    roles: Mapping[str, str] = field(default_factory=dict)
    day_first: bool | None = None
    time_zone: ZoneInfo | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    pieces: tuple[str, ...] = ()


NO_ANSWERS: Final = Answers()
