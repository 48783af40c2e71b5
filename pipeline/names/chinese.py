"""Names in Chinese script: they stay Chinese, with Chinese numerals before the measure word (神舟12号: 神舟十二号)."""

from __future__ import annotations

import re

from pipeline.names.families import Designator, Family
from pipeline.names.fold import Folded
from pipeline.names.grammar import Member
from pipeline.names.numerals import CHINESE_VALUES, chinese

_NUMBER = r"(?:[0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})"
_SERIES = re.compile(rf"[ -]?{_NUMBER}(?: ?[号號])?(?:[、,和及与與至到]{_NUMBER}(?: ?[号號])?)*")
_ONE = re.compile(rf"({_NUMBER})(?: ?([号號]))?")
_FLIGHT = r"遥([0-9]{1,3}|[一二三四五六七八九十百]{1,4})"
_VERSION = re.compile(rf"([A-Z])(?:{_FLIGHT})?(?![A-Za-z0-9])|{_FLIGHT}(?![0-9])")
_PLACES = "楼樓线線院店路街门門厅廳室馆館公楼栋棟仓倉桥橋井站台厂廠基地"


def read_chinese(folded: Folded, start: int, end: int, family: Family) -> tuple[Member, ...]:
    """The numbered members behind a Chinese name that ends at ``end``.

    Empty where no number with a measure word follows, a number is none of the family's, or the whole is the number
    of a house or a line.
    """
    series = _SERIES.match(folded.plain, end)
    if not series or series.group()[-1] not in "号號" or folded.plain[series.end() : series.end() + 1] in (*_PLACES,):
        return ()
    members: list[Member] = []
    for match in _ONE.finditer(folded.plain, end, series.end()):
        number, measure = match.group(1), match.group(2) or ""
        value = int(number) if number.isdigit() else CHINESE_VALUES.get(number, 0)
        letter, version, stop = _version(folded, match.end(), family, value) if measure else ("", "", match.end())
        canonical = f"{value}{letter}"
        if canonical not in family.designators:
            return ()
        name = "" if members else folded.plain[start:end]
        way = Designator(canonical, "chinese", ("", value, letter))
        members.append(
            Member(match.start() if members else start, stop, way, name + chinese(value) + measure + version)
        )
    return tuple(members)


def _version(folded: Folded, end: int, family: Family, value: int) -> tuple[str, str, int]:
    """The letter and the flight that follow the measure word (长征五号B遥四): letter, the text to write, its end."""
    match = _VERSION.match(folded.plain, end)
    if not match:
        return "", "", end
    letter, flight = match.group(1) or "", match.group(2) or match.group(3)
    if letter and f"{value}{letter}" not in family.designators:
        return "", "", end
    if flight and flight.isdigit() and 0 < int(flight) < 100:
        flight = chinese(int(flight))
    return letter, letter + ("遥" + flight if flight else ""), match.end()
