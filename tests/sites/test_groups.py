"""Groups of loose pages: which of them are made alike."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.sites import LoosePage, block_keys, group_by_recurrence

MENU = ["Harbour Gazette", "Sea", "Town", "Sport", "Sign in"]
FOOTER = ["About us", "Contact", "Privacy", "Harbour Gazette Ltd"]
OTHER_MENU = ["The Meridian", "World", "Money", "Culture", "Log in", "Imprint", "Jobs", "Help"]


def page(doc_id: str, *lines: str, story: str = "") -> LoosePage:
    return LoosePage(doc_id, story or doc_id, block_keys(lines, [""] * len(lines)))


def story(number: int, length: int = 5) -> list[str]:
    return [f"Sentence {place} of story {number}." for place in range(length)]


def gazette(number: int) -> LoosePage:
    return page(f"g{number}", *MENU, *story(number), *FOOTER)


def meridian(number: int) -> LoosePage:
    return page(f"m{number}", *OTHER_MENU, *story(100 + number))


def test_pages_of_two_sites_in_one_folder() -> None:
    names = group_by_recurrence([*map(gazette, range(4)), *map(meridian, range(3)), page("x", *story(7))])
    assert set(names) == {"g0", "g1", "g2", "g3", "m0", "m1", "m2"}
    assert len({names[f"g{number}"] for number in range(4)}) == 1
    assert len(set(names.values())) == 2


LOOSE = {
    "two stories are too few": [gazette(0), gazette(1)],
    "copies of one story": [page(name, *story(1, 12), story="s") for name in "abcd"],
    "a shared notice in long pages": [page(name, *story(n, 20), *FOOTER) for n, name in enumerate("abcd")],
    "single entries": [
        page(name, "Home", *story(n), "Share", *story(n + 50), "Print") for n, name in enumerate("abcd")
    ],
    "too short": [page(name, "Home") for name in "abcd"],
    "nothing": [],
}


@pytest.mark.parametrize("pages", LOOSE.values(), ids=LOOSE)
def test_weak_recurrence_makes_no_site(pages: list[LoosePage]) -> None:
    assert group_by_recurrence(pages) == {}


loose_pages = st.lists(
    st.builds(
        LoosePage,
        doc_id=st.text("abcdef", min_size=1, max_size=3),
        story=st.sampled_from("1234"),
        keys=st.lists(st.integers(0, 6), max_size=10).map(lambda keys: np.array(keys, dtype=np.uint64)),
    ),
    unique_by=lambda page: page.doc_id,
)


@given(loose_pages, st.randoms())
def test_groups_do_not_depend_on_order(pages: list[LoosePage], rng: Any) -> None:
    names = group_by_recurrence(pages)
    rng.shuffle(pages)
    assert group_by_recurrence(pages) == names
