"""Queue and list with many conversations: server time of whole requests, measured in one run.

    python -m benchmarks.worklist [--sizes 10000,15000,200000] [--rounds 40] [--only queue]

Starts its own PostgreSQL and Redis, which are gone afterwards. One conversation goes through the
real intake, the real engine and a real review; bulk SQL makes the others from it, of eight agents,
four channels and two years, six of ten waiting in the queue and the rest reviewed. Pages are asked
for as in production: as the application's role, behind row-level security, with session, middleware
and templates, but without a network. The first request of each kind is not counted. "cpu" is the
processor time of a request, here and in the servers: what stays true while other work runs beside.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg2

from benchmarks.intake import servers
from benchmarks.review_page import conversation
from benchmarks.spent import seconds

Step = Callable[[int], Any]
AGENTS = 8
LIMIT_PAGE, LIMIT_STEP = 60, 30  # milliseconds: p95 of a page, p50 of a step
WAITING = "n % 10 < 6"
CHANNEL = "(ARRAY['call', 'email', 'chat', 'video'])[1 + n % 4]"
STARTED = "now() - n * interval '4 minutes'"


def people() -> dict[str, Any]:
    """An organization, a specialist and a manager of it, each signed in, and its agents."""
    from django.test import Client

    from qa.organizations import actions, invitations
    from qa.organizations.models import Role
    from qa.organizations.sign_in import BACKEND
    from qa.tenancy.base import System
    from qa.tenancy.context import tenant

    organization = actions.create_organization(name="Measured", slug="measured")
    found: dict[str, Any] = {"organization": organization}
    with tenant(organization.pk):
        by = System(organization.pk)
        for role in (Role.SPECIALIST, Role.MANAGER):
            member = invitations.admit(
                by=by,
                email=f"{role}@example.com",
                name=str(role.label),
                role=role,
                password="never used",
            )
            client = Client(headers={"Host": "localhost"})
            client.force_login(member.user, backend=BACKEND)
            found |= {role.value: member, f"{role.value}_client": client}
        for n in range(AGENTS):
            actions.find_or_add_agent(
                by=by, external_id=f"a-{n}", name=f"Agent {n}", team=f"Team {n % 3}"
            )
    return found


def pattern(world: dict[str, Any]) -> Any:
    """A conversation that was scored and reviewed for real: the others are made from it."""
    from qa import pipeline, tasks
    from qa.reviews import actions, answers, queue
    from qa.reviews.models import Decision, ReviewMoment
    from qa.reviews.proposals import card_of
    from qa.tenancy.base import System
    from qa.tenancy.context import tenant
    from transcripts.formats import validate

    organization, dana = world["organization"], world["specialist"]
    with tenant(organization.pk):
        call = validate(json.loads(json.dumps(conversation(20))))
        (kept,) = pipeline.submit([call], by=System(organization.pk))
        tasks.process(str(organization.pk), str(kept.id))
        review = queue.claim(kept.id, by=dana)
        pending = ReviewMoment.objects.visible_to(dana).filter(
            review=review, decision=Decision.PENDING
        )
        actions.accept(review, list(pending), by=dana)
        answers.confirm_proposals(review, by=dana)
        for asked in card_of(review).questions:
            if asked.bound is None:
                answers.answer(review, by=dana, question=asked.id, value="yes")
        review.refresh_from_db()
        return review


def fill(cursor: Any, review: Any, first: int, last: int) -> None:
    """Make the conversations with these numbers."""
    cursor.execute(
        "SELECT set_config('heard.organization', %s, false)", [str(review.organization_id)]
    )
    cursor.execute(
        "CREATE TEMP TABLE made AS SELECT n, uuidv7() AS interaction, uuidv7() AS prescore,"
        " uuidv7() AS review FROM generate_series(%s, %s) n",
        [first, last],
    )
    agent = (
        "(SELECT {} FROM organizations_agent WHERE external_id = 'a-' || n % 8 AND"
        " organization_id = t.organization_id)"
    )
    whose = {"agent_id": agent.format("id"), "team_id": agent.format("team_id")}
    whose |= {"channel": CHANNEL, "started_at": STARTED}
    clone(
        cursor,
        "transcripts_interaction",
        f"t.id = '{review.interaction_id}'",
        {
            **whose,
            "id": "interaction",
            "external_id": "'call-' || n",
            "content_hash": "md5(n::text)",
            "customer_external_id": "'customer-' || n % 5000",
            "metadata": "jsonb_build_object('topic', 'topic ' || n % 20, 'ref', 'ref-' || n)",
            "duration_s": "60 + n % 900",
            "received_at": STARTED,
            "status": f"CASE WHEN {WAITING} THEN 'prescored' ELSE 'reviewed' END",
        },
    )
    of = f"t.interaction_id = '{review.interaction_id}'"
    clone(cursor, "transcripts_transcript", of, {"interaction_id": "interaction"})
    score = {"score": "n % 101"}
    clone(
        cursor,
        "scorecards_prescore",
        of,
        {"id": "prescore", "interaction_id": "interaction", **score},
    )
    moment = {"interaction_id": "interaction", "prescore_id": "prescore", **whose}
    clone(cursor, "scorecards_moment", of, moment)
    done = {"id": "review", "interaction_id": "interaction", "prescore_id": "prescore", **score}
    done |= {"status": "'confirmed'", "confirmed_at": STARTED}
    clone(cursor, "reviews_review", f"t.id = '{review.pk}' AND NOT {WAITING}", done)
    cursor.execute("DROP TABLE made")
    cursor.execute("ANALYZE")


def clone(cursor: Any, table: str, which: str, other: dict[str, str]) -> None:
    """Rows like those of a table that are found, once for each number, with these other values."""
    cursor.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_name = %s AND is_generated = 'NEVER'",
        [table],
    )
    other = {"id": "uuidv7()", **other}
    columns = [name for (name,) in cursor.fetchall()]
    values = ", ".join(other.get(name, f"t.{name}") for name in columns)
    into = ", ".join(columns)
    cursor.execute(
        f"INSERT INTO {table} ({into}) SELECT {values} FROM {table} t, made WHERE {which}"
    )


def times(
    work: Callable[[int], Any], rounds: int, after: Callable[[], None] | None = None
) -> tuple[list[float], float, int]:
    """Milliseconds of each run but the first, processor time of one, size of the last answer.

    The processor time is also that of what is done `after` each run, to be where one was.
    """
    taken, size = [], 0

    def run(number: int) -> None:
        nonlocal size
        start = time.perf_counter()
        answer = work(number)
        taken.append(1000 * (time.perf_counter() - start))
        assert answer.status_code < 400, answer.status_code
        size = len(answer.content)
        if after:
            after()

    def run_all() -> None:
        for number in range(1, rounds + 1):
            run(number)

    run(0)
    spent = seconds(run_all)
    return sorted(taken[1:]), 1000 * spent / rounds, size


def getting(client: Any, address: str, query: dict[str, str] | None = None) -> Callable[[int], Any]:
    """One page, as often as it is asked for."""

    def get(_: int) -> Any:
        return client.get(address, query or {})

    return get


def pages(world: dict[str, Any]) -> Iterator[tuple[str, Callable[[int], Any]]]:
    """The pages that are measured, and how each is asked for."""
    from qa.interactions.sorting import COLUMNS as LIST
    from qa.reviews.queue_sorting import COLUMNS as QUEUE

    queue, listed = "/o/measured/queue/", "/o/measured/interactions/"
    for role in ("specialist", "manager"):
        client = world[f"{role}_client"]
        yield f"queue, {role}", getting(client, queue)
        yield f"list, {role}", getting(client, listed)
    client = world["manager_client"]
    asked = [(f"queue by {name}", queue, {"sort": name}) for name in QUEUE]
    asked += [(f"list by {name}", listed, {"sort": name}) for name in LIST]
    asked += [
        ("queue, one channel", queue, {"channel": "chat"}),
        ("list, one outcome", listed, {"outcome": "missed"}),
        ("list, score 20 to 30", listed, {"least": "20", "most": "30"}),
        ("list, one topic", listed, {"meta": "topic", "meta_value": "topic 7"}),
        ("list, part of an id", listed, {"q": "call-77"}),
        ("list, a word said", listed, {"q": "sorry"}),
        ("list, nothing matches", listed, {"q": "no such thing"}),
    ]
    for name, address, query in asked:
        yield name, getting(client, address, query)


def steps(world: dict[str, Any]) -> Iterator[tuple[str, Step, Callable[[], None] | None]]:
    """What a reviewer does all day: take the next one, and judge its moments."""
    from qa.reviews.models import Review
    from qa.reviews.queue import release
    from qa.tenancy.context import tenant

    client, dana = world["specialist_client"], world["specialist"]
    take = "/o/measured/queue/take/"

    def held() -> Any:
        return Review.objects.visible_to(dana).open().filter(specialist=dana).first()

    def put_back() -> None:
        with tenant(dana.organization_id):
            while (review := held()) is not None:
                release(review, by=dana)

    yield "take the next", lambda _: client.post(take), put_back
    client.post(take)
    with tenant(dana.organization_id):
        review = held()
        cue = review.moments.order_by("cue_turn").values_list("cue_turn", flat=True).first()
    if cue is None:  # a blind one, in which there is nothing to accept
        return
    address = f"/o/measured/reviews/{review.pk}/"

    def decide(number: int) -> Any:
        step = ("accept", "undo")[number % 2]
        data = {"cue_turn": cue, "revision": number}
        return client.post(f"{address}{step}/", data, headers={"HX-Request": "true"})

    yield "save a judgement", decide, None


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", default="10000,15000,200000")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--only", default="", help="measure what has these letters in its name")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    with servers() as owner:
        world = people()
        review, made = pattern(world), 0
        for size in sizes:
            start = time.perf_counter()
            with psycopg2.connect(owner) as connection, connection.cursor() as cursor:
                fill(cursor, review, made + 1, size)
            vacuum(owner)
            made = size
            print(f"\n{size:,} conversations, made in {time.perf_counter() - start:.0f} s")
            print(f"{'ms':28}{'p50':>8}{'p95':>8}{'limit':>8}{'cpu':>8}{'kB':>8}")
            for name, work in pages(world):
                if options.only in name:
                    show(name, *times(work, options.rounds), LIMIT_PAGE)
            for name, work, after in steps(world):
                if options.only in name:
                    show(name, *times(work, options.rounds, after), LIMIT_STEP)


def vacuum(owner: str) -> None:
    """What autovacuum does within minutes, at once."""
    connection = psycopg2.connect(owner)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    connection.close()


def show(name: str, taken: list[float], spent: float, size: int, limit: int) -> None:
    """Print one line of figures."""
    p95 = taken[min(len(taken) - 1, int(0.95 * len(taken)))]
    middle = statistics.median(taken)
    figures = f"{middle:>8.1f}{p95:>8.1f}{limit:>8}{spent:>8.1f}{size / 1000:>8.0f}"
    print(f"{name:28}{figures}", flush=True)


if __name__ == "__main__":
    main()
