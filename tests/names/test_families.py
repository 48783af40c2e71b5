"""Every family of the seeds: all spellings that its entry implies come to one form."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pipeline.names import Gazetteer, normalise, read_gazetteer
from pipeline.names.families import Family, index_designators
from pipeline.names.numerals import chinese
from tests.names.conftest import seed_tables

FAMILIES = read_gazetteer(seed_tables()).families
NUMBERED = [family for family in FAMILIES if family.designators]
SEPARATORS = [" ", "-", "\u00a0", "\u2009", "\u202f", "\u2007", "\u2010", "\u2011", "\u2012", "\u2013", "\u2212"]
NO = [" No. ", " No.", " No ", "-No. "]
APOSTROPHES = "'\u2019\u2018\u02bc`\u00b4\u2032"


def in_context(name: str, family: Family) -> str:
    """A sentence in which nothing is left to doubt."""
    cue = (family.cues or family.vocabulary.cues)[0].rstrip("*")
    return f"By {cue}: the old {name} {family.vocabulary.nouns[0]} of that year."


def samples(family: Family) -> list[str]:
    """The first, the second, one in the middle and the last designator."""
    known = [one for one in family.designators if one not in family.exclude]
    return list(dict.fromkeys((known[0], known[len(known) // 2], known[-1], known[min(1, len(known) - 1)])))


def written_ways(family: Family, designator: str) -> Iterator[tuple[str, str]]:
    """(notation, text) for each way to write a designator that is one word."""
    yield "own", designator
    for key, way in index_designators(family).ways.items():
        if way.canonical == designator and " " not in key and key != designator.lower():
            yield way.notation, key.title() if way.notation == "words" else key.upper()


def spellings(family: Family, designator: str) -> Iterator[str]:
    """Names by separators, numerals, apostrophes, case and listed spellings."""
    for notation, number in written_ways(family, designator):
        for separator in SEPARATORS:
            yield family.name + separator + number
        if number[0].isdigit() and len(family.name) > 3 and family.join:
            yield from (family.name + separator + number for separator in NO)
        if number.isdigit() and not family.name[-1].isdigit():
            yield family.name + number
        if "'" in family.name:
            yield from (family.name.replace("'", mark) + " " + number for mark in APOSTROPHES)
        for listed in family.spellings:
            yield f"{listed} {number}" if notation != "code" or family.join else listed + number
        if family.gate == "distinctive" and not family.capital and notation != "words":
            yield f"{family.name.lower()} {number}"
        yield f"{family.name[:2]}\u00ad{family.name[2:]}-{number}"


@pytest.mark.parametrize("family", NUMBERED, ids=lambda family: family.id)
def test_all_spellings_come_to_one_form(family: Family, gazetteer: Gazetteer) -> None:
    for designator in samples(family):
        canonical = family.name + family.join + designator
        expected = in_context(canonical, family)
        for name in spellings(family, designator):
            named = normalise(in_context(name, family), gazetteer)
            assert named.text == expected, name
            assert [m.name_id for m in named.mentions] == [f"{family.id}:{designator.lower()}"], name
            mention = named.mentions[0]
            assert named.text[mention.start : mention.end] == mention.canonical == canonical


@pytest.mark.parametrize("family", [f for f in NUMBERED if f.all_caps], ids=lambda family: family.id)
def test_headlines_in_capitals_keep_them(family: Family, gazetteer: Gazetteer) -> None:
    for designator in samples(family):
        name = f"{family.name} {designator}".upper()
        expected = (family.name + family.join + designator).upper()
        headline = in_context(name, family).upper()
        assert normalise(headline, gazetteer).text == headline.replace(name, expected)


@pytest.mark.parametrize("family", [f for f in FAMILIES if f.chinese or f.chinese_weak], ids=lambda family: family.id)
def test_chinese_names_keep_their_script(family: Family, gazetteer: Gazetteer) -> None:
    for name in (*family.chinese, *family.chinese_weak):
        for number in (one for one in samples(family) if one.isdigit()):
            for measure in "号號":
                named = normalise(f"{name}{number}{measure}火箭卫星", gazetteer)
                assert named.text == f"{name}{chinese(int(number))}{measure}火箭卫星"
                assert [m.name_id for m in named.mentions] == [f"{family.id}:{number}"]
                assert normalise(named.text, gazetteer).text is named.text


@pytest.mark.parametrize("family", [f for f in FAMILIES if f.linked], ids=lambda family: family.id)
def test_other_names_are_recorded_and_stay(family: Family, gazetteer: Gazetteer) -> None:
    number = f"-{samples(family)[0]}" if family.designators else ""
    for other in family.linked:
        text = in_context(other + number, family)
        named = normalise(text, gazetteer)
        assert named.text is text
        assert family.id in {mention.name_id.partition(":")[0] for mention in named.mentions}


@pytest.mark.parametrize("family", [f for f in FAMILIES if not f.designators], ids=lambda family: family.id)
def test_names_without_number_and_phrases(family: Family, gazetteer: Gazetteer) -> None:
    for spelling in (family.name, *family.spellings, *family.weak):
        named = normalise(in_context(spelling, family), gazetteer)
        assert named.text == in_context(family.name, family), spelling
        assert [m.name_id for m in named.mentions] == [family.id]
