"""What others do with lines of text, for comparison: keep all, jusText, C4, Gopher, the longest run of prose.

Each takes the lines of a page and says which it keeps.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence

import justext
import py3langid

Keep = list[bool]

C4_LEAST_WORDS = 5
GOPHER_STOP_WORDS = frozenset(("the", "be", "to", "of", "and", "that", "have", "with"))
RUN_LEAST_WORDS = 10
RUN_GAP = 2
_C4_TERMINAL = (".", "!", "?", '"', "”", "。", "！", "？")
_C4_POLICY = re.compile(r"terms of use|privacy policy|cookie policy|uses cookies|use of cookies|use cookies", re.I)
_STOP_LISTS = {"en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian", "nl": "Dutch"}
_STOP_LISTS |= {"pt": "Portuguese", "pl": "Polish", "sv": "Swedish", "da": "Danish", "tr": "Turkish", "ru": "Russian"}


def keep_all(lines: Sequence[str]) -> Keep:
    """Everything."""
    return [True] * len(lines)


def jus_text(lines: Sequence[str]) -> Keep:
    """jusText (Pomikálek 2011), each line a paragraph, with the stop words of the page's language."""
    language = _STOP_LISTS.get(py3langid.classify("\n".join(lines)[:5000])[0], "English")
    page = "<html><body>" + "".join(f"<p>{html.escape(line)}</p>" for line in lines) + "</body></html>"
    found = justext.justext(page, justext.get_stoplist(language))
    keep = [False] * len(lines)
    place = 0
    for paragraph in found:  # jusText leaves out lines without text; the rest come back in order
        text = "".join(paragraph.text.split())
        while place < len(lines) and "".join(lines[place].split()) != text:
            place += 1
        if place == len(lines):
            break
        keep[place] = not paragraph.is_boilerplate
        place += 1
    return keep


def c4(lines: Sequence[str]) -> Keep:
    """The line rules of C4 (Raffel and others 2020): closing punctuation, five words, no script or policy talk."""
    return [
        line.rstrip().endswith(_C4_TERMINAL)
        and len(line.split()) >= C4_LEAST_WORDS
        and "javascript" not in line.lower()
        and not _C4_POLICY.search(line)
        for line in lines
    ]


def gopher(lines: Sequence[str]) -> Keep:
    """The document rules of Gopher (Rae and others 2021) that make sense of a single line."""
    return [_gopher_line(line) for line in lines]


def _gopher_line(line: str) -> bool:
    words = line.split()
    if len(words) < C4_LEAST_WORDS or not 3 <= sum(map(len, words)) / len(words) <= 10:
        return False
    if (line.count("#") + line.count("...") + line.count("…")) / len(words) > 0.1:
        return False
    if line.lstrip().startswith(("•", "*", "-")) or line.rstrip().endswith(("...", "…")):
        return False
    if sum(any(c.isalpha() for c in word) for word in words) / len(words) < 0.8:
        return False
    return len(GOPHER_STOP_WORDS.intersection(word.lower() for word in words)) >= 2


def longest_run(lines: Sequence[str]) -> Keep:
    """The longest run of prose lines by characters, gaps of two lines bridged."""
    prose = [len(line.split()) >= RUN_LEAST_WORDS or len(line) > 80 for line in lines]
    best, best_size = (0, 0), 0
    start, size, last = 0, 0, -RUN_GAP - 2
    for index, flag in enumerate(prose):
        if not flag:
            continue
        if index - last > RUN_GAP + 1:
            start, size = index, 0
        size += len(lines[index])
        last = index
        if size > best_size:
            best, best_size = (start, index + 1), size
    return [best[0] <= index < best[1] for index in range(len(lines))]


BASELINES: dict[str, Callable[[Sequence[str]], Keep]] = {
    "keep-all": keep_all,
    "jusText": jus_text,
    "C4 lines": c4,
    "Gopher lines": gopher,
    "longest run": longest_run,
}
