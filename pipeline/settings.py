"""What a user may set, with defaults; each stage reads only the part it is given."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may cost; crossing a limit rejects that document alone.

    ``file_bytes`` holds for a document, ``container_bytes`` for a file of many documents, ``unpacked_bytes`` and
    ``ratio`` for decompression, ``nodes`` and ``attributes`` (on one tag) for mark-up; ``seconds`` and
    ``memory_bytes`` for the work on one document.
    """

    file_bytes: int = 20_000_000
    container_bytes: int = 2_000_000_000
    unpacked_bytes: int = 100_000_000
    ratio: int = 200
    nodes: int = 50_000
    depth: int = 2_048
    attributes: int = 5_000
    seconds: float = 30.0
    memory_bytes: int = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Policy:
    """What counts as main content, and how sure a verdict must be.

    The default keeps headings, lists, tables and quotes of the article and leaves out reader comments, captions,
    bios and sign-ups. ``forum`` says whether the posts of a forum page are its content. ``threshold`` is the
    probability of main content from which a line of plain text is kept, ``html_threshold`` the one that a block of an
    HTML page needs at most: on other pages than articles, half of the F1 to expect is enough. A block that stands on at
    least ``template_share`` of
    at least ``template_pages`` stories of its site is a template.
    """

    comments: bool = False
    captions: bool = False
    tables: bool = True
    forum: bool = True
    threshold: float = 0.46
    html_threshold: float = 0.52
    template_share: float = 0.4
    template_pages: int = 4
