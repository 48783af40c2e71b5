"""From bytes to characters: what is no text, which encoding, and whether the text is HTML."""

from __future__ import annotations

import codecs
import re

import chardet

from pipeline.model import Code, DocumentError

_MAGIC = {
    b"\x89PNG\r\n\x1a\n": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"%PDF-": "a PDF document",
    b"PK\x03\x04": "a zip archive",
    b"PK\x05\x06": "a zip archive",
    b"\x7fELF": "a program",
    b"MZ\x90": "a program",
    b"BZh": "bzip2 data",
    b"\xfd7zXZ\x00": "xz data",
    b"\x28\xb5\x2f\xfd": "zstandard data",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"RIFF": "a media file",
    b"OggS": "a media file",
    b"ID3": "a media file",
    b"wOFF": "a font",
    b"wOF2": "a font",
    b"SQLite format 3\x00": "a database",
    b"PAR1": "a Parquet file",
}
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its mark begins with UTF-16's
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)|<\?xml[^>]{0,80}encoding=["']([\w.:-]+)""", re.I
)
# The WHATWG Encoding Standard reads these labels as their supersets.
_SUPERSETS = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "iso8859-9": "cp1254",
    "tis-620": "cp874",
}
_HTML_START = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|title)\b", re.I | re.S
)
_HTML_ANYWHERE = re.compile(r"<!doctype\s+html|<html\b[^>]*>", re.I)
_CLOSING = re.compile(r"</(?:p|div|article|section|table|ul|h[1-6]|span|a)\s*>", re.I)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]")
_CONTROL_BYTES = bytes([*range(0x09), *range(0x0E, 0x1B), *range(0x1C, 0x20), 0x7F])
_MOST_CONTROLS = 0.05  # share of control or replacement characters beyond which data is noise
_SNIFF = 4096


def reject_binary(data: bytes) -> None:
    """Raises ``DocumentError`` when the data is a known binary format, or NULs alone."""
    for magic, name in _MAGIC.items():
        if data.startswith(magic):
            raise DocumentError(Code.NOT_TEXT, f"{name}, not text")
    if data and not data.strip(b"\x00"):
        raise DocumentError(Code.BINARY, "NUL bytes alone")


def decode(data: bytes, charset: str | None = None) -> tuple[str, str]:
    """The text of the data and the encoding it was read in.

    Order of evidence: byte order mark, valid UTF-8, the charset given (an HTTP header), the one the document
    declares, detection. Raises ``DocumentError`` when what comes out is no text.
    """
    text, encoding = _decode(data, charset)
    # What a lone NUL or a stray control character is in a long page, half a page of them is not.
    if _controls(data, text, encoding) > _MOST_CONTROLS * len(text):
        raise DocumentError(Code.NOT_TEXT, "mostly control characters: no text in any known encoding")
    return text, encoding


def _controls(data: bytes, text: str, encoding: str) -> int:
    """How many characters of a text no writer would type; in UTF-8 its bytes tell in a fraction of the time."""
    if encoding == "utf-8":
        return len(data) - len(data.translate(None, _CONTROL_BYTES)) + text.count("\ufffd")
    return len(_CONTROL.findall(text))


def _decode(data: bytes, charset: str | None) -> tuple[str, str]:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data.decode(encoding, "replace"), encoding.removesuffix("-sig")
    if b"\x00" not in data[:_SNIFF]:
        try:
            return data.decode("utf-8"), "utf-8"
        except UnicodeDecodeError as error:
            # A file cut in the middle of its last character is still UTF-8.
            if error.start >= len(data) - 3 and error.start > 0:
                return data.decode("utf-8", "replace"), "utf-8"
    declared = _DECLARED.search(data[:_SNIFF])
    labels = [charset, (declared[1] or declared[2]).decode("ascii") if declared else None]
    for label in filter(None, labels):
        try:
            codec = _codec(label)
            if codec != "utf-8":
                return data.decode(codec), codec
        except (LookupError, UnicodeDecodeError):  # unknown, no text encoding, or not what it says
            continue
    codec = _codec(chardet.detect(data)["encoding"] or "utf-8")
    return data.decode(codec, "replace"), codec


def _codec(label: str) -> str:
    name = codecs.lookup(label).name
    return _SUPERSETS.get(name, name)


def is_html(text: str) -> bool:
    """Whether a text is an HTML document or fragment rather than plain text that mentions a tag."""
    if _HTML_START.match(text) or _HTML_ANYWHERE.search(text[:_SNIFF]):
        return True
    return text.lstrip()[:1] == "<" and len(_CLOSING.findall(text[: 16 * _SNIFF])) >= 2
