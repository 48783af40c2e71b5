"""The sample corpus and its golden data agree with each other and with their sources."""

from __future__ import annotations

import gzip
import tomllib
import zlib
from pathlib import Path

import pytest

from pipeline.model import Code, Reason, Status
from pipeline.text import canonical_paragraph
from tests.sample import CUT_SHORT, RAW, build

GOLDEN = Path(__file__).parent / "golden"
EXPECTED = tomllib.loads((GOLDEN / "expected.toml").read_text(encoding="utf-8"))
CLUSTERS = EXPECTED.pop("near_duplicates")
TEXTS = {path.relative_to(GOLDEN).as_posix().removesuffix(".txt"): path for path in sorted(GOLDEN.rglob("*.txt"))}
BUILT = build()


def unpack(name: str, data: bytes) -> bytes:
    if name in CUT_SHORT:
        return zlib.decompressobj(31).decompress(data)
    return gzip.decompress(data) if name.endswith(".gz") else data


@pytest.mark.parametrize("name", sorted(BUILT))
def test_built_file_matches_its_sources(name: str) -> None:
    assert unpack(name, (RAW / name).read_bytes()) == unpack(name, BUILT[name])


def test_cut_gzip_is_cut() -> None:
    for name in CUT_SHORT:
        with pytest.raises(EOFError):
            gzip.decompress((RAW / name).read_bytes())


def test_every_input_is_expected_and_no_other() -> None:
    inputs = {path.relative_to(RAW).as_posix() for path in RAW.rglob("*") if path.is_file()}
    sidecars = {name for name in inputs if name.endswith(".meta.json")}
    assert {name.removesuffix(".meta.json") for name in sidecars} <= inputs
    assert {doc_id.partition("#")[0] for doc_id in EXPECTED} == inputs - sidecars


def test_exactly_the_clean_documents_have_a_text() -> None:
    assert set(TEXTS) == {doc_id for doc_id, entry in EXPECTED.items() if entry["status"] == Status.CLEAN}


@pytest.mark.parametrize("doc_id", sorted(EXPECTED))
def test_expectation_uses_known_words(doc_id: str) -> None:
    entry = EXPECTED[doc_id]
    assert (Status(entry["status"]) is Status.REJECTED) == ("code" in entry)
    if "code" in entry:
        Code(entry["code"])
    for start, reason in entry.get("removed", ()):
        assert canonical_paragraph(start) == start
        Reason(reason)


@pytest.mark.parametrize("doc_id", sorted(TEXTS))
def test_text_is_canonical(doc_id: str) -> None:
    text = TEXTS[doc_id].read_text(encoding="utf-8")
    title, *body = text.removesuffix("\n").split("\n\n")
    assert title == EXPECTED[doc_id]["title"]
    assert len(body) >= 5
    for paragraph in body:
        assert "\n" not in paragraph
        assert canonical_paragraph(paragraph) == paragraph


def test_clusters_name_clean_documents_once() -> None:
    members = [doc_id for cluster in CLUSTERS for doc_id in cluster]
    assert len(members) == len(set(members))
    assert set(members) <= set(TEXTS)
