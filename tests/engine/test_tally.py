"""A release is counted by adding up its shards."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.engine.tally import Summary, Tally, total
from pipeline.text import sha256

documents = st.lists(st.tuples(st.integers(0, 999), st.integers(0, 3)), unique_by=lambda one: one[0], max_size=12)


def counted(rows: list[tuple[int, int]]) -> Summary:
    tally = Tally()
    for number, shard in rows:
        tally.add("index", {"digest": sha256(str(number)), "status": "clean" if shard else "empty"})
        tally.add("mentions", {"name_id": "sea-gull"})
        tally.add("texts", {"bytes": number})
    return tally.summary()


@given(documents)
def test_shards_and_order_do_not_matter(rows: list[tuple[int, int]]) -> None:
    by_shard = [counted([row for row in rows if row[1] == shard]) for shard in (2, 0, 3, 1)]
    assert total(by_shard) == total([counted(rows[::-1])])


@given(documents, st.integers(1000, 1009))
def test_another_document_is_another_digest(rows: list[tuple[int, int]], number: int) -> None:
    assert total([counted(rows)]).digest != total([counted([*rows, (number, 1)])]).digest


def test_reasons_are_told_by_count_then_by_name() -> None:
    parts = [Summary("00", {}, {"tags": 1, "share": 2}, 0, 0, 0), Summary("00", {}, {"date": 1, "tags": 1}, 0, 0, 0)]
    assert list(total(parts).reasons.items()) == [("share", 2), ("tags", 2), ("date", 1)]
