"""The words of agents and of customers, learnt from conversations of services."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from scorecards.empathy.gate import words_of
from scorecards.empathy.model import AGENT, CUSTOMER
from scorecards.empathy.network import Network
from scorecards.empathy.roles import MOST_PIECES, Roles
from scorecards.empathy.text import prepare
from scorecards.empathy.train.material import Conversation, conversations

# fmt: off
SERVICES: Final = frozenset((
    "abcd", "tau-bench", "ms-contoso", "fake-vcons", "sumo-firefox", "sumo-thunderbird", "dev",
    "calls", "chats", "mails", "whole", "talk", "contrast",
))
# fmt: on
UNSEEN: Final = frozenset(("tau-bench", "ms-contoso", "sumo-firefox", "whole", "mails", "abcd"))
OTHER: Final = {AGENT: CUSTOMER, CUSTOMER: AGENT}
MOST: Final = 1500  # conversations of one source
STRENGTH: Final = 0.3


def fit_roles(folder: Path, tokens: Network) -> None:
    """Write roles.npz."""
    _write(_serving(), folder, tokens)


def report(folder: Path, tokens: Network) -> Iterator[str]:
    """How often swapped and true roles are suspected, of sources that were not learnt from.

    Writes the weights of the other sources into the folder.
    """
    _write((one for one in _serving() if one.source not in UNSEEN), folder, tokens)
    roles = Roles(folder)
    found: dict[str, list[tuple[bool, bool]]] = {}
    for conversation in _few(conversations()):
        if conversation.source in SERVICES - UNSEEN:
            continue
        turns = [(role, tokens.pieces(prepare(said).low)) for role, said in conversation.turns]
        if len({role for role, _ in turns}) > 1:
            other = [(OTHER[role], pieces) for role, pieces in turns]
            told = roles.swapped(turns), roles.swapped(other)
            found.setdefault(conversation.source, []).append(told)
    for source, each in found.items():
        false, right = np.mean(each, axis=0)
        yield f"{source}: n={len(each)}, suspected as they are {false:.1%}, swapped {right:.1%}"


def _serving() -> Iterator[Conversation]:
    return _few(one for one in conversations() if one.source in SERVICES)


def _few(each: Iterable[Conversation]) -> Iterator[Conversation]:
    seen: dict[str, int] = {}
    for conversation in each:
        seen[conversation.source] = seen.get(conversation.source, 0) + 1
        if seen[conversation.source] <= MOST:
            yield conversation


def _write(each: Iterable[Conversation], folder: Path, tokens: Network) -> None:
    turns = [turn for conversation in each for turn in conversation.turns]
    pieces = [words_of(tokens.pieces(prepare(said).low)[:MOST_PIECES]) for _, said in turns]
    model = LogisticRegression(C=STRENGTH, max_iter=300, class_weight="balanced")
    model.fit(_matrix(pieces, len(tokens.vocabulary)), [role == AGENT for role, _ in turns])
    weights: dict[str, NDArray[Any]] = {
        "words": model.coef_[0].astype(np.float16),
        "bias": model.intercept_.astype(np.float16),
    }
    np.savez_compressed(folder / "roles.npz", allow_pickle=False, **weights)


def _matrix(pieces: list[list[int]], words: int) -> csr_matrix:
    ends = np.cumsum([0, *map(len, pieces)])
    columns = np.concatenate([np.array(row, np.int64) for row in pieces])
    return csr_matrix(
        (np.ones(len(columns), np.float32), columns, ends), shape=(len(pieces), words)
    )
