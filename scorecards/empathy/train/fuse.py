"""The exported network as one small graph of fused operators, for one window at a time.

What torch exports holds masks, shapes and transposes for batches of unequal length, and each costs
time. A window is read by itself, so none of them is needed: the same eight-bit weights under
onnxruntime's own operators give the same logits in about 60 % of the time.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from scorecards.empathy.network import HEAD_WIDTHS, HEADS

LAYERS: Final = 6
ATTENTION_HEADS: Final = 12
EPSILON: Final = 1e-12
FUSED: Final = "com.microsoft"
OPSET: Final = 18
BODY: Final = "net.body."

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Eight-bit weights with the scale and the zero point of each column."""

    values: Array
    scale: Array
    zero: Array

    def exact(self) -> Array:
        """The weights as they were before they had eight bits, but for the rounding."""
        centred = self.values.astype(np.float32) - self.zero.astype(np.float32)
        exact: Array = centred * self.scale
        return exact


def beside(matrices: list[Matrix]) -> Matrix:
    """Several matrices of equal height as one."""
    return Matrix(
        np.concatenate([one.values for one in matrices], axis=1),
        np.concatenate([one.scale for one in matrices]),
        np.concatenate([one.zero for one in matrices]),
    )


class Exported:
    """The weights of a quantized export, by the names that torch gave them."""

    def __init__(self, file: Path) -> None:
        graph = onnx.load(file).graph
        self.arrays = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
        self._inputs = {node.name: list(node.input) for node in graph.node}

    def matrix(self, part: str) -> Matrix:
        """The weights that the multiplication at this place of the network uses."""
        (name,) = [
            inputs[1].removesuffix("_quantized")
            for node, inputs in self._inputs.items()
            if node.startswith(part) and node.endswith("_quant")
        ]
        return self.stored(name)

    def stored(self, name: str) -> Matrix:
        """Weights by their own name."""
        parts = (self.arrays[f"{name}_{part}"] for part in ("quantized", "scale", "zero_point"))
        return Matrix(*parts)


@dataclass
class Graph:
    """Operators and weights, as they are added."""

    nodes: list[onnx.NodeProto] = field(default_factory=list)
    weights: dict[str, onnx.TensorProto] = field(default_factory=dict)

    def keep(self, name: str, array: Array) -> str:
        """Add a constant; gives its name."""
        self.weights[name] = numpy_helper.from_array(np.array(array, order="C"), name)
        return name

    def add(self, kind: str, inputs: list[str], output: str, **how: Any) -> str:
        """Add an operator; gives the name of its output."""
        self.nodes.append(helper.make_node(kind, inputs, [output], **how))
        return output

    def multiply(self, x: str, by: Matrix, plus: Array, output: str) -> str:
        """x · by + plus, with x rounded to eight bits on the way."""
        inputs = [
            x,
            self.keep(f"{output}.weight", by.values),
            self.keep(f"{output}.scale", by.scale),
            self.keep(f"{output}.zero", by.zero),
            self.keep(f"{output}.bias", plus),
        ]
        return self.add("DynamicQuantizeMatMul", inputs, output, domain=FUSED)

    def normalize(self, x: str, source: Exported, name: str, output: str) -> str:
        """Layer normalization with the weights of this name."""
        gain = self.keep(f"{output}.gain", source.arrays[f"{name}.LayerNorm.weight"])
        bias = self.keep(f"{output}.bias", source.arrays[f"{name}.LayerNorm.bias"])
        how = {"axis": -1, "epsilon": EPSILON}
        return self.add("LayerNormalization", [x, gain, bias], output, **how)


def fuse(exported: Path, target: Path) -> None:
    """Write the fused graph: `ids` and `types` of one window in, `heads` and `tokens` out."""
    source, graph = Exported(exported), Graph()
    hidden = _embed(graph, source)
    for number in range(LAYERS):
        hidden = _layer(graph, source, number, hidden)
    _judge(graph, source, hidden)
    window = (1, "length")
    inputs = [helper.make_tensor_value_info(n, TensorProto.INT64, window) for n in ("ids", "types")]
    outputs = [
        helper.make_tensor_value_info("heads", TensorProto.FLOAT, (1, sum(HEAD_WIDTHS))),
        helper.make_tensor_value_info("tokens", TensorProto.FLOAT, (*window, 4)),
    ]
    made = helper.make_graph(graph.nodes, "reader", inputs, outputs, list(graph.weights.values()))
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(FUSED, 1)]
    onnx.save(helper.make_model(made, opset_imports=opsets, ir_version=9), target)


def _embed(graph: Graph, source: Exported) -> str:
    """Word, kind and place of each token, added up."""
    graph.add("Shape", ["ids"], "length", start=1)
    graph.add("Squeeze", ["length"], "end")
    start, step = graph.keep("start", np.array(0)), graph.keep("step", np.array(1))
    graph.add("Range", [start, "end", step], "places")
    parts = []
    for kind, index in (("word", "ids"), ("token_type", "types"), ("position", "places")):
        stored = source.stored(f"{BODY}embeddings.{kind}_embeddings.weight")
        rows = graph.add("Gather", [graph.keep(f"{kind}.rows", stored.values), index], f"{kind}.q")
        scale = graph.keep(f"{kind}.scale", stored.scale)
        zero = graph.keep(f"{kind}.zero", stored.zero)
        parts.append(graph.add("DequantizeLinear", [rows, scale, zero], kind))
    word, kind, place = parts
    both = graph.add("Add", [word, kind], "word_and_kind")
    return graph.normalize(
        graph.add("Add", [both, place], "embedded"), source, f"{BODY}embeddings", "hidden"
    )


def _layer(graph: Graph, source: Exported, number: int, x: str) -> str:
    """Attention and the two dense steps of one layer."""
    here, name = f"layer{number}", f"{BODY}encoder.layer.{number}"
    path = _path(name)
    parts = ("query", "key", "value")
    weights = beside([source.matrix(f"{path}/attention/self/{part}/") for part in parts])
    bias = np.concatenate([source.arrays[f"{name}.attention.self.{p}.bias"] for p in parts])
    rounded = [f"{here}.rounded", f"{here}.x_scale", f"{here}.x_zero"]
    graph.nodes.append(helper.make_node("DynamicQuantizeLinear", [x], rounded))
    inputs = [
        rounded[0],
        graph.keep(f"{here}.attention.weight", weights.values),
        graph.keep(f"{here}.attention.bias", bias),
        rounded[1],
        graph.keep(f"{here}.attention.scale", weights.scale),
        "",
        rounded[2],
        graph.keep(f"{here}.attention.zero", weights.zero),
    ]
    how = {"domain": FUSED, "num_heads": ATTENTION_HEADS}
    seen = graph.add("QAttention", inputs, f"{here}.seen", **how)
    x = _back_in(graph, source, f"{name}.attention.output", seen, x)
    wide = graph.multiply(
        x,
        source.matrix(f"{path}/intermediate/"),
        source.arrays[f"{name}.intermediate.dense.bias"],
        f"{here}.wide",
    )
    active = graph.add("Gelu", [wide], f"{here}.active", domain=FUSED)
    return _back_in(graph, source, f"{name}.output", active, x)


def _back_in(graph: Graph, source: Exported, name: str, x: str, before: str) -> str:
    """A dense step whose result is added to what came before, and normalized."""
    path = _path(name)
    bias = source.arrays[f"{name}.dense.bias"]
    dense = graph.multiply(x, source.matrix(f"{path}/dense/"), bias, f"{name}.dense")
    both = graph.add("Add", [dense, before], f"{name}.sum")
    return graph.normalize(both, source, name, f"{name}.normal")


def _path(name: str) -> str:
    """Where the weights of this name are used: their export names the multiplications by path."""
    return "/" + name.replace(".", "/").replace("layer/", "layer.")


def _judge(graph: Graph, source: Exported, hidden: str) -> None:
    """Every head on the first token beside the mean of the turn's; the words' head on each."""
    words = graph.keep("tokens.weight", source.matrix("/net/tokens/").exact())
    each = graph.add("MatMul", [hidden, words], "tokens.product")
    graph.add("Add", [each, graph.keep("tokens.bias", source.arrays["net.tokens.bias"])], "tokens")
    axis, last = graph.keep("axis", np.array([1])), graph.keep("last", np.array([-1]))
    said = graph.add("Cast", ["types"], "said", to=TensorProto.FLOAT)
    said = graph.add("Unsqueeze", [said, last], "said.wide")
    total = graph.add("Mul", [hidden, said], "said.hidden")
    total = graph.add("ReduceSum", [total, axis], "said.sum", keepdims=0)
    count = graph.add("ReduceSum", [said, axis], "said.count", keepdims=0)
    mean = graph.add("Div", [total, count], "said.mean")
    first = graph.add("Gather", [hidden, "start"], "first", axis=1)
    whole = graph.add("Concat", [first, mean], "whole", axis=-1)
    stored = [source.stored(f"net.{head}.weight_Transposed").exact() for head in HEADS]
    weights = graph.keep("heads.weight", np.concatenate(stored, axis=1))
    product = graph.add("MatMul", [whole, weights], "heads.product")
    biases = np.concatenate([source.arrays[f"net.{head}.bias"] for head in HEADS])
    graph.add("Add", [product, graph.keep("heads.bias", biases)], "heads")
