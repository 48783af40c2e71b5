"""Paragraphs that a scraper broke where links and emphasis begin and end: their pieces are put together again.

Printing every text node of a page on a line of its own leaves lines that begin with a comma or a full stop, which no
writer's lines do. Only a page with several of them is mended.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.plain.lines import Line

_LEAST = 2
"""Lines that begin with a closing sign; one alone may be anything."""
_CLOSING = re.compile(r"\.+(?![\w/.])|[,;)\]’”»…，。；：！？）」』]|[:!?](?!\w)|['’](?:s|t|re|ve|ll|d|m)\b")
_CLOSING_FIRST = frozenset(".,;)]’”»…，。；：！？）」』:!?'")
"""What the expression begins with; nearly all lines begin with something else."""
_STOPS, _CLOSERS = frozenset(".!?:;…。！？；："), "\"'”’»)]）」』"
_BRACKETS = frozenset("([“„«")
_ELISIONS = frozenset(f"{letter}{sign}" for letter in "lLdD" for sign in "'’")
_LEADING = """
the a an of in on at to by for from with and or as that than is are was were be into about its their his her our your
this these between through via
der die das den dem des ein eine einen einem einer und oder im am auf aus bei mit nach von vom zum zur zu für über
le la les du de et ou au aux dans sur par pour avec un une
el los las del en y o con por para una
"""
_LEADS_ON = frozenset(_LEADING.split())
"""What leads on to the next word: no line that a writer ended ends in one of these."""
_WORD = re.compile(r"\w+$")
_PROSE_WORDS = 4
"""Lines in lower case of fewer words, one below the other, are the entries of a menu."""
_LONG, _LONG_BEFORE_A_PIECE = 120, 40
_SENTENCE = re.compile(r"[.!?,] ")
"""A line of so many characters that holds the end of a sentence or a clause and has none itself is prose, and goes on;
fewer are enough where the line below is a piece of a paragraph, too."""

_TAIL = 4000
"""Of what is put together already, so many characters are looked at: more than paragraphs have, and no page of
millions of pieces takes longer for it."""


def mend(lines: list[Line]) -> list[Line]:
    """The lines with broken paragraphs put together; those of a page that shows no such break come back as they are."""
    if sum([line.text[0] in _CLOSING_FIRST and not line.above and _closes(line.text) for line in lines]) < _LEAST:
        return lines
    mended: list[Line] = []
    pieces: list[str] = []
    tail = ""
    for place, line in enumerate(lines):
        if mended and not line.above and _goes_on(tail, line.text, lines[place + 1 : place + 2]):
            piece = _space(tail, line.text) + line.text
            pieces.append(piece)
            tail = (tail + piece)[-_TAIL:]
        else:
            if len(pieces) > 1:
                _close(mended, pieces, lines[place - 1])
            mended.append(line)
            pieces, tail = [line.text], line.text[-_TAIL:]
    _close(mended, pieces, lines[-1])
    return mended


def _close(mended: list[Line], pieces: Sequence[str], last: Line) -> None:
    """Makes the last paragraph one of all its pieces, of which ``last`` is the last."""
    if len(pieces) > 1:
        first = mended[-1]
        mended[-1] = Line("".join(pieces), first.start, last.end, first.number, first.above, first.indent)


def _goes_on(text: str, below: str, following: Sequence[Line]) -> bool:
    """Whether a paragraph goes on in the line below its end; ``following`` is the line after that, if there is any."""
    if _closes(below):
        return True
    if _has_ended(text):
        return False
    is_prose = _is_prose(text)
    if below[0].islower():
        return is_prose or _is_prose(below)
    if is_prose and (text[-1] == "," or _last_word(text) in _LEADS_ON or _opens(text)):
        return True
    if len(text) < _LONG_BEFORE_A_PIECE or not text[-1].islower() or _SENTENCE.search(text) is None:
        return False
    return len(text) >= _LONG or any(_is_piece(line) for line in following if not _has_ended(below))


def _has_ended(text: str) -> bool:
    return text[-1] in _STOPS or (text[-1] in _CLOSERS and text.rstrip(_CLOSERS)[-1:] in _STOPS)


def _opens(text: str) -> bool:
    """Whether a line ends in a bracket, a quotation mark or an elision that belongs to what comes next."""
    return text[-1] in _BRACKETS or (text[-2:] in _ELISIONS and not text[-3:-2].isalnum())


def _last_word(text: str) -> str:
    """What a line ends in after its last space or sign; nothing where that is a sign."""
    last = text.rpartition(" ")[2]
    if last.isalpha():
        return last
    found = _WORD.search(last)
    return found[0] if found else ""


def _is_prose(text: str) -> bool:
    return text.count(" ") + 1 >= _PROSE_WORDS


def _is_piece(line: Line) -> bool:
    """Whether a line can only go on what stands above it."""
    return not line.above and (_closes(line.text) or (line.text[0].islower() and _is_prose(line.text)))


def _closes(text: str) -> bool:
    return text[0] in _CLOSING_FIRST and _CLOSING.match(text) is not None


def _space(text: str, below: str) -> str:
    """What stands between two pieces of a paragraph: nothing before a closing sign, and none between ideographs."""
    wide = text[-1] > "\u2e7f" and below[0] > "\u2e7f"
    return "" if wide or _closes(below) or _opens(text) else " "
