"""Laws that hold for every text, whatever stands in it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.names import normalise, read_gazetteer
from tests.names.conftest import seed_tables

GAZETTEER = read_gazetteer(seed_tables())
NAMES = [spelling for family in GAZETTEER.families for spelling in (family.name, *family.spellings, *family.weak)]
SCRIPT = [name for family in GAZETTEER.families for name in (*family.chinese, *family.chinese_weak)]
GLUE = [
    " ", " ", "-", "–", "", "\u00a0", "\u00ad", "\u200b", " No. ", ", ", " and ", " to ", "/", "(", ") ", '"', "’s ",
        "'", "`", "\n", ". ", ": ", "_", "s ", "I ", "=", "号", "號", "、"]  # fmt: skip
NUMBERS = [
    "1", "2", "5", "6", "11", "12", "13", "I", "II", "V", "VI", "XI", "XII", "Six", "Nine", "5B", "2.1a", "MS-24",
           "MS 24", "C", "A5", "Y3", "九", "十二", "3B/E", "IV Heavy", "2030", "L1"]  # fmt: skip
WORDS = ["the", "crew", "rocket", "astronauts", "NASA", "moon", "SpaceX", "other", "miles", "think", "I", "THE CREW",
         "launched", "fighter", "Project", "mission", "卫星", "İ", "ß", "🚀", "Long", "March"]  # fmt: skip
PIECES = st.one_of(*map(st.sampled_from, (NAMES, SCRIPT, GLUE, GLUE, NUMBERS, NUMBERS, WORDS)), st.text(max_size=3))
TEXTS = st.lists(PIECES, max_size=14).map("".join)


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_a_second_run_changes_nothing(text: str) -> None:
    once = normalise(text, GAZETTEER).text
    assert normalise(once, GAZETTEER).text is once


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_offsets_slice_to_the_canonical_form(text: str) -> None:
    named = normalise(text, GAZETTEER)
    last = 0
    for mention in named.mentions:
        assert last <= mention.start < mention.end
        last = mention.end
        written = named.text[mention.start : mention.end]
        whole = mention.canonical.casefold() in written.casefold()  # a headline has capitals, a rocket its flight
        elided = mention.canonical.casefold().endswith(written.lstrip("-").casefold())
        assert whole or elided or written == mention.surface or not written.isascii()


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_the_surfaces_put_back_give_the_text(text: str) -> None:
    named = normalise(text, GAZETTEER)
    parts, done = [], 0
    for mention in named.mentions:
        parts += [named.text[done : mention.start], mention.surface]
        done = mention.end
    assert "".join([*parts, named.text[done:]]) == text


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters(exclude_characters="0123456789IVXLC"), max_size=60))
def test_a_text_without_a_name_comes_back_as_the_same_object(text: str) -> None:
    named = normalise(text, GAZETTEER)
    assert named.mentions or named.text is text


@settings(max_examples=200, deadline=None)
@given(TEXTS, TEXTS)
def test_documents_do_not_speak_to_each_other(one: str, two: str) -> None:
    alone = normalise(two, GAZETTEER)
    normalise(one, GAZETTEER)
    assert normalise(two, GAZETTEER) == alone
