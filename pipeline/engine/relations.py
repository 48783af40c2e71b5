"""What the clusters of several documents say of those of each shard, beside the file of all clusters, which only
readers of a release need."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipeline.store import rows
from pipeline.store.tables import CLUSTERS
from pipeline.text import sha256

# ``row`` is the place of the document in the result of its shard.
_RELATED = pa.schema([("row", pa.int32()), *CLUSTERS])
_NO_CLUSTER = dict.fromkeys(("cluster_id", "is_canonical", "similarity"))
Row = dict[str, Any]


def path(clusters_file: Path) -> Path:
    """Where the relations lie that belong to a file of clusters."""
    return clusters_file.with_name(f"{clusters_file.stem}.relations.parquet")


def write(
    clusters_file: Path, members: pa.Table, shard: NDArray[np.int16], row: NDArray[np.int32], shards: int
) -> None:
    """Leaves the rows of ``members``, documents of clusters of several, shard by shard.

    ``shard`` and ``row``, shape (members,), are the places of each in the results of so many ``shards``.
    """
    order = np.lexsort((row, shard))
    table = pa.Table.from_arrays([pa.array(row), *members.columns], schema=_RELATED).take(pa.array(order))
    begins = np.searchsorted(shard[order], np.arange(shards + 1)).tolist()
    parts = [table.slice(begin, end - begin) for begin, end in pairwise(begins)]
    told = {str(number): sha256("\n".join(lines(part))) for number, part in enumerate(parts)}
    rows.write_groups(path(clusters_file), _RELATED, parts, told)


def digests(clusters_file: Path) -> list[str]:
    """By shard, the digest of what the clusters say of its documents."""
    told = rows.facts(path(clusters_file))
    return [told[str(number)] for number in range(len(told))]


class Relations:
    """What the clusters say of the documents of a shard, by their places in its result."""

    def __init__(self, clusters_file: Path, number: int) -> None:
        table = rows.read_group(path(clusters_file), number)
        numbers, clusters = table["row"].to_pylist(), table.select(CLUSTERS.names)
        self._found: dict[int, Row] = dict(zip(numbers, clusters.to_pylist(), strict=True))
        self._lines: dict[int, str] = dict(zip(numbers, lines(clusters), strict=True))

    def line(self, row: int) -> str:
        """What they say of a document, as a string; empty where it is alone in its cluster, or in none."""
        return self._lines.get(row, "")

    def of(self, row: int, own: str | None) -> Row:
        """The cluster of a document, ``own`` being the one that it stands for; without one it is in no cluster."""
        if own is None:
            return _NO_CLUSTER
        return self._found.get(row, {"cluster_id": own, "is_canonical": True, "similarity": 1.0})


def members(clusters_file: Path) -> pa.Table:
    """The documents of all clusters of several, by their ids, as the table of clusters has them."""
    table = rows.read_table(path(clusters_file), CLUSTERS.names)
    return table.take(pc.sort_indices(table["doc_id"]))


def lines(part: pa.Table) -> list[str]:
    """Each row as a string."""
    columns = (pc.cast(column, pa.string()) for column in part.columns)
    found: list[str] = pc.binary_join_element_wise(*columns, "\x1f").to_pylist()
    return found
