"""What a gazetteer is made of: families with their designators, and the words that speak for them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipeline.names.numerals import LARGEST_ROMAN, ROMAN_VALUES, roman, word

NOTATIONS = ("digits", "roman", "words")
NUMERALS = ("arabic", "roman", "code")
GATES = ("distinctive", "cue", "noun")

_PIECE = re.compile(r"[0-9]+|[a-z]+")
_ROMAN_HEAD = re.compile(r"(?:X{0,3})(?:IX|IV|V?I{0,3})(?=[A-Z]?(?:[ -].*)?$|[A-Z]+$)")
_RANKED = re.compile(r"(?P<prefix>[A-Za-z]+-?)?(?P<number>\d+)(?P<rest>.*)")

Rank = tuple[str, int, str]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of a domain.

    ``cues`` near a name say that the domain is meant. ``nouns`` right behind a name, ``adjectives`` allowed between,
    say that the name is one of the domain's things. A final ``*`` lets a word go on; a word with a capital must have
    one in the text.
    """

    id: str
    cues: tuple[str, ...]
    nouns: tuple[str, ...]
    adjectives: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """Names that differ by their designator alone ("Shenzhou-12", "Shenzhou-13"), or one name without any.

    ``seeds/names/README.md`` says what each field means to the person who fills it in. ``designators`` and
    ``exclude`` hold the ranges of the table written out; ``phrase`` marks a listed phrase, matched letter by letter.
    """

    id: str
    file: str
    name: str
    kind: str
    vocabulary: Vocabulary
    join: str = " "
    designators: tuple[str, ...] = ()
    numerals: str = "arabic"
    notations: tuple[str, ...] = NOTATIONS
    exclude: tuple[str, ...] = ()
    gate: str = "distinctive"
    capital: bool = False
    all_caps: bool = True
    bare: bool = False
    phrase: bool = False
    spellings: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    linked: tuple[str, ...] = ()
    chinese: tuple[str, ...] = ()
    chinese_weak: tuple[str, ...] = ()
    serial: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()
    not_after: tuple[str, ...] = ()
    not_near: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    counterexamples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Designator:
    """One way to write a designator: its ``canonical`` form, the ``notation`` of this way, its ``rank`` in lists."""

    canonical: str
    notation: str
    rank: Rank


@dataclass(frozen=True, slots=True)
class Index:
    """All ways to write the designators of a family, keyed by their pieces: ``2.1a`` has the key ``2 1 a``.

    ``excluded`` holds those that are valid as further members of a list alone, where no other thing can be meant.
    ``longest`` is the number of pieces of the longest key.
    """

    ways: dict[str, Designator] = field(default_factory=dict)
    excluded: dict[str, Designator] = field(default_factory=dict)
    longest: int = 0


def index_designators(family: Family) -> Index:
    """Every way to write every designator of the family; what is written as listed wins over what is read."""
    ways: dict[str, Designator] = {}
    for designator in family.designators:
        ways[key_of(designator)] = Designator(designator, _own_notation(family, designator), _rank(family, designator))
    for designator in family.designators:
        for key, notation in _other_notations(family, designator):
            ways.setdefault(key, Designator(designator, notation, _rank(family, designator)))
    without = {key_of(designator) for designator in family.exclude}
    excluded = {key: way for key, way in ways.items() if key_of(way.canonical) in without} if without else {}
    return Index(
        ways={key: way for key, way in ways.items() if key not in excluded} if excluded else ways,
        excluded=excluded,
        longest=max((key.count(" ") + 1 for key in ways), default=0),
    )


def key_of(designator: str) -> str:
    """The pieces of a designator, runs of digits or letters, in lower case with a space between."""
    return " ".join(_PIECE.findall(designator.lower()))


def _own_notation(family: Family, designator: str) -> str:
    if designator[:1].isdigit():
        return "digits"
    return "roman" if family.numerals == "roman" and _roman_head(designator) else "code"


def _rank(family: Family, designator: str) -> Rank:
    """Where a designator stands among its like: prefix, number, the rest."""
    if family.numerals == "roman" and (head := _roman_head(designator)):
        return "", ROMAN_VALUES[head], designator[len(head) :]
    if match := _RANKED.fullmatch(designator):
        return match["prefix"] or "", int(match["number"]), match["rest"]
    return "", 0, designator


def _roman_head(designator: str) -> str:
    """The Roman number that a designator begins with (IIIA: III), empty where there is none."""
    match = _ROMAN_HEAD.match(designator)
    return match.group() if match else ""


def _other_notations(family: Family, designator: str) -> list[tuple[str, str]]:
    """The ways beside the canonical one, as (key, notation): XII and Twelve for 12; 3A for IIIA; 4 Heavy."""
    if family.numerals == "roman" and (head := _roman_head(designator)):
        number, rest = ROMAN_VALUES[head], designator[len(head) :]
        found = [(key_of(f"{number} {rest}"), "digits")]
        if "words" in family.notations and not rest[:1].isalpha():
            found.append((key_of(f"{word(number)} {rest}"), "words"))
        return found
    if family.numerals != "arabic" or not designator.isdigit():
        return []
    found, number = [], int(designator)
    if "roman" in family.notations and 1 <= number <= LARGEST_ROMAN:
        found.append((roman(number).lower(), "roman"))
    if "words" in family.notations and (spelled := word(number)):
        found.append((spelled, "words"))
    return found
