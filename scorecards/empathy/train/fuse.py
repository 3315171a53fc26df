"""The network as a graph of whole numbers, for one window at a time: one answer on any processor.

Between the layers every number is eight bits wide, weights have seven, and all products of both are
summed as integers (rounding.py says why none can overflow). What stands between the sums are single
steps of IEEE arithmetic, which have one result; functions of so few inputs that their results are
known not to lie near an edge. Normalization and the heads sum whole numbers in double precision,
which is exact in any order.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from scorecards.empathy.network import HEAD_WIDTHS
from scorecards.empathy.train.parameters import Array, Dense, Layer, Norm, Parameters
from scorecards.empathy.train.ranges import ATTENTION_HEADS, WIDTH, Ranges
from scorecards.empathy.train.rounding import (
    EIGHT,
    SHARES,
    Curve,
    Rounded,
    bytes_of,
    carried_on,
    curve_of,
    rounded,
    steps_of_attention,
)

FUSED: Final = "com.microsoft"
OPSET: Final = 18
MIDDLE: Final = 128  # the zero point of what has both signs
FINE: Final = 2.0**12  # what is normalized, and the last result, is whole in steps of its inverse
FINER: Final = 2.0**16  # the sums of embeddings, which are small, and the heads' weights


@dataclass
class Graph:
    """Operators and weights, as they are added."""

    nodes: list[onnx.NodeProto] = field(default_factory=list)
    weights: dict[str, onnx.TensorProto] = field(default_factory=dict)

    def keep(self, name: str, array: Any, kind: Any = None) -> str:
        """Add a constant; gives its name."""
        self.weights[name] = numpy_helper.from_array(np.array(array, kind, order="C"), name)
        return name

    def add(self, kind: str, inputs: list[str], output: str, **how: Any) -> str:
        """Add an operator; gives the name of its output."""
        self.nodes.append(helper.make_node(kind, inputs, [output], **how))
        return output

    def cast(self, x: str, kind: int) -> str:
        return self.add("Cast", [x], f"{x}.{TensorProto.DataType.Name(kind).lower()}", to=kind)

    def round(self, x: str, step: float, zero: int, output: str) -> str:
        """Round x to bytes that count steps from a zero point."""
        places = [x, self.keep(f"{output}.step", step, np.float32)]
        places.append(self.keep(f"{output}.zero", zero, np.uint8))
        return self.add("QuantizeLinear", places, output)

    def multiply(self, x: str, by: Rounded, output: str, zero: int, into: int | None = None) -> str:
        """x · weights + bias in whole numbers; times the step of each column, as float32.

        With `into`, the result is rounded to bytes with that zero point.
        """
        inputs = [
            x,
            self.keep("one", 1, np.float32),
            self.keep(f"zero.{zero}", zero, np.uint8),
            self.keep(f"{output}.weight", by.weight),
            self.keep(f"{output}.step", by.step, np.float32),
            self.keep(f"{output}.zeros", np.zeros(len(by.step), np.int8)),
            self.keep(f"{output}.bias", by.bias),
        ]
        if into is not None:
            inputs += ["one", self.keep(f"zero.{into}", into, np.uint8)]
        return self.add("QGemm", inputs, output, domain=FUSED)

    def normalize(self, x: str, norm: Norm, step: Array | float, output: str) -> str:
        """Layer normalization of whole numbers, in the given step of each column.

        The sums of the numbers and of their squares are below 2^53, and so exact; every other
        operator is one step of IEEE arithmetic.
        """
        axis, share = self.keep("last", [-1]), self.keep("share", 1 / len(norm.gain))
        wide = self.cast(x, TensorProto.DOUBLE)
        total = self.add("ReduceSum", [wide, axis], f"{output}.total", keepdims=1)
        squares = self.add("ReduceSumSquare", [wide, axis], f"{output}.squares", keepdims=1)
        mean = self.add("Mul", [total, share], f"{output}.mean")
        over = self.add("Mul", [total, mean], f"{output}.over")
        spread = self.add("Sub", [squares, over], f"{output}.spread")
        spread = self.add("Mul", [spread, share], f"{output}.variance")
        spread = self.add("Sqrt", [spread], f"{output}.deviation")
        mean, spread = (self.cast(one, TensorProto.FLOAT) for one in (mean, spread))
        centred = self.add("Sub", [x, mean], f"{output}.centred")
        normal = self.add("Div", [centred, spread], f"{output}.normal")
        gain = self.keep(f"{output}.gain", norm.gain / step, np.float32)
        bias = self.keep(f"{output}.bias", norm.bias / step, np.float32)
        normal = self.add("Mul", [normal, gain], f"{output}.scaled")
        return self.add("Add", [normal, bias], output)


def fuse(parameters: Parameters, ranges: Ranges, target: Path) -> None:
    """Write the graph: `ids` and `types` of one window in, `heads` and `tokens` out."""
    graph = Graph()
    steps = [{p: _step(numbers) for p, numbers in one.items()} for one in ranges.largest]
    x = graph.normalize(_embed(graph, parameters), parameters.norm, steps[0]["x"], "layer0.x")
    for number, layer in enumerate(parameters.layers):
        after = steps[number + 1]["x"] if number + 1 < len(steps) else 1 / FINE
        result = (f"layer{number + 1}.x", after)
        x = _layer(graph, layer, ranges.largest[number], x, result)
    _judge(graph, parameters, x)
    inputs = [helper.make_tensor_value_info(n, TensorProto.INT64, ["l"]) for n in ("ids", "types")]
    outputs = [
        helper.make_tensor_value_info("heads", TensorProto.DOUBLE, [1, sum(HEAD_WIDTHS)]),
        helper.make_tensor_value_info("tokens", TensorProto.DOUBLE, ["l", 4]),
    ]
    made = helper.make_graph(graph.nodes, "reader", inputs, outputs, list(graph.weights.values()))
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(FUSED, 1)]
    onnx.save(helper.make_model(made, opset_imports=opsets, ir_version=9), target)


def _step(largest: Array) -> Array:
    """The step of each column with which its largest number just fits."""
    return np.maximum(largest.astype(np.float64) / EIGHT, 1e-6)


def _embed(graph: Graph, parameters: Parameters) -> str:
    """Word, kind and place of each token, added up."""
    graph.add("Shape", ["ids"], "length")
    first, along = graph.keep("first", [0]), graph.keep("along", [0])
    parts = []
    for name, table in zip(("word", "kind", "place"), parameters.tables, strict=True):
        whole, step, zero = bytes_of(table)
        rows = graph.keep(f"{name}.rows", whole)
        if name == "place":
            picked = graph.add("Slice", [rows, first, "length", along], f"{name}.picked")
        else:
            picked = graph.add(
                "Gather", [rows, "ids" if name == "word" else "types"], f"{name}.picked"
            )
        unit = graph.keep(f"{name}.step", step * FINER, np.float32)
        places = [picked, unit, graph.keep(f"{name}.zero", zero, np.uint8)]
        parts.append(graph.add("DequantizeLinear", places, name))
    both = graph.add("Add", parts[:2], "word_and_kind")
    every = graph.add("Add", [both, parts[2]], "embedded")
    return graph.add("Round", [every], "embedded.whole")


def _layer(
    graph: Graph, layer: Layer, largest: dict[str, Array], x: str, after: tuple[str, Array | float]
) -> str:
    """Attention and the two dense steps of one layer; x counts steps, and so does the result.

    `after` is the result's name and the step of each of its columns.
    """
    here = x.removesuffix(".x")
    x_step, y_step = _step(largest["x"]), _step(largest["y"])
    attention, context = _attention(graph, layer, largest, x, here)
    back = Dense(layer.back.weight * context[:, None], layer.back.bias)
    dense = graph.multiply(attention, _fine(back), f"{here}.back", MIDDLE)
    both = _added(graph, dense, x, x_step, f"{here}.middle")
    y = graph.normalize(both, layer.middle, y_step, f"{here}.y")
    curve = curve_of(largest["wide"])
    wide, narrow = carried_on(layer.wide, layer.narrow, largest["wide"], curve.highest)
    wide = Dense(wide.weight * y_step[:, None], wide.bias)
    active = _active(graph, wide, y, curve, here)
    narrow = Dense(narrow.weight * curve.after, narrow.bias)
    dense = graph.multiply(active, _fine(narrow), f"{here}.narrow", curve.after_zero)
    both = _added(graph, dense, y, y_step, f"{here}.sum")
    name, step = after
    return graph.normalize(both, layer.norm, step, name)


def _fine(dense: Dense) -> Rounded:
    """A dense step whose results count fine steps."""
    whole = rounded(dense)
    return Rounded(whole.weight, whole.step * np.float32(FINE), whole.bias)


def _added(graph: Graph, dense: str, x: str, step: Array, output: str) -> str:
    """A dense step's result and what came before it, whole in fine steps; x counts its own."""
    steps = graph.keep(f"{output}.step", step * FINE, np.float32)
    before = graph.add("Mul", [x, steps], f"{output}.before")
    return graph.add("Round", [graph.add("Add", [dense, before], output)], f"{output}.whole")


def _active(graph: Graph, wide: Dense, y: str, curve: Curve, here: str) -> str:
    """The wide dense step of what counts steps, and GELU; from bytes to bytes."""
    bytes_in = graph.round(y, 1, MIDDLE, f"{y}.rounded")
    whole = rounded(wide)
    whole = Rounded(whole.weight, whole.step / np.float32(curve.before), whole.bias)
    before = graph.multiply(bytes_in, whole, f"{here}.wide", MIDDLE, into=curve.before_zero)
    places = [before, graph.keep(f"{here}.wide.unit", curve.before, np.float32)]
    places.append(graph.keep(f"zero.{curve.before_zero}", curve.before_zero, np.uint8))
    exact = graph.add("DequantizeLinear", places, f"{here}.wide.exact")
    active = graph.add("Gelu", [exact], f"{here}.gelu", domain=FUSED)
    return graph.round(active, curve.after, curve.after_zero, f"{here}.active")


def _attention(
    graph: Graph, layer: Layer, largest: dict[str, Array], x: str, here: str
) -> tuple[str, Array]:
    """What each word takes from the others, as bytes, and the step of each of its columns."""
    bytes_in = graph.round(x, 1, MIDDLE, f"{x}.rounded")
    steps, scores = steps_of_attention(largest["seen"])
    whole = _seen(layer.seen, _step(largest["x"]), steps)
    seen = graph.multiply(bytes_in, whole, f"{here}.seen", MIDDLE, into=MIDDLE)
    shape = graph.keep("parts", [-1, 3, ATTENTION_HEADS, WIDTH + 1])
    parts = graph.add("Reshape", [seen, shape], f"{here}.parts")
    names = [f"{here}.{name}" for name in ("query", "key", "value")]
    graph.nodes.append(helper.make_node("Split", [parts], names, axis=1, num_outputs=3))
    query, key, value = (
        graph.add("Transpose", [name], f"{name}.turned", perm=perm)
        for name, perm in zip(names, ([1, 2, 0, 3], [1, 2, 3, 0], [1, 2, 0, 3]), strict=True)
    )
    shares = _shares(graph, query, key, scores, here)
    zeros = [graph.keep("zero.0", 0, np.uint8), f"zero.{MIDDLE}"]
    taken = graph.add("MatMulInteger", [shares, value, *zeros], f"{here}.taken")
    taken = graph.cast(taken, TensorProto.FLOAT)
    sums, total = f"{here}.sums", f"{here}.total"
    sizes = graph.keep("sizes", [WIDTH, 1])
    graph.nodes.append(helper.make_node("Split", [taken, sizes], [sums, total], axis=-1))
    context = graph.add("Div", [sums, total], f"{here}.mean")
    column = _step(largest["context"]) * EIGHT / steps[2].reshape(-1)
    unit = float(np.float32(column.max() / EIGHT))
    context = graph.round(context, unit, MIDDLE, f"{here}.context.rounded")
    context = graph.add("Transpose", [context], f"{here}.context.turned", perm=[0, 2, 1, 3])
    flat = graph.keep("flat", [-1, ATTENTION_HEADS * WIDTH])
    return graph.add("Reshape", [context, flat], f"{here}.context"), steps[2].reshape(-1) * unit


def _seen(dense: Dense, x_step: Array, steps: Array) -> Rounded:
    """Query, key and value, of each head with one more column: a value of one, which counts."""
    whole = rounded(Dense(dense.weight * x_step[:, None], dense.bias))

    def widened(numbers: Array, fill: float) -> Array:
        split = numbers.reshape(-1, 3, ATTENTION_HEADS, WIDTH)
        more = np.pad(split, [(0, 0), (0, 0), (0, 0), (0, 1)], constant_values=fill)
        return more.reshape(len(split), -1)

    bias = widened(whole.bias, 0).reshape(3, ATTENTION_HEADS, WIDTH + 1)
    bias[2, :, WIDTH] = 1
    step = widened(whole.step / steps.reshape(-1), 1)
    return Rounded(widened(whole.weight, 0), step.reshape(-1), bias.reshape(-1).astype(np.int32))


def _shares(graph: Graph, query: str, key: str, scores: Array, here: str) -> str:
    """How much each word takes from each other one, the most being SHARES."""
    zeros = [f"zero.{MIDDLE}"] * 2
    product = graph.add("MatMulInteger", [query, key, *zeros], f"{here}.scores")
    axis = graph.keep("last", [-1])
    top = graph.add("ReduceMax", [product, axis], f"{here}.top", keepdims=1)
    below = graph.add("Sub", [product, top], f"{here}.below")
    step = graph.keep(f"{here}.score", scores.reshape(1, -1, 1, 1))
    below = graph.add("Mul", [graph.cast(below, TensorProto.FLOAT), step], f"{here}.distance")
    share = graph.add("Exp", [below], f"{here}.exp")
    return graph.round(share, 1 / SHARES, 0, f"{here}.shares")


def _judge(graph: Graph, parameters: Parameters, x: str) -> None:
    """Every head on the first token beside the mean of the turn's; the words' head on each."""
    hidden = graph.cast(graph.add("Round", [x], "hidden"), TensorProto.DOUBLE)
    said = graph.add("Unsqueeze", ["types", "first"], "said")
    said = graph.cast(said, TensorProto.DOUBLE)
    total = graph.add("MatMul", [said, hidden], "said.sum")
    count = graph.add("ReduceSum", [said], "said.count", keepdims=1)
    mean = graph.add("Round", [graph.add("Div", [total, count], "said.mean")], "said.rounded")
    start = graph.add("Gather", [hidden, "first"], "start", axis=0)
    whole = graph.add("Concat", [start, mean], "whole", axis=-1)
    unit = graph.keep("unit", 1 / FINE / FINER, np.float64)
    places = (("tokens", hidden, parameters.tokens), ("heads", whole, parameters.heads))
    for name, read, dense in places:
        weight = graph.keep(f"{name}.weight", np.round(dense.weight.astype(np.float64) * FINER))
        bias = np.round(dense.bias.astype(np.float64) * FINE * FINER)
        product = graph.add("MatMul", [read, weight], f"{name}.product")
        counted = graph.add("Add", [product, graph.keep(f"{name}.bias", bias)], f"{name}.counted")
        graph.add("Mul", [counted, unit], name)
