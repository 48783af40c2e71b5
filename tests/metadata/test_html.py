"""Metadata of HTML pages: the head, completed from the page and from what came with it."""

from __future__ import annotations

import pytest

from pipeline.markup import segment
from pipeline.metadata.html import resolve
from pipeline.model import Block, Document, Hints, Judged, MediaType, Metadata, Page, Reason, Role, Verdict

TITLE = Verdict(Role.TITLE, None, "title", 0.9)
BYLINE = Verdict(Role.REMOVED, Reason.BYLINE, "form:by", 0.1)
NOTHING = Hints()
BODY = Verdict(Role.BODY, None, "model", 0.9)


def resolved(source: str, verdicts: list[Verdict], hints: Hints = NOTHING) -> Metadata:
    document = Document("x", "x", MediaType.HTML, "utf-8", "", source, hints=hints)
    parts = segment(document)
    page = Page(parts.blocks, parts.features[:, 0], parts.metadata)
    blocks: tuple[Block, ...] = parts.blocks
    return resolve(page, [Judged(block, verdict) for block, verdict in zip(blocks, verdicts, strict=True)], document)


def test_the_title_block_is_the_title() -> None:
    found = resolved("<title>Ferry back | Post</title><h1>Ferry back at last</h1>", [TITLE])
    assert found.title == "Ferry back at last"
    assert dict(found.origins)["title"] == "block:title"


def test_the_name_of_the_site_leaves_the_title_element() -> None:
    assert resolved("<title>Ferry back | Harbour Post</title><p>Text</p>", [BODY]).title == "Ferry back"


@pytest.mark.parametrize(
    ("line", "author"),
    [("By Ada Lind", "Ada Lind"), ("By Ada Lind | 5 May 2024", "Ada Lind"), ("Von Ada Lind", "Ada Lind"), ("By", None)],
)
def test_the_byline_gives_the_author(line: str, author: str | None) -> None:
    found = resolved(f"<p>{line}</p>", [BYLINE])
    assert found.author == author
    assert dict(found.origins).get("author") == ("block:byline" if author else None)


@pytest.mark.parametrize(
    ("declared", "author"),
    [
        ("Ada Lind", "Ada Lind"),
        ("by Ada Lind and Bo Ek", "Ada Lind, Bo Ek"),
        ("Ada Lind; Bo Ek & Mette Holm", "Ada Lind, Bo Ek, Mette Holm"),
        ("Ada Lind und Bo Ek", "Ada Lind, Bo Ek"),
        ("Ada Lind og Bo Ek", "Ada Lind, Bo Ek"),
        ("Sandy Andover", "Sandy Andover"),
        (", ".join(f"Reporter Number{'abcdefghij'[number]}" for number in range(10)),) * 2,
        (
            "A sentence that somebody wrote into the field for the author, and which goes on and on for a long while",
            None,
        ),
        ("Harbour Post", "Harbour Post"),
    ],
)
def test_declared_authors_are_parted_by_commas(declared: str, author: str | None) -> None:
    head = f'<meta property="og:site_name" content="Harbour Post"><meta name="author" content="{declared}">'
    assert resolved(f"{head}<p>Text</p>", [BODY]).author == author


def test_a_byline_says_more_than_a_declared_author_that_is_the_publisher() -> None:
    head = '<meta property="og:site_name" content="Harbour Post"><meta name="author" content="Harbour Post">'
    assert resolved(f"{head}<p>By Ada Lind</p>", [BYLINE]).author == "Ada Lind"


def test_what_sets_a_title_off_is_no_part_of_it() -> None:
    assert resolved("<h1>: Ferry back</h1>", [TITLE]).title == "Ferry back"


def test_hints_fill_what_the_page_leaves_open() -> None:
    found = resolved("<p>Text</p>", [BODY], Hints(url="https://x.test/a", title="Ferry", date="2024-05-01T00:00:00"))
    assert (found.canonical_url, found.title, found.published) == ("https://x.test/a", "Ferry", "2024-05-01")
    assert set(dict(found.origins).values()) == {"hint"}


def test_captions_are_kept_as_metadata() -> None:
    source = "<figure><figcaption>The ferry at its berth</figcaption></figure>"
    assert resolved(source, [Verdict(Role.REMOVED, Reason.CAPTION, "mark:caption", 0.1)]).captions == (
        "The ferry at its berth",
    )
