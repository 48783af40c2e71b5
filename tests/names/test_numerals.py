"""Roman, English and Chinese numbers, and ranges."""

from __future__ import annotations

import pytest

from pipeline.model import ConfigError
from pipeline.names.numerals import CHINESE_VALUES, ROMAN_VALUES, chinese, expand, roman, word


@pytest.mark.parametrize(
    ("number", "letters"), [(1, "I"), (4, "IV"), (9, "IX"), (14, "XIV"), (19, "XIX"), (20, "XX"), (39, "XXXIX")]
)
def test_roman(number: int, letters: str) -> None:
    assert roman(number) == letters
    assert ROMAN_VALUES[letters] == number


@pytest.mark.parametrize(
    ("number", "text"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (33, "三十三"), (99, "九十九")]
)
def test_chinese(number: int, text: str) -> None:
    assert chinese(number) == text
    assert CHINESE_VALUES[text] == number


@pytest.mark.parametrize(("number", "text"), [(1, "one"), (9, "nine"), (20, "twenty"), (21, None), (0, None)])
def test_words(number: int, text: str | None) -> None:
    assert word(number) == text


@pytest.mark.parametrize(
    ("expression", "designators"),
    [
        ("12", ["12"]),
        ("1..4", ["1", "2", "3", "4"]),
        ("MS-9..11", ["MS-9", "MS-10", "MS-11"]),
        ("MS-9..MS-11", ["MS-9", "MS-10", "MS-11"]),
        ("1M..3M", ["1M", "2M", "3M"]),
        ("A..C", ["A", "B", "C"]),
        ("3A..3C", ["3A", "3B", "3C"]),
        ("2.1a", ["2.1a"]),
    ],
)
def test_ranges(expression: str, designators: list[str]) -> None:
    assert expand(expression) == designators


def test_a_roman_range() -> None:
    assert expand("III..VI", as_roman=True) == ["III", "IV", "V", "VI"]


@pytest.mark.parametrize("expression", ["4..1", "A..", "..", "1A..2B", "x..y"])
def test_what_is_no_range_is_refused(expression: str) -> None:
    with pytest.raises(ConfigError):
        expand(expression)
