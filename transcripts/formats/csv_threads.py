"""Conversations in a table that only says which message each one replies to."""

from collections.abc import Sequence


def roots(ids: Sequence[str], replies_to: Sequence[str]) -> list[str]:
    """For each message the id of the first message of its thread, in linear time.

    A message whose answered one is not in the table belongs with others that answer the same.
    """
    parent = {
        row_id: above for row_id, above in zip(ids, replies_to, strict=True) if row_id and above
    }
    found: dict[str, str] = {}
    for pk in ids:
        path: list[str] = []
        seen: set[str] = set()
        place = pk
        while place in parent and place not in found and place not in seen:
            seen.add(place)
            path.append(place)
            place = parent[place]
        root = found.get(place, place)
        for step in path:
            found[step] = root
    return [found.get(pk, pk) for pk in ids]
