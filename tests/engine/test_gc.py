"""What goes and what stays: nothing that a kept release, the next run or a person still needs is removed."""

from __future__ import annotations

import fcntl
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.engine.test_run import mark, marked
from tests.runs import Place, page, story

Nights = tuple[Place, tuple[str, ...]]


def disk(folder: Path) -> int:
    """The bytes of the files in a folder, files of several names counted once."""
    said = subprocess.run(["du", "-s", "--apparent-size", "-B1", folder], capture_output=True, text=True, check=True)
    return int(said.stdout.split()[0])


def stage_files(place: Place) -> dict[str, int]:
    """The number of results of each stage; one may have several files, named alike up to the first point."""
    stages = [result.split("/")[0] for result in {result.partition(".")[0] for result in place.results()}]
    return {stage: stages.count(stage) for stage in stages}


def recorded(place: Place) -> int:
    """The number of runs of which is told."""
    told, inputs = (list((place.clean / ".state" / "runs").glob(kind)) for kind in ("*.json", "*.msgpack"))
    assert {path.stem for path in told} == {path.name.partition(".")[0] for path in inputs}
    return len(told)


def test_older_releases_go_when_a_new_one_is_published(nights: Nights) -> None:
    """And their results and records with them; site statistics stay as long as a kept release names them."""
    place, made = nights
    told = place.manifest["site_stats"]
    place.put("north/orchard.txt", page("North", "orchard"))
    place.run("--site-stats", told, "--keep-releases", "2")
    assert place.releases == {made[2], place.release}
    assert recorded(place) == 2
    assert stage_files(place)["profile"] == 1
    place.put("north/library.txt", page("North", "library"))
    place.run("--site-stats", told, "--keep-releases", "1")
    assert place.releases == {place.release}
    assert {row["site_pages"] for row in place.rows("removed_blocks")} == {3}


def test_gc_leaves_what_the_next_runs_need(nights: Nights) -> None:
    place, _ = nights
    would = place.command("gc", "--keep-releases", "1", "--dry-run")
    assert len(place.releases) == 3
    before = disk(place.clean)
    said = place.command("gc", "--keep-releases", "1")
    assert place.releases == {place.release}
    assert said == would.replace("would free", "freed")
    folders = 2 * 7 * 4096  # of two releases: du counts them
    assert abs(before - disk(place.clean) - int(said.split()[1].replace(",", ""))) <= folders + 4096
    once = ("segment", "clean", "names", "cluster", "profile", "counts", "stories", "tables")
    assert stage_files(place) == dict.fromkeys(once, 1)
    assert recorded(place) == 1
    assert place.run() == ""
    mark(place, "segment")
    place.put("south/tower.txt", story("tower"))
    place.run()
    assert marked(place, "segment") == {f"north/{subject}.txt" for subject in ("tower", "bridge", "harbour")}


def test_a_run_that_was_cut_short_goes_on_from_where_it_was(nights: Nights) -> None:
    """What failed behind the names stage finds its pages read, though gc came between."""
    place, _ = nights
    shutil.rmtree(place.clean / ".state" / "cluster")
    (place.clean / ".state" / "cluster").write_text("a file where a folder must be")
    place.put("north/library.txt", page("North", "library"))
    place.run("--keep-releases", "0", code=30)
    before = place.results()
    place.command("gc", "--keep-releases", "1")
    (place.clean / ".state" / "cluster").unlink()
    place.run("--keep-releases", "0")
    made = {result.split("/")[0] for result in place.results() - before}
    assert made == {"cluster", "tables"}


def test_what_is_left_of_runs_that_died_goes(nights: Nights) -> None:
    place, made = nights
    left = place.clean / "releases" / ".winnow-999999999-0123abcd.tmp"
    left.mkdir()
    (left / "manifest.json").write_text("{}")
    torn = place.clean / "releases" / "0123456789abcdef"
    torn.mkdir()
    (torn / "clusters.parquet").write_text("the manifest of this one is gone")
    assert place.command("releases").count("\n") == 3
    said = place.command("gc", "--keep-releases", "0")
    assert "1 releases" in said
    assert "1 leftovers" in said
    assert "0 stage results" in said
    assert place.releases == set(made)


@pytest.mark.parametrize("name", ["gc", "rollback"])
def test_a_folder_in_use_is_left_alone(place: Place, name: str) -> None:
    place.clean.mkdir()
    with (place.clean / ".lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert "another run" in place.command(name, code=10)


def test_what_cannot_be_done_is_said(nights: Nights) -> None:
    place, made = nights
    assert "--keep-releases -1" in place.command("gc", "--keep-releases", "-1", code=40)
    place.put("north/library.txt", page("North", "library"))
    assert "--keep-releases -1" in place.run("--keep-releases", "-1", code=40)
    (place.clean / ".history.json").write_text(json.dumps({"schema": 99}))
    assert "newer version" in place.command("gc", code=40)
    assert "newer version" in place.run(code=40)
    assert place.release == made[2]
    shutil.rmtree(place.clean)
    assert "no such folder" in place.command("gc", code=40)
