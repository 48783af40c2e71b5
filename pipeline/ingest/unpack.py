"""Decompression with limits on size and ratio, so that a bomb costs memory it is allowed and no more."""

from __future__ import annotations

import zlib

from pipeline.model import Code, DocumentError
from pipeline.settings import Limits

_GZIP = b"\x1f\x8b"
_CHUNK = 1 << 20
_SMALL = 1 << 20  # below this many bytes unpacked a high ratio is harmless: a page of blanks packs that well


def is_packed(data: bytes) -> bool:
    """Whether data begins as gzip data does."""
    return data.startswith(_GZIP)


def unpack(data: bytes, limits: Limits) -> tuple[bytes, DocumentError | None]:
    """The content of gzip data of any number of members, or the data itself, and the damage found at its end.

    What precedes the damage is returned, as the records of a container before it are still good. Zeros and foreign
    bytes after the last member are ignored, as gzip itself does. Raises ``DocumentError`` on a crossed limit.
    """
    if not is_packed(data):
        return data, None
    out: list[bytes] = []
    total = 0
    rest = data
    while rest.startswith(_GZIP):
        member = zlib.decompressobj(wbits=31)
        pending = rest
        try:
            while not member.eof and pending:
                piece = member.decompress(pending, _CHUNK)
                pending = member.unconsumed_tail
                total += len(piece)
                out.append(piece)
                _check(total, len(data), limits)
                if not piece and not pending:
                    break
        except zlib.error as error:
            return b"".join(out), DocumentError(Code.GZIP_BAD, f"the gzip data is damaged: {error}")
        if not member.eof:
            return b"".join(out), DocumentError(Code.GZIP_TRUNCATED, "the gzip data ends before its end mark")
        rest = member.unused_data
    return b"".join(out), None


def _check(total: int, packed: int, limits: Limits) -> None:
    if total > limits.unpacked_bytes:
        raise DocumentError(Code.TOO_LARGE_UNPACKED, f"unpacks to more than {limits.unpacked_bytes:,} bytes")
    if total > _SMALL and total > packed * limits.ratio:
        raise DocumentError(Code.RATIO, f"unpacks to more than {limits.ratio} times its {packed:,} bytes")
