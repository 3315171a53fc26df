"""The steps of training, one command each; see the package's docstring."""

import argparse
import shutil
from pathlib import Path
from typing import Final

import torch

from scorecards.empathy import ENGINES, engine_of, load_pack
from scorecards.empathy.evaluate import Report, evaluate
from scorecards.empathy.gold import Pair, read_pairs
from scorecards.empathy.network import Network
from scorecards.empathy.reader_v2 import WEIGHTS, Reader
from scorecards.empathy.train import material, weighing
from scorecards.empathy.train.encoder import Encoder, base, rows, train
from scorecards.empathy.train.export import export
from scorecards.empathy.train.material import SHARED, Example

EPOCHS: Final = 4
PAIRED: Final = ("calls", "chats", "mails", "contrast", "whole")  # texts that hold pairs
HELD: Final = 3  # every third file of texts and conversation of dev.jsonl stays out of "hold"


def is_held(path: Path) -> bool:
    """True if "hold" leaves a file of texts out."""
    return int(path.stem[-2:]) % HELD == 1


def split() -> tuple[list[Example], list[Example]]:
    """What "hold" trains on, and what of the same writers it leaves out.

    The authored pairs and the whole interactions of the gold folder are in neither: they measure.
    """
    files = sorted(material.TEXTS.glob("*.jsonl"))
    out = [path for path in files if is_held(path)]
    dev = list(material.gold("dev"))
    away = set(sorted({one.group for one in dev})[::HELD])
    kept = material.written([path for path in files if path not in out])
    return (
        [*kept, *(one for one in dev if one.group not in away)],
        [*material.written(out), *(one for one in dev if one.group in away)],
    )


def everything() -> list[Example]:
    """All labelled material."""
    named = [one for name in ("dev", "authored", "transcripts") for one in material.gold(name)]
    return [*material.written(), *named]


def feelings(work: Path) -> None:
    """Stage 1: one pass over GoEmotions, so that the encoder knows feelings in general."""
    net = Encoder()
    train(net, rows(list(material.feelings()), Network(base())), 1)
    torch.save(net.state_dict(), work / "feelings.pt")


def fit(work: Path, examples: list[Example], folder: Path) -> None:
    """Stage 2: the judgements, from where stage 1 ended; exported into a folder of weights."""
    net = Encoder()
    net.load_state_dict(torch.load(work / "feelings.pt"))
    print(f"{len(examples)} examples")
    train(net, rows(examples, Network(base())), EPOCHS)
    export(net, examples, folder)


def weigh(folder: Path) -> None:
    """Gate and mixing of the network that has not seen what "hold" left out."""
    learnt, out = split()
    routine = weighing.fit_gate([*learnt, *out], folder)
    found = weighing.weigh(weighing.look(out, folder))
    weighing.write({**found, "routine": routine}, folder)


def figures(folder: Path) -> None:
    """How well the network of "hold" does on what it has not seen; phrases alone beside it.

    The phrases were written with the gold folder in view, and before the project's texts were:
    on the former they flatter, on the latter they do not.
    """
    pack = load_pack()
    emotions = [emotion.value for emotion in pack.emotions]
    files = [SHARED / "gold" / f"{name}.jsonl" for name in ("authored", "transcripts")]
    texts = (path for name in PAIRED for path in material.TEXTS.glob(f"{name}-*.jsonl"))
    files += sorted(path for path in texts if is_held(path))
    engines = {"reader": engine_of(Reader(folder)), "phrases": ENGINES["cues-1.0"]}
    parts: dict[str, list[Pair]] = {}
    for path in files:
        name = path.stem if path.parent != material.TEXTS else f"texts, {path.stem[:-3]}"
        parts.setdefault(name, []).extend(read_pairs(path, emotions))
    for name, pairs in parts.items():
        for known_as, engine in engines.items():
            print(f"{name}, {known_as}: {_line(evaluate(pairs, pack, engine))}")


def _line(report: Report) -> str:
    found = {f"{name} F1": label.f1 for name, label in report.labels.items()}
    found |= {"emotion kappa": report.emotion_kappa, "outcome kappa": report.outcome_kappa}
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
    parser.add_argument("step", choices=("feelings", "hold", "weigh", "figures", "fit"))
    parser.add_argument("--work", type=Path, required=True, help="a folder for what is between")
    given = parser.parse_args()
    work, held = given.work, given.work / "held"
    if given.step == "feelings":
        feelings(work)
    elif given.step == "hold":
        fit(work, split()[0], held)
    elif given.step == "weigh":
        weigh(held)
    elif given.step == "figures":
        figures(held)
    else:
        fit(work, everything(), WEIGHTS)
        for name in ("reader.json", "gate.npz"):
            shutil.copy(held / name, WEIGHTS / name)


if __name__ == "__main__":
    main()
