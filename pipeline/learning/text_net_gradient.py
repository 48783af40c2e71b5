"""What one step of training the network over lines looks at, and which way the weights should go."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from pipeline.classify.text_net import BITS, FAR, LOOKS, NEAR, neighbours, odds_column, page_wide

Floats = NDArray[np.float32]
Weights = dict[str, Floats]
Back = Callable[[Floats, Weights], Floats]
"""From the gradient behind a layer to that before it; adds that of the layer's own weights."""
Scale = tuple[Floats, Floats, Floats, Floats]
"""Limits, mean and deviation of each number over the lines."""

UNITS, WIDTH, SIGNS = 32, 16, 8
CROP = 400
"""Lines of a page that one step sees; of a longer page another stretch each time."""
_GAP = max(map(int, NEAR))
_KEPT_WORDS, _KEPT_UNITS = 0.4, 0.8
"""What random thinning (Srivastava and others 2014) leaves of the words and of the first layer."""


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """The lines of a page as the network reads them, with what is to be learnt of each and how much it weighs."""

    rows: Floats
    alone: Floats
    bag: sparse.csr_matrix
    labels: Floats
    weights: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Stretches of several pages one below the other, with room between them that no kernel looks across.

    ``bounds`` are the first line of each and the one after its last.
    """

    numbers: Floats
    bag: sparse.csr_matrix
    labels: Floats
    weights: Floats
    real: Floats
    bounds: tuple[tuple[int, int], ...]


def stack(examples: Sequence[Example], scale: Scale, random: np.random.Generator) -> Batch:
    """What one step looks at: the pages, or stretches of ``CROP`` lines where they are longer, drawn at random."""
    low, high, mean, deviation = scale
    rows, alone, bags, labels, weights, real, bounds = [], [], [], [], [], [], []
    at = 0
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
        bounds.append((at, at + count))
        at += count + _GAP
    numbers = [np.concatenate(parts, axis=1) for parts in zip(rows, alone, strict=True)]
    return Batch(
        numbers=np.concatenate([_apart(part) for part in numbers]),
        bag=sparse.vstack(bags, format="csr"),
        labels=np.concatenate([_apart(part) for part in labels]),
        weights=np.concatenate([_apart(part) for part in weights]),
        real=np.concatenate([_apart(part) for part in real]),
        bounds=tuple(bounds),
    )


def _apart(values: Floats) -> Floats:
    return np.concatenate([values, np.zeros((_GAP, *values.shape[1:]), dtype=np.float32)])


def gradient(weights: Mapping[str, Floats], batch: Batch, random: np.random.Generator) -> tuple[float, Weights]:
    """The weighted cross-entropy of a batch, and its gradient by back-propagation."""
    bag = batch.bag.copy()
    bag.data = bag.data * (random.random(len(bag.data)) < _KEPT_WORDS) / np.float32(_KEPT_WORDS)
    bag.data = bag.data.astype(np.float32)
    words = bag @ weights["vectors"]
    thin = (random.random((len(batch.real), UNITS)) < _KEPT_UNITS) / _KEPT_UNITS
    gate = (thin * batch.real[:, None]).astype(np.float32)
    hidden = np.maximum(batch.numbers @ weights["first"] + words @ weights["words"] + weights["shift"], 0.0) * gate
    begun, undo = hidden, []
    for look in LOOKS:
        hidden, back_through = (_far if look in FAR else _near)(hidden, look, weights, batch)
        undo.append(back_through)
    odds = hidden @ weights["last"] + weights["base"]
    share = batch.weights / batch.weights.sum()
    loss = float(np.sum(share * (np.logaddexp(0.0, odds) - batch.labels * odds)))
    error = ((1.0 / (1.0 + np.exp(-odds)) - batch.labels) * share).astype(hidden.dtype)
    found: Weights = {"last": hidden.T @ error, "base": error.sum(keepdims=True)}
    back = error[:, None] * weights["last"]
    for back_through in reversed(undo):
        back = back_through(back, found)
    back = back * gate * (begun > 0)
    found["first"], found["words"], found["shift"] = batch.numbers.T @ back, words.T @ back, back.sum(axis=0)
    found["vectors"] = np.asarray(bag.T @ (back @ weights["words"].T))
    return loss, found


def _near(hidden: Floats, look: str, weights: Mapping[str, Floats], batch: Batch) -> tuple[Floats, Back]:
    """What a line hears of its neighbours, and the way back."""
    kernel, dilation = weights[f"kernel-{look}"], int(look)
    seen = neighbours(hidden, dilation)
    more = np.maximum(seen @ kernel + weights[f"kernel-{look}-shift"], 0.0) * batch.real[:, None]

    def back_through(back: Floats, found: Weights) -> Floats:
        inner = back * (more > 0)
        found[f"kernel-{look}"], found[f"kernel-{look}-shift"] = seen.T @ inner, inner.sum(axis=0)
        return back + _gathered(inner @ kernel.T, dilation)

    return hidden + more, back_through


def _far(hidden: Floats, look: str, weights: Mapping[str, Floats], batch: Batch) -> tuple[Floats, Back]:
    """What a line hears of the whole page, and the way back."""
    kernel, meaning = weights[f"signs-{look}"], weights[f"meaning-{look}"]
    signs = np.maximum(hidden @ kernel + weights[f"signs-{look}-shift"], 0.0)
    heard = np.concatenate([_page_wide(signs, batch.bounds), hidden], axis=1)
    more = np.maximum(heard @ meaning + weights[f"meaning-{look}-shift"], 0.0) * batch.real[:, None]

    def back_through(back: Floats, found: Weights) -> Floats:
        inner = back * (more > 0)
        found[f"meaning-{look}"], found[f"meaning-{look}-shift"] = heard.T @ inner, inner.sum(axis=0)
        spread = inner @ meaning.T
        inner = _heard_from(spread, signs, batch.bounds) * (signs > 0)
        found[f"signs-{look}"], found[f"signs-{look}-shift"] = hidden.T @ inner, inner.sum(axis=0)
        out: Floats = back + spread[:, 3 * SIGNS :] + inner @ kernel.T
        return out

    return hidden + more, back_through


def _gathered(spread: Floats, dilation: int) -> Floats:
    """What ``neighbours`` hands out, handed back to the rows it came from."""
    units = spread.shape[1] // 3
    out = spread[:, units : 2 * units].copy()
    out[:-dilation] += spread[dilation:, :units]
    out[dilation:] += spread[:-dilation, 2 * units :]
    return out


def _page_wide(signs: Floats, bounds: Sequence[tuple[int, int]]) -> Floats:
    out = np.zeros((len(signs), 3 * signs.shape[1]), dtype=signs.dtype)
    for begin, end in bounds:
        page_wide(signs[begin:end], out[begin:end])
    return out


def _heard_from(spread: Floats, signs: Floats, bounds: Sequence[tuple[int, int]]) -> Floats:
    """What ``page_wide`` hands out, handed back to the lines it came from."""
    out, count = np.zeros_like(signs), signs.shape[1]
    for begin, end in bounds:
        own, part = signs[begin:end], spread[begin:end]
        above = _from_strongest(part[:, :count], own)
        below = _from_strongest(part[::-1, count : 2 * count], own[::-1])[::-1]
        out[begin:end] = above + below + part[:, 2 * count : 3 * count].mean(axis=0)
    return out


def _from_strongest(spread: Floats, signs: Floats) -> Floats:
    """The sums of what goes to each line as the strongest of those from the first on."""
    lines, count = signs.shape
    strongest = signs == np.maximum.accumulate(signs, axis=0)
    line = np.maximum.accumulate(np.where(strongest, np.arange(lines)[:, None], 0), axis=0)
    flat = (line * count + np.arange(count)).ravel()
    return np.bincount(flat, spread.ravel(), minlength=lines * count).reshape(lines, count).astype(spread.dtype)
