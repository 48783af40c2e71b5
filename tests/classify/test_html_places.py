"""What the tag path of a block says of its place."""

from __future__ import annotations

import pytest

from pipeline.classify.html_places import Frame, Paths
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
