"""Training of the network over lines, in numpy: the same pages give the same weights on one kind of processor.

By Adam (Kingma and Ba 2015) with decaying weights (Loshchilov and Hutter 2019), from one seed, in one thread: BLAS
adds up in another order with each number of threads, and in its own way for each family of processors.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from threadpoolctl import threadpool_limits

from pipeline.classify.text_net import BITS, FAR, NEAR, buckets
from pipeline.glyphs import Glyphs
from pipeline.learning.text_net_gradient import SIGNS, UNITS, WIDTH, Example, Floats, Scale, Weights, gradient, stack
from pipeline.trees import Forest

EPOCHS, BATCH = 8, 12
RATE = 3e-3
DECAY = 0.05
_WARM = 100
_LEAST_RATE = 0.02
_OUTLIERS = (0.5, 99.5)
_SAMPLED = 37
_LEVELS = 12
_SEED = 7


def bag_of(page: Glyphs) -> sparse.csr_matrix:
    """The words of each line as a row over the vectors; each row sums to the root of its words."""
    count = len(page.starts)
    sizes = np.bincount(page.word_lines, minlength=count)
    values = (1.0 / np.sqrt(np.maximum(sizes, 1)))[page.word_lines].astype(np.float32)
    return sparse.csr_matrix((values, (page.word_lines, buckets(page))), shape=(count, 1 << BITS))


def fit_net(examples: Sequence[Example]) -> tuple[Forest, Forest]:
    """The word vectors and the other weights, each packed as a forest of bare leaves.

    Raises ``FloatingPointError`` when the loss is no number any more.
    """
    scale = _scale(examples)
    with threadpool_limits(1):
        return pack(_fitted(examples, scale), scale)


def _fitted(examples: Sequence[Example], scale: Scale) -> Weights:
    random = np.random.default_rng(_SEED)
    weights = first_weights(random, examples[0].rows.shape[1] + 1)
    first, second = ({name: np.zeros_like(value) for name, value in weights.items()} for _ in range(2))
    batch = min(BATCH, len(examples))
    steps, step = EPOCHS * (len(examples) // batch), 0
    for _ in range(EPOCHS):
        order = random.permutation(len(examples))
        for start in range(0, len(order) - batch + 1, batch):
            step += 1
            chosen = [examples[index] for index in order[start : start + batch].tolist()]
            loss, found = gradient(weights, stack(chosen, scale, random), random)
            if not np.isfinite(loss):
                raise FloatingPointError(f"training of the network diverged at step {step} of {steps}")
            rate = RATE * min(1.0, step / _WARM) * (_LEAST_RATE + (1 - _LEAST_RATE) * _cosine(step / steps))
            for name, value in found.items():
                first[name] += 0.1 * (value - first[name])
                second[name] += 0.01 * (value * value - second[name])
                root = np.sqrt(second[name] / (1 - 0.99**step)) + 1e-8
                move = first[name] / (1 - 0.9**step) / root
                if value.ndim > 1:
                    move += DECAY * weights[name]
                weights[name] -= (rate * move).astype(np.float32)
    return weights


def _cosine(done: float) -> float:
    return 0.5 * (1.0 + float(np.cos(np.pi * done)))


def _scale(examples: Sequence[Example]) -> Scale:
    """Limits, mean and deviation of each number over the lines."""
    rows = np.concatenate([example.rows[::_SAMPLED] for example in examples])
    low, high = np.percentile(rows, _OUTLIERS, axis=0).astype(np.float32)
    inside = np.clip(rows, low, high)
    return low, high, inside.mean(axis=0).astype(np.float32), (inside.std(axis=0) + 1e-3).astype(np.float32)


def first_weights(random: np.random.Generator, numbers: int) -> Weights:
    def normal(rows: int, columns: int, size: float) -> Floats:
        return (random.standard_normal((rows, columns)) * size).astype(np.float32)

    weights = {
        "vectors": normal(1 << BITS, WIDTH, 0.05),
        "words": normal(WIDTH, UNITS, np.sqrt(2 / WIDTH)),
        "first": normal(numbers, UNITS, 0.7 * np.sqrt(2 / numbers)),
        "shift": np.zeros(UNITS, dtype=np.float32),
        "last": normal(UNITS, 1, 0.5 * np.sqrt(2 / UNITS))[:, 0],
        "base": np.zeros(1, dtype=np.float32),
    }
    for look in NEAR:
        weights[f"kernel-{look}"] = normal(3 * UNITS, UNITS, 0.5 * np.sqrt(2 / (3 * UNITS)))
        weights[f"kernel-{look}-shift"] = np.zeros(UNITS, dtype=np.float32)
    for look in FAR:
        weights[f"signs-{look}"] = normal(UNITS, SIGNS, np.sqrt(1 / UNITS))
        weights[f"signs-{look}-shift"] = np.zeros(SIGNS, dtype=np.float32)
        weights[f"meaning-{look}"] = normal(3 * SIGNS + UNITS, UNITS, 0.5 * np.sqrt(2 / (3 * SIGNS + UNITS)))
        weights[f"meaning-{look}-shift"] = np.zeros(UNITS, dtype=np.float32)
    return weights


def pack(weights: Weights, scale: Scale) -> tuple[Forest, Forest]:
    """The word vectors in a few levels, the rest at half precision: neither costs any F1."""
    size = 3.0 * float(weights["vectors"].std()) / _LEVELS
    levels = np.clip(np.round(weights["vectors"] / size), -_LEVELS, _LEVELS).astype(np.int8)
    dense = {name: value for name, value in weights.items() if name != "vectors"}
    dense |= dict(zip(("low", "high", "mean", "deviation"), scale, strict=True))
    flat = np.concatenate([value.ravel() for value in dense.values()]).astype(np.float16)
    shapes = {name: [float(length) for length in value.shape] for name, value in dense.items()}
    return (
        _leaves(levels.ravel(), ("bucket",), {"width": [float(WIDTH)], "scale": [size]}),
        _leaves(flat, tuple(dense), shapes),
    )


def _leaves(value: NDArray[np.generic], names: tuple[str, ...], extra: dict[str, list[float]]) -> Forest:
    return Forest(
        names=names,
        feature=np.full(1, -1, dtype=np.int16),
        threshold=np.zeros(1, dtype=np.float32),
        left=np.zeros(1, dtype=np.int32),
        value=value,  # type: ignore[arg-type]
        roots=np.zeros(1, dtype=np.int32),
        depth=0,
        base=0.0,
        extra=extra,
    )
