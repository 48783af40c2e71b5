"""Rows taken over from the result that a shard had before, so that one new page in a large shard costs one page.

A row says what it was made from (``basis``); where that is the same, so is the row. Rows are copied a run at a time,
without being decoded, and where all are as they were, the earlier file itself stands under the new key as well.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, groupby, repeat
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.engine.keys import key
from pipeline.store import files, rows
from pipeline.text import sha256

_RESULT = re.compile(r"[0-9a-f]+\.parquet")
Row = dict[str, Any]
Place = tuple[int, int]  # a row and how many there are from it on
Wanted = tuple[str, str]  # a group of rows that a result must have, and the digest of what they are to be made from
CONTENT = "content"  # a fact of a result: the digest of what its rows were made from
MADE = "made"  # a fact of a result: how many groups were not taken over


class Stored:
    """The rows of a result, read a row group at a time."""

    def __init__(self, path: Path) -> None:
        self._source = rows.opened(path)
        groups = self._source.metadata
        counts = (groups.row_group(number).num_rows for number in range(groups.num_row_groups))
        self._begins = [0, *accumulate(counts)]
        self._held: tuple[int, pa.Table] | None = None

    def rows(self, start: int, count: int) -> Iterator[pa.Table]:
        """So many rows from the given one on."""
        while count:
            number = bisect_right(self._begins, start) - 1
            within = min(count, self._begins[number + 1] - start)
            yield self._group(number).slice(start - self._begins[number], within)
            start, count = start + within, count - within

    def _group(self, number: int) -> pa.Table:
        if self._held is None or self._held[0] != number:
            self._held = number, self._source.read_row_group(number, use_threads=False)
        return self._held[1]


class Earlier:
    """Where the rows of an earlier result stand, by group and basis; nowhere if there is none of that form."""

    def __init__(self, path: Path | None, schema: pa.Schema) -> None:
        self._places: dict[Wanted, Place] = {}
        self.path = path if path is not None and pq.read_schema(path).names == schema.names else None
        self.count = 0
        if self.path is None:
            return
        table = rows.read_table(self.path, ["group", "basis"])
        self.count = table.num_rows
        names = list(zip(table["group"].to_pylist(), table["basis"].to_pylist(), strict=True))
        self._places = dict(zip(names, zip(range(self.count), repeat(1)), strict=False))
        if len(self._places) < self.count:  # a group of several rows
            self._places = {name: (start, size) for name, start, size in _stretches(names)}

    def places(self, wanted: Sequence[Wanted]) -> list[Place | None]:
        """For each group its first row and how many it has, if they were made from the same."""
        return list(map(self._places.get, wanted))

    def is_just(self, places: Sequence[Place | None]) -> bool:
        """Whether the places are all rows of the earlier result, one after the other."""
        reached = 0
        for place in places:
            if place is None or place[0] != reached:
                return False
            reached += place[1]
        return self.path is not None and reached == self.count


def _stretches(names: Sequence[Wanted]) -> Iterator[tuple[Wanted, int, int]]:
    start = 0
    for name, rows_ in groupby(names):
        count = sum(1 for _ in rows_)
        yield name, start, count
        start += count


def earlier(out: Path, shard: Sequence[str], schema: pa.Schema) -> Earlier:
    """The rows of what the shard's result was before the one that goes to ``out``."""
    return Earlier(latest(out, shard), schema)


def latest(out: Path, shard: Sequence[str]) -> Path | None:
    """The shard's result before the one that goes to ``out``: under the first of its names that had one."""
    for pointer in (_pointer(out, name) for name in shard):
        name = pointer.read_text("utf-8", "replace") if pointer.is_file() else ""
        found = out.with_name(name) if _RESULT.fullmatch(name) else None  # not synced: after a power loss, anything
        if found and rows.is_whole(found):
            return found
    return None


def renew(
    out: Path,
    shard: Sequence[str],
    schema: pa.Schema,
    wanted: Sequence[Wanted],
    make: Callable[[list[int]], Iterable[Row]],
) -> None:
    """Writes the result that has the wanted groups in their order.

    ``make`` gets the places in ``wanted`` of the groups that cannot be taken over and gives their rows in that order,
    each with its ``group``.
    """
    before = earlier(out, shard, schema)
    places = before.places(wanted)
    if before.path is not None and before.is_just(places):
        files.share(before.path, out)
    else:
        missing = [number for number, place in enumerate(places) if place is None]
        rows.write(out, schema, _merged(wanted, places, before, make(missing)), told(wanted, missing))
    remember(out, shard)


def told(wanted: Sequence[Wanted], missing: Sequence[int]) -> dict[str, str]:
    """The facts of a result with the given groups, of which some had to be made."""
    return {CONTENT: made_from(wanted), MADE: str(len(missing))}


def made_from(wanted: Sequence[Wanted]) -> str:
    """The digest of what a result with the given groups is made from, see ``content``."""
    return sha256("\n".join(map("\x1f".join, wanted)))


def _merged(
    wanted: Sequence[Wanted], places: Sequence[Place | None], before: Earlier, made: Iterable[Row]
) -> Iterator[Row | pa.Table]:
    fresh = groupby(made, key=lambda row: str(row["group"]))
    stored = Stored(before.path) if before.path is not None else None
    for first, place in runs(places):
        if place is None:
            _, found = next(fresh)
            yield from (row | {"basis": wanted[first][1]} for row in found)
        elif stored is not None:
            yield from stored.rows(*place)


def runs(places: Sequence[Place | None]) -> Iterator[tuple[int, Place | None]]:
    """The groups that are to be made, each with its number, and the stretches of rows that are to be taken over."""
    start = count = 0
    for number, place in enumerate(places):
        if place is not None and place[0] == start + count:
            count += place[1]
            continue
        if count:
            yield number, (start, count)
        start, count = place or (0, 0)
        if place is None:
            yield number, None
    if count:
        yield len(places), (start, count)


def content(path: Path) -> str:
    """The digest of what a result's rows were made from: the same for results with the same rows."""
    return rows.facts(path)[CONTENT]


def remember(out: Path, shard: Sequence[str]) -> None:
    """The result that stands under ``out`` is what the shard's next one may take rows from.

    Not synced: what is lost with it is a saving.
    """
    files.write_loose(_pointer(out, shard[0]), out.name.encode())


def _pointer(out: Path, shard: str) -> Path:
    return out.with_name(f"{key('shard', shard)}.last")
