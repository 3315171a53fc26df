"""How large the numbers between the layers get: what rounds them to eight bits is fixed by that.

The network runs here in plain numpy, on turns that it was trained on.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import numpy as np
from scipy.special import erf

from scorecards.empathy.network import Window
from scorecards.empathy.train.parameters import Array, Layer, Norm, Parameters

ATTENTION_HEADS: Final = 12
WIDTH: Final = 32  # of one of them
EPSILON: Final = 1e-12


@dataclass(slots=True)
class Ranges:
    """Of each layer and place the largest number of each column, by amount.

    `x` goes into the attention, `seen` are query, key and value, `context` is what it gives, `y`
    goes into the dense steps, `wide` stands between them (there the largest above zero).
    """

    largest: list[dict[str, Array]] = field(default_factory=list)

    def note(self, layer: int, place: str, numbers: Array) -> None:
        """Remember the columns of one window."""
        while len(self.largest) <= layer:
            self.largest.append({})
        found = (numbers if place == "wide" else np.abs(numbers)).max(axis=0)
        before = self.largest[layer].get(place)
        self.largest[layer][place] = found if before is None else np.maximum(before, found)


def measure(parameters: Parameters, windows: Sequence[Window]) -> Ranges:
    """The ranges on these windows."""
    ranges = Ranges()
    for window in windows:
        run(parameters, window.ids, window.first_said, ranges.note)
    return ranges


def run(
    parameters: Parameters,
    ids: Sequence[int],
    first_said: int,
    note: Callable[[int, str, Array], None],
) -> tuple[Array, Array]:
    """The outputs of heads and words for one window, unrounded; `note` sees all between."""
    word, kind, place = parameters.tables
    kinds = (np.arange(len(ids)) >= first_said).astype(int)
    x = _normal(word[list(ids)] + kind[kinds] + place[: len(ids)], parameters.norm)
    for number, layer in enumerate(parameters.layers):
        x = _layer(layer, x, partial(note, number))
    whole = np.concatenate([x[0], x[first_said:].mean(axis=0)])
    return parameters.heads(whole), parameters.tokens(x)


def _layer(layer: Layer, x: Array, note: Callable[[str, Array], None]) -> Array:
    note("x", x)
    seen = layer.seen(x)
    note("seen", seen)
    context = _attention(seen)
    note("context", context)
    y = _normal(layer.back(context) + x, layer.middle)
    note("y", y)
    wide = layer.wide(y)
    note("wide", wide)
    return _normal(layer.narrow(gelu(wide).astype(np.float32)) + y, layer.norm)


def _attention(seen: Array) -> Array:
    length = len(seen)
    query, key, value = (
        part.reshape(length, ATTENTION_HEADS, WIDTH).swapaxes(0, 1)
        for part in np.split(seen, 3, axis=1)
    )
    scores = query @ key.swapaxes(1, 2) / np.float32(np.sqrt(WIDTH))
    shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares /= shares.sum(axis=-1, keepdims=True)
    context: Array = (shares @ value).swapaxes(0, 1).reshape(length, -1)
    return context


def gelu(x: Array) -> Array:
    """x times the share of a normal distribution below it."""
    active: Array = x * 0.5 * (1 + erf(x / np.sqrt(2)))
    return active


def _normal(x: Array, norm: Norm) -> Array:
    centred = x - x.mean(axis=-1, keepdims=True)
    spread = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + EPSILON)
    normal: Array = (centred / spread * norm.gain + norm.bias).astype(np.float32)
    return normal
