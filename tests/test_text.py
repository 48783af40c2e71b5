"""Canonical text: what is unified, what is kept, and that doing it twice changes nothing."""

from __future__ import annotations

import pytest
from ftfy import fix_encoding
from ftfy.badness import is_bad
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.text import block_key, canonical_paragraph, fold_space, repair, unify_line_ends, words


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("It’s a “test”", 'It\'s a "test"'),
        ("Er sagte: „Nein.“", 'Er sagte: "Nein."'),
        ("Elle dit : «\u00a0Non\u202f»", "Elle dit : « Non »"),
        ("他说“好”。", "他说“好”。"),
        ("「はい」と", "「はい」と"),
        ("one -- two", "one - two"),
        ("one – two — three", "one - two - three"),
        ("one—two", "one - two"),
        ("one--two", "one - two"),
        ("ends with a dash --", "ends with a dash --"),
        ("Moscow–Beijing, 1999–2004", "Moscow-Beijing, 1999-2004"),
        ("well\u2010known\u2011names", "well-known-names"),
        ("\u22125 degrees", "-5 degrees"),
        ("a − b", "a − b"),
        ("wait…", "wait..."),
        ("thin\u2009and\u00a0fixed  spaces\t", "thin and fixed spaces"),
        ("soft\u00adhyphen and zero\u200bwidth\ufeff", "softhyphen and zerowidth"),
        ("cafe\u0301", "café"),
        ("schÃ¶n", "schön"),
        ("doubly broken: Ã\u0083Â¶", "doubly broken: ö"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("family 👨\u200d👩\u200d👧", "family 👨\u200d👩\u200d👧"),
        ("idle\u200djoiner", "idlejoiner"),
        ("bell\x07 and null\x00", "bell and null"),
        ("5′ 10″ stays", "5′ 10″ stays"),
    ],
)
def test_typography(written: str, canonical: str) -> None:
    assert canonical_paragraph(written) == canonical
    assert canonical_paragraph(canonical) == canonical


def test_typography_can_be_kept() -> None:
    assert canonical_paragraph("It’s “so” — yes…", "keep") == "It’s “so” — yes…"


ALPHABET = st.sampled_from(
    list("ab I1 .,-–—―−'’‘“”„«»\"…\u00a0\u2009\u00ad\u200b\u200c\u200d\ufeff\n\r\t好る“م👨Ã¶â€™é\u0301")
)


@settings(max_examples=600, deadline=None)
@given(st.one_of(st.text(ALPHABET, max_size=24), st.text(max_size=40)))
def test_canonical_text_is_its_own_canonical_form(text: str) -> None:
    once = canonical_paragraph(text)
    assert canonical_paragraph(once) == once


@pytest.mark.parametrize("end", ["\r\n", "\r", "\u2028", "\x85", "\n"])
def test_line_ends(end: str) -> None:
    assert unify_line_ends(f"one{end}two") == "one\ntwo"


def test_words_and_keys() -> None:
    assert words("Don’t stop: 神舟12号, Über_all") == ["don’t", "stop", "神舟12号", "über", "all"]
    assert block_key("  READ — more… ») ") == block_key("Read more")
    assert block_key("***") == ""
    assert fold_space(" a \n\n b\u00a0c ") == "a b c"


@given(st.text(st.characters(max_codepoint=127), max_size=20))
def test_a_word_beyond_ascii_changes_no_key_but_its_own(text: str) -> None:
    assert block_key(f"{text} é") == f"{block_key(text)} é".strip()


SOUND = st.sampled_from(list("aZ 1.\u00a0ÀÄÉàéüßőŠž“”„‘’«»–—…•·´°®©™£€ÃÂŒœ¤\x80"))


@given(st.text(SOUND, max_size=6))
def test_the_quick_look_misses_no_mojibake(text: str) -> None:
    """What ``is_bad`` finds in a text, ``repair`` gives to ``fix_encoding``; else the text only loses control signs."""
    if is_bad(text):
        assert repair(text) == repair(fix_encoding(text))
