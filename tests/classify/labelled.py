"""Removed blocks and lines that a reader has labelled by hand, by reference: the pages' own sentences stay outside.

``dropped.tsv`` (HTML) and ``dropped_lines.tsv`` (flattened pages) name page, place, a digest of the text, and the
reason a reader gives: two where two are honestly right. Of both, the rules were written on
the first set; the second, from other pages, was first measured blind, and its errors looked at afterwards. The fresh
one came last, from pages of neither: 44 of its 50 blocks had a right reason before two rules were mended after it.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.model import Judged, Reason, Role
from pipeline.text import sha256
from tests.runs import ROOT

LEAST_EVALUATED = 0.9
"""A later model may keep a labelled block, and a later segmentation cut it otherwise: so many must remain."""

BETWEEN_SETS = 0.03
"""How far one set may lie below the floor for all: of 150, a standard error is 2.4 points."""


@dataclass(frozen=True, slots=True)
class Label:
    """A removed block and the reasons that are right for it; ``rendering`` is empty for HTML."""

    part: str
    page: str
    rendering: str
    place: int
    digest: str
    reasons: frozenset[Reason]


def labels(name: str) -> list[Label]:
    """All labels of a file beside this one."""
    with (ROOT / "tests/classify" / name).open(encoding="utf-8") as lines:
        return [
            Label(
                part=row["set"],
                page=row["page"],
                rendering=row.get("rendering", ""),
                place=int(row.get("block") or row["line"]),
                digest=row["text_sha256"],
                reasons=frozenset(map(Reason, row["reasons"].split("|"))),
            )
            for row in csv.DictReader(lines, delimiter="\t")
        ]


def judged_at(label: Label, judged: Sequence[Judged]) -> Judged | None:
    """The labelled block among those of its page, or nothing where it is gone or kept."""
    where = [item.block.line or index for index, item in enumerate(judged)]
    found = [
        item
        for item, place in zip(judged, where, strict=True)
        if place == label.place and sha256(item.block.text).startswith(label.digest)
    ]
    return found[0] if found and found[0].verdict.role is Role.REMOVED else None


def check(answers: Sequence[tuple[Label, Reason | None]], floor: float) -> None:
    """Fail where too few labels could be looked at, or too few reasons are right: in all, or in either set."""
    given = [(label, reason) for label, reason in answers if reason is not None]
    assert len(given) >= LEAST_EVALUATED * len(answers)
    sizes = Counter(label.part for label, _ in given)
    right = Counter(label.part for label, reason in given if reason in label.reasons)
    wrong = "\n".join(
        f"{label.page} {label.rendering} {label.place}: {'|'.join(sorted(label.reasons))}, got {reason}"
        for label, reason in given
        if reason not in label.reasons
    )
    assert right.total() >= floor * sizes.total(), wrong
    for part, size in sizes.items():
        assert right[part] >= (floor - BETWEEN_SETS) * size, f"{part}: {right[part]} of {size}\n{wrong}"
