"""Stories of a site: which of its pages count, however often and in whatever form a story was fetched."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.sites import StoryPage, counted_pages, story_address

SAME_ADDRESS = [
    ("https://gazette.example/sea/storm", "http://www.gazette.example/sea/storm/"),
    ("https://gazette.example/sea/storm", "https://amp.gazette.example/sea/storm#top"),
    ("https://gazette.example/sea/storm", "https://gazette.example/sea/storm/amp/"),
    ("https://gazette.example/sea/storm.html", "https://gazette.example/sea/storm.amp.html"),
    ("https://gazette.example/sea/storm", "https://m.gazette.example/sea/storm?utm_source=mail&fbclid=x"),
    ("https://gazette.example/sea/storm", "https://gazette.example/sea/storm/print"),
    ("https://gazette.example/sea/storm", "https://gazette.example/sea/storm?output=amp"),
    ("https://gazette.example/sea/storm", "https://gazette.example/sea/storm/page/3"),
    ("https://gazette.example/sea/storm", "https://gazette.example/sea/storm?page=2"),
    ("https://gazette.example/sea/storm.html", "https://gazette.example/sea/storm-page-2.html"),
    ("https://gazette.example/?p=17&q=x", "https://gazette.example?q=x&p=17"),
]
OTHER_ADDRESS = [
    ("https://gazette.example/sea/1", "https://gazette.example/sea/2"),
    ("https://gazette.example/?p=17", "https://gazette.example/?p=18"),
    ("https://gazette.example/a?page=storm", "https://gazette.example/a?page=calm"),
    ("https://gazette.example/a?view=17", "https://gazette.example/a?view=18"),
    ("https://gazette.example/sea/storm", "https://sea.gazette.example/sea/storm"),
    ("https://gazette.example/amplifier", "https://gazette.example/lifier"),
    ("https://gazette.example/storm_2.html", "https://gazette.example/storm_3.html"),
    ("http://[broken/a", "http://[broken/b"),
]


@pytest.mark.parametrize(("one", "other"), SAME_ADDRESS)
def test_one_story_under_two_addresses(one: str, other: str) -> None:
    assert story_address(one) == story_address(other)


@pytest.mark.parametrize(("one", "other"), OTHER_ADDRESS)
def test_two_stories(one: str, other: str) -> None:
    assert story_address(one) != story_address(other)


@given(st.sampled_from([url for pair in SAME_ADDRESS + OTHER_ADDRESS for url in pair]))
def test_an_address_is_its_own_address(url: str) -> None:
    address = story_address(url)
    assert story_address(f"https://{address}" if not url.startswith("http://[") else address) == address


def page(doc_id: str, cluster: str, *, site: str = "s", excerpt: bool = False, url: str = "") -> StoryPage:
    return StoryPage(doc_id, site, cluster, excerpt, url)


CASES = {
    "three stories": ([page("a", "1"), page("b", "2"), page("c", "3")], "abc"),
    "an edition": ([page("a", "1"), page("b", "1"), page("c", "2")], "ac"),
    "the same wire story on two sites": ([page("a", "1"), page("b", "1", site="t")], "ab"),
    "fetched again, text changed": ([page("a", "1", url="x.example/1"), page("b", "2", url="x.example/1")], "a"),
    "linked by address and text": (
        [page("a", "1", url="x.example/1"), page("b", "2", url="x.example/1"), page("c", "2")],
        "a",
    ),
    "pages of one story": ([page("a", "1"), page("b", "1", excerpt=True), page("c", "1", excerpt=True)], "a"),
    "an archive of many stories": (
        [page("a", "1"), *(page(name, "1", excerpt=True) for name in "bcdefghij")],
        "abcdefghij",
    ),
}


@pytest.mark.parametrize(("pages", "counted"), CASES.values(), ids=CASES)
def test_counted_pages(pages: list[StoryPage], counted: str) -> None:
    assert counted_pages(pages) == frozenset(counted)


story_pages = st.lists(
    st.builds(
        StoryPage,
        doc_id=st.text("abcdef", min_size=1, max_size=3),
        site=st.sampled_from(["s", "t"]),
        cluster_id=st.sampled_from("1234"),
        is_excerpt=st.booleans(),
        url=st.sampled_from(["", "x.example/1", "x.example/2"]),
    ),
    unique_by=lambda page: page.doc_id,
)


@given(story_pages, st.randoms())
def test_order_does_not_matter(pages: list[StoryPage], rng: Any) -> None:
    counted = counted_pages(pages)
    rng.shuffle(pages)
    assert counted_pages(pages) == counted
    assert {page.site for page in pages if page.doc_id in counted} == {page.site for page in pages}
