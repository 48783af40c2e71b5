from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.plain.lines import read_lines, unwrap, wrap_width

PARAGRAPHS = (
    "The harbour town woke to an unusual sight on Monday, when eleven sailing ships from as many countries lay side by "
    "side along the old quay, their crews scrubbing decks and trading tins of biscuits before the parade began.",
    "Nobody had expected the fleet before Wednesday. A storm off the cape had pushed the leading ships north, and the "
    "others, rather than wait it out, had followed them under reduced sail through the night.",
    "By noon the baker had sold out. By three the fire brigade had run a hose to the pier so that the visitors could "
    "fill their tanks, and the mayor had cancelled a budget meeting that no one was going to attend anyway.",
)


def test_lines_know_their_place_in_the_source() -> None:
    source = "  One  two\n\n\n\u200cThree\n \u200c \nFour"
    lines = read_lines(source)
    assert [(line.text, line.number, line.above) for line in lines] == [
        ("One two", 1, 0),
        ("Three", 4, 2),
        ("Four", 6, 1),
    ]
    assert [source[line.start : line.end] for line in lines] == ["One  two", "Three", "Four"]


@pytest.mark.parametrize("width", [60, 66, 72, 76])
@pytest.mark.parametrize("indent", ["", "    "])
def test_hard_wrapped_paragraphs_are_joined(width: int, indent: str) -> None:
    source = "\n\n".join(textwrap.fill(text, width, initial_indent=indent) for text in PARAGRAPHS)
    assert [line.text for line in unwrap(read_lines(source))] == list(PARAGRAPHS)


def test_paragraphs_without_blank_lines_end_where_a_line_is_short() -> None:
    source = "\n".join(textwrap.fill(text, 72) for text in PARAGRAPHS)
    assert [line.text for line in unwrap(read_lines(source))] == list(PARAGRAPHS)


def test_list_items_of_a_wrapped_page_stay_apart() -> None:
    items = [f"- item number {number} that is long enough to reach the right margin" for number in range(3)]
    source = "\n\n".join(textwrap.fill(text, 72) for text in PARAGRAPHS) + "\n\n" + "\n".join(items)
    assert [line.text for line in unwrap(read_lines(source))][-3:] == items


def test_hyphenation_at_line_ends_is_mended() -> None:
    source = (
        "The ministry published its long awaited report on the con-\n"
        "dition of rural bridges late on Friday, and the engi-\n"
        "neers who had written it were not available for com-\n"
        "ment before the weekend, their office said in a state-\n"
        "ment that ran to all of three lines and named nobody."
    )
    (line,) = unwrap(read_lines(source))
    assert "condition of rural bridges" in line.text
    assert "engineers" in line.text
    assert "statement" in line.text
    assert "-" not in line.text


def test_a_hyphen_of_the_writer_stays() -> None:
    wrapped = "\n".join(
        [
            "The crew spoke of a hard night under a moon that nobody saw, a self-",
            "made storm if ever there was one, the captain said with some pride to",
            "the small crowd that had waited for him on the quay since the morning,",
            "and he added that a self-made storm is the best kind of storm there is",
            "for a crew that has been idle for as long as his had been that summer.",
        ]
    )
    (line,) = unwrap(read_lines(wrapped))
    assert line.text.count("self-made") == 2


def test_chinese_lines_are_joined_without_a_space() -> None:
    text = (
        "港口城市星期一迎来了不同寻常的景象来自十一个国家的帆船并排停靠在老码头边水手们擦洗甲板交换饼干等待游行开始" * 4
    )
    source = "\n".join(text[start : start + 40] for start in range(0, len(text), 40))
    assert [line.text for line in unwrap(read_lines(source))] == [text]


HEADLINES = "\n".join(
    f"{name} wins the regional prize for the third year in a row again"
    for name in ("Ada", "Berta", "Carla", "Dora", "Emma", "Frida", "Greta")
)


@pytest.mark.parametrize(
    "source", ["", "One line", "\n\n".join(PARAGRAPHS), "\n".join(PARAGRAPHS), HEADLINES], ids=str.__len__
)
def test_pages_that_are_not_wrapped_stay_as_they_are(source: str) -> None:
    assert wrap_width(read_lines(source)) == 0
    lines = read_lines(source)
    assert unwrap(lines) == lines


@given(st.lists(st.text(max_size=90), max_size=12))
def test_paragraphs_with_blank_lines_between_are_never_joined(paragraphs: list[str]) -> None:
    lines = read_lines("\n\n".join(" ".join(text.split()) for text in paragraphs))
    assert unwrap(lines) == lines


@given(st.text())
def test_offsets_point_at_what_the_line_says(source: str) -> None:
    for line in read_lines(source):
        assert source[line.start : line.end].split() == line.text.split()
        assert source.count("\n", 0, line.start) == line.number - 1
