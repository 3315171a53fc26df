"""The weights of the network as plain numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from scorecards.empathy.network import HEADS

LAYERS: Final = 6

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Dense:
    """x · weight + bias."""

    weight: Array
    bias: Array

    def __call__(self, x: Array) -> Array:
        product: Array = x @ self.weight + self.bias
        return product


@dataclass(frozen=True, slots=True)
class Norm:
    """A layer normalization."""

    gain: Array
    bias: Array


@dataclass(frozen=True, slots=True)
class Layer:
    """Attention (`seen`: query, key and value side by side) and the two dense steps."""

    seen: Dense
    back: Dense
    middle: Norm
    wide: Dense
    narrow: Dense
    norm: Norm


@dataclass(frozen=True, slots=True)
class Parameters:
    """Everything that was learnt: `tables` are those of words, kinds and places."""

    tables: tuple[Array, Array, Array]
    norm: Norm
    layers: Sequence[Layer]
    tokens: Dense
    heads: Dense


def trained(state: Mapping[str, Array]) -> Parameters:
    """The weights of a network in training, by the names that torch gives them."""

    def dense(*names: str) -> Dense:
        weight = np.concatenate([state[f"{name}.weight"].T for name in names], axis=1)
        return Dense(weight, np.concatenate([state[f"{name}.bias"] for name in names]))

    def norm(name: str) -> Norm:
        return Norm(state[f"{name}.LayerNorm.weight"], state[f"{name}.LayerNorm.bias"])

    def layer(name: str) -> Layer:
        return Layer(
            seen=dense(*(f"{name}.attention.self.{part}" for part in ("query", "key", "value"))),
            back=dense(f"{name}.attention.output.dense"),
            middle=norm(f"{name}.attention.output"),
            wide=dense(f"{name}.intermediate.dense"),
            narrow=dense(f"{name}.output.dense"),
            norm=norm(f"{name}.output"),
        )

    above = "body.embeddings"
    word, kind, place = (
        state[f"{above}.{name}_embeddings.weight"] for name in ("word", "token_type", "position")
    )
    return Parameters(
        tables=(word, kind, place),
        norm=norm(above),
        layers=[layer(f"body.encoder.layer.{number}") for number in range(LAYERS)],
        tokens=dense("tokens"),
        heads=dense(*HEADS),
    )
