"""Files are whole or absent, whatever happens while they are written."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from pipeline.store import files


class Stop(Exception):
    """Something that happens in the middle."""


def test_a_write_that_fails_leaves_the_old_content_and_no_rest(tmp_path: Path) -> None:
    path = tmp_path / "a" / "table"
    files.write(path, b"old")

    def fail() -> None:
        with files.atomic(path) as out:
            out.write(b"half of the new")
            raise Stop

    with pytest.raises(Stop):
        fail()
    assert path.read_bytes() == b"old"
    assert [child.name for child in path.parent.iterdir()] == ["table"]


def test_a_name_of_255_bytes_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 255)
    files.write(path, b"long")
    assert path.read_bytes() == b"long"


def test_a_link_is_swapped_not_removed(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        files.link(name, tmp_path / "latest")
        assert (tmp_path / "latest").resolve().name == name
    assert sorted(child.name for child in tmp_path.iterdir()) == ["latest", "one", "two"]


def test_sweeping_removes_what_runs_left_and_nothing_else(tmp_path: Path) -> None:
    left = [tmp_path / place / ".winnow-77-0123abcd.tmp" for place in ("", "releases", ".state", ".state/clean")]
    for folder in left:
        folder.mkdir(parents=True)
        (folder / "part").write_text("x")
    other = [tmp_path / "notes.tmp", tmp_path / ".winnow-notes.tmp"]
    for path in other:
        path.write_text("x")
    assert files.sweep(tmp_path) == len(left)
    assert not any(folder.exists() for folder in left)
    assert all(path.exists() for path in other)


def test_what_cannot_be_linked_is_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "one"
    source.write_bytes(b"content")

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EXDEV, "another file system")

    monkeypatch.setattr(os, "link", refuse)
    files.share(source, tmp_path / "deep" / "two")
    assert (tmp_path / "deep" / "two").read_bytes() == b"content"
