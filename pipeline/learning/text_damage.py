"""What happens to text on its way out of a page, done on purpose: the variants that training and evaluation use."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from pipeline.learning.text_data import LabelledPage
from pipeline.learning.text_furniture import furnish, gather
from pipeline.text import sha256

Row = tuple[str, int]
Damage = Callable[[list[Row], np.random.Generator], list[Row]]

WRAP = 72
FURNISHED = 3


def damage(page: LabelledPage, kind: str) -> LabelledPage:
    """The page after one kind of ``DAMAGES``; the same page gives the same result in every run."""
    seed = int(sha256(f"{kind} {page.rendering} {page.page_id}")[:12], 16)
    rows = DAMAGES[kind](list(zip(page.lines, page.labels, strict=True)), np.random.default_rng(seed))
    lines, labels = zip(*rows, strict=True) if rows else ((), ())
    return replace(page, lines=lines, labels=labels)


def no_blank_lines(rows: list[Row], _: np.random.Generator) -> list[Row]:
    return [row for row in rows if row[0].strip()]


def all_blank_lines(rows: list[Row], _: np.random.Generator) -> list[Row]:
    """A blank line after every line, and no other."""
    return [out for row in rows if row[0].strip() for out in (row, ("", -1))]


def no_bullets(rows: list[Row], _: np.random.Generator) -> list[Row]:
    return [(text.lstrip(" *+-•·"), label) for text, label in rows]


def cropped(rows: list[Row], random: np.random.Generator) -> list[Row]:
    """Some of the furniture above and below the story is gone, as when a scraper aimed at the story's element."""
    story = [index for index, (_, label) in enumerate(rows) if label == 1]
    if not story:
        return rows
    return rows[int(random.integers(0, story[0] + 1)) : int(random.integers(story[-1] + 1, len(rows) + 1))]


def short_furniture(rows: list[Row], random: np.random.Generator) -> list[Row]:
    """A few lines of furniture on either side and no more."""
    story = [index for index, (_, label) in enumerate(rows) if label == 1]
    if not story:
        return rows
    head, tail = (int(random.integers(0, 8)) for _ in range(2))
    return rows[max(story[0] - head, 0) : story[-1] + 1 + tail]


def broken(rows: list[Row], random: np.random.Generator) -> list[Row]:
    """Story lines broken before and after a few words, as at inline links."""
    out: list[Row] = []
    for text, label in rows:
        words = text.split()
        if label != 1 or len(words) < 12 or random.random() < 0.6:
            out.append((text, label))
            continue
        start = int(random.integers(2, len(words) - 6))
        stop = start + int(random.integers(1, 5))
        out += [(" ".join(part), label) for part in (words[:start], words[start:stop], words[stop:])]
    return out


def hard_wrapped(rows: list[Row], _: np.random.Generator) -> list[Row]:
    """Every line filled to 72 columns, a blank line between paragraphs, as in an e-mail."""
    out: list[Row] = []
    for text, label in rows:
        filled = textwrap.wrap(text, WRAP, break_on_hyphens=False) or [""]
        out += [(line, label) for line in filled]
        if len(filled) > 1:
            out.append(("", -1))
    return out


def joined(rows: list[Row], _: np.random.Generator) -> list[Row]:
    """The story's paragraphs of one stretch in one line."""
    out: list[Row] = []
    for text, label in rows:
        if label == 1 and out and out[-1][1] == 1:
            out[-1] = (f"{out[-1][0]} {text.strip()}", 1)
        elif text.strip() or not out or out[-1][1] != 1:
            out.append((text, label))
    return out


def all_caps_labels(rows: list[Row], _: np.random.Generator) -> list[Row]:
    """Headlines and labels of the furniture in capitals."""
    return [(text.upper() if label == 0 and len(text.split()) < 12 else text, label) for text, label in rows]


def full_stops(rows: list[Row], _: np.random.Generator) -> list[Row]:
    """Headlines of the furniture closed by a full stop."""
    return [
        (
            f"{text.rstrip()}." if label == 0 and 4 <= len(text.split()) < 20 and text.strip()[-1].isalnum() else text,
            label,
        )
        for text, label in rows
    ]


def clean(rows: list[Row], _: np.random.Generator) -> list[Row]:
    """The story alone, a blank line between paragraphs: cleaning must leave it as it is."""
    return [out for row in rows if row[1] == 1 and row[0].strip() for out in (row, ("", -1))]


def swapped(rows: list[Row], random: np.random.Generator) -> list[Row]:
    """The furniture below the story stands above it, so that order alone gives nothing away."""
    story = [index for index, (_, label) in enumerate(rows) if label == 1]
    if not story:
        return rows
    first, last = story[0], story[-1] + 1
    tail = rows[last : last + int(random.integers(5, 40))]
    return rows[: max(first - 3, 0)] + tail + rows[max(first - 3, 0) : last]


DAMAGES: dict[str, Damage] = {
    "no-blank-lines": no_blank_lines,
    "all-blank-lines": all_blank_lines,
    "no-bullets": no_bullets,
    "cropped": cropped,
    "short-furniture": short_furniture,
    "broken": broken,
    "hard-wrapped": hard_wrapped,
    "joined": joined,
    "capitals": all_caps_labels,
    "full-stops": full_stops,
    "clean": clean,
    "swapped": swapped,
}


def variants(pages: list[LabelledPage], share: float) -> Iterator[LabelledPage]:
    """Each page as it is, and a share of the pages, other ones for each kind of damage, damaged or furnished."""
    pool = gather(pages)
    for page in pages:
        yield page
        if page.page_type != "article":
            continue
        for number in range(FURNISHED):
            if _chosen(page, f"furnished {number}", 3 * share):
                furnished = furnish(page, pool, number)
                if furnished is not None:
                    yield furnished
        for kind in DAMAGES:
            if _chosen(page, kind, share):
                yield damage(page, kind)


def _chosen(page: LabelledPage, kind: str, share: float) -> bool:
    return int(sha256(f"{page.page_id} {page.rendering} {kind} chosen")[:8], 16) < share * 0x100000000
