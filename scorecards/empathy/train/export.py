"""From the trained network to what the engine runs: an ONNX graph of whole numbers."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from scorecards.empathy.network import Network
from scorecards.empathy.train.convert import convert
from scorecards.empathy.train.encoder import Encoder, base
from scorecards.empathy.train.material import Example
from scorecards.empathy.train.parameters import trained


def export(net: Encoder, examples: Sequence[Example], folder: Path) -> None:
    """Write model.onnx and tokenizer.json into a folder of weights."""
    folder.mkdir(parents=True, exist_ok=True)
    state = {name: value.detach().float().numpy() for name, value in net.state_dict().items()}
    convert(trained(state), examples, Network(base()), folder)
    shutil.copy(base() / "tokenizer.json", folder / "tokenizer.json")
