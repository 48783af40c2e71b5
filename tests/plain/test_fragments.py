from __future__ import annotations

import pytest

from pipeline.plain.fragments import mend
from pipeline.plain.lines import read_lines

BROKEN = """The keeper of the
Lighthouse
, a former pilot, said it had burned since
Monday
. Nobody had been there to see it, she added (see
our first report
)."""
WHOLE = (
    "The keeper of the Lighthouse, a former pilot, said it had burned since Monday. "
    "Nobody had been there to see it, she added (see our first report)."
)


def mended(source: str) -> list[str]:
    return [line.text for line in mend(read_lines(source))]


def test_a_paragraph_broken_at_its_links_is_put_together() -> None:
    menu = "Home\nTides\nBoats\n"
    assert mended(f"{menu}\n{BROKEN}\nA second paragraph stands by itself.") == [
        "Home",
        "Tides",
        "Boats",
        WHOLE,
        "A second paragraph stands by itself.",
    ]


def test_the_place_in_the_source_is_that_of_all_pieces() -> None:
    source = f"Tides\n{BROKEN}\nThe end came at noon."
    line = mend(read_lines(source))[1]
    assert source[line.start : line.end] == BROKEN
    assert line.number == 2


@pytest.mark.parametrize(
    "above",
    ["A headline about the lamp", "The harbour was closed.", "Was it closed?", "Boats", "Photo: Ada Brandt"],
    ids=["headline", "sentence", "question", "entry", "credit"],
)
def test_what_has_ended_does_not_go_on(above: str) -> None:
    assert mended(f"{BROKEN}\n{above}\nNobody has seen the keeper since.")[1:] == [
        above,
        "Nobody has seen the keeper since.",
    ]


def test_a_menu_in_lower_case_stays_a_list() -> None:
    assert mended(f"home\ntides\nboats for hire\n{BROKEN}")[:3] == ["home", "tides", "boats for hire"]


def test_a_blank_line_ends_a_paragraph() -> None:
    assert mended(f"{BROKEN}\nThe lamp and the\n\nkeeper of the lamp")[1:] == ["The lamp and the", "keeper of the lamp"]


@pytest.mark.parametrize(
    "source",
    [
        "the tide comes in\nand nobody waits\nfor the boat to turn",
        "The list of the\nboats that came in\n, odd as it is, has one line that begins so",
        ".5 litres of oil\n.25 litres of wine\nand a little salt",
    ],
    ids=["poem", "one sign alone", "numbers"],
)
def test_a_page_without_such_breaks_is_left_alone(source: str) -> None:
    assert mended(source) == source.split("\n")


def test_chinese_is_joined_without_a_space() -> None:
    assert mended("灯塔管理员\n，她说灯一直亮着\n，直到星期一。")[0] == "灯塔管理员，她说灯一直亮着，直到星期一。"


def test_the_end_of_a_sentence_far_above_still_tells_prose() -> None:
    pieces = ["The lamp was out. It", *["had been out for many nights and for all of the days between them"] * 4]
    source = "\n".join([BROKEN, *pieces, "Brandt"])
    assert mended(source)[1:] == [" ".join([*pieces, "Brandt"])]
