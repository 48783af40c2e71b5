"""Containers: JSON lines and WARC files, split into records that stand and fall alone."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from pipeline.model import Code, DocumentError, Hints, MediaType

_WARC = re.compile(rb"WARC/[01]\.\d+\r?\n")
_LENGTH = re.compile(rb"^content-length:[ \t]*(\d+)[ \t]*\r?$", re.I | re.M)
_RESPONSE = re.compile(rb"^warc-type:[ \t]*response[ \t]*\r?$", re.I | re.M)
_BLANK_LINES = re.compile(rb"(?:\r?\n){0,4}")
_TEXT_TYPE = re.compile(r"html|text/plain|xml", re.I)
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_CHARSET = re.compile(r"charset=[\"']?([\w.:-]+)", re.I)
_SURROGATES = re.compile("[\ud800-\udfff]")
_FIRST_LINE = 1 << 20
_BLANK = b"\xef\xbb\xbf \t\r\n"


@dataclass(frozen=True, slots=True)
class Part:
    """One record of a container: its name there, its content (bytes, or characters from JSON) and its hints."""

    record: str
    content: bytes | str
    hints: Hints
    media_type: MediaType | None = None


class RecordError(DocumentError):
    """One record of a container cannot be read; ``record`` is its name there."""

    def __init__(self, code: Code, message: str, record: str, *, skipped: bool = False) -> None:
        super().__init__(code, message, skipped=skipped)
        self.record = record


def begins_like_json(head: bytes) -> bool:
    """Whether data that begin so may be JSON lines: with a brace, as far as they are not blank."""
    return head.lstrip(_BLANK)[:1] in (b"", b"{")


def looks_like_jsonl(data: bytes) -> bool:
    """Whether the first line that is not blank is a JSON object."""
    start = data[:_FIRST_LINE].lstrip(_BLANK)
    if not start.startswith(b"{"):
        return False
    line = start.split(b"\n", 1)[0]
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        # A damaged first line does not make the rest prose: look whether the second line is an object.
        second = start.split(b"\n", 2)[1:2]
        try:
            return bool(second) and isinstance(json.loads(second[0]), dict)
        except (ValueError, RecursionError):
            return False


def json_records(data: bytes) -> Iterator[Part | DocumentError]:
    """The records of a JSON lines file, each named by its ``id``, else by its 1-based line number."""
    for number, line in enumerate(_lines(data), start=1):
        if not line.strip():
            continue
        try:
            yield _json_record(line, number)
        except DocumentError as error:
            yield error


def _lines(data: bytes) -> Iterator[bytes]:
    """The lines one by one: all of them at once would hold a large container twice."""
    begin = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    while (end := data.find(b"\n", begin)) >= 0:
        yield data[begin:end]
        begin = end + 1
    yield data[begin:]


def _json_record(line: bytes, number: int) -> Part:
    def bad(message: str) -> RecordError:
        return RecordError(Code.JSONL_BAD_LINE, f"line {number}: {message}", str(number))

    try:
        record = json.loads(line)
    except UnicodeDecodeError as error:
        raise bad("not UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise bad(f"not JSON: {error}") from error
    if not isinstance(record, dict):
        raise bad("not a JSON object")
    html, text = _string(record, "html"), _string(record, "text")
    if not html and not isinstance(record.get("text"), str):
        raise bad("neither a text nor an html field with characters in it")
    identifier = record.get("id")
    name = str(identifier) if isinstance(identifier, str | int) and str(identifier).strip() else str(number)
    return Part(
        record=_SURROGATES.sub("\ufffd", name)[:200],
        content=html or text or "",
        hints=Hints(**{key: _string(record, key) for key in ("url", "title", "date", "site")}),
        media_type=MediaType.HTML if html else MediaType.TEXT,
    )


def _string(record: dict[str, Any], key: str) -> str | None:
    value = record.get(key)
    return _SURROGATES.sub("\ufffd", value) if isinstance(value, str) and value.strip() else None


def looks_like_warc(data: bytes) -> bool:
    """Whether the data begins with a WARC version line."""
    return _WARC.match(data) is not None


def warc_records(data: bytes, damage: DocumentError | None = None) -> Iterator[Part | DocumentError]:
    """The HTTP responses of a WARC file that hold text, named by the 1-based number of the response.

    Records are framed here, since readers hand over a truncated last record without a word and let a wrong
    length swallow the records after it: a record whose length does not lead to the next one is rejected, and
    reading goes on at the next version line. ``damage`` is what ended the decompression, if anything did.
    """
    number = 0
    at = 0
    while at < len(data):
        head = _HEAD_END.search(data, at)
        length = _LENGTH.search(data, at, head.end()) if head else None
        end = head.end() + int(length[1]) if head and length else len(data) + 1
        is_response = head is None or _RESPONSE.search(data, at, head.end()) is not None
        number += is_response
        after = _BLANK_LINES.match(data, end)
        if end <= len(data) and after and (after.end() == len(data) or _WARC.match(data, after.end())):
            if is_response:
                yield _response(data[at:end] + b"\r\n\r\n", str(number))
            at = after.end()
            continue
        following = _WARC.search(data, at + 1)
        if following is None and end > len(data):
            code, message = Code.WARC_TRUNCATED, "the last record is shorter than its length says"
            yield RecordError(damage.code if damage else code, str(damage or message), str(number))
            return
        yield RecordError(Code.WARC_BAD_RECORD, "its length does not lead to the next record", str(number))
        at = following.start() if following else len(data)
    if damage is not None:
        yield RecordError(damage.code, str(damage), str(number + 1))


def _response(record: bytes, name: str) -> Part | RecordError:
    """The text response that a framed record holds, or why it holds none."""
    try:
        item = next(iter(ArchiveIterator(io.BytesIO(record))))
        if item.http_headers is None:
            return RecordError(Code.WARC_BAD_RECORD, "not an HTTP response", name)
        content_type = item.http_headers.get_header("Content-Type") or ""
        status = item.http_headers.get_statuscode() or ""
        if not status.startswith("2"):
            return RecordError(Code.HTTP_STATUS, f"HTTP status {status}", name, skipped=True)
        if content_type and not _TEXT_TYPE.search(content_type):
            return RecordError(Code.NOT_TEXT, f"content type {content_type}", name, skipped=True)
        charset = _CHARSET.search(content_type)
        hints = Hints(
            url=item.rec_headers.get_header("WARC-Target-URI"),
            fetched=item.rec_headers.get_header("WARC-Date"),
            charset=charset[1] if charset else None,
        )
        return Part(name, item.content_stream().read(), hints)
    except (ArchiveLoadFailed, StopIteration, ValueError, EOFError, OSError, AttributeError) as error:
        # AttributeError: the reader takes some headers for granted, such as the address of a response.
        return RecordError(Code.WARC_BAD_RECORD, f"not an HTTP response: {error}", name)
