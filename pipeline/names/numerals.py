"""Numbers as names write them: Roman, English words, Chinese; and the ranges of a gazetteer entry."""

from __future__ import annotations

import re

from pipeline.model import ConfigError

_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_WORDS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
)
_WORD_OF = dict(enumerate(_WORDS.split(), start=1))
_CHINESE = "零一二三四五六七八九"
_NUMBERS = re.compile(r"(?P<prefix>.*?)(?P<low>\d+)(?P<suffix>[A-Za-z]*)\.\.(?:(?P=prefix))?(?P<high>\d+)(?P=suffix)")
_LETTERS = re.compile(r"(?P<prefix>.*?)(?P<low>[A-Z])\.\.(?:(?P=prefix))?(?P<high>[A-Z])")
# Larger Roman numbers need L, C, D or M, which in names are letters ("Pegasus XL", "Proton M").
LARGEST_ROMAN = 39


def roman(number: int) -> str:
    """The Roman form of 1 to 39."""
    digits = []
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        digits.append(letters * count)
    return "".join(digits)


ROMAN_VALUES = {roman(number): number for number in range(1, LARGEST_ROMAN + 1)}


def word(number: int) -> str | None:
    """The English word of 1 to 20 in lower case, None for other numbers."""
    return _WORD_OF.get(number)


def chinese(number: int) -> str:
    """The Chinese form of 1 to 99, as names count: 十二, 二十, 三十三."""
    tens, ones = divmod(number, 10)
    head = "" if not tens else ("十" if tens == 1 else _CHINESE[tens] + "十")
    return head + (_CHINESE[ones] if ones or not tens else "")


CHINESE_VALUES = {chinese(number): number for number in range(1, 100)}


def expand(expression: str, *, as_roman: bool = False) -> list[str]:
    """The designators that one entry of a gazetteer stands for, in order.

    ``12`` is itself; ``1..40``, ``MS-1..30``, ``1M..20M``, ``A..U``, ``3A..3E`` and, with ``as_roman``, ``I..XII``
    are ranges. Raises ``ConfigError`` on anything else with two dots, and on a range that does not go up.
    """
    if ".." not in expression:
        return [expression]
    first, _, last = expression.partition("..")
    values: list[str] = []
    if as_roman and first in ROMAN_VALUES and last in ROMAN_VALUES:
        values = [roman(number) for number in range(ROMAN_VALUES[first], ROMAN_VALUES[last] + 1)]
    elif numbers := _NUMBERS.fullmatch(expression):
        prefix, low, suffix, high = numbers["prefix"], int(numbers["low"]), numbers["suffix"], int(numbers["high"])
        values = [f"{prefix}{number}{suffix}" for number in range(low, high + 1)]
    elif letters := _LETTERS.fullmatch(expression):
        values = [letters["prefix"] + chr(code) for code in range(ord(letters["low"]), ord(letters["high"]) + 1)]
    if not values:
        raise ConfigError(f"{expression!r} is no range that goes up")
    return values
