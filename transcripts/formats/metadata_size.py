"""Lists that Heard puts into metadata never cost an interaction: too long, they are left out.

What a source states in its own metadata is never shortened here; validation refuses it instead.
"""

import json
from dataclasses import replace
from typing import Final

from qa.core.texts import gettext_noop
from transcripts.formats.model import CanonicalInteraction
from transcripts.formats.validation import MAX_METADATA

LEFT_OUT: Final = gettext_noop(
    "A list about the turns was too long to be kept as metadata and was left out."
)


def fitted(interaction: CanonicalInteraction) -> CanonicalInteraction:
    """The interaction without its longest lists of metadata, as far as they would be too much."""
    kept = dict(interaction.metadata)
    sizes = {key: _size(value) for key, value in kept.items()}
    total = _size(kept)
    lists = [key for key, value in kept.items() if isinstance(value, list)]
    for key in sorted(lists, key=lambda key: -sizes[key]):
        if total <= MAX_METADATA:
            break
        total -= sizes[key]
        del kept[key]
    return interaction if len(kept) == len(sizes) else replace(interaction, metadata=kept)


def _size(value: object) -> int:
    return len(json.dumps(value, ensure_ascii=False).encode(errors="replace"))
