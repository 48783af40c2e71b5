"""The grammar behind a family's name: separators, designators, serial numbers, lists and ranges."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from pipeline.names.families import Designator, Family, Index, key_of
from pipeline.names.fold import Folded

_SEPARATOR = re.compile(r"[ -]?(?:(?:No\.?|NO\.?|no\.|Nr\.|№|[Nn]umber )[ ]?)?")
_PIECE = re.compile(r"([ ./-]?)([0-9]+|[a-z]+)")
_LETTERS = re.compile("[A-Za-z]+")
_PLURAL = re.compile(r"[A-Z]+s")
_CONNECTOR = re.compile(r"(,? and |,? or |,? & |, | to | through |-)(-?)(?=[0-9a-z])")
_CLOSING = ("and", "or", "&", "to", "through")


@dataclass(frozen=True, slots=True)
class Member:
    """One designator in the text.

    ``start`` is where its own text begins: the name's for the first of a list, the designator's (a hyphen included)
    for the others. ``written`` is what stands there in the end, for the first without the name.
    """

    start: int
    end: int
    way: Designator
    written: str
    plural: bool = False


def read_first(folded: Folded, start: int, end: int, family: Family, index: Index, hyphen_only: bool) -> Member | None:
    """The designator after a name that reaches from ``start`` to ``end``, None where nothing valid follows."""
    separator = _SEPARATOR.match(folded.plain, end)
    longest = separator.group() if separator else ""
    for text in (longest, longest[:1]):
        if hyphen_only and text != "-":
            continue
        joined = bool(family.join) and not text and not folded.plain[end - 1].islower()
        found = _read(folded, end + len(text), index.ways, index.longest, joined=joined)
        if found:
            stop, way, plural = found
            stop, serial = _read_serial(folded, stop, family)
            return Member(start, stop, way, way.canonical + serial, plural)
    return None


def _read(
    folded: Folded, start: int, ways: dict[str, Designator], longest: int, *, joined: bool = False
) -> tuple[int, Designator, bool] | None:
    """The longest designator that starts at ``start``: its end, what it is, and whether a plural s belongs to it."""
    pieces: list[tuple[str, str, int]] = []
    at = start
    while len(pieces) < longest and (match := _PIECE.match(folded.lower, at)):
        gap, piece = match.groups()
        if gap and not pieces:
            return None
        pieces.append((gap, piece, match.end()))
        at = match.end()
    for count in range(len(pieces), 0, -1):
        gap, last, end = pieces[count - 1]
        plural = bool(_PLURAL.fullmatch(folded.plain, end - len(last), end))
        used = [*pieces[: count - 1], (gap, last[:-1] if plural else last, end - plural)]
        way = ways.get(" ".join(piece for _, piece, _ in used))
        if way and _well_joined(used) and _well_written(folded.plain[start : end - plural], way, joined):
            return end - plural, way, plural
    return None


def _well_joined(pieces: list[tuple[str, str, int]]) -> bool:
    for (_, left, _), (gap, right, _) in pairwise(pieces):
        if left.isdigit() and right.isdigit():
            allowed = ".-"
        elif right.isdigit():
            allowed = "- /"
        else:
            allowed = "-/ " if len(right) > 2 else "-/"  # "Delta 4 Heavy", but not "Long March 5 a"
        if gap not in ("", *allowed):
            return False
    return True


def _well_written(written: str, way: Designator, joined: bool) -> bool:
    """Whether the case of the letters fits: capitals for Roman numbers and letters, a capital for words."""
    if way.notation == "digits":
        return True
    if way.notation == "words":
        return not joined and written[0].isupper()
    if joined and written[0].isalpha():
        return False
    return written.isupper() or written[0].isdigit() or _LETTERS.findall(written) == _LETTERS.findall(way.canonical)


def _read_serial(folded: Folded, end: int, family: Family) -> tuple[int, str]:
    """The serial number of one copy, such as the ``Y12`` of ``Long March 2F Y12``."""
    if family.serial and folded.plain[end : end + 1] in (" ", "-"):
        for mark in family.serial:
            match = re.compile(rf"[ -](?i:{re.escape(mark)})[ -]?(\d{{1,3}})(?!\w)").match(folded.plain, end)
            if match:
                return match.end(), f" {family.serial[0]}{match.group(1)}"
    return end, ""


def read_tail(folded: Folded, first: Member, family: Family, index: Index) -> list[Member]:
    """The further members of a list or range that the first member opens; elided names stay elided."""
    members, closed = [first], [True]
    while match := _CONNECTOR.match(folded.lower, members[-1].end):
        mark, hyphen = match.groups()
        found = _read_further(folded, match.end(), members[-1].way, index)
        if not found or (mark == "-" and hyphen):
            break
        end, way, plural, elided = found
        if not _may_follow(way, members[-1].way, family):
            break
        start = match.end() - len(hyphen)
        prefix = "-" if family.join == "-" and mark != "-" else ""
        written = folded.plain[start:end] if elided else prefix + way.canonical
        members.append(Member(start, end, way, written, plural))
        closed.append(bool(hyphen) or mark == "-" or mark.strip(" ,") in _CLOSING)
    while not closed[-1]:  # "after Shenzhou-12, 13 ..." is no list until something closes it
        members.pop()
        closed.pop()
    return members[1:]


def _read_further(
    folded: Folded, start: int, last: Designator, index: Index
) -> tuple[int, Designator, bool, bool] | None:
    """A further designator, in full or with the prefix of the one before left out ("MS-24 and -25")."""
    found = _read(folded, start, index.ways, index.longest) or _read(folded, start, index.excluded, index.longest)
    if found:
        return *found, False
    digits = re.compile(r"\d+").match(folded.lower, start)
    if digits and last.rank[0]:
        way = index.ways.get(key_of(last.rank[0] + digits.group() + last.rank[2]))
        if way:
            return digits.end(), way, False, True
    return None


def _may_follow(way: Designator, last: Designator, family: Family) -> bool:
    """Whether a designator can follow another in a list: in digits or the same notation, of the same make, higher.

    Roman families take Roman members behind any other, as the others will be Roman in the end.
    """
    notations = ("digits", last.notation, family.numerals)
    return way.notation in notations and way.rank[0] == last.rank[0] and way.rank > last.rank
