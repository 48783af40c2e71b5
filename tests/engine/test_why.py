"""What ``why`` says is what the next run does."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.runs import ROOT, Place, page, told

Nights = tuple[Place, tuple[str, ...]]
DOCUMENT = "north/tower.txt"
REDONE = ("segment", "clean", "names")  # the stages that make rows of single documents


def test_nothing_is_to_be_done_and_it_says_what_a_document_was_made_from(nights: Nights) -> None:
    place, made = nights
    said = why(place, DOCUMENT)
    assert said.splitlines()[0] == "nothing: up to date"
    assert f"clean in release {made[2]}" in said
    assert hashlib.sha256((place.raw / DOCUMENT).read_bytes()).hexdigest() in said
    assert place.manifest["site_stats"] in said
    assert "site     north, its statistics" in said


def why(place: Place, document: str, *arguments: str, code: int = 0) -> str:
    return place.command("why", "--raw", str(place.raw), document, *arguments, code=code)


def change_input(place: Place) -> tuple[str, ...]:
    place.put(DOCUMENT, page("North", "tower of old"))
    return ()


def give_sidecar(place: Place) -> tuple[str, ...]:
    place.put(f"{DOCUMENT}.meta.json", json.dumps({"url": "https://north.example/tower"}))
    return ()


def own_families(place: Place) -> tuple[str, ...]:
    own = place.raw.parent / "own"
    own.mkdir()
    shutil.copy(ROOT / "tests" / "engine" / "own_family.toml", own / "mine.toml")
    return ("--names-dir", str(own))


@pytest.mark.parametrize(
    ("change", "what", "first"),
    [
        (change_input, "input", "segment"),
        (give_sidecar, "sidecar", "segment"),
        (lambda place: ("--keep-captions",), "policy captions", "clean"),
        (own_families, "name families", "names"),
    ],
    ids=["input", "sidecar", "policy", "names"],
)
def test_it_names_the_stage_from_which_the_next_run_redoes_a_document(
    nights: Nights, change: Callable[[Place], tuple[str, ...]], what: str, first: str
) -> None:
    place, _ = nights
    arguments = change(place)
    said = why(place, DOCUMENT, *arguments).splitlines()
    assert said[0] == f"redone from the stage {first} on:"
    assert [line.split("  ")[1:][0].split()[0] for line in said[1:] if "->" in line] == [first]
    assert what in said[1]
    before = place.results()
    place.run("--keep-releases", "0", *arguments)
    redone = {result.split("/")[0] for result in place.results() - before}
    assert redone.intersection(REDONE) == set(REDONE[REDONE.index(first) :])
    assert why(place, DOCUMENT, *arguments).startswith("nothing: up to date")


def test_another_page_of_the_site(nights: Nights) -> None:
    place, _ = nights
    place.put("north/library.txt", page("North", "library"))
    said = why(place, DOCUMENT)
    assert said.splitlines()[0] == "nothing of its own is to be redone"
    assert "1 other inputs" in said
    assert why(place, "north/library.txt").splitlines()[-1] == "not published"
    (place.clean / ".state" / "cluster").rename(place.clean / ".state" / "aside")
    (place.clean / ".state" / "cluster").write_text("a file where a folder must be")
    place.run(code=30)  # now the statistics are made, and known
    assert "site statistics of north" in why(place, DOCUMENT)


def test_other_site_statistics(nights: Nights) -> None:
    place, _ = nights
    told_then = sorted((place.clean / ".state" / "profile").glob("*.parquet"), key=lambda path: path.stat().st_size)
    other = next(path.stem for path in told_then if path.stem != place.manifest["site_stats"])
    assert "site statistics of north" in why(place, DOCUMENT, "--site-stats", other)


def test_a_document_that_left_and_one_that_never_was(nights: Nights) -> None:
    place, _ = nights
    (place.raw / DOCUMENT).unlink()
    said = why(place, DOCUMENT)
    assert "-> none" in said
    assert "published as clean" in said
    assert "neither in the landing folder nor" in why(place, "north/nothing.txt", code=40)


def test_records_of_a_container_are_named_by_their_number(place: Place) -> None:
    lines = [json.dumps({"text": page("North", subject)}) for subject in ("tower", "bridge")]
    place.put("feed.jsonl", "\n".join([*lines, "{broken"]))
    place.run()
    clean, broken = (place.rows(table)[0]["doc_id"] for table in ("documents", "rejected.parquet"))
    assert "published as clean" in why(place, clean)
    assert "published as E_JSONL_BAD_LINE" in why(place, broken)
    place.put("feed.jsonl", "\n".join(lines[::-1]))
    assert "redone from the stage segment on" in why(place, clean)


def test_changed_code(tmp_path: Path, nights: Nights) -> None:
    place, _ = nights
    other = tmp_path / "checkout"
    shutil.copytree(ROOT / "pipeline", other / "pipeline")
    shutil.copytree(ROOT / "seeds", other / "seeds")
    with (other / "pipeline" / "text.py").open("a") as module:
        module.write("# changed\n")
    command = (sys.executable, "-m", "pipeline", "why", DOCUMENT, "--raw", place.raw, "--clean", place.clean)
    lines = told(*command, cwd=other, PYTHONPATH=str(other)).splitlines()
    assert [line.split()[:2] for line in lines[1:4]] == [[stage, "code"] for stage in REDONE]


def test_options_in_a_configuration_file_count(nights: Nights, tmp_path: Path) -> None:
    place, _ = nights
    config = tmp_path / "luigi.cfg"
    config.write_text(f"[CleanAll]\nclean = {place.clean}\nraw = {place.raw}\nkeep_captions = true\n")
    command = (sys.executable, "-m", "pipeline", "why", DOCUMENT)
    assert "policy captions" in told(*command, LUIGI_CONFIG_PATH=str(config))
