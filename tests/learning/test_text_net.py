from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from pipeline import glyphs
from pipeline.classify.text_net import BITS, FAR, page_wide, read_net
from pipeline.learning.text_net import bag_of, first_weights, pack
from pipeline.learning.text_net_gradient import Example, gradient, stack

NUMBERS = 5
WEIGHTS = (
    *("vectors", "words", "first", "shift", "kernel-1", "kernel-8-shift", "signs-before", "signs-after-shift"),
    *("meaning-before", "meaning-after-shift", "last", "base"),
)
SCALE = (
    np.full(NUMBERS, -9.0, dtype=np.float32),
    np.full(NUMBERS, 9.0, dtype=np.float32),
    np.zeros(NUMBERS, dtype=np.float32),
    np.ones(NUMBERS, dtype=np.float32),
)


def page(seed: int, lines: int) -> Example:
    random = np.random.default_rng(seed)
    words = random.integers(0, 1 << BITS, (lines, 3))
    bag = sparse.csr_matrix(
        (np.full(3 * lines, 0.6, dtype=np.float32), words.ravel(), np.arange(0, 3 * lines + 1, 3)),
        shape=(lines, 1 << BITS),
    )
    return Example(
        rows=random.standard_normal((lines, NUMBERS)).astype(np.float32),
        alone=random.random(lines).astype(np.float32),
        bag=bag,
        labels=(random.random(lines) < 0.5).astype(np.float32),
        weights=random.random(lines).astype(np.float32) + 0.5,
    )


@pytest.mark.parametrize(
    "name",
    [
        "vectors",
        "words",
        "first",
        "shift",
        "kernel-1",
        "kernel-8-shift",
        "signs-before",
        "signs-after-shift",
        "meaning-before",
        "meaning-after-shift",
        "last",
        "base",
    ],
)
def test_the_gradient_is_how_the_loss_changes(name: str) -> None:
    random = np.random.default_rng(3)
    weights = {key: value.astype(np.float64) for key, value in first_weights(random, NUMBERS + 1).items()}
    for look in FAR:
        weights[f"signs-{look}-shift"] += 0.3  # most signs are seen, so that there is something to hand back
    batch = stack([page(1, 30), page(2, 7), page(4, 1)], SCALE, random)
    _, found = gradient(weights, batch, np.random.default_rng(5))
    direction = np.random.default_rng(6).standard_normal(weights[name].shape)
    if name == "vectors":
        direction *= found["vectors"] != 0
    reach = 1e-6
    ends = [
        gradient({**weights, name: weights[name] + sign * reach * direction}, batch, np.random.default_rng(5))[0]
        for sign in (1, -1)
    ]
    assert (found[name] * direction).sum() == pytest.approx((ends[0] - ends[1]) / (2 * reach), rel=0.02, abs=1e-5)


def test_every_line_hears_of_signs_on_the_whole_page() -> None:
    signs = np.array([[0.0, 1.0], [2.0, 0.0], [0.0, 5.0]], dtype=np.float32)
    heard = np.empty((len(signs), 3 * signs.shape[1]), dtype=signs.dtype)
    page_wide(signs, heard)
    above, below, mean = np.split(heard, 3, axis=1)
    assert above.tolist() == [[0.0, 1.0], [2.0, 1.0], [2.0, 5.0]]
    assert below.tolist() == [[2.0, 5.0], [2.0, 5.0], [0.0, 5.0]]
    assert mean == pytest.approx(np.tile(signs.mean(axis=0), (3, 1)))


@pytest.mark.parametrize("repeats", [1, 3_000])
def test_lines_of_any_length_have_the_mean_of_their_words(repeats: int) -> None:
    weights = first_weights(np.random.default_rng(1), NUMBERS + 1)
    vectors, dense = pack(weights, SCALE)
    page = glyphs.read(["The ferry left at six.", "", repeats * "one word "])
    levels = vectors.value.reshape(1 << BITS, -1) * vectors.extra["scale"][0]
    assert read_net(vectors, dense).words_of(page) == pytest.approx(bag_of(page) @ levels, rel=1e-4, abs=1e-5)
