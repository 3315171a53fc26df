"""Pre-scoring, measured in one run: turns a second on one core, and what that costs beside reading.

    python -m benchmarks.prescore [--interactions 1000]

Needs no database. The interactions are the demo's turns, drawn anew: each is the start of one
conversation and the rest of another, so that hardly two are the same. Times are processor time of
this process, the best of three rounds; ratios compare rounds of the same run.
"""

import argparse
import json
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from scorecards.empathy import load_pack, prescore, prescore_many
from scorecards.empathy.gold import Turn

DEMO = Path(__file__).resolve().parent.parent / "qa" / "demo" / "interactions.jsonl"
ROUNDS = 3
LONG_TURN = 100_000
MANY_TURNS = 5_000

Interaction = list[Turn]


def interactions(count: int) -> Iterator[Interaction]:
    """Conversations put together from halves of the demo's; the same ones on each run."""
    chance = random.Random("prescore")
    demo = []
    for line in DEMO.read_text(encoding="utf-8").splitlines():
        turns = [Turn(turn["role"], turn["text"]) for turn in json.loads(line)["turns"]]
        demo.append(turns)
    for _ in range(count):
        first, second = chance.choice(demo), chance.choice(demo)
        yield first[: chance.randint(1, len(first))] + second[chance.randrange(len(second)) :]


def seconds(work: Callable[[], object]) -> float:
    """Processor time of the quickest round."""
    taken = []
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return min(taken)


def read_words(texts: list[str]) -> int:
    """The least that any engine does: lower-case each turn and split it into words."""
    return sum(len(text.lower().split()) for text in texts)


def main() -> None:
    """Run everything and print speeds and ratios beside each other."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--interactions", type=int, default=1000)
    conversations = list(interactions(parser.parse_args().interactions))
    turns = [turn for conversation in conversations for turn in conversation]
    lines = [json.dumps({"role": turn.role, "text": turn.text}) for turn in turns]
    texts = [turn.text for turn in turns]
    started = time.process_time()
    pack = load_pack()
    loaded = time.process_time() - started
    speeds = {
        "one by one": seconds(lambda: [prescore(c, pack=pack) for c in conversations]),
        "as a batch": seconds(lambda: list(prescore_many(conversations, pack=pack))),
        "JSON decoding": seconds(lambda: [json.loads(line) for line in lines]),
        "reading words": seconds(lambda: read_words(texts)),
    }
    one = speeds["one by one"]
    letters = sum(map(len, texts)) / len(texts)
    print(f"{len(conversations):,} interactions, {len(turns):,} turns of {letters:.0f} characters")
    print(f"{'':16}{'turns/s per core':>18}{'of one by one':>16}")
    for name, taken in speeds.items():
        print(f"{name:16}{len(turns) / taken:>18,.0f}{one / taken:>15.2f}x")
    print(f"\nreading the definitions: {loaded:.2f} s, once in a process")
    many = (turns * (MANY_TURNS // len(turns) + 1))[:MANY_TURNS]
    taken = seconds(lambda: prescore(many, pack=pack))
    print(f"an interaction of {MANY_TURNS:,} turns: {taken:.2f} s")
    all_words = " ".join(texts)
    long = [Turn(role, (all_words * 9)[:LONG_TURN]) for role in ("customer", "agent")]
    taken = seconds(lambda: prescore(long, pack=pack)) / len(long)
    print(f"a turn of {LONG_TURN:,} characters: {taken:.2f} s")


if __name__ == "__main__":
    main()
