"""Parquet files of stages and releases, and the model's types as MessagePack inside them.

Stage files have columns for what later stages read across documents (ids, sites, block keys, signatures) and a
payload for the rest. A file is complete when it is there: it is written atomically and named by its stage key.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.store import files

T = TypeVar("T")
_ROW_GROUP = 512


def _encode_array(value: Any) -> Any:
    if isinstance(value, np.ndarray) and value.dtype == np.float32:
        return value.tobytes()
    if isinstance(value, np.generic):
        return value.item()
    raise NotImplementedError(f"no stage row holds {type(value).__name__}")


def _decode_array(kind: Any, value: Any) -> Any:
    if isinstance(value, bytes):
        return np.frombuffer(value, dtype=np.float32)
    raise NotImplementedError(f"no stage row holds {kind}")


_ENCODER = msgspec.msgpack.Encoder(enc_hook=_encode_array)


def encode(payload: object) -> bytes:
    """A frozen dataclass of the model as MessagePack."""
    return _ENCODER.encode(payload)


def decoder(kind: type[T]) -> msgspec.msgpack.Decoder[T]:
    """What turns such bytes into the dataclass again."""
    return msgspec.msgpack.Decoder(kind, dec_hook=_decode_array)


def write(path: Path, schema: pa.Schema, items: Iterable[dict[str, Any] | pa.Table]) -> None:
    """A Parquet file of the rows, given one by one or as tables, in their order.

    No more than a group of rows is held in memory.
    """
    with files.atomic(path) as out, pq.ParquetWriter(out, schema, compression="zstd") as writer:
        for table in _groups(schema, items):
            writer.write_table(table)


def _groups(schema: pa.Schema, items: Iterable[dict[str, Any] | pa.Table]) -> Iterator[pa.Table]:
    ready: list[pa.Table] = []
    loose: list[dict[str, Any]] = []
    count = 0
    for item in items:
        if isinstance(item, pa.Table):
            if loose:
                ready.append(pa.Table.from_pylist(loose, schema=schema))
                loose = []
            ready.append(item.cast(schema))
            count += item.num_rows
        else:
            loose.append(item)
            count += 1
        if count >= _ROW_GROUP:
            yield pa.concat_tables([*ready, pa.Table.from_pylist(loose, schema=schema)])
            ready, loose, count = [], [], 0
    if count:
        yield pa.concat_tables([*ready, pa.Table.from_pylist(loose, schema=schema)])


def read(path: Path, columns: Sequence[str] | None = None) -> Iterator[dict[str, Any]]:
    """The rows of a Parquet file, a group at a time."""
    with pq.ParquetFile(path) as source:
        for batch in source.iter_batches(batch_size=_ROW_GROUP, columns=columns):
            yield from batch.to_pylist()


def read_table(path: Path, columns: Sequence[str] | None = None) -> pa.Table:
    """A Parquet file, or some of its columns, as one Arrow table."""
    return pq.read_table(path, columns=list(columns) if columns else None)
