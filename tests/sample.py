"""The compressed and container files of the sample corpus, built from readable sources.

``python -m tests.sample`` writes them into ``raw/`` from ``tests/sources/``. The same sources give the same
bytes with the same zlib: no clock, no file names inside, record ids derived from URLs.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

ROOT = Path(__file__).parent.parent
RAW = ROOT / "raw"
SOURCES = Path(__file__).parent / "sources"

GZIPPED = {
    "meridian-news/2023/grain-trains.txt.gz": "meridian-news/2023/grain-trains.txt",
    "port-annick-gazette/bells.html.gz": "port-annick-gazette/bells.html",
    "el-faro-austral/relojeros.html.gz": "el-faro-austral/relojeros.html",
}
CUT_SHORT = {"meridian-news/2025/olive-prices.txt.gz": "meridian-news/2025/olive-prices.txt"}
FETCHED = "2024-11-02T03:15:00Z"


@dataclass(frozen=True, slots=True)
class Fetch:
    """One page of a crawl: where it was, and the source file that holds its body."""

    url: str
    source: str


PLAIN_CRAWL = (Fetch("https://www.eddleston-post.example/business/windscreens", "crawl/glass.html"),)
GZIPPED_CRAWL = (
    Fetch("https://www.calloway-herald.example/storm/odalys-weakens", "crawl/hurricane.html"),
    Fetch("https://www.garrow-times.example/power/last-turbine", "crawl/tides.html"),
)


def gzip_member(data: bytes) -> bytes:
    """One gzip member without a name and with a zero time stamp (RFC 1952)."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return packer.compress(data) + packer.flush()


def warc_records(fetches: tuple[Fetch, ...]) -> list[bytes]:
    """A warcinfo record, then request, response and metadata for each fetch (WARC 1.0, ISO 28500)."""
    info = _record(
        "warcinfo", "", "application/warc-fields", b"software: hand-made\r\nformat: WARC File Format 1.0\r\n"
    )
    records = [info]
    for fetch in fetches:
        host, _, path = fetch.url.removeprefix("https://").partition("/")
        request = f"GET /{path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: sample\r\n\r\n".encode()
        body = (SOURCES / fetch.source).read_bytes()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
        records.append(_record("request", fetch.url, "application/http; msgtype=request", request))
        records.append(_record("response", fetch.url, "application/http; msgtype=response", head.encode() + body))
        records.append(_record("metadata", fetch.url, "application/warc-fields", b"fetchTimeMs: 212\r\n"))
    return records


def _record(kind: str, url: str, content_type: str, payload: bytes) -> bytes:
    target = f"WARC-Target-URI: {url}\r\n" if url else ""
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\n{target}WARC-Date: {FETCHED}\r\n"
        f"WARC-Record-ID: <urn:uuid:{uuid5(NAMESPACE_URL, kind + url)}>\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(payload)}\r\n\r\n"
    )
    return head.encode() + payload + b"\r\n\r\n"


def build() -> dict[str, bytes]:
    """The bytes of every built file, keyed by its path below ``raw/``."""
    files = {path: gzip_member((SOURCES / source).read_bytes()) for path, source in GZIPPED.items()}
    for path, source in CUT_SHORT.items():
        packed = gzip_member((SOURCES / source).read_bytes())
        files[path] = packed[: len(packed) // 2]
    files["crawl/evening.warc"] = b"".join(warc_records(PLAIN_CRAWL))
    files["crawl/morning.warc.gz"] = b"".join(gzip_member(record) for record in warc_records(GZIPPED_CRAWL))
    return files


if __name__ == "__main__":
    for name, data in build().items():
        (RAW / name).parent.mkdir(parents=True, exist_ok=True)
        (RAW / name).write_bytes(data)
