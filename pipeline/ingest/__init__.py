"""Bytes in, documents out: identify by content, unpack within limits, decode, split containers.

What cannot be read becomes a ``Rejection`` with a code; one bad record never takes its container along.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pipeline.ingest.bombs import check_markup
from pipeline.ingest.containers import (
    Part,
    RecordError,
    begins_like_json,
    json_records,
    looks_like_jsonl,
    looks_like_warc,
    warc_records,
)
from pipeline.ingest.decode import decode, is_html, reject_binary
from pipeline.ingest.unpack import is_packed, unpack
from pipeline.model import Code, Document, DocumentError, Hints, MediaType, Rejection
from pipeline.settings import Limits
from pipeline.text import sha256, unify_line_ends

__all__ = ["may_hold_several", "read"]

NO_HINTS = Hints()
DEFAULT_LIMITS = Limits()


def read(
    data: bytes, source_path: str, hints: Hints = NO_HINTS, limits: Limits = DEFAULT_LIMITS, digest: str | None = None
) -> Iterator[Document | Rejection]:
    """The documents of one input file, in their order, and a rejection for each part that gives none.

    ``data`` is the file as it lies and ``digest`` its SHA-256 in hexadecimal, where that is known; ``source_path`` its
    path below the landing folder, which becomes the document's id (with ``#<record>`` for a record of a container).
    Never raises for what the bytes hold.
    """
    try:
        content, damage = unpack(data, limits)
        if looks_like_warc(content):
            parts = warc_records(content, damage)
        elif damage is not None:
            raise damage
        elif looks_like_jsonl(content):
            parts = json_records(content)
        else:
            known = digest if content is data else None
            yield _document(content, source_path, source_path, hints, limits, digest=known)
            return
    except DocumentError as error:
        yield Rejection(source_path, source_path, error.code, "ingest", str(error))
        return
    yield from _records(parts, source_path, hints, limits)


def may_hold_several(head: bytes) -> bool:
    """Whether a file that begins so may give more or fewer documents than one; where not, it surely gives one."""
    return is_packed(head) or looks_like_warc(head) or begins_like_json(head)


def _records(
    parts: Iterator[Part | DocumentError], source_path: str, hints: Hints, limits: Limits
) -> Iterator[Document | Rejection]:
    taken: set[str] = set()
    for number, part in enumerate(parts, start=1):
        name = part.record if isinstance(part, Part | RecordError) else str(number)
        doc_id = _unique(f"{source_path}#{name}", number, taken)
        try:
            if not isinstance(part, Part):
                raise part
            yield _record(part, doc_id, source_path, _over(part.hints, hints), limits)
        except DocumentError as error:
            yield Rejection(doc_id, source_path, error.code, "ingest", str(error), error.skipped)
    if not taken:
        yield Rejection(source_path, source_path, Code.EMPTY, "ingest", "a container without a record to read")


def _record(part: Part, doc_id: str, source_path: str, hints: Hints, limits: Limits) -> Document:
    if isinstance(part.content, bytes):
        return _document(part.content, doc_id, source_path, hints, limits, part.media_type)
    digest = sha256(part.content)
    return _from_text(part.content, "utf-8", digest, doc_id, source_path, hints, limits, part.media_type)


def _unique(doc_id: str, number: int, taken: set[str]) -> str:
    if doc_id in taken:
        doc_id = f"{doc_id}@{number}"
    taken.add(doc_id)
    return doc_id


def _over(own: Hints, outer: Hints) -> Hints:
    """A record's own hints, completed by those of its container's sidecar (never its URL, title or date)."""
    return replace(own, site=own.site or outer.site, fetched=own.fetched or outer.fetched)


def _document(
    content: bytes,
    doc_id: str,
    source_path: str,
    hints: Hints,
    limits: Limits,
    media_type: MediaType | None = None,
    digest: str | None = None,
) -> Document:
    if len(content) > limits.file_bytes:
        raise DocumentError(
            Code.TOO_LARGE, f"{len(content):,} bytes; the limit for a document is {limits.file_bytes:,}"
        )
    reject_binary(content)
    text, encoding = decode(content, hints.charset)
    return _from_text(text, encoding, digest or sha256(content), doc_id, source_path, hints, limits, media_type)


def _from_text(
    text: str,
    encoding: str,
    digest: str,
    doc_id: str,
    source_path: str,
    hints: Hints,
    limits: Limits,
    media_type: MediaType | None,
) -> Document:
    text = unify_line_ends(text)
    if not any(character.isalnum() for character in text):
        raise DocumentError(Code.EMPTY, "nothing but white space and punctuation")
    media_type = media_type or (MediaType.HTML if is_html(text) else MediaType.TEXT)
    if media_type is MediaType.HTML:
        check_markup(text, limits)
    return Document(doc_id, source_path, media_type, encoding, digest, text, hints=hints)
