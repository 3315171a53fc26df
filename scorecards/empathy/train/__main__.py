"""The steps of training, one command each; see the package's docstring."""

import argparse
import json
import shutil
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

import torch

from scorecards.empathy import ENGINES, engine_of, load_pack
from scorecards.empathy.evaluate import Report, evaluate
from scorecards.empathy.gold import Pair, read_pairs
from scorecards.empathy.mixing import read_mixing
from scorecards.empathy.network import Network
from scorecards.empathy.pack import MARKS
from scorecards.empathy.reader import WEIGHTS, Reader
from scorecards.empathy.train import material, weighing
from scorecards.empathy.train.encoder import Encoder, base, rows, train
from scorecards.empathy.train.export import export
from scorecards.empathy.train.gating import LIKELY, Routine, fit_gate
from scorecards.empathy.train.material import SHARED, Example
from scorecards.empathy.train.roles import fit_roles, report
from scorecards.empathy.train.weighing import Seen

FILES: Final = ("model.onnx", "tokenizer.json", "reader.json", "gate.npz", "roles.npz")
EPOCHS: Final = 2
GENTLE: Final = 3e-5  # rate of the last pass
REPLAYED: Final = 3  # of what "hold" knows, every third example is in the last pass too
POOL: Final = 50_000  # unlabelled turns that the gate learns from
PAIRED: Final = ("calls", "chats", "mails", "contrast", "whole", "talk", "hard")  # hold pairs
HELD: Final = 4  # every fourth file of texts and conversation of the rest stays out of "hold"
# fmt: off
UNSEEN: Final = frozenset((
    "aci-bench", "masc-switchboard", "ms-contoso", "fake-vcons", "sumo-firefox", "tau-bench",
    "abcd", "casino", "persona-chat", "self-dialogue", "topical-chat",
))  # sources of real pairs that "hold" leaves out whole: they measure
# fmt: on


def is_held(path: Path) -> bool:
    """True if "hold" leaves a file of texts out."""
    return int(path.stem[-2:]) % HELD == 1


def split() -> tuple[list[Example], list[Example]]:
    """What "hold" trains on, and what of the same writers and sources it leaves out.

    The sources of UNSEEN, the authored pairs and the whole interactions of the gold folder are in
    neither: they measure.
    """
    files = sorted(material.TEXTS.glob("*.jsonl"))
    out = [path for path in files if is_held(path)]
    kept = list(material.written([path for path in files if path not in out]))
    left = list(material.written(out))
    known = [example for example in real() if example.source not in UNSEEN]
    away = set(sorted({example.group for example in known})[::HELD])
    for example in known:
        (left if example.group in away else kept).append(example)
    return kept, left


def real() -> Iterator[Example]:
    """The pairs of real talk, of the gold folder and of the pool."""
    for name in ("dev", "real"):
        yield from material.gold(name)
    yield from material.talk()


def everything() -> Iterator[Example]:
    """All that is labelled."""
    yield from material.written()
    yield from real()
    yield from material.talk(material.LATER)
    for name in ("authored", "transcripts"):
        yield from material.gold(name)


def feelings(work: Path) -> None:
    """Stage 1: one pass over GoEmotions, so that the encoder knows feelings in general."""
    net = Encoder()
    train(net, rows(list(material.feelings()), Network(base())), 1)
    torch.save(net.state_dict(), work / "feelings.pt")


def hold(work: Path, folder: Path) -> None:
    """Stage 2: the judgements, from where stage 1 ended; exported into a folder of weights.

    One pass over the texts and the gold folder, then two that also see the labelled exchanges of
    the pool, of which most are look-alikes that carry nothing.
    """
    net = Encoder()
    net.load_state_dict(torch.load(work / "feelings.pt"))
    examples, _ = split()
    pooled = {example.group for example in material.talk()}
    first = [example for example in examples if example.group not in pooled]
    train(net, rows(first, Network(base())), 1)
    train(net, rows(examples, Network(base())), EPOCHS, seed=1)
    torch.save(net.state_dict(), work / "hold.pt")
    export(net, examples, folder)


def whole(work: Path, held: Path, folder: Path) -> None:
    """Stage 3: what ships, the network of "hold" after a gentle pass over what it has not seen.

    A third of what it knows goes along, so that it forgets nothing. It has then seen what measures
    "hold", so it has no figures of its own. Mixing, gate and roles stay those of "hold".
    """
    net = Encoder()
    net.load_state_dict(torch.load(work / "hold.pt"))
    known, _ = split()
    seen = {(example.group, example.input) for example in known}
    fresh = (one for one in everything() if (one.group, one.input) not in seen)
    examples = [*fresh, *known[::REPLAYED]]
    train(net, rows(examples, Network(base())), 1, seed=2, rate=GENTLE)
    export(net, examples, folder)
    for file in ("reader.json", "gate.npz", "roles.npz"):
        shutil.copy(held / file, folder / file)


def weigh(folder: Path) -> None:
    """Mixing and gate of the network that has not seen what "hold" left out."""
    learnt, out = split()
    seen = weighing.look(out, folder)
    fitted = {**weighing.weigh(seen), "routine": dict.fromkeys(MARKS, 0.0)}
    weighing.write(fitted, folder)
    mixing = read_mixing(folder)
    turns = []
    for one in seen:
        carries = one.example.carries
        found = carries and weighing.likeliest(one, mixing) >= LIKELY
        turns.append(Routine(one, carries, found, labelled=True))
    for example in learnt:
        known = Seen(example, [], weighing.phrases(example))
        turns.append(Routine(known, example.carries, found=False, labelled=True))
    for one in weighing.look(list(islice(material.unlabelled(), POOL)), folder):
        turns.append(Routine(one, weighing.likeliest(one, mixing), found=False, labelled=False))
    weighing.write({**fitted, "routine": fit_gate(turns, folder)}, folder)


def figures(folder: Path) -> None:
    """How well the network of "hold" does on what it has not seen; phrases alone beside it.

    The phrases were written with the gold folder in view, and before the project's texts were:
    on the former they flatter, on the latter they do not.
    """
    pack = load_pack()
    emotions = [emotion.value for emotion in pack.emotions]
    engines = {"reader": engine_of(Reader(folder)), "phrases": ENGINES["cues-1.0"]}
    parts: dict[str, list[Pair]] = {}
    for pair in read_pairs(SHARED / "gold" / "real.jsonl", emotions):
        if pair.source in UNSEEN:
            for name in ("real", f"real, {pair.channel}", f"real, {pair.source}"):
                parts.setdefault(name, []).append(pair)
    files = [SHARED / "gold" / f"{name}.jsonl" for name in ("authored", "transcripts")]
    files.append(_in_doubt(folder))
    texts = (path for name in PAIRED for path in material.TEXTS.glob(f"{name}-*.jsonl"))
    for path in [*files, *sorted(path for path in texts if is_held(path))]:
        name = path.stem if path.parent != material.TEXTS else f"texts, {path.stem[:-3]}"
        parts.setdefault(name, []).extend(read_pairs(path, emotions))
    for name, pairs in parts.items():
        for known_as, engine in engines.items():
            print(f"{name}, {known_as}: {_line(evaluate(pairs, pack, engine))}")


def _in_doubt(folder: Path) -> Path:
    """A file of the pool's labelled exchanges of UNSEEN sources: most had an engine in doubt."""
    path = folder / "in_doubt.jsonl"
    unseen = (one for one in material.exchanges() if one["source"] in UNSEEN)
    path.write_text("".join(f"{json.dumps(one)}\n" for one in unseen), encoding="utf-8")
    return path


def _line(report: Report) -> str:
    found = {"emotion kappa": report.emotion_kappa, "outcome kappa": report.outcome_kappa}
    for name, label in report.labels.items():
        found |= {f"{name} F1": label.f1}
        found |= {f"{name} precision": label.precision, f"{name} recall": label.recall}
    found["wrong sign"] = report.sign_errors.share
    found |= {f"{kind} ECE": one for kind, one in report.calibration_error.items()}
    shown = (
        f"{name} {one.value:.3f} [{one.low:.3f}, {one.high:.3f}]"
        for name, one in found.items()
        if one.value is not None and one.low is not None
    )
    return f"n={report.pairs}, " + ", ".join(shown)


def main() -> None:
    """Run one step."""
    parser = argparse.ArgumentParser(prog="python -m scorecards.empathy.train")
    steps = ("feelings", "hold", "roles", "weigh", "figures", "whole", "ship")
    parser.add_argument("step", choices=steps)
    parser.add_argument("--work", type=Path, required=True, help="a folder for what is between")
    given = parser.parse_args()
    work, held, shipped = given.work, given.work / "held", given.work / "whole"
    if given.step == "feelings":
        feelings(work)
    elif given.step == "hold":
        hold(work, held)
    elif given.step == "roles":
        print("\n".join(report(held, Network(base()))))
        fit_roles(held, Network(base()))
    elif given.step == "weigh":
        weigh(held)
    elif given.step == "figures":
        figures(held)
    elif given.step == "whole":
        whole(work, held, shipped)
    else:
        WEIGHTS.mkdir(parents=True, exist_ok=True)
        for file in FILES:
            shutil.copy(shipped / file, WEIGHTS / file)


if __name__ == "__main__":
    main()
