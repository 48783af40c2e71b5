"""The five documents the project began with, as a batch."""

from __future__ import annotations

import difflib
import json
import re
import shutil
import subprocess
from typing import Any

import pytest

from tests.conftest import shared
from tests.runs import ROOT, Place

CRAFT = {"shenzhou", "change", "dongfanghong", "long_march"}
FIRST, SECOND = "001_cbf87404c5b2c4fa.txt", "004_cd132d96e44563b0.txt"


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Place:
    folder = tmp_path_factory.mktemp("seeds")
    raw = folder / "raw"
    raw.mkdir()
    for file in shared("seeds").glob("*.txt"):
        shutil.copyfile(file, raw / file.name)
    place = Place(raw, folder / "clean")
    place.run()
    return place


def gold() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(shared("seeds", "gold.json").read_text("utf-8"))
    return found


def bodies(place: Place) -> dict[str, list[str]]:
    return {row["doc_id"]: row["text"].split("\n\n") for row in place.rows("documents")}


def test_the_bodies_are_the_lines_of_the_gold(batch: Place) -> None:
    for name, expected in gold()["documents"].items():
        assert len(bodies(batch)[name]) == len(expected["body_lines"]), name


def test_the_two_editions_are_one_cluster_and_the_others_none(batch: Place) -> None:
    clusters = {row["doc_id"]: row["cluster_id"] for row in batch.rows("clusters.parquet")}
    assert clusters[FIRST] == clusters[SECOND]
    assert len(set(clusters.values())) == 4


def test_every_name_has_one_form_across_all_five(batch: Place) -> None:
    forms: dict[str, set[str]] = {}
    texts = {row["doc_id"]: row["text"] for row in batch.rows("documents")}
    for row in batch.rows("mentions"):
        forms.setdefault(row["name_id"], set()).add(texts[row["doc_id"]][row["start"] : row["end"]])
    craft = {
        name: found for name, found in forms.items() if re.match(r"(shenzhou|change|dongfanghong|long_march)\b", name)
    }
    assert {name.split(":")[0] for name in craft} == CRAFT
    assert {name: found for name, found in craft.items() if len(found) > 1} == {}
    assert not re.search(r"Chang[’'`]e \d|Shenzhou [IVX\d]|Dongfanghong \d", " ".join(texts.values()))


def test_the_editions_differ_only_where_their_outlets_did(batch: Place) -> None:
    """Three headings stand in one edition alone; else single words: a capital, and nothing of names or typography."""
    one, other = bodies(batch)[FIRST], bodies(batch)[SECOND]
    headings = [line for line in other if line not in one and len(line) < 40]
    assert len(headings) == 3
    rest = [line for line in other if line not in headings]
    assert len(rest) == len(one)
    for left, right in zip(one, rest, strict=True):
        matcher = difflib.SequenceMatcher(a=left.split(), b=right.split(), autojunk=False)
        changed = [
            (left.split()[a:b], right.split()[c:d]) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"
        ]
        assert all(" ".join(a).lower() == " ".join(b).lower() for a, b in changed), changed


def test_no_sentence_of_the_documents_stands_in_the_repository(batch: Place) -> None:
    sentences = {line for lines in bodies(batch).values() for line in lines if len(line) > 80}
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, tracked.split("\0")):
        text = (ROOT / name).read_text("utf-8", "replace")
        assert not [line for line in sentences if line in text], name
