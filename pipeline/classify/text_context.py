"""A line among its neighbours: what the second stage of the line classifier reads beside the line itself.

The method is that of jusText (judge a line alone, then in context) with learnt instead of fixed rules; the main region
is the maximal scoring stretch of Kohlschütter and others' shallow text features.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.glyphs import STOP, Glyphs
from pipeline.runs import runs

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
_ADDRESS, _LEXICAL = ABOUT_COLUMNS.index("address"), ABOUT_COLUMNS.index("lexical_mean")
_READ = ["words", "mark", "we", "you", "repeats", "lexical_mean", "stop_words", "last_class", "characters", "currency"]
"""The columns of the line alone that are read by name."""
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
    count = len(alone)
    lines = rows.T  # columns lie together, as the trees read them
    read, beside = _places(names)
    column = {name: lines[place] for name, place in zip(_READ, read, strict=True)}
    words = np.expm1(column["words"])
    weight = _weights(words)
    mark = column["mark"]
    heading = (mark >= HEADING_MARKS[0]) & (mark <= HEADING_MARKS[1])
    end = (mark >= END_MARKS[0]) & (mark <= END_MARKS[1])
    out = np.empty((len(NAMES), count), dtype=np.float32)
    out[0] = alone
    place = 1
    for block in (
        _shifted(alone),
        _masses(alone, weight),
        _beside(lines.take(beside, axis=0)),
        _page(alone, words),
        _region(alone, words),
        [_core_overlap(alone, page)],
        _run(np.array([alone > 0.6, alone < 0.25])),
        _since(heading, end),
        _about(column, weight, alone),
    ):
        if isinstance(block, np.ndarray):
            out[place : place + len(block)] = block
        else:
            for offset, values in enumerate(block):
                out[place + offset] = values
        place += len(block)
    return out.T


@cache
def _places(names: tuple[str, ...]) -> tuple[list[int], list[int]]:
    """Where the columns stand that are read by name, and those that are read of the neighbours."""
    return [names.index(name) for name in _READ], [names.index(name) for name in NEIGHBOUR_COLUMNS]


def _shifted(values: Floats) -> Floats:
    """What stands as far above and below each line as ``LAGS`` say; -1 beyond the ends."""
    reach = max(LAGS)
    around = np.full(len(values) + 2 * reach, -1.0, dtype=np.float32)
    around[reach:-reach] = values
    return np.array([around[reach + lag : reach + lag + len(values)] for lag in LAGS])


def _beside(values: Floats) -> Floats:
    """Each row as the line above has it and as the line below does, one after the other."""
    rows, count = values.shape
    out = np.full((rows, 2, count), -1.0, dtype=np.float32)
    out[:, 0, 1:] = values[:, :-1]
    out[:, 1, :-1] = values[:, 1:]
    return out.reshape(2 * rows, count)


def _sums(values: NDArray[np.float64], reach: int) -> NDArray[np.float64]:
    """The sums of each row over all that stands before each place, with ``reach`` more of the first and of the last.

    So the sum over a window, cut off at the ends of the page, is a difference of two slices.
    """
    rows, count = values.shape
    sums = np.zeros((rows, count + 1 + 2 * reach))
    np.cumsum(values, axis=1, out=sums[:, reach + 1 : reach + 1 + count])
    sums[:, reach + 1 + count :] = sums[:, reach + count, None]
    return sums


def _weights(words: Floats) -> NDArray[np.float64]:
    """What a line counts for beside others: the root of its length."""
    return np.asarray(np.sqrt(words + 0.5), dtype=np.float64)


def _masses(alone: Floats, weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean probability of the lines above and below, each line weighted by the root of its length."""
    count, reach = len(alone), max(WINDOWS)
    sums = _sums(np.array([alone * weight, weight]), reach)
    here, after = sums[:, reach : reach + count], sums[:, reach + 1 : reach + 1 + count]
    masses = np.empty((2, 2 * len(WINDOWS), count))
    for place, size in enumerate(WINDOWS):
        np.subtract(here, sums[:, reach - size : reach - size + count], out=masses[:, place])
        beyond = sums[:, reach + 1 + size : reach + 1 + size + count]
        np.subtract(beyond, after, out=masses[:, len(WINDOWS) + place])
    mass, total = masses
    return np.asarray(mass / np.maximum(total, 0.5))


def _page(alone: Floats, words: Floats) -> list[NDArray[np.float64] | float]:
    mass = (alone * words).astype(np.float64)
    total = mass.sum()
    before = np.zeros(len(mass))
    np.cumsum(mass[:-1], out=before[1:])
    after = total - before - mass
    return [
        _coarse(np.log1p(total), 2),
        _coarse(total / max(float(words.sum()), 1.0), 10),
        before / max(total, 1.0),
        after / max(total, 1.0),
    ]


def _about(column: dict[str, Floats], weight: NDArray[np.float64], alone: Floats) -> NDArray[np.float64]:
    """Means over the lines about each line, itself included, and how they compare to the likely story's."""
    count, reach = len(weight), max(ABOUT)
    address = column["we"] + column["you"]
    last_stop = column["last_class"] == STOP
    lexical = column["lexical_mean"]
    values = np.empty((len(ABOUT_COLUMNS) + 3, count))
    for place, numbers in enumerate(
        [lexical, column["stop_words"], address, last_stop, column["characters"], column["currency"]]
    ):
        np.multiply(numbers, weight, out=values[place])
    values[-3], values[-2], values[-1] = weight, column["repeats"] > 0.7, 1.0
    sums = _sums(values, reach)
    windows = np.empty((len(values), len(ABOUT), count))
    for place, size in enumerate(ABOUT):
        end, start = sums[:, reach + 1 + size :][:, :count], sums[:, reach - size :][:, :count]
        np.subtract(end, start, out=windows[:, place])
    means = windows[: len(ABOUT_COLUMNS)] / windows[-3]
    story = weight * alone
    scale = max(float(story.sum()), 1e-3)
    out = np.empty((2 * len(ABOUT_COLUMNS) + 3, count))
    out[:-3] = means.reshape(-1, count)
    np.subtract(means[_ADDRESS, 0], float((address * story).sum()) / scale, out=out[-3])
    np.subtract(means[_LEXICAL, 0], float((lexical * story).sum()) / scale, out=out[-2])
    np.divide(windows[-2, 1], windows[-1, 1], out=out[-1])
    return out


def _region(alone: Floats, words: Floats) -> list[NDArray[Any] | float]:
    """The stretch of lines with the greatest sum of (probability - 0.4) x words, and where each line lies to it."""
    count = len(alone)
    gain = (alone - 0.4) * np.sqrt(words + 0.5)
    sums = np.zeros(count + 1)
    np.cumsum(gain, dtype=np.float64, out=sums[1:])
    lowest = np.minimum.accumulate(sums[:-1])
    end = int(np.argmax(sums[1:] - lowest)) + 1
    start = int(np.argmin(sums[:end]))
    inside = np.zeros(count, dtype=bool)
    inside[start:end] = True
    distance = np.log1p(np.arange(count + 1))
    inner = words[start:end]
    return [
        inside,
        np.concatenate((-distance[start:0:-1], distance[: count - start])),
        np.concatenate((distance[:end][::-1], -distance[1 : count - end + 1])),
        _coarse(inner.sum() / max(float(words.sum()), 1.0), 10),
        _coarse(np.add.reduce(alone[start:end]) / np.float32(end - start), 10),
        np.log1p(words) - np.log1p(inner.mean()),
    ]


def _coarse(value: float, steps: int) -> float:
    """What is the same for all lines of a page, rounded, or the trees would learn the training pages by heart."""
    return round(float(value) * steps) / steps


def _core_overlap(alone: Floats, page: Glyphs) -> Floats:
    """The share of a line's words that also stand in other lines which look like the story."""
    number = len(alone)
    if not len(page.buckets):
        return np.zeros(number, dtype=np.float32)
    # One count per line and word, so that a line cannot vouch for itself by repeating a word.
    pairs = page.buckets << 32
    pairs |= page.word_lines
    pairs.sort()
    pairs = pairs[runs(pairs)[0]]  # np.unique takes ten times as long
    lines = pairs & 0xFFFFFFFF
    pairs >>= 32
    begins, sizes = runs(pairs)
    core = alone.take(lines) > 0.6
    elsewhere = np.repeat(np.add.reduceat(core, begins, dtype=np.int64), sizes) > core
    total = np.bincount(lines, minlength=number)
    shared = np.bincount(lines[elsewhere], minlength=number) / np.maximum(total, 1)
    return np.asarray(shared, dtype=np.float32)


def _run(flags: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The logarithm of the length of the run of true values of its row that each value is in; 0 outside."""
    count = flags.shape[1]
    rank = np.arange(count)
    before = np.maximum.accumulate(np.where(flags, -1, rank), axis=1)
    after = np.minimum.accumulate(np.where(flags, count, rank)[:, ::-1], axis=1)[:, ::-1]
    return np.asarray(np.log1p(np.maximum(after - before - 1, 0)))


def _since(heading: NDArray[np.bool_], end: NDArray[np.bool_]) -> NDArray[np.float64]:
    """How many lines ago the last heading was, how many lines on the next is, how many ago the last end was.

    As a logarithm; 6 where there was none.
    """
    rank = np.arange(len(heading))
    last = np.maximum.accumulate(np.where([heading, heading[::-1], end], rank, -1), axis=1)
    found = np.where(last < 0, 6.0, np.log1p(rank - last))
    found[1] = found[1, ::-1].copy()
    return found
