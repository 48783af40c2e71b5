"""Text files from release to release: what stays is the same file, what changes or goes leaves the old one alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.engine import gc, integrity, links, tables, texts
from pipeline.engine.history import RELEASES
from tests.runs import Place, story


def test_texts_that_stay_are_links(place: Place) -> None:
    for subject in ("tower", "bridge", "market"):
        place.put(f"{subject}/story.txt", story(subject))
    place.run("--shards", "2", "--keep-releases", "0")
    first = (place.clean / "latest").resolve() / "text"
    before = {name: (first / name / "story.txt.txt").read_text() for name in ("tower", "bridge", "market")}
    place.put("bridge/story.txt", story("harbour"))
    (place.raw / "market/story.txt").unlink()
    place.run("--shards", "2", "--keep-releases", "0")
    second = (place.clean / "latest").resolve() / "text"
    assert (second / "tower/story.txt.txt").samefile(first / "tower/story.txt.txt")
    assert "harbour" in (second / "bridge/story.txt.txt").read_text()
    assert sorted(path.name for path in second.iterdir()) == ["bridge", "tower"]
    assert {name: (first / name / "story.txt.txt").read_text() for name in before} == before


@given(st.text(min_size=1, max_size=300), st.text(min_size=1, max_size=300))
@example("a b/c-1.txt/d", "a b/c-1.txt_/d")
@example("..", ".")
@example("x" * 201, "x" * 200)
def test_texts_have_paths_that_can_be_written_and_one_each(one: str, other: str) -> None:
    path = tables.text_path(one)
    for part in path.split("/"):
        assert part.isprintable()
        assert not set(part) & set('\\:*?"<>|')
        assert part.strip(" .")
        assert len(part.encode()) <= 255
    assert one == other or path != tables.text_path(other)


def everything(folder: Path) -> dict[str, tuple[int, str]]:
    """Every file below a folder: its identity and what it says."""
    return {
        str(path.relative_to(folder)): (path.stat().st_ino, path.read_text())
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_several_processes_lay_out_what_one_does(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for subject in ("tower", "bridge", "market", "deep/down/harbour"):
        place.put(f"{subject}/story.txt", story(subject.rpartition("/")[2]))
    place.put("top.txt", story("theatre"))
    place.run()
    before = (place.clean / "latest").resolve()
    place.put("bridge/story.txt", story("garden"))
    (place.raw / "market/story.txt").unlink()
    place.run()
    after = (place.clean / "latest").resolve()
    indexes = [path for path in (place.clean / ".state/tables").glob("*.parquet") if path.name.count(".") == 1]
    (index,) = (
        path for path in indexes if texts.part_path(path, "texts").samefile(after / ".texts/part-00000.parquet")
    )
    monkeypatch.setattr(links, "MANY", 0)
    monkeypatch.setattr(texts, "_MANY_WRITTEN", 0)
    for processes in (1, 2):
        folder = tmp_path / f"ahead-{processes}"
        assert not texts.is_laid_ahead(folder)
        texts.lay_ahead(folder, before, tmp_path / "spare", processes)
        assert texts.is_laid_ahead(folder)
        assert everything(folder / "text") == everything(before / "text")
    for folder in (tmp_path / "again", tmp_path / "ahead-1", tmp_path / "ahead-2"):
        texts.write(folder, [index], before, integrity.known_digests(before), tmp_path / "spare")
        assert [path.name for path in folder.iterdir()] == ["text"]
        found, wanted = everything(folder / "text"), everything(after / "text")
        assert {name: told for name, (_, told) in found.items()} == {name: told for name, (_, told) in wanted.items()}
        assert not (folder / "text/market").exists()
        same = {name for name in found if found[name] == wanted[name]}
        assert same == {"tower/story.txt.txt", "deep/down/harbour/story.txt.txt", "top.txt.txt"}
    assert before.parent == place.clean / RELEASES


def test_what_was_laid_ahead_serves_only_where_it_fits(place: Place, tmp_path: Path) -> None:
    """Not a part of it, none of another release, and none of a release whose texts somebody wrote to."""
    place.put("tower.txt", story("tower"))
    place.run("--keep-releases", "0")
    first = (place.clean / "latest").resolve()
    place.put("bridge.txt", story("bridge"))
    place.run("--keep-releases", "0")
    second = (place.clean / "latest").resolve()
    (index,) = (
        path
        for path in (place.clean / ".state/tables").glob("*.texts.parquet")
        if path.samefile(second / ".texts/part-00000.parquet")
    )
    indexes = [index.with_name(index.name.replace(".texts", ""))]
    for name, release in {"half": second, "other": first}.items():
        texts.lay_ahead(tmp_path / name, release, tmp_path / "spare")
        if name == "half":  # whoever linked it was stopped
            (tmp_path / name / ".laid").unlink()
            (tmp_path / name / "text/tower.txt.txt").unlink()
        texts.write(tmp_path / name, indexes, second, integrity.known_digests(second), tmp_path / "spare")
        assert everything(tmp_path / name) == {
            f"text/{path}": told for path, told in everything(second / "text").items()
        }
    wanted = {name: told for name, (_, told) in everything(second / "text").items()}
    (second / "text/tower.txt.txt").write_text("spoilt")
    texts.lay_ahead(tmp_path / "spoilt", second, tmp_path / "spare")
    texts.write(tmp_path / "spoilt", indexes, second, integrity.known_digests(second), tmp_path / "spare")
    assert {name: told for name, (_, told) in everything(tmp_path / "spoilt/text").items()} == wanted


def test_the_first_texts_are_written_before_their_tables(place: Place, tmp_path: Path) -> None:
    """By a task of its own where there are two workers; the same as without it, which alone serves where they fit."""
    place.put("tower.txt", story("tower"))
    place.put("deep/bridge.html", f"<html><body><h1>A bridge</h1><p>{story('bridge')}</p></body></html>")
    place.put("empty.html", "<html><body><nav><a href=/>Home</a></nav></body></html>")
    place.put("noise.bin", bytes(range(256)) * 8)
    assert "Write(" not in place.run("--log-level", "INFO")
    release = (place.clean / "latest").resolve()
    wanted = {name: told for name, (_, told) in everything(release / "text").items()}
    assert set(wanted) >= {"tower.txt.txt", "deep/bridge.html.txt"}
    indexes = [path for path in (place.clean / ".state/tables").glob("*.parquet") if path.name.count(".") == 1]
    named = [path for path in (place.clean / ".state/names").glob("*.parquet") if path.name.count(".") == 1]
    for name, results in {"whole": named, "none": []}.items():
        folder = tmp_path / name
        texts.write_ahead(folder, results, 1)
        laid = everything(folder / "text")
        texts.write(folder, indexes, None, {}, tmp_path / "spare")
        found = everything(folder / "text")
        assert {path: told for path, (_, told) in found.items()} == wanted
        assert (found == laid) is (name == "whole")
    other = Place(place.raw, tmp_path / "other")
    assert "Write(" in other.run("--workers", "2", "--log-level", "INFO")
    assert {path: told for path, (_, told) in everything(other.clean / "latest/text").items()} == wanted
    assert (other.clean / "latest").resolve().name == release.name


def test_several_processes_remove_a_release(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """What other releases and other folders hold of the same files stays."""
    for subject in ("tower", "bridge", "deep/down/harbour"):
        place.put(f"{subject}/story.txt", story(subject.rpartition("/")[2]))
    place.put("top.txt", story("theatre"))
    place.run("--keep-releases", "0")
    before = (place.clean / "latest").resolve()
    place.put("bridge/story.txt", story("garden"))
    place.run("--keep-releases", "0")
    wanted = everything(place.clean / "latest/text")
    (before / "text/elsewhere").symlink_to(place.raw)
    monkeypatch.setattr(links, "MANY", 0)
    assert texts.are_many(before)
    gc.remove(gc.find(place.clean, place.clean / ".state", 1))
    assert [path.resolve() for path in (place.clean / RELEASES).iterdir()] == [(place.clean / "latest").resolve()]
    assert everything(place.clean / "latest/text") == wanted
    assert (place.raw / "top.txt").is_file()
