"""Dates and datelines as news writes them, in English, German, French, Spanish and Chinese.

A date needs a named month, a numeric form whose order is beyond doubt, or Chinese units. ``03/04/2022`` could be two
days and is none. What a dateline leaves out (the year, mostly) stays out: whoever has other evidence may add it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_MONTH_NAMES = (
    "january jan januar jänner janvier janv enero ene",
    "february feb februar février fevrier févr fevr fév febrero",
    "march mar märz mrz mars marzo",
    "april apr avril avr abril abr",
    "may mai mayo",
    "june jun juni juin junio",
    "july jul juli juillet juil julio",
    "august aug août aout agosto ago",
    "september sept sep septembre septiembre setiembre",
    "october oct oktober okt octobre octubre",
    "november nov novembre noviembre",
    "december dec dezember dez décembre déc diciembre dic",
)
MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}
_MONTH = "(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
_DAY = r"(?:[12]\d|3[01]|0?[1-9])"
_YEAR = r"(?:19[5-9]\d|20\d\d)"
_CLOCK = r"(?:[T ,|at-]{0,4}(?P<clock>(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?))?"
# Each form with the signs of which a text must hold one, or nothing where it must name a month.
_FORMS = tuple(
    (signs, re.compile(form, re.IGNORECASE))
    for signs, form in (
        ("-", rf"(?<!\d)(?P<y>{_YEAR})-(?P<n>0[1-9]|1[0-2])-(?P<d>0[1-9]|[12]\d|3[01])(?!\d)"),
        ("/.", rf"(?<!\d)(?P<y>{_YEAR})(?P<s>[/.])(?P<n>0?[1-9]|1[0-2])(?P=s)(?P<d>{_DAY})(?!\d)"),
        ("月", rf"(?<!\d)(?P<y>{_YEAR}) ?年 ?(?P<n>0?[1-9]|1[0-2]) ?月 ?(?P<d>{_DAY}) ?日"),
        ("月", rf"(?<!\d)(?P<n>0?[1-9]|1[0-2]) ?月 ?(?P<d>{_DAY}) ?日"),
        ("", rf"\b(?P<m>{_MONTH}) (?P<d>{_DAY})(?:st|nd|rd|th)?(?!\d)(?:,? (?P<y>{_YEAR})\b)?"),
        (
            "",
            rf"(?<!\d)(?P<d>{_DAY})(?:st|nd|rd|th|er)?(?:\.|º)?,? ?(?:de |of )?(?P<m>{_MONTH})"
            rf"(?:,? (?:de |del )?(?P<y>{_YEAR})\b)?",
        ),
        ("-", rf"(?<!\d)(?P<d>{_DAY})-(?P<m>{_MONTH})-(?P<y>{_YEAR})(?!\d)"),
        (".", rf"(?<![\d.])(?P<d>{_DAY})\. ?(?P<n>0?[1-9]|1[0-2])\. ?(?P<y>{_YEAR})(?!\d)"),
        ("/-", rf"(?<![\d/])(?P<a>{_DAY})(?P<s>[/-])(?P<b>{_DAY})(?P=s)(?P<y>{_YEAR})(?!\d)"),
    )
)
_SIGNS = "-/.月"
_NUMERIC = re.compile(r"\d ?月|\d[./-]\d")
_NAMED = re.compile(
    r"\b(?:jan|jän|feb|f[eé]v|m[aäà]r|mrz|a[pbv]r|ma[iy]|jui?[nl]|jul|ao[uû]|aug|ago|se[pt]|o[ck]t|"
    r"nov|de[cz]|déc|dic|ene)",
    re.IGNORECASE,
)
_DATELINE_CHARACTERS = re.compile(r"[(（–—电電-]")  # one of them stands in every sign, and a set is found fast
_DATELINE_SIGNS = re.compile(r"[(（]|--| [–—-] |[電电]")


@dataclass(frozen=True, slots=True)
class Date:
    """A calendar day found in a text; ``start`` and ``end`` are code-point offsets into it.

    In a ``Dateline`` they count from the start of its date.
    """

    year: int | None
    month: int
    day: int
    start: int
    end: int

    @property
    def iso(self) -> str:
        """ISO 8601, ``--04-24`` where the year is unknown."""
        head = f"{self.year:04d}" if self.year else "-"
        return f"{head}-{self.month:02d}-{self.day:02d}"


@dataclass(frozen=True, slots=True)
class Dateline:
    """Where, when and through whom a report came; ``text`` is the dateline exactly as it stands at ``start``."""

    text: str
    place: str
    agency: str | None
    date: Date | None
    whole: bool


def find_dates(text: str) -> tuple[Date, ...]:
    """All dates in a text, in order, none overlapping; the longest reading of each place wins."""
    named = _NAMED.search(text) is not None
    if not named and (not ("20" in text or "19" in text or "月" in text) or not _NUMERIC.search(text)):
        return ()  # numbers alone are a date with a year only
    held = {sign for sign in _SIGNS if sign in text}
    found: list[Date] = []
    for signs, form in _FORMS:
        if held.isdisjoint(signs) if signs else not named:
            continue
        for match in form.finditer(text):
            date = _read(match)
            if date is not None:
                found.append(date)
    found.sort(key=lambda date: (date.start, -date.end))
    kept: list[Date] = []
    for date in found:
        if kept and date.start < kept[-1].end:
            if date.end - date.start > kept[-1].end - kept[-1].start:
                kept[-1] = date
            continue
        kept.append(date)
    return tuple(kept)


def _read(match: re.Match[str]) -> Date | None:
    group = match.groupdict()
    year = int(group["y"]) if group.get("y") else None
    if group.get("a"):
        first, second = int(group["a"]), int(group["b"])
        if first != second and first <= 12 and second <= 12:
            return None  # the order of day and month is anyone's guess
        month, day = (second, first) if first > 12 or first == second else (first, second)
    else:
        month = int(group["n"]) if group.get("n") else MONTHS[group["m"].lower().rstrip(".")]
        day = int(group["d"])
    if month > 12 or day > (29 if month == 2 else 30 if month in (4, 6, 9, 11) else 31):
        return None
    return Date(year, month, day, match.start(), match.end())


_AGENCY = r"[^\W\d_][\w .&/'’-]{1,38}?"
_PLACE_WORD = r"[^\W\d_a-zß-öø-ÿ][\w.'’-]*"
_PLACE = rf"{_PLACE_WORD}(?:[ /-](?:(?:de|del|la|le|am|an|der|of|sur|upon|al|el) )?{_PLACE_WORD}){{0,3}}"
_UPPER_PLACE = r"[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ.'’-]+(?:[ /-][A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ.'’-]*){0,3}"
_REGION = r"(?P<region>, [A-ZÀ-ÖØ-Þ][\w. '’-]{1,24}?)?"
_RULE = r"\s*(?:--+|[–—―-]|:|\.-|\.–)\s+"
_WHEN = rf"(?:{_MONTH} {_DAY}|{_DAY}(?:\.|er)? (?:de )?{_MONTH})(?:,? (?:de )?{_YEAR})?"
_PREFIXES = tuple(
    re.compile(form)
    for form in (
        rf"(?P<place>{_PLACE}){_REGION}, (?P<when>(?i:{_WHEN})) ?[(（](?P<agency>{_AGENCY})[)）]{_RULE}",
        rf"(?P<place>{_PLACE}){_REGION} ?[(（](?P<agency>{_AGENCY})[)）](?:, (?P<when>(?i:{_WHEN})))?{_RULE}",
        rf"(?P<place>{_UPPER_PLACE}){_REGION}, (?P<when>(?i:{_WHEN})){_RULE}",
        rf"(?P<place>{_UPPER_PLACE}){_REGION}\s+(?:--+|[–—―])\s+",
        rf"(?:[(（])?(?P<agency>新华社|中新社|中新网|人民网|央视网|法新社|路透社|美联社)(?P<place>[\u4e00-\u9fff]{{2,8}}?)"
        rf"(?P<when>(?:{_YEAR}年)?\d{{1,2}}月\d{{1,2}}日)[电電](?:[)）]|[ 　]*(?:[(（][^)）]{{2,40}}[)）])?)[ 　]*",
    )
)
_WHOLE = tuple(
    re.compile(form)
    for form in (
        rf"(?P<place>{_PLACE}){_REGION} \((?P<agency>{_AGENCY})\),? (?P<when>(?i:{_WHEN}))\.?$",
        rf"(?P<place>{_PLACE}){_REGION}, (?P<when>(?i:{_WHEN})) \((?P<agency>{_AGENCY})\)\.?$",
    )
)


def read_dateline(text: str) -> Dateline | None:
    """The dateline that a text begins with or wholly is, or None.

    ``BEIJING, April 24 (Xinhua) -- ``, ``LONDON (Reuters) - ``, ``PARIS — ``, ``Berlin (dpa) - `` and
    ``新华社北京4月24日电`` open a paragraph; ``Beijing (XNA) Apr 26, 2022`` is a line of its own.
    """
    head = text[:160]
    if not _DATELINE_CHARACTERS.search(head) or not _DATELINE_SIGNS.search(head):
        return None
    for forms, whole in ((_WHOLE, True), (_PREFIXES, False)):
        for form in forms:
            match = form.match(head)
            if match is None or (whole and len(text) > 160):
                continue
            group = match.groupdict()
            dates = find_dates(group["when"]) if group.get("when") else ()
            agency = group.get("agency")
            return Dateline(
                match.group(0),
                place_name(group["place"]) + (group.get("region") or ""),
                agency.strip() if agency else None,
                dates[0] if dates else None,
                whole,
            )
    return None


def place_name(place: str) -> str:
    """A place in ordinary capitals: ``Beijing`` for ``BEIJING``; short acronyms stay."""
    if not place.isupper() or (len(place) <= 3 and place.isascii()):
        return place
    return re.sub(r"[^\W\d_]+(?:['’][^\W\d_]+)?", lambda word: word.group(0).capitalize(), place)
