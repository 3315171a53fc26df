"""From the trained network to what the engine runs: an ONNX graph of whole numbers."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from scorecards.empathy.network import Network, Window
from scorecards.empathy.train.encoder import Encoder, base
from scorecards.empathy.train.fuse import fuse
from scorecards.empathy.train.material import Example
from scorecards.empathy.train.parameters import trained
from scorecards.empathy.train.ranges import measure

MEASURED: Final = 300  # windows that show how large the numbers between the layers get


def export(net: Encoder, examples: Sequence[Example], folder: Path) -> None:
    """Write model.onnx and tokenizer.json into a folder of weights.

    Numbers are rounded to what the weights meet in these examples.
    """
    folder.mkdir(parents=True, exist_ok=True)
    state = {name: value.detach().float().numpy() for name, value in net.state_dict().items()}
    parameters, tokens = trained(state), Network(base())
    ranges = measure(parameters, windows(examples, tokens))
    fuse(parameters, ranges, folder / "model.onnx")
    shutil.copy(base() / "tokenizer.json", folder / "tokenizer.json")


def windows(examples: Sequence[Example], tokens: Network) -> list[Window]:
    """The first windows of examples from all over the material."""
    each = list(dict.fromkeys(example.input for example in examples))
    return [next(tokens.windows(read)) for read in each[:: max(1, len(each) // MEASURED)]]
