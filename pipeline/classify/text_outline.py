"""The blocks of a flattened page with what the judge asks of all of them again and again, looked up once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.model import Block


@dataclass(frozen=True, slots=True)
class Outline:
    """The blocks of a page, their texts and the lengths of these, and the marks of the few that have one."""

    blocks: Sequence[Block]
    texts: list[str]
    sizes: list[int]
    marks: dict[int, str]


def outline(blocks: Sequence[Block]) -> Outline:
    """The outline of the blocks of a page; ``marks`` are in their order."""
    texts = [block.text for block in blocks]
    marks = {index: block.mark for index, block in enumerate(blocks) if block.mark}
    return Outline(blocks, texts, list(map(len, texts)), marks)
