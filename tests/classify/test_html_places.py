"""What the tag path of a block says of its place."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.classify.html_places import CONTAINER_STEMS, CONTAINERS, Frame, Paths
from pipeline.model import Reason

FRAMES = [
    ("body/header/nav/ul/li", Frame.MENU),
    ("body/div.mega-menu/ul/li", Frame.MENU),
    ("body/div#page/div.breadcrumbs/a", Frame.MENU),
    ("body/footer/div/ul/li", Frame.FOOTER),
    ("body/div.FooterWrapper_x1/p", Frame.FOOTER),
    ("body/header/div.logo", Frame.HEADER),
    ("body/main/article/header/p", Frame.MAIN),
    ("body/article/footer/p", Frame.NONE),
    ("body/div.card-footer/p", Frame.NONE),
    ("body/header/nav/div#main-content/p", Frame.MAIN),
    ("body/div.paginated/p", Frame.NONE),
]


@pytest.mark.parametrize(("path", "frame"), FRAMES)
def test_frame(path: str, frame: Frame) -> None:
    assert Paths().place(path).frame is frame


def test_a_frame_silences_the_containers_around_it() -> None:
    assert Paths().place("body/div.related/p").container is Reason.RELATED
    assert Paths().place("body/div.related/nav/p").container is None


def test_comments_and_posts_reach_all_that_they_hold() -> None:
    paths = Paths()
    assert paths.place("body/div#comments/div.author/p").comments
    assert paths.place("body/article.message--post/div/p").posts
    assert not paths.place("body/div.author/p").comments


def test_nested_list_items_are_counted() -> None:
    assert Paths().place("body/ul/li/ul/li.open/a").items == 2


WORDS = [
    "cat",
    "categories",
    "tag",
    "tags",
    "ad",
    "ads",
    "adslot",
    "author",
    "byline",
    "by-line",
    "bio",
    "caption",
    "cap",
    "credits",
    "date",
    "posted-on",
    "readmore",
    "read-next",
    "more-from-here",
    "most-read",
    "recent-posts",
    "topics",
    "keywords",
    "legal-note",
    "fine-print",
    "licence",
    "mailing-list",
    "email-form",
    "sign-up",
    "mailchimp",
    "premium-offer",
    "piano",
    "you-may",
    "support-us",
    "kommentare",
    "post",
    "time",
    "timestamp",
]


@given(
    st.sampled_from(("div", "time", "figure", "form", "aside")),
    st.lists(st.tuples(st.sampled_from("#.-_"), st.sampled_from(WORDS)), max_size=3),
)
def test_no_stem_hides_a_container(tag: str, names: list[tuple[str, str]]) -> None:
    step = tag + "".join(sign + name for sign, name in names)
    known = any(stem in step for stem in CONTAINER_STEMS.split())
    expected = next((reason for reason, pattern in CONTAINERS.items() if known and re.search(pattern, step)), None)
    assert Paths().place(f"body/{step}").container is expected
