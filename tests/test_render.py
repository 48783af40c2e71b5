"""Canonical text from verdicts."""

from __future__ import annotations

from pipeline import render
from pipeline.model import Block, Judged, Kind, Metadata, Reason, Role, Verdict


def judged(*items: tuple[str, Role]) -> list[Judged]:
    made = []
    for ordinal, (text, role) in enumerate(items):
        reason = Reason.OTHER if role is Role.REMOVED else None
        made.append(Judged(Block(ordinal, text, Kind.PARAGRAPH, 0, len(text)), Verdict(role, reason, "rule", 0.5)))
    return made


def test_kept_blocks_are_paragraphs_with_a_blank_line_between() -> None:
    blocks = judged(("Title", Role.TITLE), ("One’s first", Role.BODY), ("menu", Role.REMOVED), ("Two", Role.BODY))
    assert render.body(blocks, Metadata()) == "One's first\n\nTwo"
    assert render.body(blocks, Metadata(), "keep") == "One’s first\n\nTwo"


def test_lines_within_a_block_are_paragraphs_of_their_own() -> None:
    assert render.body(judged(("a  b\n\n  c\n", Role.BODY)), Metadata()) == "a b\n\nc"


def test_the_dateline_leaves_the_first_block_that_has_it_and_no_other() -> None:
    line = "OSLO, May 3 (NTB) -- "
    blocks = judged(("A standfirst.", Role.BODY), (line + "It rained.", Role.BODY), (line + "Again.", Role.BODY))
    assert render.body(blocks, Metadata(dateline=line)) == "A standfirst.\n\nIt rained.\n\nOSLO, May 3 (NTB) - Again."


def test_titles_stand_on_one_line() -> None:
    assert render.title(Metadata(title=" A “long”\n title ")) == 'A "long" title'
    assert render.title(Metadata(title=" \u200b ")) is None
    assert render.title(Metadata()) is None


def test_a_text_file_ends_with_a_line_end_and_has_no_empty_head() -> None:
    assert render.page("Title", "Body") == "Title\n\nBody\n"
    assert render.page(None, "Body") == "Body\n"
