"""The removed blocks of a document on their way from its verdicts to the release: columns, packed.

Most of a page's blocks are removed, so as a row each they would be the larger part of what the later stages read.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from pipeline.model import Judged, Role
from pipeline.store import payloads, rows

_DECIMALS = 4
_REMOVED = Role.REMOVED  # of an enumeration, looking up a member for every block is half of the work
_DECODER = payloads.decoder(dict[str, list[Any]])


def pack(judged: Iterable[Judged]) -> bytes:
    """The removed ones of a page's blocks."""
    removed = [item for item in judged if item.verdict.role is _REMOVED]
    blocks = [item.block for item in removed]
    verdicts = [item.verdict for item in removed]
    evidence = [verdict.evidence for verdict in verdicts]
    scores = [verdict.score for verdict in verdicts]
    return payloads.encode(
        {
            "ordinal": [block.ordinal for block in blocks],
            "text": [block.text for block in blocks],
            "reason": [verdict.reason for verdict in verdicts],
            "rule": [verdict.rule for verdict in verdicts],
            "score": np.round(np.array(scores, dtype=np.float64), _DECIMALS).tolist(),
            "seen_on": [known.seen_on for known in evidence],
            "site_pages": [known.site_pages for known in evidence],
        }
    )


def unpack(packed: bytes, doc_id: str) -> rows.Columns:
    """The columns of the release's table for the blocks that ``pack`` was given."""
    columns = _DECODER.decode(packed)
    return rows.Columns({"doc_id": [doc_id] * len(columns["ordinal"])} | columns)


def rounded(score: float) -> float:
    """Four decimals: what a sum of tree leaves has beyond them may differ between machines."""
    return round(float(score), _DECIMALS)
