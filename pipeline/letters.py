"""The letters and digits of a text, case-folded, looked up for all of its characters at once."""

from __future__ import annotations

from functools import lru_cache
from unicodedata import category, normalize

import numpy as np
from numpy.typing import NDArray

BEYOND = "?"  # stands for a character that ``LATIN`` cannot fold

_KNOWN = 0x3000  # the alphabets and the punctuation of nearly all pages lie below
# What most pages have beyond Latin-1 that is no letter in any form; without it most texts of Western languages are
# Latin-1.
_SIGNS = "‘’“”„–—…•→€\u200b\u200d\ufe0f"
_FEW = 100  # rarer signs of a page that are looked at one by one
_REMEMBERED = 1_024  # of them
_SEVERAL = 0x110000  # stands for a fold of several characters
_SHARP_S = "ß"  # which stays till the end, since it folds to two


def _fold(code: int) -> int:
    folded = chr(code).casefold()
    if len(folded) > 1:
        return _SEVERAL
    return ord(folded) if folded.isalnum() else 0


_FOLDS = np.array([_fold(code) for code in range(_KNOWN)], dtype=np.uint32)


def _latin_fold(code: int) -> int:
    if chr(code) in (_SHARP_S, BEYOND):
        return code
    folded = "".join(filter(str.isalnum, normalize("NFKC", chr(code)).casefold())) or "\0"
    return ord(folded) if len(folded) == 1 and folded < "\u0100" else ord(BEYOND)


# By Latin-1 code what it folds to where it is a letter or digit, and 0 where it is none.
LATIN = bytes(map(_latin_fold, range(256)))


def without_signs(text: str) -> str:
    """The text with spaces for the commonest signs beyond Latin-1, and ``TM`` for the one that is two letters."""
    if not text.isascii():
        for sign in _SIGNS:
            text = text.replace(sign, " ")
        text = text.replace("™", "TM")
    return text


def latin(text: str) -> bytes:
    """The text in Latin-1, a byte each character: ``BEYOND`` for letters that are not in it, a space for ``BEYOND``
    itself and for rarer signs; where the text has many of them, some stay ``BEYOND``."""
    found = text.replace(BEYOND, " ").encode("latin-1", "replace")
    at = found.find(BEYOND.encode())
    if at < 0:
        return found
    told = bytearray(found)
    for _ in range(_FEW):
        if _is_sign(text[at]):
            told[at] = ord(" ")
        at = found.find(BEYOND.encode(), at + 1)
        if at < 0:
            break
    return bytes(told)


@lru_cache(maxsize=_REMEMBERED)
def _is_sign(char: str) -> bool:
    """Whether a character is no letter or digit in any form, and nothing that changes the letter before it."""
    return category(char)[0] in "CPSZ" and not any(map(str.isalnum, normalize("NFKC", char).casefold()))


def from_latin(folds: bytes) -> bytes:
    """What ``LATIN`` made of a text, in UTF-8."""
    if folds.isascii():
        return folds
    return folds.replace(_SHARP_S.encode("latin-1"), b"ss").decode("latin-1").encode()


def from_codes(folds: NDArray[np.uint32]) -> bytes:
    """What ``letters`` made of a text, in UTF-8."""
    return folds.astype("<u4").tobytes().decode("utf-32-le").encode()


def _code_points(text: str) -> NDArray[np.uint32]:
    """The code points of a text, shape (characters,)."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def letters(text: str) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """The code points of a text in compatibility form (NFKC), and what each folds to where it is a letter or digit.

    The second has 0 where there is none. Both together say what ``unicodedata.normalize("NFKC", text).casefold()``
    and ``str.isalnum`` do.
    """
    if not text.isascii():
        # What most texts have that is not in that form; and one fold of two letters that whole languages use.
        text = text.replace("\u00a0", " ").replace("…", "...").replace("ß", "ss")
        text = text.replace("\u2011", "\u2010").replace("™", "TM")
        text = normalize("NFKC", text)
    codes = _code_points(text)
    folds = _folds(codes)
    if (folds == _SEVERAL).any():
        codes = _code_points(text.casefold())
        folds = _folds(codes)
    return codes, folds


def _folds(codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    if not len(codes) or codes.max() < _KNOWN:
        return _FOLDS.take(codes)
    beyond = codes >= _KNOWN
    found = _FOLDS.take(np.where(beyond, 0, codes))
    values, places = np.unique(codes[beyond], return_inverse=True)
    found[beyond] = np.array(list(map(_fold, values.tolist())), dtype=np.uint32)[places]
    return found
