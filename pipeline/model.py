"""The types every stage speaks: documents, blocks, verdicts, metadata, mentions, rejections.

Everything here is frozen and free of behaviour beyond small conveniences. Offsets are code-point offsets into a
text that the field's docstring names. What a page has by the hundred (blocks and their verdicts) is a
``msgspec.Struct``, which takes a quarter of the time of a dataclass to make, and stands in stage files without the
names of its fields.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import exp

import msgspec
import numpy as np
from numpy.typing import NDArray

# Where the origin of a text begins, and the path of its blocks, that is the posts of a thread in a page's data.
THREAD = "thread:"


class MediaType(StrEnum):
    """What a document is, by its content."""

    TEXT = "text/plain"
    HTML = "text/html"


class Status(StrEnum):
    """What became of an input; every input is exactly one of these."""

    CLEAN = "clean"
    EMPTY = "empty"
    REJECTED = "rejected"
    SKIPPED = "skipped"


class Reason(StrEnum):
    """Why a block was removed."""

    NAVIGATION = "navigation"
    MASTHEAD = "masthead"
    SECTION_LABEL = "section-label"
    BYLINE = "byline"
    DATE = "date"
    DATELINE = "dateline"
    CAPTION = "caption"
    DUPLICATE_TITLE = "duplicate-title"
    DONATION_APPEAL = "donation-appeal"
    SUBSCRIPTION = "subscription"
    NEWSLETTER = "newsletter"
    RELATED = "related"
    TEASER = "teaser"
    SIDEBAR_HEADLINES = "sidebar-headlines"
    SHARE = "share"
    COMMENTS = "comments"
    COOKIE_NOTICE = "cookie-notice"
    ADVERTISEMENT = "advertisement"
    TAGS = "tags"
    AUTHOR_BIO = "author-bio"
    LEGAL = "legal"
    SOURCE = "source"
    TEMPLATE = "template"
    OTHER = "other"


class Code(StrEnum):
    """Why an input was not cleaned."""

    EMPTY = "E_EMPTY"
    BINARY = "E_BINARY"
    NOT_TEXT = "E_NOT_TEXT"
    GZIP_TRUNCATED = "E_GZIP_TRUNCATED"
    GZIP_BAD = "E_GZIP_BAD"
    RATIO = "E_RATIO"
    TOO_LARGE_UNPACKED = "E_TOO_LARGE_UNPACKED"
    TOO_LARGE = "E_TOO_LARGE"
    TOO_DEEP = "E_TOO_DEEP"
    TOO_MANY_NODES = "E_TOO_MANY_NODES"
    TOO_MANY_ATTRS = "E_TOO_MANY_ATTRS"
    ENTITY_BOMB = "E_ENTITY_BOMB"
    JSONL_BAD_LINE = "E_JSONL_BAD_LINE"
    WARC_BAD_RECORD = "E_WARC_BAD_RECORD"
    WARC_TRUNCATED = "E_WARC_TRUNCATED"
    HTTP_STATUS = "E_HTTP_STATUS"
    BAD_SIDECAR = "E_BAD_SIDECAR"
    PERMISSION = "E_PERMISSION"
    VANISHED = "E_VANISHED"
    CHANGED_WHILE_READ = "E_CHANGED_WHILE_READ"
    SYMLINK_OUTSIDE = "E_SYMLINK_OUTSIDE"
    NOT_REGULAR = "E_NOT_REGULAR"
    TIMEOUT = "E_TIMEOUT"
    MEMORY = "E_MEMORY"
    CRASH = "E_CRASH"
    WORKER_EXIT = "E_WORKER_EXIT"
    INTERNAL = "E_INTERNAL"


class Kind(StrEnum):
    """What a block is in its source, before anyone judges it."""

    LINE = "line"  # one line of a plain-text page (after unwrapping: one paragraph)
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    ITEM = "item"
    QUOTE = "quote"
    TABLE = "table"
    CODE = "code"
    CAPTION = "caption"
    OTHER = "other"


class Role(StrEnum):
    """What a block becomes in the clean text."""

    TITLE = "title"
    BODY = "body"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known of a page from outside it: an argument, a sidecar, a WARC header, fields of a JSONL record."""

    url: str | None = None
    site: str | None = None
    title: str | None = None
    date: str | None = None
    fetched: str | None = None
    charset: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One decoded input: a file, or one record of a container.

    ``source`` is the decoded text with LF line ends and nothing else changed; ``content_sha256`` is over the
    unpacked bytes; ``site`` is a host name, a folder name, or empty where nothing is known.
    """

    doc_id: str
    source_path: str
    media_type: MediaType
    encoding: str
    content_sha256: str
    source: str
    site: str = ""
    hints: Hints = Hints()


class Block(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A stretch of visible text that is kept or removed as a whole.

    ``text`` has its white space folded (inner newlines only in code, tables and verse); ``start`` and ``end`` point
    into ``Document.source`` (for HTML: into the visible text of the page, see ``markup``). ``line`` is the 1-based
    number of its first line in a plain-text source, 0 for HTML. ``path`` is the tag path of an HTML block with ids
    and classes, such as ``body/div#main.story/p``, and empty for plain text. ``link_density`` is the share of its
    characters inside links, 0 to 1. ``mark`` is what its own form
    says it is (``byline``, ``date``, ``dateline``, ``caption``, ``title``, ...), or empty.
    """

    ordinal: int
    text: str
    kind: Kind
    start: int
    end: int
    line: int = 0
    path: str = ""
    link_density: float = 0.0
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known about a document beside its text; ``origins`` says where each field was found.

    ``published`` is ISO 8601: ``2022-04-24``, or ``--04-24`` where no year is to be had. ``dateline`` is the
    leading dateline exactly as it stood, ``publisher`` the site or outlet, ``source`` the agency or outlet that a
    source line credits.
    """

    title: str | None = None
    author: str | None = None
    published: str | None = None
    dateline: str | None = None
    dateline_place: str | None = None
    dateline_agency: str | None = None
    publisher: str | None = None
    source: str | None = None
    language: str | None = None
    canonical_url: str | None = None
    captions: tuple[str, ...] = ()
    origins: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Segmented:
    """The blocks of a document with their features, shape (blocks, features), and what the source declares about
    itself (HTML head, hints). ``parser`` says who read the mark-up."""

    blocks: tuple[Block, ...]
    features: NDArray[np.float32]
    metadata: Metadata
    parser: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """A segmented document with what its own page says of each block, before any site is asked.

    ``scores[i]`` is the probability, 0 to 1, that block ``i`` is main content. ``metadata`` is what the source
    declares (HTML head, hints). ``explanations[i]`` names the features that weighed most, strongest first.
    ``confidence`` is the word F1 expected of the result, 0 to 1. ``parser`` says who read the mark-up.
    """

    blocks: tuple[Block, ...]
    scores: NDArray[np.float32]
    metadata: Metadata
    page_kind: str = "article"
    confidence: float = 1.0
    explanations: tuple[tuple[str, ...], ...] = ()
    empty_because: str | None = None
    parser: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """On how many distinct stories of its site a block occurs (``seen_on``), out of how many (``site_pages``), both in
    the steps of ``sites.about``, and how much that speaks for the template: the log-odds that ``weight`` takes from the
    block's own, never below 0."""

    seen_on: int = 0
    site_pages: int = 0
    weight: float = 0.0

    def weighed(self, score: float) -> float:
        """The probability of main content that is left of a block's own."""
        if self.weight <= 0.0:
            return score
        against = (1.0 - score) * exp(self.weight)
        return score / (score + against) if score > 0.0 else 0.0

    def is_template(self, share: float, pages: int) -> bool:
        """Whether the block stands on this share of the stories of a site that has so many, and on over one."""
        return self.site_pages >= pages and self.seen_on > 1 and self.seen_on >= share * self.site_pages


class Verdict(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The decision on one block: what it becomes, and if it goes, why and by which rule.

    ``score`` is the probability of main content that the decision rests on, 0 to 1.
    """

    role: Role
    reason: Reason | None
    rule: str
    score: float
    evidence: Evidence = Evidence()

    @property
    def keep(self) -> bool:
        """Whether the block stays in the clean document."""
        return self.role is not Role.REMOVED


class Judged(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A block with its verdict."""

    block: Block
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Mention:
    """One occurrence of a known name: ``surface`` as its author spelled it, ``canonical`` its one form.

    ``start`` and ``end`` are code-point offsets into the canonical text, where the name stands in canonical form (a
    later member of a list in its elided form).
    """

    start: int
    end: int
    surface: str
    canonical: str
    name_id: str
    kind: str


@dataclass(frozen=True, slots=True)
class NamedText:
    """A text in which every known name has its canonical form, and the mentions that were found in it."""

    text: str
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A cleaned document: ``text`` is the body, one paragraph per line, a blank line between.

    ``verdicts`` holds every block of the page, kept or not, ``explanations`` the features that weighed most in each,
    where the model tells; ``note`` says why an empty document is empty.
    """

    document: Document
    status: Status
    text: str
    metadata: Metadata
    verdicts: tuple[Judged, ...]
    mentions: tuple[Mention, ...]
    page_kind: str
    confidence: float
    note: str = ""
    explanations: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Rejection:
    """An input that was not cleaned, and why; ``skipped`` marks those never opened on purpose."""

    doc_id: str
    source_path: str
    code: Code
    stage: str
    message: str
    skipped: bool = False


class ConfigError(Exception):
    """The configuration or the seed data is wrong: the run stops before it touches a document."""


class DocumentError(Exception):
    """One document cannot be cleaned, or is left out on purpose (``skipped``): it becomes a ``Rejection``."""

    def __init__(self, code: Code, message: str, *, skipped: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.skipped = skipped
