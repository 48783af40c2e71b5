"""Rows taken over from the result that a shard had before, so that one new page in a large shard costs one page.

A row says what it was made from (``basis``); where that is the same, so is the row.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from pipeline.engine.keys import key
from pipeline.store import files, rows


class Earlier:
    """The rows of an earlier result by document and basis; empty where there is no earlier result."""

    def __init__(self, path: Path | None, schema: pa.Schema) -> None:
        self._table: pa.Table | None = None
        self._places: dict[tuple[str, str], tuple[int, int]] = {}
        if path is None or not path.is_file():
            return
        table = rows.read_table(path)
        if table.schema.names != schema.names:  # written by a version that knew other columns
            return
        self._table = table
        names = zip(table["group"].to_pylist(), table["basis"].to_pylist(), strict=True)
        for place, name in enumerate(names):
            start, count = self._places.get(name, (place, 0))
            self._places[name] = (start, count + 1)

    def take(self, group: str, basis: str) -> pa.Table | None:
        """The rows of a group, if they were made from the same; None where they must be made."""
        found = self._places.get((group, basis))
        return self._table.slice(*found) if self._table is not None and found else None


def earlier(out: Path, shard: str, schema: pa.Schema) -> Earlier:
    """What the shard's result was before the one that goes to ``out``."""
    pointer = _pointer(out, shard)
    return Earlier(out.with_name(pointer.read_text()) if pointer.is_file() else None, schema)


def remember(out: Path, shard: str) -> None:
    """The result that stands under ``out`` is what the shard's next one may take rows from."""
    files.write(_pointer(out, shard), out.name.encode())


def _pointer(out: Path, shard: str) -> Path:
    return out.with_name(f"{key('shard', shard)}.last")
