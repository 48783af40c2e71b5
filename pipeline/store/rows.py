"""Parquet files of stages and releases.

Stage files have columns for what later stages read across documents (ids, sites, block keys, signatures) and a
payload for the rest. A file is complete when it is there: it is written atomically and named by its stage key.
"""

from __future__ import annotations

import os
import sys
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from pipeline.store import files

_MAGIC = b"PAR1"
_ARROW = b"ARROW:schema"  # what pyarrow tells of every file
_TAIL = 8  # the length of the footer and the magic number


class Columns(dict[str, list[Any]]):
    """Some rows, column by column: what costs least to gather where a document has hundreds of them."""


Item: TypeAlias = dict[str, Any] | Columns | Any  # a row, or a table of rows
_GROUP_ROWS, _GROUP_BYTES = 8_192, 8_000_000  # of a row group, at most: one is held in memory at a time
_BATCH = 512  # rows that become Python objects together
_PAYLOAD, _TEXT = "payload", "text"
_HASHES = {"identity", "print", "stands_by", "signature", "shingles"}  # nothing makes them less
_DISTINCT = {
    *_HASHES,
    _PAYLOAD,
    "keys",
    "basis",
    _TEXT,
    "cluster_id",
    "text_sha256",
    "content_sha256",
    "content",
    "digest",
}


class _Absent:
    """A finder of modules for which there is no pandas."""

    def find_spec(self, name: str, *_: Any) -> None:
        if name == "pandas":
            raise ImportError(name)


def without_pandas() -> None:
    """Keeps pyarrow from reading the whole of pandas, where it is installed, for the first list that it is given.

    It looks for pandas once, and again only when somebody asks for a frame.
    """
    absent: Any = _Absent()
    sys.meta_path.insert(0, absent)
    try:
        pa.array([0])
    finally:
        sys.meta_path.remove(absent)


def write(path: Path, schema: pa.Schema, items: Iterable[Item], told: Mapping[str, str] | None = None) -> None:
    """A Parquet file of the rows, given one by one or as tables, in their order; ``told`` are facts beside them.

    No more than a group of rows is held in memory.
    """
    with sink(path, schema, told) as put:
        for item in items:
            put(item)


@contextmanager
def sink(path: Path, schema: pa.Schema, told: Mapping[str, str] | None = None) -> Iterator[Callable[[Item], None]]:
    """What takes the rows of a Parquet file one after the other; the file stands when the block ends.

    ``told`` is read at the end: it may come to hold what only the rows tell.
    """
    with files.atomic(path) as out, _writer(out, schema) as writer:
        pending = _Pending(schema, writer)
        yield pending.put
        pending.flush()
        if told:
            writer.add_key_value_metadata(dict(told))


def write_groups(path: Path, schema: pa.Schema, groups: Iterable[pa.Table], told: Mapping[str, str]) -> None:
    """A Parquet file of tables that can be read one by one; see ``read_group``."""
    with files.atomic(path) as out, _writer(out, schema) as writer:
        for table in groups:
            writer.write_table(table.replace_schema_metadata(schema.metadata), row_group_size=max(1, table.num_rows))
        writer.add_key_value_metadata(dict(told))


def _writer(out: Any, schema: pa.Schema) -> pq.ParquetWriter:
    # A stage's payloads and hashes are all different: looking for repeated values would take half of the time.
    repeated = [field.name for field in schema if field.name not in _DISTINCT]
    described = _PAYLOAD not in schema.names
    codec = "zstd" if described else "lz4"  # a release is kept; a stage's rows are copied every night
    return pq.ParquetWriter(
        out,
        schema,
        compression={_leaf(field): "none" if field.name in _HASHES else codec for field in schema},
        use_dictionary=repeated,
        write_statistics=described,
        write_page_checksum=True,
    )


def _leaf(field: pa.Field) -> str:
    """How Parquet names the column of a field's values."""
    return f"{field.name}.list.element" if pa.types.is_list(field.type) else str(field.name)


class _Pending:
    """Rows on their way into a file, up to a group."""

    def __init__(self, schema: pa.Schema, writer: pq.ParquetWriter) -> None:
        self._schema, self._writer = schema, writer
        self._ready: list[pa.Table] = []
        self._loose: list[dict[str, Any]] = []
        self._columns = Columns()
        self._count = self._size = 0

    def put(self, item: Item) -> None:
        if isinstance(item, pa.Table):
            self._gather()
            self._ready.append(item.replace_schema_metadata(self._schema.metadata))
            self._count += item.num_rows
            self._size += item.nbytes
        elif isinstance(item, Columns):
            for name, values in item.items():
                self._columns.setdefault(name, []).extend(values)
            self._count += len(item[self._schema.names[0]])
            self._size += sum(map(len, item.get(_TEXT, ())))
        else:
            self._loose.append(item)
            self._count += 1
            self._size += sum(len(value) for value in item.values() if isinstance(value, (bytes, str)))
        if self._count >= _GROUP_ROWS or self._size >= _GROUP_BYTES:
            self.flush()

    def flush(self) -> None:
        self._gather()
        if self._ready:
            self._writer.write_table(pa.concat_tables(self._ready), row_group_size=_GROUP_ROWS)
        self._ready, self._count, self._size = [], 0, 0

    def _gather(self) -> None:
        if self._loose:
            self._ready.append(pa.Table.from_pylist(self._loose, schema=self._schema))
            self._loose = []
        if self._columns:
            self._ready.append(pa.Table.from_pydict(self._columns, schema=self._schema))
            self._columns = Columns()


def release() -> None:
    """Gives back to the system what reading has left unused, before something else needs as much."""
    pa.default_memory_pool().release_unused()


def opened(path: Path) -> pq.ParquetFile:
    """A Parquet file to read from; what was damaged since it was written raises ``OSError`` without a number."""
    return pq.ParquetFile(path, page_checksum_verification=True)


def is_whole(path: Path) -> bool:
    """Whether a file has the beginning and end of a Parquet file of its length: not whether every byte is right."""
    try:
        with path.open("rb") as source:
            begin = source.read(len(_MAGIC))
            length = source.seek(0, os.SEEK_END)
            source.seek(max(0, length - _TAIL))
            tail = source.read()
    except OSError:
        return False
    footer = int.from_bytes(tail[:4], "little")
    return begin == _MAGIC and tail[4:] == _MAGIC and footer + _TAIL + len(_MAGIC) <= length


def is_sound(path: Path) -> bool:
    """Whether everything in a Parquet file can be read and has the checksums that it was written with."""
    try:
        with opened(path) as source:
            for group in range(source.metadata.num_row_groups):
                source.read_row_group(group, use_threads=False)
    except (pa.ArrowException, OSError):
        return False
    return True


def facts(path: Path) -> dict[str, str]:
    """What was told of a file when it was written."""
    with opened(path) as source:
        told = source.metadata.metadata or {}
    return {name.decode(): value.decode() for name, value in told.items() if name != _ARROW}


def read_group(path: Path, number: int) -> pa.Table:
    """One of the tables that a file was written from."""
    with opened(path) as source:
        return source.read_row_group(number, use_threads=False)


def read(path: Path, columns: Sequence[str] | None = None) -> Iterator[dict[str, Any]]:
    """The rows of a Parquet file, a group at a time."""
    with opened(path) as source:
        for batch in source.iter_batches(batch_size=_BATCH, columns=columns, use_threads=False):
            yield from batch.to_pylist()


def read_some(path: Path, columns: Sequence[str], numbers: Sequence[int]) -> Iterator[dict[str, Any]]:
    """The rows with the given numbers, ascending, a group at a time; groups without any are not read."""
    for table in read_taken(path, columns, numbers):
        yield from table.to_pylist()


def read_taken(path: Path, columns: Sequence[str], numbers: Sequence[int] | NDArray[np.int64]) -> Iterator[pa.Table]:
    """The same as tables, one for each group that has any."""
    if not len(numbers):
        return
    with opened(path) as source:
        begin = at = 0
        for group in range(source.metadata.num_row_groups):
            end = begin + source.metadata.row_group(group).num_rows
            until = bisect_left(numbers, end, at)
            if until > at:
                found = source.read_row_group(group, columns=list(columns), use_threads=False)
                if until - at < end - begin:
                    found = found.take(pa.array(np.asarray(numbers[at:until], dtype=np.int64) - begin))
                yield found
            begin, at = end, until


def read_table(path: Path, columns: Sequence[str] | None = None) -> pa.Table:
    """A Parquet file, or some of its columns, as one Arrow table."""
    # Not ``pq.read_table``, which imports half a second's worth of what it is not asked for, in every process anew.
    with opened(path) as source:
        return source.read(columns=list(columns) if columns else None, use_threads=False)
