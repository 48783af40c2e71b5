"""Boilerplate cues: phrases that explain why a block is not the story.

Cues explain a removal, they do not cause it: stories about donations, cookies and newsletters use the same words.
The tables are TOML in ``seeds/cues`` and every entry carries examples that are run as tests.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from pipeline.model import ConfigError, Reason
from pipeline.text import fold_space

POSITIONS = ("anywhere", "start", "whole")
_KEYS = {"id", "reason", "phrases", "position", "max_words", "examples", "counterexamples"}
_REQUIRED = {"id", "reason", "phrases", "examples", "counterexamples"}
_ASCII_SIGNS = "".join(sign for sign in map(chr, range(128)) if not sign.isalnum())
_FOLD = {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-"}


@dataclass(frozen=True, slots=True)
class Cue:
    """Phrases that speak for one reason.

    A phrase matches whole words, whatever their case; a final ``*`` lets its last word go on. ``position`` is
    ``anywhere``, ``start`` (the block begins with it) or ``whole`` (the block is nothing else, closing punctuation
    aside). A block of more than ``max_words`` words is not matched.
    """

    id: str
    reason: Reason
    phrases: tuple[str, ...]
    position: str = "anywhere"
    max_words: int = 60
    examples: tuple[str, ...] = ()
    counterexamples: tuple[str, ...] = ()


class CueTable:
    """All cues: what a block may wholly be is looked up, everything else matched in one Aho-Corasick pass."""

    def __init__(self, cues: Iterable[Cue]) -> None:
        self.cues = tuple(cues)
        self._whole: dict[str, list[tuple[str, int]]] = {}
        self._entries: list[tuple[str, bool, int]] = []
        for index, cue in enumerate(self.cues):
            for phrase in map(fold, cue.phrases):
                if cue.position == "whole":
                    self._whole.setdefault(_core(phrase.rstrip("*")), []).append((phrase.rstrip("*"), index))
                else:
                    self._entries.append((phrase.rstrip("*"), phrase.endswith("*"), index))
        self._automaton = (
            AhoCorasick(
                [entry[0] for entry in self._entries],
                matchkind=MatchKind.Standard,
                implementation=Implementation.DFA,
            )
            if self._entries
            else None
        )

    def find(self, text: str) -> tuple[Cue, ...]:
        """The cues that match a block, each once, in the order of the table."""
        folded = fold(text)
        hits = self._wholly(folded)
        if self._automaton is not None:
            for entry, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True):
                self._add(hits, entry, folded, start, end)
        return self._within_size(hits, folded) if hits else ()

    def find_each(self, texts: Sequence[str]) -> list[tuple[Cue, ...]]:
        """What ``find`` says of each block, in one pass over all of them."""
        folded = fold_each(texts)
        # A text that begins and ends with a letter or digit is its own core.
        hits = {
            place: self._wholly(text)
            for place, text in enumerate(folded)
            if (text if text[:1].isalnum() and text[-1:].isalnum() else _core(text)) in self._whole
        }
        if self._automaton is not None:
            starts = list(accumulate((len(text) + 1 for text in folded), initial=0))
            for entry, start, end in self._automaton.find_matches_as_indexes("\n".join(folded), overlapping=True):
                place = bisect_right(starts, start) - 1
                offset = starts[place]
                self._add(hits.setdefault(place, set()), entry, folded[place], start - offset, end - offset)
        found: list[tuple[Cue, ...]] = [()] * len(texts)
        for place, indices in hits.items():
            found[place] = self._within_size(indices, folded[place])
        return found

    def _wholly(self, folded: str) -> set[int]:
        """The cues that a folded text wholly is: one with the core of a phrase differs from it by signs alone."""
        return {index for phrase, index in self._whole.get(_core(folded), ()) if phrase in folded}

    def _add(self, hits: set[int], entry: int, folded: str, start: int, end: int) -> None:
        """Add the cue of a phrase that stands in a folded text to its hits, if it matches there."""
        _, open_ended, index = self._entries[entry]
        if index in hits or not _whole_words(folded, start, end, open_ended):
            return
        if self.cues[index].position != "start" or not any(c.isalnum() for c in folded[:start]):
            hits.add(index)

    def _within_size(self, hits: set[int], folded: str) -> tuple[Cue, ...]:
        size = folded.count(" ") + 1
        return tuple(self.cues[index] for index in sorted(hits) if size <= self.cues[index].max_words)


def _core(text: str) -> str:
    """A text from its first letter or digit to its last."""
    text = text.strip(_ASCII_SIGNS)
    if text.isascii():
        return text
    start, end = 0, len(text)
    while start < end and not text[start].isalnum():
        start += 1
    while start < end and not text[end - 1].isalnum():
        end -= 1
    return text[start:end]


def fold(text: str) -> str:
    """The form in which cues and blocks are compared: lower case, straight quotes, plain dashes, single spaces."""
    return fold_space(_plain_signs(text).lower())


def _plain_signs(text: str) -> str:
    if not text.isascii():
        for sign, plain in _FOLD.items():
            if sign in text:
                text = text.replace(sign, plain)
    return text


def fold_each(texts: Sequence[str]) -> list[str]:
    """What ``fold`` makes of each text."""
    lowered = [text.lower() if text.isascii() else _plain_signs(text).lower() for text in texts]
    return [fold_space(text) if "  " in text or not text.isprintable() else text.strip(" ") for text in lowered]


def _whole_words(text: str, start: int, end: int, open_ended: bool) -> bool:
    before = start == 0 or not (text[start - 1].isalnum() and text[start].isalnum())
    after = open_ended or end == len(text) or not (text[end].isalnum() and text[end - 1].isalnum())
    return (before and after) or _is_cjk(text[start])


def _is_cjk(character: str) -> bool:
    return "\u2e80" <= character <= "\u9fff"


def read_cues(tables: Mapping[str, Mapping[str, Any]]) -> CueTable:
    """Cues from parsed TOML, keyed by file name.

    Raises ``ConfigError`` naming file and id on an unknown or missing key, a doubled id, an unknown reason or
    position, or an example that does not behave as it says.
    """
    cues: list[Cue] = []
    seen: dict[str, str] = {}
    for file, table in sorted(tables.items()):
        if set(table) - {"cue"}:
            raise ConfigError(f"{file}: unknown tables {sorted(set(table) - {'cue'})}; only [[cue]] is known")
        for entry in table.get("cue", ()):
            cue = _read_cue(file, entry)
            if cue.id in seen:
                raise ConfigError(f"{file}: cue {cue.id!r} is already defined in {seen[cue.id]}")
            seen[cue.id] = file
            cues.append(cue)
    return CueTable(cues)


def _read_cue(file: str, entry: Mapping[str, Any]) -> Cue:
    name = entry.get("id", "without id")
    if unknown := set(entry) - _KEYS:
        raise ConfigError(f"{file}: cue {name!r} has unknown keys {sorted(unknown)}")
    if missing := _REQUIRED - set(entry):
        raise ConfigError(f"{file}: cue {name!r} lacks {sorted(missing)}")
    if entry["reason"] not in {reason.value for reason in Reason}:
        raise ConfigError(f"{file}: cue {name!r} has the unknown reason {entry['reason']!r}")
    position = entry.get("position", "anywhere")
    if position not in POSITIONS:
        raise ConfigError(f"{file}: cue {name!r} has the unknown position {position!r}; known: {', '.join(POSITIONS)}")
    phrases = tuple(entry["phrases"])
    if not phrases or not all(re.search(r"\w", phrase) for phrase in phrases):
        raise ConfigError(f"{file}: cue {name!r} needs phrases that hold letters")
    cue = Cue(
        id=entry["id"],
        reason=Reason(entry["reason"]),
        phrases=phrases,
        position=position,
        max_words=int(entry.get("max_words", 60)),
        examples=tuple(entry["examples"]),
        counterexamples=tuple(entry["counterexamples"]),
    )
    _check_examples(file, cue)
    return cue


def _check_examples(file: str, cue: Cue) -> None:
    alone = CueTable([cue])
    for text in cue.examples:
        if not alone.find(text):
            raise ConfigError(f"{file}: cue {cue.id!r} must match its example {text!r} and does not")
    for text in cue.counterexamples:
        if alone.find(text):
            raise ConfigError(f"{file}: cue {cue.id!r} must not match its counterexample {text!r} and does")
