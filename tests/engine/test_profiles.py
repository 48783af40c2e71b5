"""Profiles that take over sites from the one before are those counted anew."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.engine import batch, profiles
from pipeline.engine.stages import SEGMENT
from pipeline.store import packed, rows
from pipeline.text import sha256

Page = tuple[str, bool, tuple[int, ...]]  # its site, whether it is counted, the keys of its blocks
Shards = Sequence[Sequence[Page]]

page = st.tuples(
    st.sampled_from(["a.example", "b.example", "c.example", ""]),
    st.booleans(),
    st.lists(st.integers(0, 9), max_size=8).map(tuple),
)
shard = st.lists(page, max_size=6)
nights = st.lists(st.tuples(shard, shard, shard), min_size=2, max_size=4)


def profiled(folder: Path, shards: Shards) -> list[dict[str, Any]]:
    """The profile of some shards, with what an earlier one left in the folder; pages without a site are all of one."""
    segments, said = [], []
    for number, pages in enumerate(shards):
        segments.append(folder / "segment" / f"{sha256(f'{number} {pages}')[:24]}.parquet")
        found = [
            {"doc_id": f"{number}/{row}", "site": site, "keys": packed.KEYS.pack(np.array(keys, dtype=np.uint64))}
            for row, (site, _, keys) in enumerate(pages)
        ]
        rows.write(segments[-1], SEGMENT, found)
        said += [
            {"doc_id": f"{number}/{row}", "shard": number, "row": row, "site": site or "~0", "counted": counted}
            for row, (site, counted, _) in enumerate(pages)
            if not site or not counted
        ]
    stories, out = folder / "stories.parquet", folder / "profile" / f"{sha256(str(shards))[:24]}.parquet"
    rows.write(stories, batch.STORIES, said)
    profiles.profile(segments, stories, out)
    return list(rows.read(out))


@settings(max_examples=60, deadline=None)
@given(nights)
def test_what_is_taken_over_is_what_would_be_counted(nights: list[Shards]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for number, shards in enumerate(nights):
            alone = profiled(Path(folder, f"alone-{number}"), shards)
            assert profiled(Path(folder, "night after night"), shards) == alone
            assert [row["site"] for row in alone] == sorted({site or "~0" for pages in shards for site, _, _ in pages})


def test_only_counts_of_sites_in_changed_shards_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shards = [[(f"{name}.example", True, (1, 2)) for _ in range(3)] for name in "abcd"]
    profiled(tmp_path, shards)
    read: list[Path] = []
    real = profiles.load_profile

    def load(path: Path, *arguments: Any) -> profiles.sites.Profile:
        read.append(path)
        return real(path, *arguments)

    monkeypatch.setattr(profiles, "load_profile", load)
    shards[2] = shards[2][1:]
    found = {row["site"]: row["pages"] for row in profiled(tmp_path, shards)}
    assert found == {"a.example": 3, "b.example": 3, "c.example": 2, "d.example": 3}
    assert len(read) == 1


def test_a_profile_of_which_counts_are_gone_is_made_from_nothing(tmp_path: Path) -> None:
    shards = [[(f"{name}.example", True, (1, 2)) for _ in range(3)] for name in "abcd"]
    profiled(tmp_path, shards)
    for path in (tmp_path / profiles.COUNTS).iterdir():
        path.unlink()
    assert profiled(tmp_path, shards[1:]) == profiled(tmp_path / "alone", shards[1:])
