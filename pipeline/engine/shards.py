"""How the landing folder is cut into shards, and the digest of each.

The files of a folder lie together, in as many shards as their number and size need, so that a change to a site's
pages touches few shards. A file's shard has nothing to do with the files beside it, until their number doubles.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from zlib import crc32

from pipeline.store.inputs import Folder, Input, Scan

_MOST_SHARDS = 256
_FILES_PER_SHARD = 5_000
_BYTES_PER_SHARD = 256_000_000


@dataclass(frozen=True)
class Shards:
    """A scan in ``asked`` shards; 0 chooses by the number and size of the files."""

    scan: Scan
    asked: int = 0

    @cached_property
    def count(self) -> int:
        """How many shards there can be; those without a file have no part in a run."""
        return self.asked or _shards_for(self.scan.count, self.scan.size)

    @property
    def digests(self) -> dict[int, str]:
        """By number of the shard, in ascending order, the digest of its files' paths, contents and sidecars."""
        return {number: digest for number, (digest, _) in self._cut.items()}

    @property
    def sizes(self) -> dict[int, int]:
        """By number of the shard, in ascending order, the bytes of its files."""
        return {number: size for number, (_, size) in self._cut.items()}

    @cached_property
    def _cut(self) -> dict[int, tuple[str, int]]:
        found: dict[int, hashlib._Hash] = {}
        sizes: dict[int, int] = {}

        def add(number: int, facts: bytes, size: int) -> None:
            found.setdefault(number, hashlib.sha256()).update(facts)
            sizes[number] = sizes.get(number, 0) + size

        for folder in self.scan.folders:
            spread = self._spread(folder)
            if spread == 1:
                add(self._first(folder), b"%s\0%s\n" % (folder.path, folder.digest.encode()), folder.size)
                continue
            for entry in self.scan.unpacked(folder):
                facts = f"{entry.path}\0{entry.sha256}\0{entry.sidecar_sha256}\n"
                add(self._number(folder, spread, entry), facts.encode("utf-8", "surrogatepass"), entry.size)
        return {number: (found[number].hexdigest(), sizes[number]) for number in sorted(found)}

    def part(self, number: int) -> Iterator[Input]:
        """The files of a shard, by folder and name."""
        for folder in self.scan.folders:
            spread = self._spread(folder)
            if spread == 1:
                if self._first(folder) == number:
                    yield from self.scan.unpacked(folder)
                continue
            for entry in self.scan.unpacked(folder):
                if self._number(folder, spread, entry) == number:
                    yield entry

    def _spread(self, folder: Folder) -> int:
        return min(self.count, _shards_for(folder.count, folder.size))

    def _first(self, folder: Folder) -> int:
        return crc32(folder.path) % self.count

    def _number(self, folder: Folder, spread: int, entry: Input) -> int:
        """The low bits are the file's own, the others its folder's, so that shard ``n`` of ``c`` splits into ``n`` and
        ``n + c`` of twice as many."""
        own = crc32(entry.path.encode("utf-8", "surrogatepass"))
        return (crc32(folder.path) // spread * spread + own % spread) % self.count


def _shards_for(files: int, size: int) -> int:
    """The least power of two that keeps shards small: growth then splits shards instead of shuffling them."""
    needed = max(files / _FILES_PER_SHARD, size / _BYTES_PER_SHARD)
    count = 1
    while count < needed and count < _MOST_SHARDS:
        count *= 2
    return count
