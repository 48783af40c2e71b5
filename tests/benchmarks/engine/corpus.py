"""Corpora of any size for the engine's benchmarks, multiplied with edits from the pages of the development corpora.

They are made in a temporary folder from a seed, so that two runs of a benchmark clean the same bytes, and are never
part of the repository. Files get an old time, as files of a landing folder have by the time of the next run.
"""

from __future__ import annotations

import os
import random
import re
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path

import pyarrow.parquet as pq

from tests.conftest import SHARED

_OLD = 1_700_000_000
_SOURCES = ("wcxb_dev", "fundus_parser", "trafilatura_eval")
_SENTENCE = re.compile(r"(?<=[.!?]) +(?=[A-Z])")
_WORD = re.compile(rb">([^<>]{40,})<")
_SITES = 300  # of the small documents
_COPIED = 0.03  # share of small documents that are an edition of another


def _column(name: str, column: str) -> list[object]:
    path = SHARED / "corpora" / f"{name}.parquet"
    if not path.exists():
        sys.exit("needs the corpora of the shared data folder (WINNOW_SHARED)")
    values: list[object] = pq.read_table(path, columns=[column])[column].to_pylist()
    return values


def pages(folder: Path, count: int) -> None:
    """So many whole pages in a folder per site: each page of the corpora in turn, edited where it comes again."""
    sources = [
        (str(site), html)
        for name in _SOURCES
        for site, html in zip(_column(name, "site"), _column(name, "html"), strict=True)
    ]
    random.Random(0).shuffle(sources)
    for number in range(count):
        site, html = sources[number % len(sources)]
        assert isinstance(html, bytes)
        edited = html if number < len(sources) else _edited_page(html, number)
        put(folder / (site or "unknown") / f"{number:06}.html", edited)


def _edited_page(html: bytes, number: int) -> bytes:
    """The page with a word of its own in every fourth longer text."""
    counter = iter(range(1_000_000))

    def edit(found: re.Match[bytes]) -> bytes:
        place = next(counter)
        return b">%s<" % found[1] if place % 4 else b">%s item%dx%d<" % (found[1], number, place)

    return _WORD.sub(edit, html)


def documents(folder: Path, count: int) -> None:
    """So many small documents, text and HTML of 1 to 2 kB, of some hundred sites with furniture of their own."""
    pool = _sentences()
    for number in range(count):
        put(folder / place(number), document(pool, number))


class Changes:
    """What happens to a corpus of small documents from night to night."""

    def __init__(self, folder: Path, count: int) -> None:
        self._folder, self._count, self._edition = folder, count, 0
        self._pool = _sentences()

    def change(self, count: int) -> None:
        """So many documents, anywhere, get another paragraph."""
        self._edition += 1
        for number in random.Random(self._edition).sample(range(self._count), count):
            put(self._folder / place(number), document(self._pool, number, self._edition))

    def add(self, count: int) -> None:
        """So many documents come, a few for every site."""
        for number in range(self._count, self._count + count):
            put(self._folder / place(number), document(self._pool, number))
        self._count += count


def place(number: int) -> str:
    """The path of a small document: a folder per site, one in three documents HTML."""
    return f"site-{number % _SITES:03}/{number:07}.{'html' if number % 3 == 0 else 'txt'}"


def document(pool: list[str], number: int, edition: int = 0) -> str:
    """A small document; another ``edition`` of it differs in a paragraph."""
    copied = number > 0 and random.Random(f"copied {number}").random() < _COPIED
    story = random.Random(number - 1 if copied else number)
    title = _varied(story, pool)[:90]
    paragraphs = [" ".join(_varied(story, pool) for _ in range(story.randint(2, 3))) for _ in range(3)]
    paragraphs[1] = paragraphs[1] if not copied else paragraphs[1].replace(" the ", " that ")
    if edition:
        paragraphs.append(f"Edition {edition} of report {number} adds a closing paragraph that was not there before.")
    site = number % _SITES
    return (_as_html if number % 3 == 0 else _as_text)(site, title, paragraphs)


def _as_text(site: int, title: str, paragraphs: list[str]) -> str:
    head = [f"The Daily {_name(site)}", "Home", "World", "Markets", f"{_name(site)} Sport", "Subscribe"]
    foot = [
        f"If you value what the Daily {_name(site)} does, please consider a small gift today.",
        "Most read",
        f"(c) 2024 Daily {_name(site)}. All rights reserved.",
    ]
    return "\n".join([*head, "", title, "", *(line for text in paragraphs for line in (text, "")), *foot, ""])


def _as_html(site: int, title: str, paragraphs: list[str]) -> str:
    menu = "".join(f"<li><a href=/{word}>{word}</a></li>" for word in ("Home", "World", "Markets", _name(site)))
    body = "".join(f"<p>{escape(text)}</p>" for text in paragraphs)
    return (
        f"<!doctype html><html><head><title>{escape(title)} | Daily {_name(site)}</title></head><body>"
        f"<nav><ul>{menu}</ul></nav><article><h1>{escape(title)}</h1>{body}</article>"
        f"<footer><p>If you value what the Daily {_name(site)} does, please consider a small gift today.</p>"
        f"<p>(c) 2024 Daily {_name(site)}. All rights reserved.</p></footer></body></html>"
    )


def _name(site: int) -> str:
    numbers = random.Random(f"site {site}")
    return "".join(numbers.choice(("ba", "ko", "ri", "ten", "lu", "sor", "vey", "mar")) for _ in range(3)).title()


def _sentences() -> list[str]:
    """Sentences of the main texts of the corpora, 40 to 200 characters long, each once."""
    texts = (str(text) for name in _SOURCES[:2] for text in _column(name, "main_text"))
    return sorted({sentence for text in texts for sentence in _split(text)})


def _split(text: str) -> Iterator[str]:
    for line in text.splitlines():
        yield from (part for part in _SENTENCE.split(line) if 40 <= len(part) <= 200 and part.count(" ") > 4)


def _varied(numbers: random.Random, pool: list[str]) -> str:
    """A sentence of the pool in which one word is another's, so that it recurs nowhere as it stands."""
    words = numbers.choice(pool).split(" ")
    words[numbers.randrange(1, len(words))] = f"{numbers.choice(words).strip('.,')}{numbers.randrange(1000)}"
    return " ".join(words)


def put(path: Path, content: bytes | str) -> None:
    """A file with an old time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)  # another file under the old name, as a scraper writes it
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    os.utime(path, (_OLD, _OLD))
