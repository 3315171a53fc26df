"""The review page of long conversations: server time of the page and of one key, in one run.

    python -m benchmarks.review_page [--turns 500] [--rounds 30]

Starts its own PostgreSQL and Redis, which are gone afterwards. Times are of whole requests in this
process (middleware, session, queries, templates), without a network; the first is not counted.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from typing import Any

from benchmarks import talks
from benchmarks.intake import servers

SHORT = 10
LIMIT_PAGE, LIMIT_KEY = 150, 100  # milliseconds


def conversation(turns: int) -> dict[str, Any]:
    """A call of this length; most turns are routine, as in real ones."""
    roles = ("agent", "customer")
    routine = "Yes, the reference is RX-{n}, it stands at the top of the letter."
    return {
        "channel": "call",
        "source": "benchmark",
        "external_id": f"long-{turns}",
        "agent": {"external_id": "a-1", "name": "Robin", "team": "Care"},
        "turns": [
            {
                "role": roles[n % 2],
                "text": (talks.SHORT[roles[n % 2]][n // 16 % 6] if n % 16 < 4 else routine).format(
                    n=n
                ),
                "started_s": 6.0 * n,
            }
            for n in range(turns)
        ],
    }


def people() -> tuple[Any, Any, Any]:
    """An organization, a specialist of it, and a browser in which they are signed in."""
    from django.test import Client

    from qa.organizations import actions, invitations
    from qa.organizations.models import Role
    from qa.organizations.sign_in import BACKEND
    from qa.tenancy.base import System
    from qa.tenancy.context import tenant

    organization = actions.create_organization(name="Measured", slug="measured")
    with tenant(organization.pk):
        by = System(organization.pk)
        dana = invitations.admit(
            by=by,
            email="d@example.com",
            name="D",
            role=Role.SPECIALIST,
            password="never used",
        )
    client = Client(headers={"Host": "localhost"})
    client.force_login(dana.user, backend=BACKEND)
    return organization, dana, client


def opened(organization: Any, dana: Any, turns: int) -> tuple[Any, int]:
    """A review of a conversation of this length, taken by the specialist, and its first cue."""
    from qa import pipeline, tasks
    from qa.reviews import queue
    from qa.tenancy.base import System
    from qa.tenancy.context import tenant
    from transcripts.formats import validate

    with tenant(organization.pk):
        call = validate(json.loads(json.dumps(conversation(turns))))
        (kept,) = pipeline.submit([call], by=System(organization.pk))
        tasks.process(str(organization.pk), str(kept.id))
        review = queue.claim(kept.id, by=dana)
        return review, review.moments.order_by("cue_turn")[0].cue_turn


def median_ms(work: Callable[[int], Any], rounds: int) -> float:
    """The middle of several runs, the first left out."""
    taken = []
    for number in range(rounds + 1):
        start = time.perf_counter()
        answer = work(number)
        taken.append(1000 * (time.perf_counter() - start))
        assert answer.status_code == 200, answer.status_code
    return statistics.median(taken[1:])


def measure(turns: int, rounds: int, organization: Any, dana: Any, client: Any) -> list[float]:
    """Milliseconds of the page, of moving to a moment, and of accepting one and undoing it."""
    review, cue = opened(organization, dana, turns)
    page = f"/o/measured/reviews/{review.pk}/"
    headers = {"HX-Request": "true"}

    def decide(number: int) -> Any:
        step = ("accept", "undo")[number % 2]
        data = {"cue_turn": cue, "revision": number}
        return client.post(f"{page}{step}/", data, headers=headers)

    return [
        median_ms(lambda _: client.get(page), rounds),
        median_ms(lambda _: client.get(page, {"moment": cue}, headers=headers), rounds),
        median_ms(decide, rounds),
    ]


def main() -> None:
    """Measure a short and a long conversation and print both."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--turns", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=30)
    options = parser.parse_args()
    with servers():
        world = people()
        short = measure(SHORT, options.rounds, *world)
        long = measure(options.turns, options.rounds, *world)
    print(f"{'median ms':24}{SHORT:>8} turns{options.turns:>8} turns{'limit':>8}")
    for name, a, b, limit in zip(
        ("the page", "j or k: another moment", "a or u: a decision"),
        short,
        long,
        (LIMIT_PAGE, LIMIT_KEY, LIMIT_KEY),
        strict=True,
    ):
        print(f"{name:24}{a:>14.1f}{b:>14.1f}{limit:>8}")


if __name__ == "__main__":
    main()
