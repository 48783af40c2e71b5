"""Containers that set a block apart from the story."""

from __future__ import annotations

import pytest

from pipeline.classify.html_apart import Containers
from pipeline.model import Block, Kind, Reason

CASES = [
    ("body/div#comments/p", 0.0, Reason.COMMENTS),
    ("body/figure/figcaption", 0.0, Reason.CAPTION),
    ("body/div.author-bio/p", 0.0, Reason.AUTHOR_BIO),
    ("body/div.related/p", 0.0, None),
    ("body/div.related/p", 1.0, Reason.RELATED),
    ("body/nav/div.related/p", 1.0, None),
    ("body/nav/div#comments/p", 0.0, Reason.COMMENTS),
    ("body/nav/aside/div.related/p", 1.0, Reason.RELATED),
    ("body/div#comments/div.newsletter/p", 0.0, None),
    ("body/div.disclaimer/p", 1.0, None),
    ("body/div.related" + "/div" * 3000, 1.0, Reason.RELATED),
]


@pytest.mark.parametrize(("path", "links", "expected"), CASES, ids=[case[0][:40] for case in CASES])
def test_apart(path: str, links: float, expected: Reason | None) -> None:
    block = Block(0, "Anything", Kind.PARAGRAPH, 0, 8, path=path, link_density=links)
    assert Containers().apart(block) is expected
