"""A line among its neighbours: what the second stage of the line classifier reads beside the line itself.

The method is that of jusText (judge a line alone, then in context) with learnt instead of fixed rules; the main region
is the maximal scoring stretch of Kohlschütter and others' shallow text features.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.glyphs import BUCKET_BITS, STOP, Glyphs

Floats = NDArray[np.float32]

LAGS = (-3, -2, -1, 1, 2, 3)
WINDOWS = (2, 5, 12, 30)
NEIGHBOUR_COLUMNS = (
    "characters",
    "stop_words",
    "first_class",
    "last_class",
    "mark",
    "blank_above",
    "capitalised_words",
    "lexical_mean",
)
ABOUT_COLUMNS = ("lexical_mean", "stop_words", "address", "last_stop", "characters", "currency")
ABOUT = (2, 6)
HEADING_MARKS = (1, 3)
"""Numbers of the marks date, byline and dateline in the column ``mark``; source and more follow at 5 and 6."""
END_MARKS = (5, 6)

NAMES = (
    "alone",
    *(f"alone{lag:+d}" for lag in LAGS),
    *(f"mass_above_{size}" for size in WINDOWS),
    *(f"mass_below_{size}" for size in WINDOWS),
    *(f"{name}{lag:+d}" for name in NEIGHBOUR_COLUMNS for lag in (-1, 1)),
    "story_words",
    "story_share",
    "share_above",
    "share_below",
    "in_region",
    "from_region_start",
    "to_region_end",
    "region_share",
    "region_mean",
    "length_to_region",
    "core_overlap",
    "run_of_story",
    "run_of_furniture",
    "since_heading",
    "until_heading",
    "since_end",
    *(f"{name}_about_{size}" for name in ABOUT_COLUMNS for size in ABOUT),
    "address_to_region",
    "lexical_to_region",
    "repeated_about",
)


def context_features(rows: Floats, names: tuple[str, ...], alone: Floats, page: Glyphs) -> Floats:
    """One row per line, one column per name in ``NAMES``.

    ``rows`` are the features of the lines alone, their columns called ``names``; ``alone`` is the probability that
    the first stage gives each line.
    """
    column = {name: rows[:, index] for index, name in enumerate(names)}
    words = np.expm1(column["words"])
    columns = [alone, *(_shift(alone, lag) for lag in LAGS)]
    columns += _masses(alone, words)
    columns += [_shift(column[name], lag) for name in NEIGHBOUR_COLUMNS for lag in (-1, 1)]
    columns += _page(alone, words)
    columns += _region(alone, words)
    columns.append(_core_overlap(alone, page))
    columns += [_run(alone > 0.6), _run(alone < 0.25)]
    mark = column["mark"]
    heading = (mark >= HEADING_MARKS[0]) & (mark <= HEADING_MARKS[1])
    end = (mark >= END_MARKS[0]) & (mark <= END_MARKS[1])
    columns += [_since(heading), _since(heading[::-1])[::-1], _since(end)]
    columns += _about(column, words, alone)
    out = np.empty((len(columns), len(alone)), dtype=np.float32)  # columns lie together, as the trees read them
    for place, values in enumerate(columns):
        out[place] = values
    return out.T


def _shift(values: Floats, lag: int) -> Floats:
    out = np.full(len(values), -1.0, dtype=np.float32)
    if lag < 0:
        out[-lag:] = values[:lag]
    else:
        out[:-lag] = values[lag:]
    return out


def _masses(alone: Floats, words: Floats) -> list[Floats]:
    """Mean probability of the lines above and below, each line weighted by the root of its length."""
    weight = np.sqrt(words + 0.5).astype(np.float64)
    mass = np.concatenate(([0.0], np.cumsum(alone * weight)))
    total = np.concatenate(([0.0], np.cumsum(weight)))
    rank = np.arange(len(alone))
    above, below = [], []
    for size in WINDOWS:
        low, high = np.maximum(rank - size, 0), np.minimum(rank + 1 + size, len(alone))
        above.append((mass[rank] - mass[low]) / np.maximum(total[rank] - total[low], 0.5))
        below.append((mass[high] - mass[rank + 1]) / np.maximum(total[high] - total[rank + 1], 0.5))
    return [*above, *below]


def _page(alone: Floats, words: Floats) -> list[Floats]:
    mass = (alone * words).astype(np.float64)
    total = mass.sum()
    before = np.concatenate(([0.0], np.cumsum(mass)[:-1]))
    after = total - before - mass
    count = len(alone)
    return [
        np.full(count, _coarse(np.log1p(total), 2)),
        np.full(count, _coarse(total / max(float(words.sum()), 1.0), 10)),
        before / max(total, 1.0),
        after / max(total, 1.0),
    ]


def _about(column: dict[str, Floats], words: Floats, alone: Floats) -> list[Floats]:
    """Means over the lines about each line, itself included, and how they compare to the likely story's."""
    weight = np.sqrt(words + 0.5).astype(np.float64)
    values = {
        **column,
        "address": column["we"] + column["you"],
        "last_stop": (column["last_class"] == STOP).astype(np.float32),
    }
    total = np.concatenate(([0.0], np.cumsum(weight)))
    rank = np.arange(len(words))
    columns: dict[str, Floats] = {}
    for name in ABOUT_COLUMNS:
        mass = np.concatenate(([0.0], np.cumsum(values[name] * weight)))
        for size in ABOUT:
            low, high = np.maximum(rank - size, 0), np.minimum(rank + 1 + size, len(words))
            columns[f"{name}_{size}"] = (mass[high] - mass[low]) / (total[high] - total[low])
    story = weight * alone
    scale = max(float(story.sum()), 1e-3)
    repeated = np.concatenate(([0.0], np.cumsum(column["repeats"] > 0.7)))
    low, high = np.maximum(rank - 6, 0), np.minimum(rank + 7, len(words))
    return [
        *columns.values(),
        columns["address_2"] - float((values["address"] * story).sum()) / scale,
        columns["lexical_mean_2"] - float((values["lexical_mean"] * story).sum()) / scale,
        (repeated[high] - repeated[low]) / (high - low),
    ]


def _region(alone: Floats, words: Floats) -> list[Floats]:
    """The stretch of lines with the greatest sum of (probability - 0.4) x words, and where each line lies to it."""
    count = len(alone)
    gain = (alone - 0.4) * np.sqrt(words + 0.5)
    sums = np.concatenate(([0.0], np.cumsum(gain, dtype=np.float64)))
    lowest = np.minimum.accumulate(sums[:-1])
    end = int(np.argmax(sums[1:] - lowest)) + 1
    start = int(np.argmin(sums[:end]))
    rank = np.arange(count)
    inside = (rank >= start) & (rank < end)
    inner = words[start:end]
    return [
        inside,
        _signed_log(rank - start),
        _signed_log(end - 1 - rank),
        np.full(count, _coarse(inner.sum() / max(float(words.sum()), 1.0), 10)),
        np.full(count, _coarse(alone[start:end].mean(), 10)),
        np.log1p(words) - np.log1p(inner.mean()),
    ]


def _coarse(value: float, steps: int) -> float:
    """What is the same for all lines of a page, rounded, or the trees would learn the training pages by heart."""
    return round(float(value) * steps) / steps


def _signed_log(values: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.sign(values) * np.log1p(np.abs(values))


def _core_overlap(alone: Floats, page: Glyphs) -> Floats:
    """The share of a line's words that also stand in other lines which look like the story."""
    size = 1 << BUCKET_BITS
    buckets = page.buckets
    # One count per line and word, so that a line cannot vouch for itself by repeating a word.
    pairs = np.sort(page.word_lines.astype(np.int64) * size + buckets)
    pairs = pairs[np.concatenate(([True], pairs[1:] != pairs[:-1]))[: len(pairs)]]  # np.unique takes ten times as long
    lines, kinds = pairs // size, pairs % size
    core = alone[lines] > 0.6
    known = np.bincount(kinds[core], minlength=size)
    elsewhere = known[kinds] - core > 0
    total = np.bincount(lines, minlength=len(alone))
    shared = np.bincount(lines, weights=elsewhere, minlength=len(alone)) / np.maximum(total, 1)
    return np.asarray(shared, dtype=np.float32)


def _run(flags: NDArray[np.bool_]) -> Floats:
    """The logarithm of the length of the run of true values that each line is in; 0 outside."""
    change = np.flatnonzero(np.diff(flags.astype(np.int8), prepend=-1))
    sizes = np.diff(np.append(change, len(flags)))
    return np.asarray(np.log1p(np.repeat(sizes * flags[change], sizes)), dtype=np.float32)


def _since(flags: NDArray[np.bool_]) -> Floats:
    """How many lines ago the last true value was, as a logarithm; 6 where there was none."""
    rank = np.arange(len(flags))
    last = np.maximum.accumulate(np.where(flags, rank, -1))
    return np.asarray(np.where(last < 0, 6.0, np.log1p(rank - last)), dtype=np.float32)
