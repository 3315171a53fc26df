"""The trained network that reads a turn beside what it answers. Loaded once in a process.

Its weights and its vocabulary lie in weights/NAME/, made by `python -m scorecards.empathy.train`.
It runs under onnxruntime on one thread, so that a worker process stays on its core. Its graph adds
up whole numbers only, so that every processor gives the same outputs, to the last bit
(train/fuse.py).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from scorecards.empathy.inputs import CUE, RESPONSE, Input

Floats = NDArray[np.float64]

MOST_BEFORE: Final = {CUE: 24, RESPONSE: 48}  # tokens of what a turn answers, the last ones
MOST_SAID: Final = 192  # tokens of the turn in one window; longer turns are read in several
OVERLAP: Final = 32
MOST_WINDOWS: Final = 12  # of one turn: what comes later is read by the phrases alone
MOST_CHARACTERS: Final = 12_000  # of one turn that are looked at for windows
HEADS: Final = ("emotion", "sympathy", "empathy", "dismissal")
HEAD_WIDTHS: Final = (12, 1, 3, 1)
_ENDS = np.cumsum(HEAD_WIDTHS)[:-1]


@dataclass(frozen=True, slots=True)
class Window:
    """Token numbers of one network input, and where its part of the turn stands."""

    ids: list[int]
    first_said: int
    offsets: list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the network makes of one window of a turn.

    `scores` holds each head's logits; `tokens` a row for each token of the turn with the logits
    that it carries a cue, sympathy, empathy or dismissal; `offsets` the tokens' character ranges.
    """

    scores: dict[str, list[float]]
    tokens: Floats
    offsets: list[tuple[int, int]]


class Network:
    """Weights and vocabulary of one folder. Thread-safe: onnxruntime and tokenizers both are."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def _session(self) -> Any:
        import onnxruntime  # noqa: PLC0415  half a second that only pre-scoring needs

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        # The graph is fused as it should run; the library's own further steps make it slower.
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        file = str(self.folder / "model.onnx")
        return onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer  # noqa: PLC0415

        tokenizer = Tokenizer.from_file(str(self.folder / "tokenizer.json"))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    def read(self, inputs: Sequence[Input]) -> list[list[Prediction]]:
        """The readings of each input, a window at a time. Equal inputs are read once."""
        found = {
            fromkey: [self._run(w) for w in self.windows(fromkey)]
            for fromkey in dict.fromkeys(inputs)
        }
        return [found[one] for one in inputs]

    @property
    def vocabulary(self) -> dict[str, int]:
        """Every word piece with its number."""
        found: dict[str, int] = self._tokenizer.get_vocab()
        return found

    def pieces(self, said: str) -> list[int]:
        """The word pieces of a turn as numbers."""
        shown = said[:MOST_CHARACTERS]
        ids: list[int] = self._tokenizer.encode(shown, add_special_tokens=False).ids
        return ids

    def windows(self, one: Input) -> Iterator[Window]:
        """The input as token numbers: [CLS] before [SEP] said [SEP], `said` window by window."""
        begin, middle, end = self._marks
        end_of_it = one.before[-MOST_CHARACTERS:]
        before = self._tokenizer.encode(end_of_it, add_special_tokens=False).ids
        said = self._tokenizer.encode(one.said[:MOST_CHARACTERS], add_special_tokens=False)
        ids, offsets = said.ids, said.offsets
        for start in _starts(len(ids)):
            part = slice(start, start + MOST_SAID)
            head = [begin, *before[-MOST_BEFORE[one.kind] :], middle]
            yield Window([*head, *ids[part], end], len(head), offsets[part])

    @cached_property
    def _marks(self) -> tuple[int, int, int]:
        number = self._tokenizer.token_to_id
        return number("[CLS]"), number("[SEP]"), number("[SEP]")

    def _run(self, window: Window) -> Prediction:
        """One window by itself: on one thread several at once are no quicker."""
        ids = np.array(window.ids, np.int64)
        types = np.zeros_like(ids)
        types[window.first_said :] = 1
        heads, tokens = self._session.run(["heads", "tokens"], {"ids": ids, "types": types})
        first = window.first_said
        parts = np.split(heads[0], _ENDS)
        scores = {name: part.tolist() for name, part in zip(HEADS, parts, strict=True)}
        return Prediction(scores, tokens[first : first + len(window.offsets)], window.offsets)


def _starts(length: int) -> list[int]:
    """Where the windows of a turn of so many tokens begin."""
    step = MOST_SAID - OVERLAP
    last = max(length - OVERLAP, 1)
    return list(range(0, last, step))[:MOST_WINDOWS]
