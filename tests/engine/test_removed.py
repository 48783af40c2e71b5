"""What is packed of the removed blocks is what the release shows of them."""

from __future__ import annotations

from pipeline.engine import removed
from pipeline.model import Block, Evidence, Judged, Kind, Reason, Role, Verdict
from pipeline.store import tables


def judged(ordinal: int, role: Role, reason: Reason | None) -> Judged:
    block = Block(ordinal, f"line {ordinal}", Kind.PARAGRAPH, 0, 6)
    return Judged(block, Verdict(role, reason, "a rule", 0.123456, Evidence(3, 9)))


def test_removed_blocks_alone_are_columns_of_the_release() -> None:
    page = [judged(0, Role.BODY, None), judged(1, Role.REMOVED, Reason.NAVIGATION), judged(2, Role.REMOVED, None)]
    found = removed.unpack(removed.pack(page), "a/b.txt")
    assert sorted(found) == sorted(tables.REMOVED_BLOCKS.names)
    assert found == {
        "doc_id": ["a/b.txt", "a/b.txt"],
        "ordinal": [1, 2],
        "text": ["line 1", "line 2"],
        "reason": ["navigation", None],
        "rule": ["a rule", "a rule"],
        "score": [0.1235, 0.1235],
        "seen_on": [3, 3],
        "site_pages": [9, 9],
    }


def test_a_page_of_which_nothing_is_removed_has_empty_columns() -> None:
    assert set(map(len, removed.unpack(removed.pack([]), "a").values())) == {0}
