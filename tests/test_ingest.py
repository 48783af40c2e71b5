"""Identification by content, limits, containers; every input gives a document or a rejection."""

from __future__ import annotations

import gzip
import io
import json
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline import ingest
from pipeline.model import Code, Document, Hints, MediaType, Rejection
from pipeline.settings import Limits
from pipeline.text import sha256

PAGE = "<!doctype html><html><head><title>Tide</title></head><body><p>The tide came in.</p></body></html>"


def only(data: bytes, name: str = "page", **kwargs: object) -> Document | Rejection:
    (result,) = ingest.read(data, name, **kwargs)  # type: ignore[arg-type]
    return result


def document(data: bytes, **kwargs: object) -> Document:
    result = only(data, **kwargs)
    assert isinstance(result, Document), result
    return result


def codes(data: bytes, **kwargs: object) -> list[Code | None]:
    results = ingest.read(data, "file", **kwargs)  # type: ignore[arg-type]
    return [result.code if isinstance(result, Rejection) else None for result in results]


def warc(*bodies: bytes, packed: bool = False, content_type: str = "text/html", status: str = "200 OK") -> bytes:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=packed)
    writer.write_record(writer.create_warcinfo_record("crawl.warc", {"software": "none"}))
    for number, body in enumerate(bodies):
        url = f"https://harbour.example/{number}"
        headers = StatusAndHeaders(status, [("Content-Type", content_type)], protocol="HTTP/1.1")
        request = StatusAndHeaders("GET / HTTP/1.1", [("Host", "harbour.example")], is_http_request=True)
        writer.write_record(writer.create_warc_record(url, "request", http_headers=request))
        writer.write_record(writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=headers))
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (PAGE.encode(), MediaType.HTML),
        (b"  <!-- saved -->\n<html><body>x</body></html>", MediaType.HTML),
        (b"<div><p>One</p><p>Two</p></div>", MediaType.HTML),
        (b"The tide came in.\n", MediaType.TEXT),
        (b"Use the <body> element, he said, and <p> for paragraphs.", MediaType.TEXT),
        (b"a < b and b > c", MediaType.TEXT),
        (b"The {curly} tide", MediaType.TEXT),
        (gzip.compress(PAGE.encode(), mtime=0), MediaType.HTML),
    ],
)
def test_the_form_comes_from_the_content(data: bytes, media_type: MediaType) -> None:
    assert document(data, name="misleading.png").media_type is media_type


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", Code.EMPTY),
        (b" \n\t\r\n ", Code.EMPTY),
        (b"\xef\xbb\xbf", Code.EMPTY),
        (b"\x00" * 100, Code.BINARY),
        (b"\x89PNG\r\n\x1a\n0000", Code.NOT_TEXT),
        (b"%PDF-1.7 hello", Code.NOT_TEXT),
        (b"PK\x03\x04rest", Code.NOT_TEXT),
        (b"\x7fELF\x02\x01", Code.NOT_TEXT),
        (bytes(range(1, 32)) * 40, Code.NOT_TEXT),
        (gzip.compress(PAGE.encode(), mtime=0)[:-20], Code.GZIP_TRUNCATED),
        (gzip.compress(PAGE.encode(), mtime=0)[:-8] + b"\0" * 8, Code.GZIP_BAD),
        (gzip.compress(b"0" * 30_000_000, mtime=0), Code.RATIO),
        (b"<html>" + b"<i " + b" ".join(b"a%d=1" % n for n in range(6000)) + b">", Code.TOO_MANY_ATTRS),
        (b"<html>" + b"<b>x" * 60_000, Code.TOO_MANY_NODES),
        (b"<html>" + b"<!ENTITY a 'b'>" * 30, Code.ENTITY_BOMB),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_bad_input_is_rejected_with_its_code(data: bytes, code: Code) -> None:
    result = only(data)
    assert isinstance(result, Rejection)
    assert result.code is code
    assert result.message
    assert result.stage == "ingest"


def test_a_tag_that_is_one_endless_name_is_read_in_linear_time() -> None:
    """A script with ``i<x`` and a long packed string is such a tag; tried at each of its characters, it takes hours."""
    assert document(b"<html><script>" + b"if(i<" + b"x" * 3_000_000 + b"</script><p>Text").media_type is MediaType.HTML


def test_limits_hold_for_size_before_and_after_unpacking() -> None:
    assert codes(b"word " * 50, limits=Limits(file_bytes=100)) == [Code.TOO_LARGE]
    packed = gzip.compress(bytes(range(256)) * 40)
    assert codes(packed, limits=Limits(unpacked_bytes=5_000)) == [Code.TOO_LARGE_UNPACKED]


@pytest.mark.parametrize("tail", [b"\x00" * 12, b"trailing"])
def test_bytes_after_the_last_gzip_member_are_ignored(tail: bytes) -> None:
    two = gzip.compress(b"First half, ") + gzip.compress(b"second half.")
    assert document(two + tail).source == "First half, second half."


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        ("Grüße".encode(), "Grüße", "utf-8"),
        ("Grüße aus Köln, schöne Tage".encode("cp1252"), "Grüße aus Köln, schöne Tage", "cp1252"),
        ("Tide".encode("utf-16"), "Tide", "utf-16"),
        ("Tide".encode("utf-32"), "Tide", "utf-32"),
        (b"\xef\xbb\xbfTide", "Tide", "utf-8"),
        (
            "<html><head><meta charset=gb2312></head><body>潮水来了</body></html>".encode("gb18030"),
            "潮水来了",
            "gb18030",
        ),
        ("cut in the middle of é".encode()[:-1], "cut in the middle of \ufffd", "utf-8"),
        (b"line one\r\nline two\rline three", "line one\nline two\nline three", "utf-8"),
    ],
)
def test_encodings(data: bytes, text: str, encoding: str) -> None:
    result = document(data)
    assert text in result.source
    assert result.encoding == encoding


def test_a_declared_charset_that_is_no_text_encoding_is_passed_over() -> None:
    data = '<html><head><meta charset="hex"></head><body>Grüße aus Köln</body></html>'.encode("cp1252")
    assert "Grüße" in document(data).source


def test_json_lines_stand_and_fall_alone() -> None:
    lines = [
        json.dumps(
            {"id": "a/1", "text": "The tide came in.", "url": "https://harbour.example/a", "date": "2024-05-01"}
        ),
        '{"text": "cut',
        "[1, 2]",
        json.dumps({"html": PAGE}),
        json.dumps({"title": "no content"}),
        '{"n": ' + "9" * 5000 + ', "text": "x"}',
        "[" * 100_000,
        '{"text": "lone \\ud800 surrogate"}',
        json.dumps({"id": "a/1", "text": "The same id again."}),
    ]
    results = list(ingest.read("\n".join(lines).encode(), "feed.jsonl", Hints(site="harbour", title="not theirs")))
    bad = Code.JSONL_BAD_LINE
    assert [r.code if isinstance(r, Rejection) else None for r in results] == [
        None, bad, bad, None, bad, bad, bad, None, None,
    ]  # fmt: skip
    assert [r.doc_id for r in results][:4] == ["feed.jsonl#a/1", "feed.jsonl#2", "feed.jsonl#3", "feed.jsonl#4"]
    first, last = results[0], results[-1]
    assert isinstance(first, Document)
    assert first.hints == Hints(url="https://harbour.example/a", date="2024-05-01", site="harbour")
    assert last.doc_id == "feed.jsonl#a/1@9"
    assert "\ufffd" in results[7].source  # type: ignore[union-attr]


def test_a_json_lines_file_with_a_damaged_first_line_is_still_one() -> None:
    assert codes(b'{"text": "cut\n{"text": "The tide came in."}\n') == [Code.JSONL_BAD_LINE, None]


@pytest.mark.parametrize("packed", [False, True])
def test_warc_responses(packed: bool) -> None:
    results = list(ingest.read(warc(PAGE.encode(), b"<html><body>Two</body></html>", packed=packed), "c.warc"))
    assert [r.doc_id for r in results] == ["c.warc#1", "c.warc#2"]
    assert isinstance(results[1], Document)
    assert results[1].hints.url == "https://harbour.example/1"
    assert "Two" in results[1].source


def test_warc_records_that_are_no_text_are_skipped_not_lost() -> None:
    for data, code in [
        (warc(b"\x89PNG", content_type="image/png"), Code.NOT_TEXT),
        (warc(PAGE.encode(), status="404 Not Found"), Code.HTTP_STATUS),
    ]:
        result = only(data)
        assert isinstance(result, Rejection)
        assert (result.code, result.skipped) == (code, True)


def test_a_truncated_warc_keeps_what_was_whole() -> None:
    data = warc(PAGE.encode(), PAGE.encode())
    assert codes(data[:-40]) == [None, Code.WARC_TRUNCATED]
    packed = warc(PAGE.encode(), PAGE.encode(), packed=True)
    assert codes(packed[:-40])[0] is None
    assert codes(packed[:-40])[-1] is Code.GZIP_TRUNCATED


def test_a_wrong_length_costs_one_record_alone() -> None:
    data = warc(b"<html><body>One</body></html>", PAGE.encode(), PAGE.encode())
    at = data.index(b"Content-Length", data.index(b"WARC-Type: response"))
    end = data.index(b"\r\n", at)
    assert codes(data[:at] + b"Content-Length: 7" + data[end:]) == [Code.WARC_BAD_RECORD, None, None]
    assert codes(data[:at] + b"Content-Length: 99999999" + data[end:]) == [Code.WARC_BAD_RECORD, None, None]


@given(st.binary(max_size=40), st.integers(0, 600))
def test_a_file_whose_beginning_tells_of_one_document_gives_one(noise: bytes, blanks: int) -> None:
    several = b'{"text": "One story."}\n{"text": "Another story."}\n'
    packed = gzip.compress(several)
    for data in (noise, noise + several, b" " * blanks + several, packed, warc(PAGE.encode(), PAGE.encode())):
        assert ingest.may_hold_several(data[:512]) or len(list(ingest.read(data, "page"))) == 1
    for data in (b"\xef\xbb\xbf" + b" " * blanks + several, packed, warc(PAGE.encode(), PAGE.encode())):
        assert ingest.may_hold_several(data[:512])
    assert not ingest.may_hold_several(PAGE.encode()[:512])


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=400), st.binary(max_size=200).map(zlib.compress), st.binary(max_size=300).map(gzip.compress)
    )
)
def test_any_bytes_give_documents_or_rejections(data: bytes) -> None:
    results = list(ingest.read(data, "file"))
    assert results
    assert all(isinstance(result, Document | Rejection) for result in results)


@settings(max_examples=150, deadline=None)
@given(st.integers(min_value=0, max_value=3000), st.integers(min_value=0, max_value=255))
def test_a_damaged_container_never_raises(at: int, value: int) -> None:
    for data in (warc(PAGE.encode(), PAGE.encode()), warc(PAGE.encode(), packed=True)):
        at = min(at, len(data) - 1)
        assert list(ingest.read(data[:at] + bytes([value]) + data[at + 1 :], "file"))


def test_known_digest_is_that_of_the_file_as_it_lies() -> None:
    data = PAGE.encode()
    assert only(data, digest=sha256(data)) == only(data)
    packed = gzip.compress(data)
    assert only(packed, digest=sha256(packed)) == only(packed)
