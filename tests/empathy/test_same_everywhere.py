"""One answer on every processor: no sum can overflow, and other instructions change nothing."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import numpy as np
import pytest

from benchmarks.same_everywhere import MISSING, PROCESSORS, QEMU, differing, prescored, short
from scorecards.empathy.inputs import Input
from scorecards.empathy.network import Network
from scorecards.empathy.reader import WEIGHTS
from tests.empathy.plain_network import run, weights

MODEL = WEIGHTS / "model.onnx"
SIXTEEN_BITS = 2**15 - 1
INPUTS = [
    Input("cue", "", "I am furious, you lost my luggage and nobody answers me."),
    Input("response", "my dog died on monday", "I'm so sorry, losing him must leave a hole."),
    Input("cue", "hello, how can i help? (shouting)", "WHERE IS MY MONEY"),
    Input("response", "it's 4471", "Thank you."),
    Input("cue", "", " ".join(f"word{n}" for n in range(150))),
]


def test_two_products_of_the_largest_numbers_fit_into_sixteen_bits() -> None:
    sevens = {name: weight for name, weight in weights(MODEL).items() if weight.dtype == np.int8}
    assert (
        sum(seven.size for name, seven in sevens.items() if name.endswith(".weight")) > 10_000_000
    )
    largest = max(int(np.abs(seven.astype(int)).max()) for seven in sevens.values())
    assert 2 * 255 * largest <= SIXTEEN_BITS


def test_the_network_says_what_exact_integers_say() -> None:
    network = Network(WEIGHTS)
    plain = weights(MODEL)
    for one in INPUTS:
        (readings,) = network.read([one])
        for window, reading in zip(network.windows(one), readings, strict=True):
            heads, tokens = run(plain, window.ids, window.first_said)
            assert [*chain(*reading.scores.values())] == heads[0].tolist()
            said = slice(window.first_said, window.first_said + len(window.offsets))
            assert reading.tokens.tolist() == tokens[said].tolist()


def test_other_processors_give_the_same_bytes() -> None:
    if shutil.which(QEMU) is None:
        pytest.skip(MISSING)
    each = sorted(short(), key=len)
    lines = each[len(each) // 2 :][:3]
    expected = prescored(lines)
    with ThreadPoolExecutor() as pool:
        for found in pool.map(lambda processor: prescored(lines, processor), PROCESSORS):
            assert differing(lines, found, expected) == []
