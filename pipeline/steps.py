"""Documents to cleaned documents, step by step; what cannot be cleaned becomes a ``Rejection``.

The steps are the seams of the batch: ``read_page`` looks at a page alone, ``decide`` adds what its site knows,
``name`` brings names to one form. ``clean`` runs them all on one document.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar
from urllib.parse import urlsplit

from pipeline import ingest, markup, names, plain, render, sites
from pipeline.classify import html as classify_html
from pipeline.classify import text as classify_text
from pipeline.metadata import html as metadata_html
from pipeline.metadata import text as metadata_text
from pipeline.model import (
    Cleaned,
    Code,
    Document,
    DocumentError,
    Evidence,
    Hints,
    Judged,
    MediaType,
    Mention,
    Metadata,
    Page,
    Rejection,
    Status,
)
from pipeline.names import Gazetteer
from pipeline.rules import CueTable
from pipeline.settings import Limits, Policy
from pipeline.sites import Overrides
from pipeline.trees import Forest

NOTHING_KNOWN = Evidence()
_DAY = re.compile(r"\d{4}-\d\d-\d\d")  # a landing folder by date has the folders of the sites below it
_SUBDOMAINS = ("www.", "amp.", "m.", "mobile.")
T = TypeVar("T")


class Sourced(Protocol):
    """What says of which document it is: a document itself, or whatever becomes one."""

    @property
    def doc_id(self) -> str:
        """The id of its document."""

    @property
    def source_path(self) -> str:
        """The file of its document."""


@dataclass(frozen=True, slots=True, eq=False)
class Kit:
    """Everything that decisions rest on beside the document: tables, models and policy.

    ``explain`` asks for the features that weighed most in each block of an HTML page, which takes its time.
    """

    cues: CueTable
    gazetteer: Gazetteer
    html_models: Mapping[str, Forest]
    text_models: Mapping[str, Forest]
    overrides: Overrides = field(default_factory=Overrides)
    policy: Policy = field(default_factory=Policy)
    limits: Limits = field(default_factory=Limits)
    typography: str = "plain"
    explain: bool = False


@dataclass(frozen=True, slots=True)
class Decided:
    """A page with a verdict for every block and its canonical text, names as its author wrote them."""

    status: Status
    text: str
    metadata: Metadata
    judged: tuple[Judged, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """The canonical title and body in which names have one form; mentions are offsets into ``text``."""

    title: str | None
    text: str
    mentions: tuple[Mention, ...]


def read_page(document: Document, kit: Kit, explain: bool = False) -> tuple[Document, Page]:
    """The blocks of a document with what the page alone says of them, and the document with its site filled in.

    ``explain`` asks for the features that weighed most, which a batch has no use for. Raises ``DocumentError`` when
    the mark-up crosses a limit.
    """
    if document.media_type is MediaType.HTML:
        segmented = markup.segment(document)
        page = classify_html.score(document, segmented, kit.html_models)
        hidden = markup.segment_scripts(document, page.metadata.title or "", classify_html.seen_story(page))
        if hidden is not None:
            page = classify_html.with_story(page, document, hidden, kit.html_models)
        elif kit.explain:
            page = replace(page, explanations=classify_html.explain(segmented, kit.html_models))
    else:
        segmented = plain.segment(document)
        page = classify_text.score(document, segmented, kit.text_models, explain)
    site, origin = site_of(document, page)
    return at_site(document, page, site, origin) if site else (document, page)


def at_site(document: Document, page: Page, site: str, origin: str) -> tuple[Document, Page]:
    """The document with its site, and the page with where that was found."""
    metadata = replace(page.metadata, origins=(*page.metadata.origins, ("site", origin)))
    return replace(document, site=site), replace(page, metadata=metadata)


def decide(document: Document, page: Page, evidence: Sequence[Evidence], kit: Kit) -> Decided:
    """Verdicts, metadata and canonical text of a page, given what its site knows of each block."""
    if evidence:
        evidence = sites.weigh(page.scores, page.confidence, evidence, [block.text for block in page.blocks])
    else:
        evidence = (NOTHING_KNOWN,) * len(page.blocks)
    if document.media_type is MediaType.HTML:
        judged = classify_html.judge(page, evidence, kit.cues, kit.policy)
        judged = kit.overrides.apply(document.site, judged)
        metadata = metadata_html.resolve(page, judged, document)
    else:
        judged = classify_text.judge(page, evidence, kit.cues, kit.policy)
        judged = kit.overrides.apply(document.site, judged)
        metadata = metadata_text.resolve(page, judged, document)
    text = render.body(judged, metadata, kit.typography)
    metadata = replace(metadata, title=render.title(metadata, kit.typography))
    note = page.empty_because or ""
    if not text and not note:
        note = "no block was judged to be main content"
    return Decided(Status.EMPTY if note else Status.CLEAN, "" if note else text, metadata, judged, note)


def name(decided: Decided, kit: Kit) -> Named:
    """Title and body with every known name in its canonical form."""
    named = names.normalise(decided.text, kit.gazetteer)
    title = decided.metadata.title
    return Named(names.normalise(title, kit.gazetteer).text if title else None, named.text, named.mentions)


def clean_document(document: Document, kit: Kit) -> Cleaned | Rejection:
    """One document cleaned by itself, with no site beside it."""

    def work() -> Cleaned:
        located, page = read_page(document, kit, explain=True)
        decided = decide(located, page, (), kit)
        named = name(decided, kit)
        return Cleaned(
            document=located,
            status=decided.status,
            text=named.text,
            metadata=replace(decided.metadata, title=named.title),
            verdicts=decided.judged,
            mentions=named.mentions,
            page_kind=page.page_kind,
            confidence=page.confidence,
            note=decided.note,
            explanations=page.explanations,
        )

    return guarded(work, document, "clean")


def clean(data: bytes, source_path: str, hints: Hints, kit: Kit) -> Iterator[Cleaned | Rejection]:
    """The documents of one file cleaned one by one, in their order."""
    for item in ingest.read(data, source_path, hints, kit.limits):
        yield item if isinstance(item, Rejection) else clean_document(item, kit)


def guarded(work: Callable[[], T], document: Sourced, stage: str) -> T | Rejection:
    """The result of ``work``, or the rejection of its document.

    This is the one place where any exception of a document's own making ends: a parser that stumbles over a page
    must not take the batch along. Memory errors are the document's too; interrupts are not.
    """
    try:
        return work()
    except DocumentError as error:
        return Rejection(document.doc_id, document.source_path, error.code, stage, str(error))
    except MemoryError:
        return Rejection(document.doc_id, document.source_path, Code.MEMORY, stage, "ran out of memory")
    except RecursionError:
        return Rejection(document.doc_id, document.source_path, Code.TOO_DEEP, stage, "nested too deeply")
    except Exception as error:  # noqa: BLE001 - recorded with its type; see above
        message = f"{type(error).__name__}: {error}"
        return Rejection(document.doc_id, document.source_path, Code.INTERNAL, stage, message[:500])


def site_of(document: Document, page: Page) -> tuple[str, str]:
    """The site of a document and where it was found.

    A hint, the host of its URL or canonical link, the first folder of its path that is not named by a date; for a text
    without any of them the owner that its own lines name, if one does; else an empty string.
    """
    if document.hints.site:
        return document.hints.site, "hint"
    for url, origin in ((document.hints.url, "url"), (page.metadata.canonical_url, "canonical link")):
        if url and (host := _host(url)):
            return host, origin
    for folder in document.source_path.split("/")[:-1]:
        if not _DAY.fullmatch(folder):
            return folder, "folder"
    if document.media_type is MediaType.TEXT:
        inferred = sites.infer_site([block.text for block in page.blocks], page.metadata.publisher)
        if inferred is not None:
            return inferred.site, f"inferred from {inferred.origin}"
    return "", ""


def _host(url: str) -> str:
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:  # such as a broken IPv6 address
        return ""
    for prefix in _SUBDOMAINS:
        host = host.removeprefix(prefix)
    return host
