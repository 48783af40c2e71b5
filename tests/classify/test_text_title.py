from __future__ import annotations

import pytest

from pipeline.classify.text_outline import outline
from pipeline.classify.text_title import find_heading, is_copy, squeeze
from pipeline.model import Document, MediaType, Metadata
from pipeline.plain import segment
from tests.classify.pages import STORY, TITLE


def heading(lines: list[str], declared: Metadata | None = None) -> tuple[str | None, list[str]]:
    """The title and its copies, where all lines of ``STORY`` are kept."""
    blocks = segment(Document("a", "a", MediaType.TEXT, "utf-8", "", "\n".join(lines))).blocks
    found = find_heading(outline(blocks), declared or Metadata(), [block.text in STORY for block in blocks])
    title = blocks[found.title].text if found.title is not None else None
    return title, [blocks[index].text for index in found.copies]


SLUG = "old-lighthouse-to-shine-again-after-forty-years"


@pytest.mark.parametrize(
    ("above", "title", "copies"),
    [
        ([TITLE], TITLE, []),
        (["The Harbour Post", "NEWS", TITLE, "By Anna Example", "3 March 2023"], TITLE, []),
        ([SLUG.replace("-", " ").title(), TITLE], TITLE, [SLUG.replace("-", " ").title()]),
        ([SLUG, TITLE], TITLE, [SLUG]),
        ([TITLE, TITLE], TITLE, [TITLE]),
        ([f"{TITLE} - The Harbour Post", TITLE], TITLE, [f"{TITLE} - The Harbour Post"]),
        ([f"{TITLE}.", "By Anna Example"], f"{TITLE}.", []),
        (["Home", "News", "Weather"], None, []),
        (["By Anna Example"], None, []),
        ([], None, []),
    ],
)
def test_the_title_is_found_above_the_story(above: list[str], title: str | None, copies: list[str]) -> None:
    assert heading([*above, *STORY]) == (title, copies)


def test_a_section_label_that_comes_again_is_no_title() -> None:
    label = "Lighthouse News"
    lines = [label, TITLE, "By Anna Example", *STORY, label, "One more headline of the day", label]
    assert heading(lines)[0] == TITLE


def test_a_declared_title_is_recognised_wherever_it_stands_in_the_head() -> None:
    lines = ["Harbour lights", "A note on the repair of the lighthouse by the council", *STORY]
    assert heading(lines, Metadata(title="Harbour Lights"))[0] == "Harbour lights"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Xyz: China’s old ships", "xyz-chinas-old-ships", True),
        ("The long road to the north of the county", "The long road to the north of the coun…", True),
        ("The long road", "The long road to the north of the county and back", False),
        ("News", "Newsletter", False),
        ("", "", False),
    ],
)
def test_copies_are_equal_or_cut_short(one: str, other: str, same: bool) -> None:
    assert is_copy(squeeze(one), squeeze(other)) is same


def outside(above: tuple[str, ...]) -> list[str]:
    """What lies outside of the story, where lines that read like story stand above the title."""
    lines = [*above, TITLE, "By Anna Example", *STORY[2:]]
    blocks = segment(Document("a", "a", MediaType.TEXT, "utf-8", "", "\n".join(lines))).blocks
    found = find_heading(outline(blocks), Metadata(), [block.text in (*STORY, *above) for block in blocks])
    return [blocks[index].text for index in found.outside if blocks[index].text != TITLE]


def test_little_that_stands_above_a_title_with_a_byline_is_no_story() -> None:
    assert outside((STORY[0],)) == [STORY[0]]


def test_much_that_stands_above_a_title_stays() -> None:
    assert outside(STORY[:2]) == []
