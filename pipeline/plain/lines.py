"""Lines to paragraphs: blank lines counted, hard-wrapped text unwrapped, hyphenation at line ends mended."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import msgspec

from pipeline.text import fold_space

# White space, and characters that print nothing: a line of them is blank.
_BLANK = (
    " \t\r\f\v\u00a0\u00ad\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u200c\u200d"
)
_BLANK += "\u200e\u200f\u2028\u2029\u202f\u205f\u2060\u3000\ufeff\x85"
_ITEM = re.compile(r"[-*+•‣▪◦·>] |\(?\d{1,2}[.)] |[a-z][.)] ")
_HYPHEN_END = re.compile(r"([^\W\d_]+)-$")
_LETTERS = re.compile(r"[^\W\d_]+")

NARROWEST, WIDEST = 40, 100
"""Hard wraps outside these widths are not looked for: 72 and 76 are usual, 60 to 80 common."""


class Line(msgspec.Struct, frozen=True, gc=False):
    """A paragraph of a plain-text page: white space folded, ``start`` and ``end`` offsets into the source.

    ``number`` is the 1-based number of its first line, ``above`` how many blank lines stand before it.
    """

    text: str
    start: int
    end: int
    number: int
    above: int
    indent: int = 0


def read_lines(source: str) -> list[Line]:
    """The lines of a source that show anything, white space folded."""
    lines: list[Line] = []
    offset, above = 0, 0
    tabs = "\t" in source
    for number, raw in enumerate(source.split("\n"), 1):
        if not raw:
            above += 1
            offset += 1
            continue
        whole, bare = len(raw), raw.strip(_BLANK)
        size = len(bare)
        if size:
            indent = 0 if size == whole else raw.index(bare[0])
            start = offset + indent
            # Most lines have no white space that folding would change.
            folds = "  " in bare or (tabs and "\t" in bare) or not (bare.isascii() or bare.isprintable())
            lines.append(Line(fold_space(bare) if folds else bare, start, start + size, number, above, indent))
            above = 0
        else:
            above += 1
        offset += whole + 1
    return lines


def unwrap(lines: Sequence[Line]) -> list[Line]:
    """The lines with the paragraphs of a hard-wrapped page joined; any other page comes back as it is.

    A page counts as hard-wrapped when most pairs of adjacent full lines break where a greedy filler of one width
    would have broken them, and lines seldom exceed that width. Lines that a greedy filler would have filled further
    end a paragraph.
    """
    width = wrap_width(lines)
    if not width:
        return list(lines)
    fuse = _fuses_by_default(lines, width)
    vocabulary = Counter(word for line in lines for word in re.findall(r"[\w-]+", line.text.lower()))
    joined: list[Line] = []
    last: Line | None = None
    for line in lines:
        if joined and last is not None and _continues(last, line, width):
            joined[-1] = _join(joined[-1], line, vocabulary, fuse)
        else:
            joined.append(line)
        last = line
    return joined


def wrap_width(lines: Sequence[Line]) -> int:
    """The width at which a page was hard-wrapped, or 0 where it was not."""
    full = [size for line in lines if (size := line.end - line.start + line.indent) >= NARROWEST]
    if len(full) < 4:
        return 0
    full.sort()
    width = full[min(len(full) - 1, int(len(full) * 0.97))]
    if width > WIDEST:
        return 0
    pairs = [(a, b) for a, b in pairwise(lines) if not b.above and _size(a) >= width * 0.6]
    wrapped = [pair for pair in pairs if _continues(*pair, width)]
    lower = sum(b.text[:1].islower() or not b.text[:1].isupper() for _, b in wrapped)
    if len(wrapped) < 3 or len(wrapped) < 0.6 * len(pairs) or lower < 0.5 * len(wrapped):
        return 0
    return width if 2 * len(wrapped) >= len(full) * 0.8 else 0


def _size(line: Line) -> int:
    return line.end - line.start + line.indent


def _continues(line: Line, following: Line, width: int) -> bool:
    if following.above or _ITEM.match(following.text) or following.indent >= line.indent + 2:
        return False
    size = _size(line)
    if size > width + 1 or size < width * 0.5:
        return False
    if line.text[-1] == "-" and following.text[0].islower() and size >= width * 0.8:
        return True
    first = following.text.split(" ", 1)[0]
    return size + 1 + len(first) > width


def _fuses_by_default(lines: Sequence[Line], width: int) -> bool:
    """Whether hyphens at line ends are the wrapper's: they are then frequent; a writer's own fall there by chance."""
    full = [line for line in lines if _size(line) >= width * 0.8]
    return sum(bool(_HYPHEN_END.search(line.text)) for line in full) >= 0.06 * len(full)


def _join(line: Line, following: Line, vocabulary: Counter[str], fuse: bool) -> Line:
    text = line.text
    broken = _HYPHEN_END.search(text)
    if broken and following.text[:1].islower():
        tail = _LETTERS.match(following.text)
        left, right = broken.group(1).lower(), tail.group(0).lower() if tail else ""
        whole, hyphened = vocabulary[left + right], vocabulary[f"{left}-{right}"]
        mend = whole > hyphened or (whole == hyphened and fuse)
        text = (text[:-1] if mend else text) + following.text
    elif text[-1] > "\u2e7f" and following.text[0] > "\u2e7f":
        text += following.text  # Chinese and Japanese put no space at a line break
    else:
        text = f"{text} {following.text}"
    return Line(text, line.start, following.end, line.number, line.above, line.indent)
