from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import glyphs
from pipeline.text import words

LINE = st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=40)


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("A", "upper"),
        ("ß", "lower"),
        ("א", "caseless"),
        ("中", "cjk"),
        ("𠀀", "cjk"),
        ("7", "digit"),
        ("\u00a0", "space"),
        ("。", "stop"),
        ("，", "comma"),
        ("«", "quote"),
        ("€", "currency"),
        ("|", "separator"),
        ("—", "dash"),
        ("😀", "symbol"),
    ],
)
def test_characters_have_their_class(character: str, name: str) -> None:
    assert glyphs.CLASSES[glyphs.read([character]).classes[0]] == name


def test_lines_are_counted_apart() -> None:
    page = glyphs.read(["One two, three.", "", "Four; FIVE"])
    assert page.per_line(page.classes == glyphs.UPPER).tolist() == [1, 0, 5]
    assert page.per_line(page.classes == glyphs.COMMA).tolist() == [1, 0, 1]
    assert page.per_line_of_words(np.ones(5)).tolist() == [3, 0, 2]


def test_a_line_is_known_by_its_words_alone() -> None:
    keys = glyphs.read(["Read more", "READ, more!", "more read", "", "..."]).line_keys().tolist()
    assert keys[0] == keys[1] != keys[2]
    assert keys[3] == keys[4] == 0


def test_chinese_characters_are_words_by_pairs() -> None:
    page = glyphs.read(["月球", "月亮"])
    assert len(page.word_starts) == 4
    assert page.word_hashes[0] != page.word_hashes[2]


@given(st.lists(LINE, max_size=8))
def test_every_character_and_word_belongs_to_its_line(lines: list[str]) -> None:
    page = glyphs.read(lines)
    assert (page.ends - page.starts).tolist() == [len(line) for line in lines]
    assert all(
        page.starts[line] <= start < page.ends[line]
        for start, line in zip(page.word_starts, page.word_lines, strict=True)
    )


@given(st.lists(st.text("abcXYZ -.,'", max_size=30), min_size=1, max_size=6))
def test_same_words_same_hash(lines: list[str]) -> None:
    page = glyphs.read(lines)
    own = [word for line in lines for word in words(line.replace("'", " "))]
    seen: dict[str, int] = {}
    assert len(own) == len(page.word_hashes)
    for word, value in zip(own, page.word_hashes.tolist(), strict=True):
        assert seen.setdefault(word, value) == value


@pytest.mark.parametrize("word", ["a", "abc", 63 * "a", 64 * "b", 65 * "ab", 400 * "xyz"])
def test_a_word_has_one_hash_wherever_it_stands(word: str) -> None:
    page = glyphs.read(["Some words above it,", f"{word} - {word}", word])
    assert set(page.word_hashes[4:].tolist()) == set(glyphs.hash_words(word).tolist())


def test_the_words_of_a_line_lie_together() -> None:
    groups = glyphs.read(["one two", "", "three", "four five six"]).word_groups()
    assert [part.tolist() for part in groups] == [[0, 2, 3], [0, 2, 3], [2, 1, 3]]
    assert [len(part) for part in glyphs.read(["", "..."]).word_groups()] == [0, 0, 0]


@pytest.mark.parametrize("line", ["rope and tar ", 1_000 * "rope", f"{70 * 'r'} {'tar ' * 100}"])
def test_a_page_of_millions_of_characters_has_the_words_of_its_lines(line: str) -> None:
    page = glyphs.read([line] * (2_500_000 // len(line)))
    assert set(page.word_hashes.tolist()) == set(glyphs.hash_words(line).tolist())
    assert set(glyphs.hash_words(3_000_000 * "a").tolist()) == set(
        glyphs.hash_words(f"b {3_000_000 * 'a'}")[1:].tolist()
    )
