"""The removed blocks of a document on their way from its verdicts to the release: columns, packed.

Most of a page's blocks are removed, so as a row each they would be the larger part of what the later stages read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipeline.model import Judged, Role
from pipeline.store import rows

Columns = Mapping[str, Sequence[Any]]  # as the release has them, but for the document's id
_DECODER = rows.decoder(dict[str, list[Any]])


def pack(judged: Iterable[Judged]) -> bytes:
    """The removed ones of a page's blocks."""
    removed = [item for item in judged if item.verdict.role is Role.REMOVED]
    verdicts = [item.verdict for item in removed]
    return rows.encode(
        {
            "ordinal": [item.block.ordinal for item in removed],
            "text": [item.block.text for item in removed],
            "reason": [verdict.reason.value if verdict.reason else None for verdict in verdicts],
            "rule": [verdict.rule for verdict in verdicts],
            "score": [rounded(verdict.score) for verdict in verdicts],
            "seen_on": [verdict.evidence.seen_on for verdict in verdicts],
            "site_pages": [verdict.evidence.site_pages for verdict in verdicts],
        }
    )


def unpack(packed: bytes, doc_id: str) -> dict[str, list[Any]]:
    """The columns of the release's table for the blocks that ``pack`` was given."""
    columns = _DECODER.decode(packed)
    return {"doc_id": [doc_id] * len(columns["ordinal"])} | columns


def rounded(score: float) -> float:
    """Four decimals: what a sum of tree leaves has beyond them may differ between machines."""
    return round(float(score), 4)
