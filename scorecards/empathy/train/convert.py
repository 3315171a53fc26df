"""From weights as plain numbers to the graph that the engine runs.

    python -m scorecards.empathy.train.convert MODEL

makes model.onnx of this release from that of reader-2.0, without training and without torch.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from scorecards.empathy.network import Network, Window
from scorecards.empathy.reader_v2 import WEIGHTS
from scorecards.empathy.train.fuse import fuse
from scorecards.empathy.train.material import Example, written
from scorecards.empathy.train.parameters import Parameters, released
from scorecards.empathy.train.ranges import measure

MEASURED: Final = 300  # windows that show how large the numbers between the layers get


def convert(
    parameters: Parameters, examples: Sequence[Example], tokens: Network, folder: Path
) -> None:
    """Write model.onnx, rounded to what the weights meet in these examples."""
    fuse(parameters, measure(parameters, windows(examples, tokens)), folder / "model.onnx")


def windows(examples: Sequence[Example], tokens: Network) -> list[Window]:
    """The first windows of examples from all over the material."""
    each = list(dict.fromkeys(example.input for example in examples))
    return [next(tokens.windows(one)) for one in each[:: max(1, len(each) // MEASURED)]]


def main() -> None:
    """Convert the weights of reader-2.0."""
    parser = argparse.ArgumentParser(prog="python -m scorecards.empathy.train.convert")
    parser.add_argument("model", type=Path, help="model.onnx of reader-2.0")
    given = parser.parse_args()
    convert(released(given.model), list(written()), Network(WEIGHTS), WEIGHTS)


if __name__ == "__main__":
    main()
