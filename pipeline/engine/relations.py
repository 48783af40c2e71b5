"""What the clusters say of the documents of each shard, beside the file of all clusters, which only a release needs
whole."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipeline.store import rows
from pipeline.store.tables import CLUSTERS
from pipeline.text import sha256


def path(clusters_file: Path) -> Path:
    """Where the relations lie that belong to a file of clusters."""
    return clusters_file.with_name(f"{clusters_file.stem}.relations.parquet")


def write(
    clusters_file: Path, clusters: pa.Table, shard: NDArray[np.int64], row: NDArray[np.int64], sizes: Sequence[int]
) -> None:
    """Leaves the rows of ``clusters`` shard by shard, and rows of nulls for documents that are in no cluster.

    ``shard`` and ``row`` are, by row of ``clusters``, the place of its document in the results of the shards, which
    have ``sizes`` rows.
    """
    begins = np.fromiter(accumulate(sizes, initial=0), dtype=np.int64)
    place = np.full(begins[-1], -1, dtype=np.int64)
    place[begins[shard] + row] = np.arange(len(shard))
    by_place = pa.array(place, mask=place < 0)
    parts = [clusters.take(by_place.slice(begin, size)) for begin, size in zip(begins.tolist(), sizes, strict=False)]
    told = {str(number): sha256("\n".join(as_text(part))) for number, part in enumerate(parts)}
    rows.write_groups(path(clusters_file), CLUSTERS, parts, told)


def digests(clusters_file: Path) -> list[str]:
    """By shard, the digest of what the clusters say of its documents."""
    told = rows.facts(path(clusters_file))
    return [told[str(number)] for number in range(len(told))]


def of_shard(clusters_file: Path, number: int) -> pa.Table:
    """The cluster of each document of a shard, in the order of its result; all null where one has none."""
    return rows.read_group(path(clusters_file), number)


def as_text(part: pa.Table) -> list[str]:
    """Each row as a string, which is empty for a document without a cluster."""
    columns = (pc.cast(column, pa.string()) for column in part.columns)
    texts: list[str] = pc.fill_null(pc.binary_join_element_wise(*columns, "\x1f"), "").to_pylist()
    return texts
