"""The commands beside Luigi's, as a user starts them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.conftest import shared
from tests.runs import ROOT


def run(*arguments: str | Path, code: int = 0) -> str:
    command = [sys.executable, "-m", "pipeline", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_explain_shows_every_block_with_sign_and_reason() -> None:
    lines = run("explain", "raw/kuestenblatt/faehre.html").splitlines()
    assert lines[0].startswith("faehre.html: clean, text/html")
    assert any(line.startswith("T") for line in lines)
    assert any(line.startswith("+") and "Seit 92 Jahren" in line for line in lines)
    assert any(line.startswith("-") and "cookie-notice" in line for line in lines)
    assert "\x1b" not in "".join(lines)


def test_explain_tells_what_it_cannot_read(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("")
    assert "E_EMPTY" in run("explain", tmp_path / "empty.txt", code=1)
    assert "no.txt" in run("explain", tmp_path / "no.txt", code=1)


def test_names_lists_mentions(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("The Shenzhou XII crew waved.")
    assert "Shenzhou XII\tShenzhou-12\tshenzhou:12\tspacecraft" in run("names", tmp_path / "text")


def test_a_missing_folder_of_names_is_a_configuration_error(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("x")
    assert "absent" in run("names", tmp_path / "text", "--names-dir", tmp_path / "absent", code=40)


def test_check_seeds_on_the_real_documents() -> None:
    assert "5 documents checked, 0 differences" in run("check-seeds", shared("seeds"))


def test_check_seeds_names_what_differs(tmp_path: Path) -> None:
    for file in shared("seeds").glob("*.txt"):
        content = file.read_bytes()
        (tmp_path / file.name).write_bytes(content + b"\n" if file.name.startswith("003") else content)
    told = run("check-seeds", tmp_path, code=1)
    assert "003_ff3018747bb0433b.txt: no file" in told
    assert "4 documents checked, 1 differences" in told
