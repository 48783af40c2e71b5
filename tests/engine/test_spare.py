"""Text files of a release that is kept no longer become those of the next one; what a release holds is the same with
them as without."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.engine import links
from pipeline.engine import texts as written
from pipeline.engine.spare import finish
from tests.engine.test_texts import everything
from tests.runs import Place, story

KEPT = ("--shards", "2", "--keep-releases", "1")
SUBJECTS = ("tower", "bridge", "market", "deep/down/harbour", "theatre")


def tell(place: Place, name: str, subject: str) -> None:
    place.put(f"{name}/story.txt", story(subject))


def texts(place: Place) -> dict[str, tuple[int, str]]:
    return everything((place.clean / "latest").resolve() / "text")


def said(place: Place) -> dict[str, str]:
    return {name: text for name, (_, text) in texts(place).items()}


def spare(place: Place) -> Path:
    return place.clean / ".state/spare"


def stock(place: Place) -> list[Path]:
    return sorted(spare(place).parent.glob("spare*"))


@pytest.fixture
def spared(place: Place) -> Place:
    """After two nights, of which the second changed a text."""
    for name in SUBJECTS:
        tell(place, name, name.rpartition("/")[2])
    place.run(*KEPT)
    tell(place, "bridge", "orchard")
    place.run(*KEPT)
    return place


def test_a_release_that_is_not_kept_becomes_the_next_one(spared: Place) -> None:
    """Texts that changed once are links to the release before; those that went are gone; that release is left alone."""
    assert sorted(path.name for path in spare(spared).iterdir()) == [".texts", "manifest.json", "text"]
    assert spared.releases == {spared.release}
    lying, second = everything(spare(spared) / "text"), texts(spared)
    before = (spared.clean / "latest").resolve()
    tell(spared, "market", "library")
    (spared.raw / "deep/down/harbour/story.txt").unlink()
    tell(spared, "new", "garden")
    spared.run("--shards", "2", "--keep-releases", "2")
    assert not spare(spared).exists()
    assert everything(before / "text") == second
    third = texts(spared)
    assert set(third) == {f"{name}/story.txt.txt" for name in ("tower", "bridge", "market", "theatre", "new")}
    assert not (spared.clean / "latest/text/deep").exists()
    for name in ("tower", "theatre"):
        assert third[f"{name}/story.txt.txt"] == lying[f"{name}/story.txt.txt"] == second[f"{name}/story.txt.txt"]
    assert third["bridge/story.txt.txt"] == second["bridge/story.txt.txt"] != lying["bridge/story.txt.txt"]
    assert third["market/story.txt.txt"][0] not in {number for number, _ in (*second.values(), *lying.values())}


def test_night_after_night_a_release_says_what_it_would_without(place: Place, tmp_path: Path) -> None:
    """Of two folders of results one never has a spare, as it keeps all; both publish the same releases."""
    other = Place(place.raw, tmp_path / "other")
    for night in range(5):
        for number, name in enumerate(SUBJECTS):
            if number % 3 == night % 3 or night == 0:
                tell(place, name, f"{name.rpartition('/')[2]} on night {night}")
        gone = place.raw / SUBJECTS[night % 5] / "story.txt"
        gone.unlink(missing_ok=True)
        place.run(*KEPT)
        assert spare(place).exists() is (night > 0)
        other.run("--shards", "2", "--keep-releases", "0")
        assert place.release == other.release
        assert said(place) == said(other)
        assert place.run(*KEPT, "--verify") == ""
    assert not spare(other).exists()


def edited(folder: Path) -> None:
    (folder / "text/tower/story.txt.txt").write_text("spoilt")


def missing(folder: Path) -> None:
    (folder / "text/tower/story.txt.txt").unlink()


def added(folder: Path) -> None:
    (folder / "text/tower/more.txt").write_text("more")


def without_a_manifest(folder: Path) -> None:
    (folder / "manifest.json").unlink()


def without_texts(folder: Path) -> None:
    shutil.rmtree(folder / "text")


def without_tables(folder: Path) -> None:
    shutil.rmtree(folder / ".texts")


def with_another_table(folder: Path) -> None:
    tables = sorted((folder / ".texts").iterdir())
    content = tables[0].read_bytes()
    tables[1].unlink()
    tables[1].write_bytes(content)


@pytest.mark.parametrize(
    "damage", [edited, missing, added, without_a_manifest, without_texts, without_tables, with_another_table]
)
def test_one_that_is_not_what_was_written_serves_for_nothing(
    spared: Place, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    """It is a copy here: an edit of one name of a file is an edit of all."""
    folder = spare(spared)
    copied = shutil.copytree(folder, tmp_path / "copied")
    shutil.rmtree(folder)
    shutil.move(copied, folder)
    damage(folder)
    tell(spared, "market", "library")
    spared.run("--shards", "2", "--keep-releases", "0")
    assert not folder.exists()
    wanted = Place(spared.raw, tmp_path / "wanted")
    wanted.run("--shards", "2")
    assert spared.release == wanted.release
    assert said(spared) == said(wanted)
    assert spared.run("--shards", "2", "--keep-releases", "0", "--verify") == ""


def test_a_text_that_somebody_wrote_to_is_not_linked_again(spared: Place, tmp_path: Path) -> None:
    """One that the release before has, and the spare has not."""
    changed = spared.clean / "latest/text/bridge/story.txt.txt"
    changed.write_text("spoilt")
    tell(spared, "market", "library")
    spared.run("--shards", "2", "--keep-releases", "0")
    wanted = Place(spared.raw, tmp_path / "wanted")
    wanted.run("--shards", "2")
    assert said(spared) == said(wanted)


def test_it_waits_where_everything_is_to_be_verified(spared: Place) -> None:
    before = everything(spare(spared) / "text")
    tell(spared, "market", "library")
    spared.run(*KEPT, "--verify")
    assert everything(spare(spared) / "text") == before
    tell(spared, "market", "garden")
    spared.run("--shards", "2", "--keep-releases", "2")
    assert not spare(spared).exists()


def test_a_person_can_have_its_room(spared: Place) -> None:
    shutil.copytree(spare(spared), spare(spared).with_name("spare-1"), copy_function=os.link)
    would = spared.command("gc", "--dry-run")
    assert spare(spared).exists()
    assert "0 leftovers of runs that were cut short, spare text files\n" in would
    assert spared.command("gc") == would.replace("would free", "freed")
    assert not stock(spared)
    assert spared.run(*KEPT) == ""


def test_the_first_release_of_many_documents_leaves_one(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the runs here are too small for, by its steps."""
    for name in SUBJECTS:
        tell(place, name, name.rpartition("/")[2])
    place.run("--workers", "2", "--shards", "2")
    assert not spare(place).exists()
    state = place.clean / ".state"
    named, indexes = (
        [path for path in sorted((state / stage).glob("*.parquet")) if path.name.count(".") == 1]
        for stage in ("names", "tables")
    )
    for many, left in ((6, False), (5, True)):
        monkeypatch.setattr(links, "MANY", many)
        folder = tmp_path / f"release-{many}"
        written.write_ahead(folder, named, 2)
        written.write(folder, indexes, None, {}, spare(place))
        assert [path.name for path in folder.iterdir()] == ["text"]
        os.utime(place.clean / "latest/manifest.json")  # it is sealed once its texts are written
        finish(spare(place), (place.clean / "latest").resolve())
        assert [path.name for path in stock(place)] == (["spare", "spare-1"] if left else [])
    for one in stock(place):
        assert everything(one / "text") == everything(folder / "text")
    assert not list(place.clean.rglob(".winnow-*"))
    first = everything(spare(place) / "text")
    tell(place, "bridge", "orchard")
    place.run("--workers", "2", "--shards", "2")
    assert [path.name for path in stock(place)] == ["spare"]
    tell(place, "bridge", "bridge")
    tell(place, "tower", "library")
    place.run("--workers", "2", "--shards", "2")
    assert not stock(place)
    assert {name for name, told in texts(place).items() if told == first[name]} == {*first} - {"tower/story.txt.txt"}


def test_a_tree_that_was_laid_for_other_texts_is_no_spare(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(place, "tower", "tower")
    place.run("--workers", "2")
    monkeypatch.setattr(links, "MANY", 0)
    index = next(path for path in (place.clean / ".state/tables").glob("*.parquet") if path.name.count(".") == 1)
    written.write_ahead(tmp_path / "release", [], 2)
    written.write(tmp_path / "release", [index], None, {}, spare(place))
    finish(spare(place), (place.clean / "latest").resolve())
    assert not stock(place)
    assert list(everything(tmp_path / "release/text")) == ["tower/story.txt.txt"]


def test_one_without_its_last_text_is_none(place: Place) -> None:
    """Of a release without any text file nothing tells whether its folder is whole but that it is there."""
    place.put("empty.html", "<html><body><nav><a href=/>Home</a></nav></body></html>")
    place.run(*KEPT)
    place.put("other.html", "<html><body><nav><a href=/>News</a></nav></body></html>")
    place.run(*KEPT)
    (spare(place) / "text").rmdir()
    tell(place, "tower", "tower")
    place.run(*KEPT)
    assert list(said(place)) == ["tower/story.txt.txt"]
