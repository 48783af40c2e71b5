"""Stories put into furniture of our making: appeals, teasers, headline groups, related links, share bars, legal lines.

Headlines, abstracts and legal paragraphs come from other pages of the corpora, appeals from ``text_stock``. The result
is a page whose every label is known, with furniture where few pages of the corpora have any: prose that addresses the
reader, right below, above or within the story.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from pipeline.learning import text_stock as stock
from pipeline.learning.text_data import LabelledPage
from pipeline.text import sha256

Random = np.random.Generator
Lines = list[str]
_LANGUAGE_WORDS = {
    "de": {"der", "die", "und", "nicht", "ist", "mit"},
    "fr": {"le", "les", "et", "des", "est", "dans"},
    "es": {"el", "los", "y", "del", "que", "una"},
    "en": {"the", "and", "of", "to", "in", "is"},
}


@dataclass(frozen=True, slots=True)
class Pool:
    """What other pages lend: headlines, opening paragraphs, short labels and long furniture paragraphs."""

    headlines: tuple[str, ...]
    openings: tuple[str, ...]
    labels: tuple[str, ...]
    paragraphs: tuple[str, ...]


def gather(pages: Sequence[LabelledPage]) -> Pool:
    """The pool that some pages offer, in their order."""
    headlines: list[str] = []
    openings: list[str] = []
    labels: list[str] = []
    paragraphs: list[str] = []
    for page in pages:
        if page.rendering != "inscriptis" or page.page_type != "article":
            continue
        if 15 < len(page.title) < 140:
            headlines.append(page.title)
        rows = list(zip(page.lines, page.labels, strict=True))
        openings += [text for text, label in rows if label == 1 and 150 < len(text) < 700][:1]
        furniture = [text.strip(" *+-•") for text, label in rows if label == 0]
        labels += [text for text in furniture if 8 < len(text) < 60 and text[0].isupper()][5:9]
        paragraphs += [text for text in furniture if len(text) > 250][-1:]
    return Pool(tuple(headlines), tuple(openings), tuple(labels), tuple(paragraphs))


def furnish(page: LabelledPage, pool: Pool, number: int) -> LabelledPage | None:
    """The story of a page with its heading, in furniture; None for a page without a story."""
    story = [index for index, label in enumerate(page.labels) if label == 1]
    if len(story) < 3:
        return None
    random = np.random.default_rng(int(sha256(f"furnished {number} {page.rendering} {page.page_id}")[:12], 16))
    language = _language([page.lines[index] for index in story])
    rows = list(zip(page.lines, page.labels, strict=True))
    head = [row for row in rows[: story[0]] if row[0].strip()][-int(random.integers(1, 5)) :]
    body = rows[story[0] : story[-1] + 1]
    if random.random() < 0.35:  # short stories too
        body = rows[story[0] : story[min(int(random.integers(2, 10)), len(story) - 1)] + 1]
    room = _Room(random, language, pool, spaced=bool(random.random() < 0.5))
    if page.title and all(text.strip() != page.title for text, _ in head) and random.random() < 0.7:
        head = [(page.title, 0), *head]
    tail = room.some(_TAIL, 1, 6)
    above: Lines = [*room.menu(), *room.masthead()]
    if random.random() < 0.3:
        above += room.some((_Room.appeal, _Room.appeal, _Room.promotion, _Room.headline_groups), 1, 1)
    if random.random() < 0.4:
        deep = random.random() < 0.4
        place = int(random.integers(1, max(len(body) - 1, 2))) if deep else int(random.integers(0, 2))
        inside = room.promotion()[:2] if deep and random.random() < 0.5 else room.appeal()
        body = [*body[:place], *_label(inside), *body[place:]]
    made = [*_label(above), *head, ("", -1), *body, *_label(tail)]
    layout = random.random()
    if layout < 0.5:
        made = [row for row in made if row[0].strip()]
    if layout < 0.25:
        made = [part for row in made for part in (row, ("", -1))]
    lines, labels = zip(*made, strict=True)
    return replace(page, lines=lines, labels=labels)


def _label(lines: Lines) -> list[tuple[str, int]]:
    return [(text, 0 if text.strip() else -1) for text in lines]


def _language(lines: Sequence[str]) -> str:
    text = " ".join(lines)[:4000]
    if sum("\u4e00" <= character <= "\u9fff" for character in text) > 0.3 * len(text):
        return "zh"
    found = text.lower().split()
    return max(_LANGUAGE_WORDS, key=lambda name: sum(word in _LANGUAGE_WORDS[name] for word in found))


@dataclass(frozen=True, slots=True)
class _Room:
    """What it takes to write furniture for one page."""

    random: Random
    language: str
    pool: Pool
    spaced: bool

    def pick(self, choices: Sequence[str]) -> str:
        return choices[int(self.random.integers(0, len(choices)))]

    def several(self, choices: Sequence[str], low: int, high: int) -> Lines:
        size = min(int(self.random.integers(low, high + 1)), len(choices))
        return [choices[int(index)] for index in self.random.choice(len(choices), size, replace=False)]

    def some(self, makers: Sequence[Callable[[_Room], Lines]], low: int, high: int) -> Lines:
        """A few kinds of furniture, one after the other, with gaps."""
        lines: Lines = []
        for _ in range(int(self.random.integers(low, high + 1))):
            lines += [*[""] * int(self.random.integers(0, 4)), *makers[int(self.random.integers(0, len(makers)))](self)]
        return lines

    def space(self, lines: Lines) -> Lines:
        return [part for line in lines for part in (line, "")] if self.spaced else lines

    def masthead(self) -> Lines:
        lines = [self.pick(self.pool.labels)] if self.random.random() < 0.6 else []
        return [*lines, self.pick(stock.SECTIONS)] if self.random.random() < 0.5 else lines

    def menu(self) -> Lines:
        return self.several(self.pool.labels, 2, 8) if self.random.random() < 0.4 else []

    def appeal(self) -> Lines:
        lines = self.several(stock.APPEALS[self.language], 2, 6)
        if self.random.random() < 0.5:
            name = self.pick(self.pool.labels)
            for _ in range(int(self.random.integers(1, 4))):
                price = f"{self.pick(('$', '€', '£'))}{int(self.random.integers(1, 60))}"
                lines.append(f"{name} {self.pick(stock.LEVELS)}")
                lines.append(f"{price}{self.pick(('', '+', ' or more'))} {self.pick(stock.PERIODS)}")
                lines += [self.pick(stock.PAYMENTS)] if self.random.random() < 0.5 else []
        return self.space(lines)

    def promotion(self) -> Lines:
        return self.space(self.several(stock.PROMOTIONS[self.language], 1, 3))

    def teaser(self) -> Lines:
        lines = [self.pick(stock.SECTIONS)] if self.random.random() < 0.5 else []
        opening = self.pick(self.pool.openings)
        lines += [self.headline(), f"{opening[: int(self.random.integers(90, len(opening)))].rstrip()}"]
        if self.random.random() < 0.7:
            lines[-1] += f" {self.pick(stock.MORE[self.language])}"
        return self.space(lines)

    def headline(self) -> str:
        text = self.pick(self.pool.headlines)
        return f"{text.rstrip('.')}." if self.random.random() < 0.15 else text

    def headline_groups(self) -> Lines:
        label = self.pick(stock.SECTIONS)
        lines: Lines = []
        for _ in range(int(self.random.integers(1, 8))):
            lines += [label, *(self.headline() for _ in range(int(self.random.integers(2, 6))))]
            label = self.pick(stock.SECTIONS) if self.random.random() < 0.3 else label
        return self.space(lines)

    def related(self) -> Lines:
        lines = [self.pick(stock.HEADS[self.language])]
        choices = self.pool.labels if self.random.random() < 0.6 else self.pool.headlines
        return [*lines, *self.several(choices, 1, 5)]

    def source(self) -> Lines:
        return [stock.SOURCES[self.language].format(self.pick(self.pool.labels)), ""]

    def share(self) -> Lines:
        return [self.pick(stock.SHARES[self.language])]

    def comments(self) -> Lines:
        lines = [self.pick(stock.COMMENTS[self.language])]
        for remark in self.several(stock.REMARKS[self.language], 0, 5):
            lines += [self.pick(stock.NICKNAMES), remark]
            lines += [self.pick(stock.UNDER_REMARKS)] if self.random.random() < 0.6 else []
        return self.space(lines)

    def legal(self) -> Lines:
        return [self.pick(self.pool.paragraphs)]


_TAIL: tuple[Callable[[_Room], Lines], ...] = (
    _Room.appeal,
    _Room.appeal,
    _Room.appeal,
    _Room.promotion,
    _Room.teaser,
    _Room.headline_groups,
    _Room.headline_groups,
    _Room.related,
    _Room.related,
    _Room.source,
    _Room.share,
    _Room.comments,
    _Room.comments,
    _Room.legal,
)
