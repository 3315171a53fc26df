"""What a reader set aside or decided in one interaction, for whoever reviews it.

Remarks stand in the metadata and on the pages of the interaction. They are whole sentences of our
own and say nothing of what was written.
"""

import json
from collections.abc import Iterable
from itertools import islice
from typing import Final

from qa.core.texts import gettext_noop
from transcripts.formats.model import Json

KEY: Final = "reading_remarks"
MOST: Final = 10
STRANGER: Final = gettext_noop(
    "Someone wrote in who is neither the one who asked nor one of the agents. Which "
    "side they belong to is left open."
)


def with_remarks(metadata: dict[str, Json], remarks: Iterable[str]) -> dict[str, Json]:
    """The metadata with these remarks, each once."""
    kept: list[Json] = [*islice(dict.fromkeys(remarks), MOST)]
    return {**metadata, KEY: kept} if kept else metadata


def remarks_of(metadata: object) -> list[str]:
    """The remarks that an interaction's metadata holds."""
    found = metadata.get(KEY) if isinstance(metadata, dict) else None
    return (
        [each for each in found if isinstance(each, str)][:MOST] if isinstance(found, list) else []
    )


def named_values(metadata: object) -> list[tuple[str, str]]:
    """What a source gave, as names and values in text, without these remarks."""
    given = metadata if isinstance(metadata, dict) else {}
    return [
        (str(key), value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
        for key, value in given.items()
        if key != KEY
    ]
