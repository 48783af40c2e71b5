"""Site profiles: exact counts, whatever the order and the shards."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from pipeline.model import Evidence
from pipeline.sites import Profile, SiteCounts, about, block_keys, count, merge

Page = tuple[str, bool, NDArray[np.uint64]]

page = st.tuples(
    st.sampled_from(["a.example", "b.example", ""]),
    st.booleans(),
    st.lists(st.integers(0, 9), max_size=12).map(lambda keys: np.array(keys, dtype=np.uint64)),
)


def dump(profile: Profile) -> list[tuple[str, int, list[int], list[int]]]:
    return [(site.site, site.pages, site.keys.tolist(), site.counts.tolist()) for site in profile]


def keys(*texts: str, path: str = "") -> NDArray[np.uint64]:
    return block_keys(texts, [path] * len(texts))


@given(st.lists(page, max_size=20))
def test_counts_are_those_of_a_plain_counter(pages: list[Page]) -> None:
    expected: dict[str, Counter[int]] = {site: Counter() for site, _, _ in pages}
    stories: Counter[str] = Counter()
    for site, counted, page_keys in pages:
        if counted:
            stories[site] += 1
            expected[site].update(set(page_keys.tolist()) - {0})
    assert dump(count(pages)) == [
        (site, stories[site], sorted(seen), [seen[key] for key in sorted(seen)])
        for site, seen in sorted(expected.items())
    ]


@given(st.lists(page, max_size=20), st.integers(1, 16), st.randoms())
def test_profile_depends_on_neither_order_nor_shards(pages: list[Page], shards: int, rng: Any) -> None:
    whole = dump(count(pages))
    rng.shuffle(pages)
    parts = [count(pages[shard::shards]) for shard in range(shards)]
    rng.shuffle(parts)
    assert dump(merge(parts)) == whole


@given(st.lists(page, max_size=20), st.lists(page, max_size=20), st.lists(page, max_size=20))
def test_merging_is_associative(one: list[Page], two: list[Page], three: list[Page]) -> None:
    a, b, c = count(one), count(two), count(three)
    assert dump(merge([merge([a, b]), c])) == dump(merge([a, merge([b, c])])) == dump(merge([a, b, c]))


@given(st.lists(page, max_size=20))
def test_pruning_changes_no_evidence(pages: list[Page]) -> None:
    profile = count(pages)
    every = np.arange(12, dtype=np.uint64)
    for site, _, _ in pages:
        assert profile.recurring().evidence(site, every) == profile.evidence(site, every)


@given(st.lists(page, max_size=20))
def test_a_profile_survives_being_stored_as_rows(pages: list[Page]) -> None:
    profile = count(pages)
    rows = [(site.site, site.pages, site.keys, site.counts) for site in profile]
    assert dump(Profile(SiteCounts(*row) for row in reversed(rows))) == dump(profile)


def test_large_sites_are_counted_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = [("s", True, np.arange(n % 7, 40, dtype=np.uint64)) for n in range(50)]
    whole = dump(count(pages))
    monkeypatch.setattr("pipeline.sites.profile._PENDING", 100)
    assert dump(count(pages)) == whole


def test_one_site_twice_is_refused() -> None:
    site = next(iter(count([("s", True, keys("Home"))])))
    with pytest.raises(ValueError, match="twice"):
        Profile([site, site])


def test_evidence_counts_the_asking_page() -> None:
    profile = count(
        [
            ("s", True, keys("Menu", "First story")),
            ("s", True, keys("Menu", "Second story")),
            ("s", False, keys("Menu", "Second story")),
            ("t", True, keys("Menu")),
        ]
    )
    assert profile.evidence("s", keys("Menu", "Second story", "New", "--")) == [
        Evidence(2, 2),
        Evidence(1, 2),
        Evidence(1, 2),
        Evidence(0, 2),
    ]


@given(st.lists(st.integers(0, 2**31), min_size=1))
def test_evidence_is_told_in_steps_that_keep_the_order(counts: list[int]) -> None:
    told = about(np.array(sorted(counts), dtype=np.uint32)).tolist()
    assert told == sorted(told)
    assert all(0.8 * count <= found <= count for count, found in zip(sorted(counts), told, strict=True))
    assert about(np.array(told, dtype=np.uint32)).tolist() == told


def test_small_counts_are_told_as_they_are() -> None:
    assert about(np.arange(20)).tolist() == [*range(9), 8, 10, 10, 12, 12, 14, 14, 16, 16, 16, 16]


def test_an_unknown_site_says_nothing() -> None:
    assert count([]).evidence("s", keys("Menu")) == [Evidence()]


def test_digest_changes_with_the_site_and_with_it_alone() -> None:
    before = count([("s", True, keys("Menu")), ("t", True, keys("Menu"))]).digests()
    after = count([("s", True, keys("Menu")), ("t", True, keys("Menu")), ("t", True, keys("Menu"))]).digests()
    assert before["s"] == after["s"]
    assert before["t"] != after["t"]
