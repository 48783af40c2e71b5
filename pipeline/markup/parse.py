"""Mark-up to a stream of tokens: parsed by lxml, or by BeautifulSoup where lxml loses text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from pipeline.markup.mend import mend

# Attributes that say nothing of what a block is; without them most tags of a page are the same few.
_UNREAD = (
    "href", "src", "srcset", "sizes", "alt", "title", "target", "rel", "width", "height", "onclick", "loading", "value",
    "data-src", "data-srcset", "data-id", "aria-label", "for", "datetime", "tabindex", "decoding", "media", "name",
)  # fmt: skip
UNSEEN = ("script", "style", "svg", "template", "iframe", "datalist")
LXML = "lxml"
BEAUTIFUL_SOUP = "beautifulsoup"

_TOKENS = re.compile(r"<([^>]*)>")
# Runs without the sign that might end them are taken whole: a lazy ``.*?`` that looks back at a name is far slower.
_NOT_TEXT = re.compile(
    "|".join(
        [rf"<{name}\b[^<]*+(?:<(?!/{name}\s*>)[^<]*+)*+</{name}\s*>" for name in (*UNSEEN, "head", "title")]
        + ["<!--[^-]*+(?:-(?!->)[^-]*+)*+-->", "<[^>]*>"]
    ),
    re.I,
)
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# lxml is trusted unless a page comes back nearly empty, or with less than this share of its visible text.
_TRUSTED_SHARE = 0.5
_USUAL_LENGTH = 600
_NOT_PLAIN = bytes([*range(0x21), *range(0x7F, 0x100)])
_USUAL_DENSITY = 0.02
_WORTH_ANOTHER_LOOK = 20
_KEPT_SHARE = 0.9


@dataclass(frozen=True, slots=True, eq=False)
class Parsed:
    """A parsed page: its root without what no reader sees, the JSON-LD it carries, and who parsed it."""

    root: etree._Element
    linked_data: tuple[str, ...]
    parser: str


def parse(source: str) -> Parsed:
    """The tree of a page; an empty one for a page without any mark-up or text.

    lxml reads it (``huge_tree`` takes it down to depth 2,048). Where that loses most of the visible text (deeper
    nesting, an element that never closes), BeautifulSoup over ``html.parser`` is asked, and wins if it brings more.
    """
    first = _parse_lxml(source)
    enough = max(_USUAL_LENGTH, _USUAL_DENSITY * len(source))
    if _plain_length(first.root) >= enough:
        return first
    seen = visible_length(first.root)
    if seen >= enough:
        return first
    expected = len("".join(_NOT_TEXT.sub(" ", source).split()))
    if seen >= _TRUSTED_SHARE * expected or (seen and expected - seen < _WORTH_ANOTHER_LOOK):
        return first
    second = _parse_soup(source, first)
    return second if visible_length(second.root) > seen else first


def tokens(root: etree._Element) -> list[str]:
    """The page as text and tags in turn: even items are text (still escaped), odd ones the inside of a tag.

    The serialiser escapes every ``<`` and ``>`` in text and values, so that these alone part text and tags, unless a
    name holds a ``<``, as in ``<p class"a<b>``.
    """
    etree.strip_attributes(root, *_UNREAD)
    serialised: str = etree.tostring(root, encoding=str, method="xml", with_tail=False)
    if serialised.count("<") > serialised.count(">"):
        return _TOKENS.split(serialised)
    return serialised.replace("<", ">").split(">")


def drop_head(root: etree._Element) -> None:
    """Take the head out of the tree, so that only what a reader sees is left."""
    etree.strip_elements(root, "head", "title", with_tail=False)


def visible_length(root: etree._Element) -> int:
    """How many characters other than white space stand outside the head."""
    return sum(
        len("".join(etree.tostring(child, method="text", encoding=str).split()))
        for child in root
        if child.tag != "head"
    ) + len((root.text or "").strip())


def _plain_length(root: etree._Element) -> int:
    """How many ASCII characters other than white space stand outside the head: found fast, and enough for most pages.

    ``visible_length`` is never less.
    """
    texts = (etree.tostring(child, method="text", encoding="utf-8") for child in root if child.tag != "head")
    return sum(len(text.translate(None, _NOT_PLAIN)) for text in texts)


def _parse_lxml(source: str) -> Parsed:
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(source.replace("\0", "\ufffd").encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:  # nothing but comments or white space
        root = None
    if root is None:
        root = etree.Element("html")
    for further in list(root.itersiblings()):  # what follows </html>, a second document included
        root.append(further)
    linked_data = tuple(
        text for script in root.iter("script") if "ld+json" in script.get("type", "").lower() and (text := script.text)
    )
    etree.strip_elements(root, *UNSEEN, with_tail=False)
    return Parsed(root, linked_data, LXML)


def _parse_soup(source: str, first: Parsed) -> Parsed:
    """The page as BeautifulSoup reads its mended source: its mark-up, or where that is too deep for lxml, its text."""
    from bs4 import BeautifulSoup  # a tenth of the time that the whole package takes to read, for one page in hundreds

    soup = BeautifulSoup(mend(source), "html.parser")
    for node in soup.find_all([*UNSEEN, "head"]):
        node.decompose()
    text = soup.get_text("\n")
    head = first.root.findall("head")
    second = _parse_lxml(str(soup)).root
    if visible_length(second) < _KEPT_SHARE * len("".join(text.split())):
        second = etree.Element("html")
        body = etree.SubElement(second, "body")
        for line in text.split("\n"):
            if line.strip():
                etree.SubElement(body, "p").text = _NO_XML.sub("\ufffd", line)
    second.attrib.update(first.root.attrib)
    second[:0] = head
    return Parsed(second, first.linked_data, BEAUTIFUL_SOUP)
