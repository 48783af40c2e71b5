"""Rows are taken over where they were made from the same, in the order wanted, and made anew where not."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.engine import takeover
from pipeline.store import rows

SCHEMA = pa.schema([("doc_id", pa.string()), ("group", pa.string()), ("basis", pa.string()), ("night", pa.int64())])
groups = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 2)), unique_by=lambda one: one[0])


def renew(folder: Path, night: int, wanted: list[tuple[str, int]], names: tuple[str, ...] = ("0 of 1",)) -> Path:
    """A result in which every row says in which night it was made; a group has one to three rows."""
    out = folder / f"{night:08x}.parquet"

    def make(missing: list[int]) -> Iterator[dict[str, object]]:
        for number in missing:
            name = wanted[number][0]
            for part in range(ord(name) % 3 + 1):
                yield {"doc_id": f"{name}{part}", "group": name, "night": night}

    takeover.renew(out, names, SCHEMA, [(name, str(basis)) for name, basis in wanted], make)
    return out


def simple(path: Path) -> list[tuple[str, str, int]]:
    return [(row["doc_id"], row["basis"], row["night"]) for row in rows.read(path)]


@settings(max_examples=60, deadline=None)
@given(nights=st.lists(groups, min_size=1, max_size=5))
def test_rows_stand_as_wanted_and_are_as_old_as_their_basis(nights: list[list[tuple[str, int]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        made: dict[tuple[str, int], int] = {}
        for night, wanted in enumerate(nights):
            made = {name: made.get(name, night) for name in wanted}
            assert simple(renew(Path(folder), night, wanted)) == [
                (f"{name}{part}", str(basis), made[name, basis])
                for name, basis in wanted
                for part in range(ord(name) % 3 + 1)
            ]


def test_a_result_that_is_just_the_earlier_one_is_the_same_file(tmp_path: Path) -> None:
    first, second = (renew(tmp_path, night, [("a", 1), ("b", 1)]) for night in range(2))
    third = renew(tmp_path, 2, [("b", 1), ("a", 1)])
    assert first.samefile(second)
    assert not first.samefile(third)
    assert takeover.content(first) == takeover.content(second) != takeover.content(third)


def test_a_shard_that_was_split_takes_rows_from_what_it_was_part_of(tmp_path: Path) -> None:
    renew(tmp_path, 0, [("a", 1), ("b", 1)], names=("0 of 1",))
    low = renew(tmp_path, 1, [("a", 1)], names=("0 of 2", "0 of 1"))
    high = renew(tmp_path, 2, [("b", 1), ("c", 1)], names=("1 of 2", "0 of 1"))
    assert {night for *_, night in simple(low)} == {0}
    assert [night for *_, night in simple(high)] == [0, 0, 0, 2]


def test_a_pointer_to_nothing_is_no_earlier_result(tmp_path: Path) -> None:
    first = renew(tmp_path, 0, [("a", 1)])
    first.unlink()
    assert {night for *_, night in simple(renew(tmp_path, 1, [("a", 1)]))} == {1}
