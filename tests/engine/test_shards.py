"""Shards: every file in one, neighbours together, and a split that leaves files where their rows are."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.engine import shards
from pipeline.engine.shards import Shards
from pipeline.settings import Limits
from pipeline.store import landing
from pipeline.store.inputs import Scan

names = st.text(st.sampled_from("abcdé "), min_size=1, max_size=6).filter(lambda name: name.strip() == name)
paths = st.sets(st.tuples(st.sampled_from(["", "north", "south/a", "south/b"]), names), min_size=1, max_size=30)


def scanned(folder: Path, files: set[tuple[str, str]]) -> Scan:
    for below, name in files:
        path = folder / "raw" / below / f"{name}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{below} {name}")
    return landing.scan(folder / "raw", landing.known(folder / "cache"), Limits())


def numbers(cut: Shards) -> dict[str, int]:
    return {entry.path: number for number in cut.digests for entry in cut.part(number)}


@settings(max_examples=30, deadline=None)
@given(files=paths, count=st.integers(1, 9))
def test_every_file_is_in_one_shard_and_every_shard_has_a_file(files: set[tuple[str, str]], count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        cut = Shards(scanned(Path(folder), files), count)
        found = Counter(entry.path for number in cut.digests for entry in cut.part(number))
        assert found == Counter(entry.path for entry in cut.scan.inputs())
        assert all(any(cut.part(number)) for number in cut.digests)
        assert cut.sizes == {number: sum(entry.size for entry in cut.part(number)) for number in cut.digests}


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shards of few files, so that few files show what many do."""
    monkeypatch.setattr(shards, "_FILES_PER_SHARD", 8)


@pytest.mark.usefixtures("small")
def test_a_folder_of_few_files_lies_in_one_shard_and_a_large_one_in_several(tmp_path: Path) -> None:
    files = {("few", f"{n}") for n in range(6)} | {("many", f"{n}") for n in range(40)}
    found = numbers(Shards(scanned(tmp_path, files)))
    assert len({number for path, number in found.items() if path.startswith("few/")}) == 1
    assert len({number for path, number in found.items() if path.startswith("many/")}) > 2


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("folder", ["", "site"], ids=["flat", "one site"])
def test_twice_as_many_shards_split_each_in_two(tmp_path: Path, folder: str) -> None:
    """The shard of a file among twice as many is the old one or the one as far beyond as there were."""
    before = Shards(scanned(tmp_path, {(folder, f"{n}") for n in range(30)}))
    old = numbers(before)
    after = Shards(scanned(tmp_path, {(folder, f"more {n}") for n in range(30)}))
    new = numbers(after)
    assert after.count == 2 * before.count
    assert all(new[path] % before.count == number for path, number in old.items())


def test_a_changed_file_changes_the_digest_of_its_shard_alone(tmp_path: Path) -> None:
    files = {(f"site {n}", "page") for n in range(12)}
    before = Shards(scanned(tmp_path, files), 8)
    (tmp_path / "raw" / "site 3" / "page.txt").write_text("changed")
    after = Shards(landing.scan(tmp_path / "raw", landing.known(tmp_path / "cache"), Limits()), 8)
    changed = {number for number in before.digests if before.digests[number] != after.digests[number]}
    assert changed == {numbers(before)["site 3/page.txt"]}
