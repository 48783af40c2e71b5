"""What some texts have in common with all others, of which one pass over the shingles of all is made.

Both relations between two texts ask for much of it: an excerpt has ``CONTAINED`` of the smaller one in common with the
larger, an edition at least .6 of the larger, since its Jaccard similarity is ``EDITION`` or more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from pipeline.duplicates.bands import EDITION
from pipeline.duplicates.excerpts import CONTAINED, SHORTEST
from pipeline.runs import places

# The table of the shingles looked for has so many more bits than their number: one in 64 others is let through.
_SPARSE, _LEAST_BITS, _MOST_BITS = 6, 12, 24

Indices = NDArray[np.int64]


class Texts(Protocol):
    """Distinct sets of shingles by number, wherever they lie; ``sizes`` has shape (texts,)."""

    @property
    def sizes(self) -> Indices:
        """How many shingles each text has."""

    @property
    def laid_out(self) -> bool:
        """Whether anything of any text is at hand at once; else what is asked for is read, best for some together."""

    def shingles(self, text: int) -> NDArray[np.uint32]:
        """The sorted shingle hashes of a text."""

    def several(self, texts: Indices) -> list[NDArray[np.uint32]]:
        """Those of some texts, ascending."""

    def signatures(self, texts: Indices) -> NDArray[np.uint32]:
        """The signatures of some texts, ascending, shape (texts, 128)."""

    def band(self, number: int) -> NDArray[np.uint64]:
        """The keys of all texts in one band, see ``band_keys``."""

    def chunks(self) -> Iterator[tuple[slice, NDArray[np.uint32]]]:
        """The shingle hashes of all texts, some texts at a time, and which these are."""


@dataclass(frozen=True, slots=True, eq=False)
class Overlap:
    """What a text has in common with some others: for each of ``others`` the number of shingles."""

    text: int
    others: Indices
    both: Indices


def overlaps(texts: Texts, new: Indices) -> Iterator[tuple[slice, Overlap]]:
    """All pairs of a text and one of ``new`` that can be an edition or an excerpt of each other, by text, and among
    which texts that one lies; a pair of two new ones comes twice."""
    if not len(new):
        return
    sizes = texts.sizes
    held = texts.several(new)
    values, owners = np.concatenate(held), np.repeat(np.arange(len(new)), [len(one) for one in held])
    order = np.argsort(values, kind="stable")
    values, owners = values[order], owners[order]
    shift = np.uint32(32 - min(_MOST_BITS, max(_LEAST_BITS, len(values).bit_length() + _SPARSE)))
    passing = np.zeros(1 << (32 - int(shift)), dtype=bool)
    passing[values >> shift] = True
    least = CONTAINED * max(SHORTEST, int(sizes[new].min()))
    for some, chunk in texts.chunks():
        own = sizes[some]
        hits = np.flatnonzero(passing.take(chunk >> shift))
        begins = np.searchsorted(hits, np.concatenate(([0], np.cumsum(own))))
        enough = np.diff(begins) >= np.minimum(least, EDITION * own)
        for place in np.flatnonzero(enough).tolist():
            mine = chunk[hits[begins[place] : begins[place + 1]]]
            overlap = _overlap(some.start + place, mine, values, owners, new, sizes)
            if len(overlap.others):
                yield some, overlap


def _overlap(
    text: int, mine: NDArray[np.uint32], values: NDArray[np.uint32], owners: Indices, new: Indices, sizes: Indices
) -> Overlap:
    begins = np.searchsorted(values, mine, side="left")
    lengths = np.searchsorted(values, mine, side="right") - begins
    both = np.bincount(owners[places(begins, lengths)], minlength=len(new))
    # An edition shares that much of the smaller one, too.
    enough = np.flatnonzero((both >= CONTAINED * np.minimum(sizes[new], sizes[text])) & (new != text))
    return Overlap(text, new[enough], both[enough])
