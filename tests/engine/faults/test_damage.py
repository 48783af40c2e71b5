"""Results that other programs cut, emptied, edited or removed, or that a newer version wrote (F19, F20, F37, F38)."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.store import rows
from tests.engine.faults.conftest import Golden
from tests.engine.faults.places import Trial

Heals = Callable[[], None]
FILES = [
    "text/valley/tower.txt.txt",
    "documents/part-00000.parquet",
    "removed_blocks/part-00000.parquet",
    "mentions_by_month.parquet",
    "clusters.parquet",
    "rejected.parquet",
    "manifest.json",
    "report.html",
    ".texts/part-00000.parquet",
]


def empty(path: Path) -> None:
    path.write_bytes(b"")


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def edit(path: Path) -> None:
    """Another byte, the same size, in place: stage results that are the same file change with it."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    with path.open("r+b") as file:
        file.write(content)


def swap(path: Path) -> None:
    """Another file of the same size under the name."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.unlink()
    path.write_bytes(content)


WHOLE_ONLY = [pytest.param(harm, id=harm.__name__, marks=pytest.mark.whole) for harm in (empty, cut, swap, Path.unlink)]


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("harm", [*WHOLE_ONLY, pytest.param(edit, id="edit")])
def test_a_release_that_another_program_changed_is_made_again(
    trial: Trial, golden: Golden, heals: Heals, file: str, harm: Callable[[Path], None]
) -> None:
    """F19, F20: seen without being asked to look, said, kept aside, and made again."""
    if file == "report.html" and harm in (edit, swap):
        pytest.skip("the report is no data: it is made again where it is missing or cut, not where it was edited")
    trial.run()
    path = trial.clean / "latest" / file
    before = path.read_bytes()
    harm(path)
    after = path.read_bytes() if path.exists() else None
    output = trial.run()
    assert trial.content() == golden.content
    if file != "report.html":
        assert str(Path(golden.release, file)) in output
    if after is not None and file != "report.html":
        aside = trial.clean / "releases" / f"{golden.release}.bad" / file
        assert aside.read_bytes() == after
        assert aside.read_bytes() != before
    assert trial.run() == ""
    heals()


@pytest.mark.parametrize("stage", ["segment", "stories", "profile", "clean", "names", "cluster", "tables"])
@pytest.mark.parametrize("harm", [pytest.param(cut, id="cut"), *WHOLE_ONLY[:1], *WHOLE_ONLY[-1:]])
def test_a_half_stage_result_is_no_result(
    trial: Trial, golden: Golden, stage: str, harm: Callable[[Path], None]
) -> None:
    """F19, F38: a Parquet file without its end is kept aside and made again when it is needed."""
    trial.run()
    (trial.clean / "latest").unlink()
    for release in (trial.clean / "releases").iterdir():
        (release / "manifest.json").unlink()
    for path in (trial.clean / ".state" / stage).glob("*.parquet"):
        if not path.name.endswith(".memory.parquet"):
            harm(path)
    trial.run()
    assert trial.content() == golden.content


def test_damage_inside_a_stage_result_is_found_when_it_is_read(trial: Trial, golden: Golden) -> None:
    """F20, F38: checksums of pages; the run that finds it fails, and the next one is whole again."""
    trial.run()
    trial.put("coast/new.txt", "A new page came that says something about a boat, a lamp and the weather of the day.")
    (path,) = (trial.clean / ".state" / "clean").glob("*.parquet")
    edit_data(path)
    code, output = trial.disturbed()
    assert code in (0, 30), output
    assert code == 0 or (str(path) in output and path.with_name(path.name + ".bad").exists())
    (trial.raw / "coast/new.txt").unlink()
    trial.run()
    assert trial.content() == golden.content


def edit_data(path: Path) -> None:
    """Flips a bit in the first page of a Parquet file."""
    content = bytearray(path.read_bytes())
    content[60] ^= 1
    path.write_bytes(content)
    assert rows.is_whole(path)
    assert not rows.is_sound(path)


def test_an_edit_that_hides_is_found_with_verify(trial: Trial, golden: Golden) -> None:
    """F20: same size, and a time from before; only reading every file shows it."""
    trial.run()
    path = trial.clean / "latest" / "text" / "valley" / "tower.txt.txt"
    status = path.stat()
    swap(path)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert trial.disturbed() == (0, "")
    assert "tower.txt.txt" in trial.run("--verify")
    assert trial.content() == golden.content


@pytest.mark.parametrize("where", [".state/schema.json", "latest/manifest.json"])
def test_what_a_newer_version_wrote_is_left_alone(trial: Trial, heals: Heals, where: str) -> None:
    """F37: exit 40 and not a byte changed; with the schema that this version knows it goes on."""
    trial.run()
    trial.put("coast/new.txt", "A new page.")
    path = trial.clean / where
    written = path.read_bytes()
    content = json.loads(written)
    path.write_text(json.dumps(content | {"schema": content["schema"] + 1}))
    before = {found: found.stat().st_mtime_ns for found in trial.clean.rglob("*")}
    code, output = trial.disturbed()
    assert code == 40
    assert "newer version" in output
    assert {found: found.stat().st_mtime_ns for found in trial.clean.rglob("*")} == before
    path.write_bytes(written)
    (trial.raw / "coast/new.txt").unlink()
    heals()
