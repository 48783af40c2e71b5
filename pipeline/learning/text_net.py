"""Training of the network over lines, in numpy: the same pages and as many BLAS threads give the same weights.

By Adam (Kingma and Ba 2015) with decaying weights (Loshchilov and Hutter 2019), from one seed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from pipeline.classify.text_net import BITS, DILATIONS, buckets, neighbours, odds_column
from pipeline.glyphs import Glyphs
from pipeline.trees import Forest

Floats = NDArray[np.float32]
Weights = dict[str, Floats]

UNITS, WIDTH = 32, 16
EPOCHS, BATCH = 8, 24
RATE = 3e-3
DECAY = 0.05
CROP = 192
"""Lines of a page that one step sees; of a longer page another stretch each time."""
_GAP = max(DILATIONS)
_KEPT_WORDS, _KEPT_UNITS = 0.4, 0.8
"""What random thinning (Srivastava and others 2014) leaves of the words and of the first layer."""
_WARM = 100
_LEAST_RATE = 0.02
_OUTLIERS = (0.5, 99.5)
_SAMPLED = 37
_LEVELS = 15
_SEED = 7


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """The lines of a page as the network reads them, with what is to be learnt of each and how much it weighs."""

    rows: Floats
    alone: Floats
    bag: sparse.csr_matrix
    labels: Floats
    weights: Floats


def bag_of(page: Glyphs) -> sparse.csr_matrix:
    """The words of each line as a row over the vectors; each row sums to the root of its words."""
    count = len(page.starts)
    sizes = np.bincount(page.word_lines, minlength=count)
    values = (1.0 / np.sqrt(np.maximum(sizes, 1)))[page.word_lines].astype(np.float32)
    return sparse.csr_matrix((values, (page.word_lines, buckets(page))), shape=(count, 1 << BITS))


def fit_net(examples: Sequence[Example]) -> tuple[Forest, Forest]:
    """The word vectors and the other weights, each packed as a forest of bare leaves."""
    random = np.random.default_rng(_SEED)
    scale = _scale(examples)
    weights = _start(random, examples[0].rows.shape[1] + 1)
    first, second = ({name: np.zeros_like(value) for name, value in weights.items()} for _ in range(2))
    batch = min(BATCH, len(examples))
    steps, step = EPOCHS * (len(examples) // batch), 0
    for _ in range(EPOCHS):
        order = random.permutation(len(examples))
        for start in range(0, len(order) - batch + 1, batch):
            step += 1
            chosen = [examples[index] for index in order[start : start + batch].tolist()]
            gradient = _gradient(weights, _stack(chosen, scale, random), random)
            rate = RATE * min(1.0, step / _WARM) * (_LEAST_RATE + (1 - _LEAST_RATE) * _cosine(step / steps))
            for name, value in gradient.items():
                first[name] += 0.1 * (value - first[name])
                second[name] += 0.01 * (value * value - second[name])
                root = np.sqrt(second[name] / (1 - 0.99**step)) + 1e-8
                move = first[name] / (1 - 0.9**step) / root
                if value.ndim > 1:
                    move += DECAY * weights[name]
                weights[name] -= (rate * move).astype(np.float32)
    return _pack(weights, scale)


def _cosine(done: float) -> float:
    return 0.5 * (1.0 + float(np.cos(np.pi * done)))


def _scale(examples: Sequence[Example]) -> tuple[Floats, Floats, Floats, Floats]:
    """Limits, mean and deviation of each number over the lines."""
    rows = np.concatenate([example.rows[::_SAMPLED] for example in examples])
    low, high = np.percentile(rows, _OUTLIERS, axis=0).astype(np.float32)
    inside = np.clip(rows, low, high)
    return low, high, inside.mean(axis=0).astype(np.float32), (inside.std(axis=0) + 1e-3).astype(np.float32)


def _start(random: np.random.Generator, numbers: int) -> Weights:
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
    for dilation in DILATIONS:
        weights[f"kernel-{dilation}"] = normal(3 * UNITS, UNITS, 0.5 * np.sqrt(2 / (3 * UNITS)))
        weights[f"shift-{dilation}"] = np.zeros(UNITS, dtype=np.float32)
    return weights


@dataclass(frozen=True, slots=True, eq=False)
class _Batch:
    """Stretches of several pages one below the other, with room between them that no kernel looks across."""

    numbers: Floats
    bag: sparse.csr_matrix
    labels: Floats
    weights: Floats
    real: Floats


def _stack(
    examples: Sequence[Example], scale: tuple[Floats, Floats, Floats, Floats], random: np.random.Generator
) -> _Batch:
    low, high, mean, deviation = scale
    rows, alone, bags, labels, weights, real = [], [], [], [], [], []
    for example in examples:
        size = len(example.labels)
        begin = int(random.integers(0, size - CROP + 1)) if size > CROP else 0
        own = slice(begin, begin + CROP)
        more = np.float32(np.sqrt(max(size / CROP, 1.0)))  # a stretch speaks for its page
        count = len(example.labels[own])
        rows.append((np.clip(example.rows[own], low, high) - mean) / deviation)
        alone.append(odds_column(example.alone[own]))
        bags += [example.bag[own], sparse.csr_matrix((_GAP, 1 << BITS), dtype=np.float32)]
        labels.append(example.labels[own])
        weights.append(example.weights[own] * more)
        real.append(np.ones(count, dtype=np.float32))
    numbers = [np.concatenate(parts, axis=1) for parts in zip(rows, alone, strict=True)]
    return _Batch(
        np.concatenate([_apart(part) for part in numbers]),
        sparse.vstack(bags, format="csr"),
        *(np.concatenate([_apart(part) for part in parts]) for parts in (labels, weights, real)),
    )


def _apart(values: Floats) -> Floats:
    return np.concatenate([values, np.zeros((_GAP, *values.shape[1:]), dtype=np.float32)])


def _gradient(weights: Mapping[str, Floats], batch: _Batch, random: np.random.Generator) -> Weights:
    """Of the weighted cross-entropy of a batch, by back-propagation."""
    bag = batch.bag.copy()
    bag.data = bag.data * (random.random(len(bag.data)) < _KEPT_WORDS) / np.float32(_KEPT_WORDS)
    bag.data = bag.data.astype(np.float32)
    real = batch.real[:, None]
    words = bag @ weights["vectors"]
    thin = (random.random((len(real), UNITS)) < _KEPT_UNITS) / _KEPT_UNITS
    gate = (thin * real).astype(np.float32)
    hidden = np.maximum(batch.numbers @ weights["first"] + words @ weights["words"] + weights["shift"], 0.0) * gate
    begun, seen, grown = hidden, [], []
    for dilation in DILATIONS:
        seen.append(neighbours(hidden, dilation))
        more = np.maximum(seen[-1] @ weights[f"kernel-{dilation}"] + weights[f"shift-{dilation}"], 0.0) * real
        grown.append(more)
        hidden = hidden + more
    odds = hidden @ weights["last"] + weights["base"]
    error = ((1.0 / (1.0 + np.exp(-odds)) - batch.labels) * batch.weights / batch.weights.sum()).astype(np.float32)
    found: Weights = {"last": hidden.T @ error, "base": error.sum(keepdims=True)}
    back = error[:, None] * weights["last"]
    for dilation, before, more in zip(DILATIONS[::-1], seen[::-1], grown[::-1], strict=True):
        inner = back * (more > 0)
        found[f"kernel-{dilation}"], found[f"shift-{dilation}"] = before.T @ inner, inner.sum(axis=0)
        back = back + _gathered(inner @ weights[f"kernel-{dilation}"].T, dilation)
    back = back * gate * (begun > 0)
    found["first"], found["words"], found["shift"] = batch.numbers.T @ back, words.T @ back, back.sum(axis=0)
    found["vectors"] = np.asarray(bag.T @ (back @ weights["words"].T))
    return found


def _gathered(spread: Floats, dilation: int) -> Floats:
    """What ``neighbours`` hands out, handed back to the rows it came from."""
    units = spread.shape[1] // 3
    out = spread[:, units : 2 * units].copy()
    out[:-dilation] += spread[dilation:, :units]
    out[dilation:] += spread[:-dilation, 2 * units :]
    return out


def _pack(weights: Weights, scale: tuple[Floats, Floats, Floats, Floats]) -> tuple[Forest, Forest]:
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
