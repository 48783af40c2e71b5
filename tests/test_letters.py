"""Letters found by looking up are those that Python finds one by one."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from pipeline.duplicates import shingle_hashes
from pipeline.letters import letters
from pipeline.sites import block_keys
from pipeline.text import block_key

TEXTS = st.text(st.one_of(st.characters(), st.sampled_from("aZ9 '’_…\u00a0ßẞİﬁ™éБ火\u0301\0")), max_size=60)


@given(TEXTS)
def test_letters_are_those_of_the_folded_compatibility_form(text: str) -> None:
    _, folds = letters(text)
    found = "".join(map(chr, folds[folds != 0].tolist()))
    assert found == "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


@given(st.lists(TEXTS, max_size=5))
def test_texts_of_a_page_are_told_apart_by_their_own_letters(texts: list[str]) -> None:
    own = ["".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold())) for text in texts]
    found = block_keys(texts, [""] * len(texts))
    assert found.tolist() == [int(block_keys([text], [""])[0]) for text in own]
    assert len(set(found.tolist())) == len(set(own))
    assert [key == 0 for key in found.tolist()] == [not text for text in own]


@given(TEXTS)
def test_shingles_are_over_the_words_of_the_block_key(text: str) -> None:
    assert shingle_hashes(text).tolist() == shingle_hashes(block_key(text)).tolist()


@given(st.text(st.one_of(st.characters(max_codepoint=0x17F), st.sampled_from("'’►★€™\u0301\u200d")), max_size=40))
def test_what_is_read_as_latin_is_what_is_looked_up(text: str) -> None:
    """With a letter far beyond Latin-1 beside it the same text is looked up."""
    other = "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))
    assert block_keys([f"{text}\nБ"], [""]).tolist() == block_keys([f"{other}Б"], [""]).tolist()
    alone, beside = set(shingle_hashes(text).tolist()), set(shingle_hashes(f"{text} Б").tolist())
    assert len(alone - beside) == (len(block_key(text).split()) in (1, 2))
