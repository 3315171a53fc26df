"""The shipped network once more, in plain numpy and 64-bit integers, for one window.

Nothing here can overflow, wrap or be added up in another order: this is what a processor with exact
kernels computes. Reads the weights from model.onnx by the few fields of its format that hold them.
"""

from collections.abc import Iterator
from math import erf
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Weights = dict[str, Array]

HEADS, WIDTH, LAYERS, MIDDLE = 12, 32, 6, 128
KINDS = {1: np.float32, 2: np.uint8, 3: np.int8, 6: np.int32, 7: np.int64, 11: np.float64}
GRAPH, INITIALIZER = 7, 5  # fields of a model and of its graph
DIMS, KIND, NAME, RAW = 1, 2, 8, 9  # fields of a tensor


def weights(file: Path) -> Weights:
    """Every constant of a model by its name."""
    (graph,) = (value for number, value in fields(file.read_bytes()) if number == GRAPH)
    assert isinstance(graph, bytes)
    return dict(_tensor(bytes(field)) for number, field in fields(graph) if number == INITIALIZER)


def fields(message: bytes) -> Iterator[tuple[int, Any]]:
    """The numbered fields of a message in protobuf's wire format."""
    at = 0
    while at < len(message):
        key, at = _number(message, at)
        if key & 7 == 0:
            value, at = _number(message, at)
            yield key >> 3, value
            continue
        assert key & 7 == 2
        size, at = _number(message, at)
        yield key >> 3, message[at : at + size]
        at += size


def _number(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at


def _tensor(message: bytes) -> tuple[str, Array]:
    dims: list[int] = []
    said: dict[int, Any] = {}
    for number, value in fields(message):
        if number == DIMS:
            dims += [value] if isinstance(value, int) else list(value)
        said[number] = value
    numbers = np.frombuffer(said.get(RAW, b""), KINDS[said[KIND]])
    return said[NAME].decode(), numbers.reshape(dims)


def run(w: Weights, ids: list[int], first_said: int) -> tuple[Array, Array]:
    """The outputs "heads" and "tokens" for one window."""
    types = (np.arange(len(ids)) >= first_said).astype(int)
    picked = (w["word.rows"][ids], w["kind.rows"][types], w["place.rows"][: len(ids)])
    word, kind, place = (
        (rows.astype(np.float32) - np.float32(w[f"{n}.zero"])) * w[f"{n}.step"]
        for n, rows in zip(("word", "kind", "place"), picked, strict=True)
    )
    x = _normal(w, np.rint(word + kind + place), "layer0.x")
    for number in range(LAYERS):
        here = f"layer{number}"
        y = _normal(w, _after(w, x, _attention(w, x, here), f"{here}.back", "middle"), f"{here}.y")
        x = _normal(
            w, _after(w, y, _active(w, y, here), f"{here}.narrow", "sum"), f"layer{number + 1}.x"
        )
    hidden = np.rint(x).astype(np.int64)
    mean = np.rint(hidden[first_said:].sum(axis=0) / types.sum()).astype(np.int64)
    whole = np.concatenate([hidden[0], mean])[None]
    heads, tokens = (
        (h @ w[f"{n}.weight"].astype(np.int64) + w[f"{n}.bias"].astype(np.int64)) * w["unit"]
        for n, h in (("heads", whole), ("tokens", hidden))
    )
    return heads, tokens


def _bytes(x: Array, step: Array, zero: int) -> Array:
    return np.clip(np.rint(x / step) + zero, 0, 255).astype(np.int64)


def _product(w: Weights, x: Array, zero: int, name: str) -> Array:
    """x · weights + bias, times the step of each column."""
    whole = (x - zero) @ w[f"{name}.weight"].astype(np.int64) + w[f"{name}.bias"].astype(np.int64)
    scaled: Array = whole.astype(np.float32) * w[f"{name}.step"]
    return scaled


def _into_bytes(w: Weights, x: Array, name: str, zero: int) -> Array:
    """The same of what is normalized, rounded to bytes."""
    product = _product(w, _bytes(x, np.float32(1), MIDDLE), MIDDLE, name)
    return np.clip(np.rint(product) + zero, 0, 255).astype(np.int64)


def _after(w: Weights, x: Array, found: tuple[Array, int], name: str, output: str) -> Array:
    """A dense step's result and what came before it, in fine steps."""
    before = x * w[f"{name.partition('.')[0]}.{output}.step"]
    summed: Array = np.rint(_product(w, *found, name) + before)
    return summed


def _normal(w: Weights, x: Array, name: str) -> Array:
    whole = x.astype(np.int64)
    total = whole.sum(axis=1, keepdims=True).astype(np.float64)
    squares = (whole**2).sum(axis=1, keepdims=True).astype(np.float64)
    mean = total * w["share"]
    spread = np.sqrt((squares - total * mean) * w["share"]).astype(np.float32)
    normal: Array = (x - mean.astype(np.float32)) / spread * w[f"{name}.gain"] + w[f"{name}.bias"]
    return normal


def _active(w: Weights, y: Array, here: str) -> tuple[Array, int]:
    """The wide dense step and GELU: a table of 256 numbers."""
    unit, zero = w[f"{here}.wide.unit"], int(w[f"{here}.active.zero"])
    before_zero = _zero_of_wide(unit)
    inputs = ((np.arange(256) - before_zero).astype(np.float32) * unit).tolist()
    exact = np.array([x * 0.5 * (1 + erf(x / 2**0.5)) for x in inputs])
    table = _bytes(exact, w[f"{here}.active.step"], zero)
    return table[_into_bytes(w, y, f"{here}.wide", before_zero)], zero


def _zero_of_wide(unit: Array) -> int:
    return round(3.3 / float(unit))


def _attention(w: Weights, x: Array, here: str) -> tuple[Array, int]:
    length = len(x)
    seen = _into_bytes(w, x, f"{here}.seen", MIDDLE) - MIDDLE
    query, key, value = seen.reshape(length, 3, HEADS, WIDTH + 1).transpose(1, 2, 0, 3)
    scores = query @ key.transpose(0, 2, 1)
    below = (scores - scores.max(axis=-1, keepdims=True)).astype(np.float32)
    shares = np.exp((below * w[f"{here}.score"][0]).astype(np.float64))
    taken = _bytes(shares, w[f"{here}.shares.step"], 0) @ value
    sums, counted = taken[..., :WIDTH].astype(np.float32), taken[..., WIDTH:].astype(np.float32)
    context = _bytes(sums / counted, w[f"{here}.context.rounded.step"], MIDDLE)
    return context.transpose(1, 0, 2).reshape(length, -1), MIDDLE
