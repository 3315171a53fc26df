"""From the trained network to what the engine runs: ONNX with eight-bit weights."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn

from scorecards.empathy.network import HEADS
from scorecards.empathy.train.encoder import Encoder, base
from scorecards.empathy.train.fuse import fuse


class _Outputs(nn.Module):
    """The encoder's outputs in a fixed order, without what only training needs."""

    def __init__(self, net: Encoder) -> None:
        super().__init__()
        self.net = net

    def forward(self, ids: Any, types: Any, mask: Any) -> tuple[Any, ...]:
        found = self.net(ids, types, mask)
        return tuple(found[name] for name in (*HEADS, "tokens"))


def export(net: Encoder, folder: Path) -> None:
    """Write model.onnx and tokenizer.json into a folder of weights."""
    folder.mkdir(parents=True, exist_ok=True)
    net.eval()
    with tempfile.TemporaryDirectory() as scratch:
        exact = Path(scratch) / "exact.onnx"
        example = torch.ones((2, 16), dtype=torch.long)
        torch.onnx.export(
            _Outputs(net),
            (example, example, example),
            str(exact),
            input_names=["ids", "types", "mask"],
            output_names=[*HEADS, "tokens"],
            dynamic_axes={name: {0: "batch", 1: "length"} for name in ("ids", "types", "mask")}
            | {name: {0: "batch"} for name in HEADS}
            | {"tokens": {0: "batch", 1: "length"}},
            dynamo=False,
        )
        rounded = Path(scratch) / "rounded.onnx"
        quantize_dynamic(
            exact,
            rounded,
            weight_type=QuantType.QInt8,
            per_channel=True,
            op_types_to_quantize=["MatMul", "Gather"],
        )
        fuse(rounded, folder / "model.onnx")
    shutil.copy(base() / "tokenizer.json", folder / "tokenizer.json")
