"""What each part of taking interactions in costs, for benchmarks.intake."""

import json
from collections.abc import Callable
from typing import Any, Final

from benchmarks.spent import seconds
from benchmarks.talks import Interactions

AT_ONCE: Final = 500  # interactions of one transaction, as intake has it


def show(talks: Interactions, count: int) -> None:
    """Print the processor time of each part an interaction, this process and servers together."""
    costs = measure(talks, count)
    print("microseconds of an interaction, batches of 500")
    for part, cost in costs.items():
        print(f"{part:20}{cost / count * 1e6:>8,.0f}")


def measure(talks: Interactions, count: int) -> dict[str, float]:
    """Seconds of each part for so many interactions, batch by batch as intake takes them."""
    from qa.organizations.models import Organization
    from qa.tenancy.base import System
    from qa.tenancy.context import directory

    with directory():
        by = System(Organization.objects.get(slug="measured").pk)
    costs: dict[str, float] = {}
    for start in range(0, count, AT_ONCE):
        some = talks(min(AT_ONCE, count - start), f"parts-{talks.__name__}{start}")
        _batch([json.dumps(each).encode() for each in some], by, costs)
    return costs


def _batch(lines: list[bytes], by: Any, costs: dict[str, float]) -> None:
    from django.db import connection

    from qa import dispatch
    from qa.organizations.queries import redacted_kinds
    from qa.tenancy.context import tenant
    from transcripts import rows
    from transcripts.formats import Pushed, read_json, validate
    from transcripts.names_model import redact_each

    def timed(part: str, work: Callable[[], Any]) -> Any:
        made: list[Any] = []
        costs[part] = costs.get(part, 0.0) + seconds(lambda: made.append(work()))
        return made[0]

    values = timed("parse", lambda: [read_json(line) for line in lines])
    sent = timed("validate", lambda: [validate(value) for value in values])
    with tenant(by.organization_id):
        kinds = redacted_kinds(by)
        clean = timed("redact", lambda: redact_each(sent, kinds))
        timed("hash", lambda: [rows._digest(each) for each, _ in clean])
        pushed = [Pushed(each, each) for each in sent]
        (new,) = timed("redact, hash, row", lambda: list(rows.prepare(pushed, by=by)))
        ids = timed("store the row", lambda: rows.insert(new))
        with connection.cursor() as cursor:
            words = (
                "SELECT sum(length(heard_words(turns))) FROM transcripts_transcript "
                "WHERE interaction_id = ANY(%s)"
            )
            timed("  of it search words", lambda: cursor.execute(words, [list(ids)]))
    timed("enqueue", lambda: dispatch._enqueue_all(by.organization_id, list(ids)))
