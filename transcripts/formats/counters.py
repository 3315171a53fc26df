"""Numbers that only count the conversations of one file, told from ids that hold beyond it.

A table numbers its conversations 1, 2, 3, and so does the next one, with other conversations. Taken
for ids, those numbers would make the second file's conversations the same as the first's.

The rule: the ids of a table are a bare counter if all of them are whole numbers written without
leading zeros, they begin at 0 or 1, and none is missing up to the greatest. Any other id counts as
one that its source has given, and says which interaction it is in every file.

A counter is no external id: what such a conversation says decides whether it is here already. Its
number stays in its metadata, under the column's own name, so that two conversations of one file
stay two though they say the same.
"""

from collections.abc import Collection
from dataclasses import replace

from transcripts.formats.model import CanonicalInteraction, Parsed


def is_counter(ids: Collection[str]) -> bool:
    """True if ids, however often each occurs, only count."""
    found = set(ids)
    if not found or not all(given.isascii() and given.isdecimal() for given in found):
        return False
    if any(given != "0" and given.startswith("0") for given in found):
        return False
    least = 0 if "0" in found else 1
    return all(str(number) in found for number in range(least, least + len(found)))


def without_counter(parsed: Parsed) -> Parsed:
    """Keep a file's numbers as metadata where they only count its conversations."""
    if not parsed.counter:
        return parsed
    kept = tuple(_without(interaction, parsed.counter) for interaction in parsed.interactions)
    return replace(parsed, interactions=kept, counter="")


def _without(interaction: CanonicalInteraction, column: str) -> CanonicalInteraction:
    if interaction.external_id is None:
        return interaction
    return replace(
        interaction,
        external_id=None,
        metadata={**interaction.metadata, column: interaction.external_id},
    )
