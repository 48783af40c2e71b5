"""All families made ready for matching in one Aho-Corasick pass."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from itertools import chain, product

from ahocorasick_rs import AhoCorasick, MatchKind

from pipeline.model import ConfigError
from pipeline.names.context import Context
from pipeline.names.families import Family, Index, index_designators
from pipeline.names.fold import fold_spelling

# A spelling of so few letters occurs inside too many words: it is looked for with the start of a designator.
SHORT = 3


class Trust(IntEnum):
    """How far a spelling of a family's name can be trusted, and what is done with it."""

    SAFE = 0  # rewritten
    WEAK = 1  # rewritten with a cue near it
    LINKED = 2  # another name of the same thing: recorded with a cue, never rewritten
    CHINESE = 3  # rewritten within its script
    CHINESE_WEAK = 4  # the same, with a cue near it


@dataclass(frozen=True, slots=True)
class Entry:
    """What a pattern of the automaton stands for: a family and one of its spellings.

    ``size`` is the length of the folded spelling; the pattern is longer where the spelling is short.
    ``hyphen_only`` is a spelling that the table ends with a hyphen: only a hyphen may follow it.
    """

    number: int
    family: Family
    index: Index
    context: Context
    text: str
    trust: Trust
    size: int
    hyphen_only: bool = False
    other_word: bool = False


class Gazetteer:
    """Immutable. A pickle holds the families alone, and the rest is built again from them."""

    def __init__(self, families: tuple[Family, ...]) -> None:
        self.families = families
        patterns: dict[str, list[Entry]] = {}
        for number, family in enumerate(families):
            for entry in _entries(number, family):
                for pattern in _patterns(entry):
                    patterns.setdefault(pattern, []).append(entry)
        self.entries = tuple(tuple(found) for found in patterns.values())
        self._automaton = AhoCorasick(list(patterns), matchkind=MatchKind.Standard) if patterns else None

    def find(self, lower: str) -> list[tuple[int, int, int]]:
        """All hits in a folded text, as (index into ``entries``, start, end), overlapping ones too."""
        if self._automaton is None:
            return []
        try:
            return list(self._automaton.find_matches_as_indexes(lower, overlapping=True))
        except UnicodeEncodeError:  # a lone surrogate is no character: let another stand in its place
            whole = lower.encode("utf-8", "replace").decode("utf-8")
            return list(self._automaton.find_matches_as_indexes(whole, overlapping=True))

    def __reduce__(self) -> tuple[type[Gazetteer], tuple[tuple[Family, ...]]]:
        return Gazetteer, (self.families,)


def _entries(number: int, family: Family) -> list[Entry]:
    index, context = index_designators(family), Context.of(family)
    listed = (
        (Trust.SAFE, (family.name, *family.spellings)),
        (Trust.WEAK, family.weak),
        (Trust.LINKED, family.linked),
        (Trust.CHINESE, family.chinese),
        (Trust.CHINESE_WEAK, family.chinese_weak),
    )
    found: dict[str, Entry] = {}
    safe: set[str] = set()
    for trust, spellings in listed:
        for spelling in spellings:
            text = spelling.removesuffix("-")
            folded = fold_spelling(text)
            if len(_letters(folded)) < 2 and trust < Trust.CHINESE and not index.ways:
                raise ConfigError(f"{family.file}: {family.id!r} has the spelling {spelling!r}, which is too short")
            if trust is not Trust.SAFE and spelling == text and folded in safe:
                raise ConfigError(f"{family.file}: {family.id!r} lists {spelling!r} both as safe and as not")
            if trust is Trust.SAFE:
                safe.add(folded)
            other_word = _letters(text)[:1] != _letters(family.name)[:1]  # Changzheng, but not Ofeq for Ofek
            entry = Entry(number, family, index, context, text, trust, len(folded), text != spelling, other_word)
            # The case of safe spellings is free, that of all others is part of what they say.
            found.setdefault(folded if trust is Trust.SAFE and not family.phrase else spelling, entry)
    return list(found.values())


def _letters(spelling: str) -> str:
    return re.sub(r"[\W_]", "", spelling).lower()


def _patterns(entry: Entry) -> list[str]:
    """What the automaton looks for: the spelling with a space or a hyphen in every gap, phrases just as listed."""
    folded = fold_spelling(entry.text)
    spellings = [folded] if entry.family.phrase else _gap_variants(folded)
    if len(folded) > SHORT or not entry.index.ways or entry.trust >= Trust.CHINESE:
        return spellings
    own = ("digits", "code", "roman" if entry.family.numerals == "roman" else "")
    starts = sorted({key[0] for key, way in entry.index.ways.items() if way.notation in own})
    return [spelling + gap + start for spelling in spellings for gap in ("", " ", "-") for start in starts]


def _gap_variants(folded: str) -> list[str]:
    parts = re.split("[ -]", folded)
    gaps = product(" -", repeat=len(parts) - 1)
    return ["".join(chain.from_iterable(zip(parts, (*chosen, ""), strict=True))) for chosen in gaps]
