"""Unicode, white space, typography and words: what every stage means by "the same text"."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable

from ftfy import fix_encoding
from ftfy.badness import is_bad

PARAGRAPH_BREAK = "\n\n"
_ROUNDS = 6

_SPACES = re.compile(r"[\t\v\f \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_RARE_SPACES = re.compile(r"[\t\v\f\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_RARE_LINE_ENDS = ("\u2028", "\u2029", "\x85")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_ASCII_WORD = re.compile(r"[a-z0-9]+(?:'[a-z0-9]+)*")  # the same in lower case, and faster
_INVISIBLE = re.compile(
    r"[\u00ad\u200b\u2060\ufeff\u200e\u200f\u202a-\u202e\u2066-\u2069]|[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]"
)
# Mojibake is characters beyond ASCII side by side; alone, those of Western writing are what they seem.
_UNUSUAL = re.compile("[^\\x00-\\x7f\u00a0ÀÁÄ-ÖØ-öø-őŔ-ž“”„‘’‚«»‹›–—…•·´°®©™£€]")
_SIDE_BY_SIDE = re.compile(r"[^\x00-\x7f][^\x00-\x7f]")
_JOINERS = re.compile(r"[\u200c\u200d]")
# Scripts and symbols in which a joiner carries meaning: Arabic to Mongolian, variation selectors, emoji.
_NEEDS_JOINER = re.compile(r"[\u0600-\u18af\ufe0f\u2190-\u2bff\U0001f000-\U0001faff]")
_CJK = r"[\u2e80-\u303f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]"
# What stands before is asked after the sign is found: an expression that begins with a sign is searched far faster.
_DOUBLE_QUOTES = re.compile(rf"[“”„‟](?<!{_CJK}.)(?!{_CJK})")
_SINGLE_QUOTES = re.compile(rf"[‘’‚‛ʼ](?<!{_CJK}.)(?!{_CJK})")
_HYPHENS = re.compile(r"[\u2010\u2011\u2012\ufe63]")
_MINUS = re.compile(r"\u2212(?=\d)")
_EM_DASH = re.compile(r"(?<=[^\W_])[ ]*(?:—|―)[ ]*(?=[^\W_])")
_SPACED_DASH = re.compile(r"(?<=\S)[ ](?:--|---|–|—|―|-)[ ](?=\S)")
_DOUBLE_HYPHEN = re.compile(r"(?<=[^\W\d_])--(?=[^\W\d_])")
_LONG_DASH = re.compile("[–—―]")
_EN_DASH = re.compile(r"(?<=\w)–(?=\w)")


def fold_space(text: str) -> str:
    """All runs of white space, line ends included, as one space, none at the ends."""
    return " ".join(text.split())


def unify_line_ends(text: str) -> str:
    """LF for every line end that Unicode knows; nothing else changes."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    for end in _RARE_LINE_ENDS:
        if end in text:
            text = text.replace(end, "\n")
    return text


def repair(text: str) -> str:
    """Text whose mojibake is undone (ftfy) and that is NFC, without control characters or idle joiners."""
    if text.isascii():  # nothing to mend, and most paragraphs of most pages
        return text if text.isprintable() else _INVISIBLE.sub("", text)
    for _ in range(3):  # a page can be mis-decoded more than once
        if not _is_mojibake(text):
            break
        repaired = fix_encoding(text)
        if repaired == text:
            break
        text = repaired
    if text.isascii():
        return _INVISIBLE.sub("", text)
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    if _JOINERS.search(text):
        text = "".join(_needed_characters(text))
    return unicodedata.normalize("NFC", text)


def _is_mojibake(text: str) -> bool:
    """What ``ftfy.badness.is_bad`` says, which a look at two sets answers for most texts in a tenth of the time."""
    return bool(_UNUSUAL.search(text) or _SIDE_BY_SIDE.search(text)) and is_bad(text)


def _needed_characters(text: str) -> Iterable[str]:
    for index, character in enumerate(text):
        if character in "\u200c\u200d":
            neighbours = text[index - 1 : index] + text[index + 1 : index + 2]
            if len(neighbours) < 2 or not all(_NEEDS_JOINER.match(neighbour) for neighbour in neighbours):
                continue
        yield character


def plain_typography(text: str) -> str:
    """Straight quotes, a spaced hyphen for every dash between words, plain hyphens, plain spaces and ``...``.

    Guillemets, corner brackets and curly quotes next to CJK characters stay, as those languages write them so.
    Applying it twice changes nothing.
    """
    text = _plain_spaces(text)
    if text.isascii() and "--" not in text:
        return text
    text = _DOUBLE_QUOTES.sub('"', text)
    text = _SINGLE_QUOTES.sub("'", text)
    text = _HYPHENS.sub("-", text).replace("…", "...")
    if "\u2212" in text:
        text = _MINUS.sub("-", text)
    if "—" in text or "―" in text:
        text = _EM_DASH.sub(" - ", text)
    if "--" in text:
        text = _DOUBLE_HYPHEN.sub(" - ", text)
    if "--" in text or _LONG_DASH.search(text):
        text = _SPACED_DASH.sub(" - ", text)
    return _EN_DASH.sub("-", text) if "–" in text else text


def _plain_spaces(text: str) -> str:
    return _SPACES.sub(" ", text) if "  " in text or _RARE_SPACES.search(text) else text


def canonical_paragraph(text: str, typography: str = "plain") -> str:
    """One paragraph in canonical form; inner line ends are kept, spaces at line ends are not.

    ``typography`` is ``plain`` or ``keep``. Canonical text is its own canonical form.
    """
    for _ in range(_ROUNDS):  # one repair can bring another to light: a tab that became a space ends a mojibake pair
        if text.isascii() and text.isprintable() and "  " not in text and "--" not in text:
            return text.strip()
        before = text
        text = repair(unify_line_ends(text))
        text = plain_typography(text) if typography == "plain" else _plain_spaces(text)
        text = "\n".join(line.strip() for line in text.split("\n")).strip("\n")
        if text == before:
            break
    return text


def words(text: str) -> list[str]:
    """The words of a text, case-folded, an inner apostrophe allowed; CJK runs count as one word."""
    return _WORD.findall(text.casefold())


def block_key(text: str) -> str:
    """The identity of a block when pages are compared: letters and digits alone, case-folded; may be empty."""
    if text.isascii():
        return " ".join(_ASCII_WORD.findall(text.lower()))
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def sha256(data: bytes | str) -> str:
    """The SHA-256 of bytes, or of the UTF-8 form of a string, in hex."""
    return hashlib.sha256(data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data).hexdigest()
