"""Hashes of many stretches at once are those of each alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.hashes import mixed, of_stretches, of_words

WORDS = st.lists(st.text("ab'é火", min_size=1, max_size=40), max_size=20)
LENGTHS = [1, 7, 8, 9, 15, 16, 17, 255, 256, 257, 5_000]


def hashes(*words: str) -> list[int]:
    found: list[int] = of_words(f"  {'  '.join(words)} ".encode()).tolist()
    return found


@given(WORDS)
def test_a_word_has_the_same_hash_wherever_it_stands(words: list[str]) -> None:
    assert hashes(*words) == [hashes(word)[0] for word in words]
    assert len(set(hashes(*words))) == len(set(words))


@pytest.mark.parametrize("length", LENGTHS)
def test_every_byte_of_a_word_counts(length: int) -> None:
    word = "x" * length
    others = [word[:place] + "y" + word[place + 1 :] for place in range(0, length, 1 + length // 50)]
    assert len(set(hashes(word, word + "x", *others))) == 2 + len(others)


def test_a_text_without_words_has_no_hashes() -> None:
    assert hashes() == []


@given(st.lists(st.binary(max_size=20), max_size=8))
def test_stretches_are_told_apart_by_their_own_bytes(stretches: list[bytes]) -> None:
    sizes = np.array(list(map(len, stretches)), dtype=np.int64)
    ends = sizes.cumsum()
    found = of_stretches(np.frombuffer(b"".join(stretches) + b"\0", dtype=np.uint8), ends - sizes, ends).tolist()
    alone = [
        of_stretches(np.frombuffer(own + b"\0", dtype=np.uint8), *np.array([[0], [len(own)]]))[0] for own in stretches
    ]
    assert found == alone
    assert len(set(found)) == len(set(stretches))
    assert [value == 0 for value in found] == [not own for own in stretches]


def test_a_long_text_has_the_hashes_of_a_short_one() -> None:
    codes = np.frombuffer(b"ab" + bytes(1 << 18) + b"ab", dtype=np.uint8)
    first, last = of_stretches(codes, np.array([0, len(codes) - 2]), np.array([2, len(codes)])).tolist()
    assert first == last


def test_mixing_changes_every_number_but_0() -> None:
    values = np.arange(1_000, dtype=np.uint64)
    assert mixed(values)[0] == 0
    assert len(set(mixed(values).tolist())) == 1_000
    assert mixed(values)[1].item() == 6238072747940578789
