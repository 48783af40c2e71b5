"""On how many distinct stories of a site each block occurs: exact counts that merge by sum."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import merge as merge_sorted
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.model import Evidence
from pipeline.runs import runs

_DIGITS = 3
_PENDING = 1 << 21  # keys of one site held before they are counted together: 16 MB


@dataclass(frozen=True, slots=True, eq=False)
class SiteCounts:
    """One site: ``pages`` stories were counted; ``keys`` are distinct and ascending, and block ``keys[i]`` occurs on
    ``counts[i]`` of those stories."""

    site: str
    pages: int
    keys: NDArray[np.uint64]
    counts: NDArray[np.uint32]

    def digest(self) -> str:
        """SHA-256 over everything that this site's evidence depends on."""
        head = f"{self.site}\n{self.pages}\n{len(self.keys)}\n".encode("utf-8", "surrogatepass")
        return hashlib.sha256(
            head + self.keys.astype("<u8").tobytes() + self.counts.astype("<u4").tobytes()
        ).hexdigest()

    def recurring(self) -> SiteCounts:
        """Without the blocks seen on one story alone: the bulk, and no evidence of anything."""
        seen_again = self.counts > 1
        return SiteCounts(self.site, self.pages, self.keys[seen_again], self.counts[seen_again])

    @property
    def about_pages(self) -> int:
        """``pages`` as evidence tells it, see ``about``."""
        return int(about(np.array([self.pages]))[0])

    def seen_on(self, keys: NDArray[np.uint64]) -> NDArray[np.uint32]:
        """Per block the number of stories it occurs on, as ``about`` has it; at least 1, as it stands on the page that
        asks; 0 for key 0."""
        seen = np.where(keys == 0, 0, 1).astype(np.uint32)
        if not len(self.keys):
            return seen
        place = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        found = about(self.counts[place])
        return np.where(self.keys[place] == keys, np.maximum(found, seen), seen).astype(np.uint32)


def about(counts: NDArray[Any]) -> NDArray[Any]:
    """Counts to three binary digits, rounded down: up to 8 as they are, then 10, 12, 14, 16, 20, 24 and so on.

    Evidence is told in these: what recurs says as much on 330 stories as on 320, and a site's pages need not be judged
    again for each new story that it has.
    """
    _, bits = np.frexp(counts.astype(np.float64))
    beyond = np.maximum(bits - _DIGITS, 0).astype(counts.dtype)
    found: NDArray[Any] = counts >> beyond << beyond
    return found


class Profile:
    """The counts of many sites. Iterating gives them by name of the site, so that each can be a row of a table."""

    def __init__(self, sites: Iterable[SiteCounts]) -> None:
        """Each site at most once, in any order; raises ``ValueError`` otherwise."""
        ordered = sorted(sites, key=lambda counts: counts.site)
        self._sites = {counts.site: counts for counts in ordered}
        if len(self._sites) < len(ordered):
            raise ValueError("a site occurs twice in one profile; merge profiles instead")

    def __iter__(self) -> Iterator[SiteCounts]:
        return iter(self._sites.values())

    def __len__(self) -> int:
        return len(self._sites)

    def site(self, site: str) -> SiteCounts | None:
        """The counts of one site, if the profile has it."""
        return self._sites.get(site)

    def evidence(self, site: str, keys: NDArray[np.uint64]) -> list[Evidence]:
        """What the site says of each block of a page; nothing of a site that is not in the profile."""
        counts = self._sites.get(site)
        if counts is None:
            return [Evidence()] * len(keys)
        return [Evidence(seen, counts.about_pages) for seen in counts.seen_on(keys).tolist()]

    def digests(self) -> dict[str, str]:
        """By site, the digest of its counts: a page need not be judged again while its site's stays the same."""
        return {counts.site: counts.digest() for counts in self}

    def recurring(self) -> Profile:
        """Without the blocks seen on one story alone. Only for a profile that is merged with no other afterwards."""
        return Profile(counts.recurring() for counts in self)


def count(pages: Iterable[tuple[str, bool, NDArray[np.uint64]]]) -> Profile:
    """The profile of some pages, each as (site, whether it is the one that is counted for its story, block keys).

    A block that occurs twice on a page counts once, a block without letters not at all. Order does not matter.
    """
    pages_of: dict[str, int] = {}
    done: dict[str, SiteCounts] = {}
    pending: dict[str, list[NDArray[np.uint64]]] = {}
    held: dict[str, int] = {}
    for site, story_is_counted, keys in pages:
        pages_of.setdefault(site, 0)
        if not story_is_counted:
            continue
        pages_of[site] += 1
        pending.setdefault(site, []).append(keys)
        held[site] = held.get(site, 0) + len(keys)
        if held[site] > _PENDING:
            done[site] = _sum(site, [*_old(done, site), _counted(site, pending.pop(site))])
            held[site] = 0
    for site, keys_of_pages in pending.items():
        done[site] = _sum(site, [*_old(done, site), _counted(site, keys_of_pages)])
    nothing = np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.uint32)
    return Profile(
        SiteCounts(site, number, *((done[site].keys, done[site].counts) if site in done else nothing))
        for site, number in pages_of.items()
    )


def merge(profiles: Iterable[Profile]) -> Profile:
    """The profile of the pages of all ``profiles`` together, which must not be pruned; works site by site."""
    streams = merge_sorted(*profiles, key=lambda counts: counts.site)
    return Profile(_sum(site, list(parts)) for site, parts in groupby(streams, key=lambda counts: counts.site))


def _old(done: dict[str, SiteCounts], site: str) -> list[SiteCounts]:
    return [done[site]] if site in done else []


def _counted(site: str, pages: Sequence[NDArray[np.uint64]]) -> SiteCounts:
    keys = np.concatenate(pages)
    order = np.argsort(keys, kind="stable")
    keys, page = keys[order], np.repeat(np.arange(len(pages)), list(map(len, pages)))[order]
    once = keys != 0
    once[1:] &= (keys[1:] != keys[:-1]) | (page[1:] != page[:-1])
    keys = keys[once]
    begins, counts = runs(keys)
    return SiteCounts(site, len(pages), keys[begins], counts.astype(np.uint32))


def _sum(site: str, parts: Sequence[SiteCounts]) -> SiteCounts:
    if len(parts) == 1:
        return parts[0]
    keys = np.concatenate([part.keys for part in parts])
    counts = np.concatenate([part.counts for part in parts])
    order = np.argsort(keys, kind="stable")
    keys, counts = keys[order], counts[order]
    begins, _ = runs(keys)
    summed = np.add.reduceat(counts, begins) if len(keys) else counts
    return SiteCounts(site, sum(part.pages for part in parts), keys[begins], summed.astype(np.uint32))
