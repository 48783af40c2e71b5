"""Where next to nothing has changed, one process makes the release; it is the one that many would have made."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.servers import luigid
from tests.runs import LUIGI, Place, page, story, told

SITES = ("harbour", "market", "valley")
EACH = 14  # documents of a site: of three times so many one is little


@pytest.fixture
def filled(place: Place) -> Place:
    """After a first night, of whose stories two are editions of one."""
    for site in SITES:
        for number in range(EACH):
            place.put(f"{site}/{number}.txt", page(site, f"{site} {number}"))
    place.put("coast/tale.txt", story("tale"))
    place.put("coast/tale-again.txt", f"{story('tale')}\nThis is what was told of it later.\n")
    place.run("--shards", "4")
    return place


def made_by(place: Place, folder: Path, *arguments: str) -> tuple[set[str], str]:
    """The kinds of tasks of a run, and its release."""
    with luigid(folder, "none") as daemon:
        folders = "--raw", place.raw, "--clean", place.clean
        told(LUIGI, "--module", "pipeline", "CleanAll", *folders, *arguments, LUIGI_CONFIG_PATH=str(daemon.config))
        shown = daemon.tasks()
    assert all(task["status"] == "DONE" for tasks in shown.values() for task in tasks)
    return set(shown), place.release


@pytest.mark.parametrize("workers", ["1", "2"])
def test_night_after_night_the_release_is_the_one_made_from_nothing(
    filled: Place, tmp_path: Path, workers: str
) -> None:
    """A document changes, comes, goes, becomes an edition of another, and is rejected."""
    nights = {
        "market/3.txt": page("market", "another bridge"),
        "market/new.txt": page("market", "a new one"),
        "harbour/0.txt": None,
        "valley/1.txt": f"{story('tale')}\nNobody in the valley knew better.\n",
        "valley/2.txt": "",
    }
    for night, (name, content) in enumerate(nights.items()):
        if content is None:
            (filled.raw / name).unlink()
        else:
            filled.put(name, content)
        place = tmp_path / str(night)
        place.mkdir()
        kinds, release = made_by(filled, place, "--shards", "4", "--workers", workers, "--keep-releases", "2")
        assert kinds == {"CleanAll", "Few"}
        whole = Place(filled.raw, place / "clean")
        whole.run("--shards", "2")
        assert whole.release == release
    assert filled.manifest["near_duplicates"] == 3
    assert filled.manifest["documents"] == {"clean": 43, "empty": 0, "rejected": 1, "skipped": 0}


def test_what_changed_in_many_shards_is_for_many_tasks(filled: Place, tmp_path: Path) -> None:
    """As few documents as may be, but one in each of three shards."""
    for number in range(30):
        filled.put(f"more/{number}.txt", page("more", f"more {number}"))
    filled.run("--shards", "8")
    for site in SITES:
        filled.put(f"{site}/5.txt", page(site, f"{site} changed"))
    kinds, _ = made_by(filled, tmp_path, "--shards", "8")
    assert kinds >= {"Segment", "Clean", "Tables"}
    assert "Few" not in kinds


def test_luigids_page_shows_how_far_the_one_process_is(filled: Place, tmp_path: Path) -> None:
    filled.put("market/3.txt", page("market", "another bridge"))
    with luigid(tmp_path, "none") as daemon:
        folders = "--raw", filled.raw, "--clean", filled.clean
        told(LUIGI, "--module", "pipeline", "CleanAll", *folders, "--shards", "4", LUIGI_CONFIG_PATH=str(daemon.config))
        (few,) = daemon.tasks()["Few"]
    assert few["status_message"].startswith("44 inputs: 44 clean, 0 empty")
    assert few["progress_percentage"] == 100
    assert few["tracking_url"] == (filled.clean / "releases" / filled.release / "report.html").resolve().as_uri()
