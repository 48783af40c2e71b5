"""What the tables of a release hold, counted shard by shard, so that a release is counted by adding up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from hashlib import shake_256
from typing import Any, TypeAlias

import msgspec
import pyarrow as pa

from pipeline.store import rows

_BYTES = 256
_MODULUS = 1 << 8 * _BYTES
Item: TypeAlias = dict[str, Any] | rows.Columns | Any  # a row, or a table of rows


class Summary(msgspec.Struct, frozen=True):
    """Counts of documents by status, of removed blocks by reason, of names, of text files and their bytes.

    ``digest`` is over all documents, whatever their order and their shards: the sum of their digests, each drawn out to
    2,048 bits (AdHash: Bellare and Micciancio, "A New Paradigm for Collision-Free Hashing", EUROCRYPT 1997).
    """

    digest: str
    statuses: dict[str, int]
    reasons: dict[str, int]
    mentions: int
    texts: int
    text_bytes: int


class Tally:
    """The summary of a shard in the making, from the rows of its tables as they are written."""

    def __init__(self) -> None:
        self._digest = 0
        self._statuses: Counter[str] = Counter()
        self._reasons: Counter[str] = Counter()
        self._mentions = self._texts = self._bytes = 0

    def add(self, table: str, item: Item) -> None:
        """A row or some rows of a table, ``index`` among them."""
        if table == "index":
            for digest in _values(item, "digest"):
                self._digest += int.from_bytes(shake_256(digest.encode()).digest(_BYTES), "big")
            self._statuses.update(_values(item, "status"))
        elif table == "removed_blocks":
            self._reasons.update(_values(item, "reason"))
        elif table == "mentions":
            self._mentions += item.num_rows if isinstance(item, pa.Table) else 1
        elif table == "texts":
            sizes = _values(item, "bytes")
            self._texts, self._bytes = self._texts + len(sizes), self._bytes + sum(sizes)

    def summary(self) -> Summary:
        """Of all that was added."""
        digest = (self._digest % _MODULUS).to_bytes(_BYTES, "big").hex()
        return Summary(digest, self._statuses, self._reasons, self._mentions, self._texts, self._bytes)


def _values(item: Item, column: str) -> list[Any]:
    values: Any = item[column]
    if isinstance(item, rows.Columns):
        return list(values)
    return list(values.to_pylist()) if isinstance(item, pa.Table) else [values]


def total(parts: Iterable[Summary]) -> Summary:
    """The summary of all shards together; reasons by count, then by name."""
    found = list(parts)
    statuses: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for part in found:
        statuses.update(part.statuses)
        reasons.update(part.reasons)
    digest = sum(int(part.digest, 16) for part in found) % _MODULUS
    return Summary(
        digest.to_bytes(_BYTES, "big").hex(),
        statuses,
        dict(sorted(reasons.items(), key=lambda item: (-item[1], item[0]))),
        sum(part.mentions for part in found),
        sum(part.texts for part in found),
        sum(part.text_bytes for part in found),
    )
