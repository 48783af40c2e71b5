"""The scan sees every file once, by content, and trusts times only where they can be trusted."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from pipeline.model import Code, Hints, Rejection
from pipeline.settings import Limits
from pipeline.store import inputs, landing, reading

OLD = (1_700_000_000, 1_700_000_000)


def put(path: Path, content: str, times: tuple[int, int] | None = OLD) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    if times:
        os.utime(path, times)
    return path


def scan(folder: Path) -> inputs.Scan:
    found = landing.scan(folder / "raw", landing.known(folder / "cache"), Limits())
    found.remember(folder / "cache")
    return found


def only(folder: Path) -> inputs.Input:
    (entry,) = scan(folder).inputs()
    return entry


def test_paths_are_sorted_and_hidden_names_left_alone(tmp_path: Path) -> None:
    for name in ("b/2.txt", "a.txt", "b/1.txt", ".hidden", ".git/config"):
        put(tmp_path / "raw" / name, name)
    assert [entry.path for entry in scan(tmp_path).inputs()] == ["a.txt", "b/1.txt", "b/2.txt"]


def test_a_change_that_keeps_size_and_time_of_a_young_file_is_seen(tmp_path: Path) -> None:
    path = put(tmp_path / "raw" / "a.txt", "one", times=None)
    first = only(tmp_path).sha256
    stat = path.stat()
    path.write_text("two")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert only(tmp_path).sha256 != first


def test_an_old_file_is_not_hashed_again(tmp_path: Path) -> None:
    """Seen by a cache that says otherwise: what it remembers is believed while size, times and inode are the same."""
    path = put(tmp_path / "raw" / "a.txt", "one")
    (folder,) = scan(tmp_path).folders
    (entry,) = msgspec.msgpack.decode(folder.packed)
    entry[4] = "remembered"
    remembered = msgspec.structs.replace(folder, packed=msgspec.Raw(msgspec.msgpack.encode([entry])))
    (tmp_path / "cache").write_bytes(msgspec.msgpack.encode([remembered]))
    assert only(tmp_path).sha256 == "remembered"
    put(path, "two", times=(OLD[0] + 5, OLD[0] + 5))
    assert only(tmp_path).sha256 != "remembered"


def test_an_edit_that_puts_size_and_time_back_is_seen(tmp_path: Path) -> None:
    path = put(tmp_path / "raw" / "a.txt", "one")
    first = only(tmp_path).sha256
    while path.stat().st_ctime_ns == put(path, "two").stat().st_ctime_ns:  # a tick of the kernel's clock
        pass
    assert only(tmp_path).sha256 != first


def test_a_torn_cache_is_no_cache(tmp_path: Path) -> None:
    put(tmp_path / "raw" / "a.txt", "one")
    first = list(scan(tmp_path).inputs())
    (tmp_path / "cache").write_bytes((tmp_path / "cache").read_bytes()[:-3])
    assert list(scan(tmp_path).inputs()) == first


def test_sidecars_belong_to_their_page(tmp_path: Path) -> None:
    put(tmp_path / "raw" / "a.txt", "one")
    put(tmp_path / "raw" / "a.txt.meta.json", '{"url": "https://harbour.example/a", "more": [1]}')
    entry = only(tmp_path)
    assert entry.hints == Hints(url="https://harbour.example/a")
    assert entry.sidecar_sha256


def test_a_file_that_changes_or_vanishes_between_scan_and_reading_is_told(tmp_path: Path) -> None:
    path = put(tmp_path / "raw" / "a.txt", "one")
    entry = only(tmp_path)
    assert reading.read(entry) == b"one"
    path.write_text("two")
    changed = reading.read(entry)
    assert isinstance(changed, Rejection)
    assert changed.code is Code.CHANGED_WHILE_READ
    path.unlink()
    gone = reading.read(entry)
    assert isinstance(gone, Rejection)
    assert gone.code is Code.VANISHED


def test_the_state_of_an_old_file_tells_every_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "RACY", 0)
    path = put(tmp_path / "raw" / "a.txt", "one")
    status = path.stat()
    time.sleep(0.05)  # longer than a tick of the file system's clock
    entry = only(tmp_path)
    assert entry.state is not None
    assert reading.read(entry) == b"one"
    path.touch()  # not what it was, but of the same content
    assert reading.read(entry) == b"one"
    path.write_text("two")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert path.stat().st_mtime_ns == status.st_mtime_ns
    changed = reading.read(entry)
    assert isinstance(changed, Rejection)
    assert changed.code is Code.CHANGED_WHILE_READ


def test_a_young_file_is_hashed_again(tmp_path: Path) -> None:
    put(tmp_path / "raw" / "a.txt", "one")
    entry = only(tmp_path)
    assert entry.state is None
    assert reading.read(entry) == b"one"
    assert isinstance(reading.read(replace(entry, sha256="0")), Rejection)


def test_a_file_beyond_the_limit_is_not_read(tmp_path: Path) -> None:
    path = put(tmp_path / "raw" / "sparse", "")
    os.truncate(path, 5_000_000_000)
    (rejection,) = scan(tmp_path).rejections
    assert rejection.code is Code.TOO_LARGE


def news(folder: Path) -> list[int]:
    """How many folders had been listed each time that a scan told of news."""
    listed: list[str] = []
    told: list[int] = []
    real = os.scandir

    def listing(path: str) -> object:
        listed.append(path)
        return real(path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "scandir", listing)
        found = landing.scan(
            folder / "raw", landing.known(folder / "cache"), Limits(), lambda: told.append(len(listed))
        )
    found.remember(folder / "cache")
    return told


def aged(folder: Path) -> None:
    """Makes all that a scan left and saw old, and the cache the last of it."""
    for path in (*(folder / "raw").rglob("*"), folder / "raw"):
        if path.is_dir():
            os.utime(path, OLD)
    os.utime(folder / "cache", (OLD[0] + 1, OLD[1] + 1))


def test_news_is_told_before_the_first_folder_is_listed_where_a_name_came_or_went(tmp_path: Path) -> None:
    for name in ("a/1.txt", "b/1.txt", "c/1.txt"):
        put(tmp_path / "raw" / name, name)
    assert news(tmp_path) == [0]  # nothing is known
    aged(tmp_path)
    assert news(tmp_path) == []
    put(tmp_path / "raw" / "c" / "2.txt", "new")
    assert news(tmp_path) == [0]
    aged(tmp_path)
    (tmp_path / "raw" / "b" / "1.txt").unlink()
    assert news(tmp_path) == [0]
    assert [entry.path for entry in scan(tmp_path).inputs()] == ["a/1.txt", "c/1.txt", "c/2.txt"]


def test_news_is_told_where_a_file_was_written_in_place(tmp_path: Path) -> None:
    for name in ("a/1.txt", "b/1.txt", "c/1.txt"):
        put(tmp_path / "raw" / name, name)
    scan(tmp_path)
    aged(tmp_path)
    put(tmp_path / "raw" / "b" / "1.txt", "other")
    assert len(news(tmp_path)) == 1


def test_a_folder_that_only_seemed_new_does_so_once(tmp_path: Path) -> None:
    put(tmp_path / "raw" / "a" / "1.txt", "one")
    scan(tmp_path)
    aged(tmp_path)
    (tmp_path / "raw" / "a" / ".draft").touch()
    assert news(tmp_path) == [0]
    assert news(tmp_path) == []


def test_a_scan_can_be_told_by_what_is_new_in_it(tmp_path: Path) -> None:
    for name in ("a/1.txt", "b/1.txt"):
        put(tmp_path / "raw" / name, name)
    scan(tmp_path)
    put(tmp_path / "raw" / "b" / "2.txt", "new")
    known = landing.known(tmp_path / "cache")
    found = landing.scan(tmp_path / "raw", known, Limits())
    told = known.without(found)
    assert [len(folder.packed) > 0 for folder in told.folders] == [False, True]
    assert known.whole(told) == found
