"""The letters and digits of a text, case-folded, looked up for all of its characters at once."""

from __future__ import annotations

import unicodedata

import numpy as np
from numpy.typing import NDArray

_KNOWN = 0x3000  # the alphabets and the punctuation of nearly all pages lie below
# What most pages have beyond ASCII that is no letter in any form; without it most English texts are ASCII.
_SIGNS = "‘’“”«»–—…·•©®°×→€\u00a0\u200b\u200d\ufe0f"
_SEVERAL = 0x110000  # stands for a fold of several characters


def _fold(code: int) -> int:
    folded = chr(code).casefold()
    if len(folded) > 1:
        return _SEVERAL
    return ord(folded) if folded.isalnum() else 0


_FOLDS = np.array([_fold(code) for code in range(_KNOWN)], dtype=np.uint32)


def code_points(text: str) -> NDArray[np.uint32]:
    """The code points of a text, shape (characters,)."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def without_signs(text: str) -> str:
    """The text with spaces for the commonest signs beyond ASCII."""
    if not text.isascii():
        for sign in _SIGNS:
            text = text.replace(sign, " ")
    return text


def letters(text: str) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """The code points of a text in compatibility form (NFKC), and what each folds to where it is a letter or digit.

    The second has 0 where there is none. Both together say what ``unicodedata.normalize("NFKC", text).casefold()``
    and ``str.isalnum`` do.
    """
    if not text.isascii():
        # What most texts have that is not in that form; and one fold of two letters that whole languages use.
        text = text.replace("\u00a0", " ").replace("…", "...").replace("ß", "ss")
        text = text.replace("\u2011", "\u2010").replace("™", "TM")
        text = unicodedata.normalize("NFKC", text)
    codes = code_points(text)
    folds = _folds(codes)
    if (folds == _SEVERAL).any():
        codes = code_points(text.casefold())
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
