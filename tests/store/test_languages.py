"""The language model that is kept says what the library's own says, and anything wrong with it is made good."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import numpy as np
import py3langid
import pytest

from pipeline.metadata import language
from pipeline.store import languages, rows

TEXTS = [
    "The old harbour was full of people who had come to see the boats.",
    "Der alte Hafen war voller Menschen, die gekommen waren, um die Boote zu sehen.",
    "Старая гавань была полна людей, которые пришли посмотреть на лодки.",
    "古い港は船を見に来た人々でいっぱいだった。",
    "कख गघ १२३",
]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kept")
    languages.keep(folder)
    return folder


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "_model", None)


def stamp(folder: Path) -> tuple[int, int]:
    status = (folder / "language.parquet").stat()
    return status.st_ino, status.st_mtime_ns


@pytest.mark.usefixtures("unread")
def test_the_model_that_was_kept_is_the_library_s(kept: Path) -> None:
    own = language.model()
    language._model = None
    languages.load(kept)
    found = language.model()
    assert found is not own
    for name in ("nb_ptc", "nb_pc"):
        assert np.array_equal(getattr(found, name), getattr(own, name))
        assert getattr(found, name).dtype == getattr(own, name).dtype
    for name in ("nb_classes", "tk_nextmove", "tk_row", "tk_output"):
        assert getattr(found, name) == getattr(own, name), name
        assert type(getattr(found, name)) is type(getattr(own, name)), name
    for text in TEXTS:
        assert found.classify(text) == py3langid.classify(text)


def test_what_is_there_is_not_written_again(kept: Path) -> None:
    before = stamp(kept)
    languages.keep(kept)
    assert stamp(kept) == before


@pytest.mark.usefixtures("unread")
@pytest.mark.parametrize("damage", ["cut", "turned", "turned at the end", "gone", "another version"])
def test_one_that_cannot_be_read_is_made_anew(
    kept: Path, tmp_path: Path, damage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "language.parquet"
    content = bytearray((kept / path.name).read_bytes())
    if damage == "turned":
        content[len(content) // 2] ^= 1
    if damage == "turned at the end":
        content[-200:-8] = bytes(192)
    if damage != "gone":
        path.write_bytes(content[:-1_000] if damage == "cut" else content)
    if damage == "another version":
        monkeypatch.setattr(languages, "_version", lambda: "0.0")
    assert languages._read(path) is None
    languages.load(tmp_path)
    assert language.is_read()
    languages.keep(tmp_path)
    assert languages._read(path) is not None
    wanted = "0.0" if damage == "another version" else version("py3langid")
    assert rows.facts(path) == {"py3langid": wanted}
