"""The five documents the project began with: whoever holds copies can check every line decision.

``seeds/documents.toml`` has their digests, line numbers, reasons and metadata, and none of their sentences.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from pipeline import duplicates, steps
from pipeline.model import Cleaned, ConfigError, Hints, Rejection
from pipeline.steps import Kit
from pipeline.store.seeds import seeds_folder
from pipeline.text import plain_typography, sha256

Expected = Mapping[str, Any]


def check(folder: Path, kit: Kit) -> tuple[list[str], int]:
    """The differences between what is expected and what comes out, and how many documents were checked.

    Documents are found by their digest, whatever the files are called. Raises ``ConfigError`` without the folder.
    """
    if not folder.is_dir():
        raise ConfigError(f"{folder}: no such folder; name the one with the documents: make seeds SEEDS=<folder>")
    table = tomllib.loads((seeds_folder() / "documents.toml").read_text("utf-8"))
    contents = {sha256(data): data for data in (p.read_bytes() for p in sorted(folder.iterdir()) if p.is_file())}
    problems: list[str] = []
    cleaned: dict[str, Cleaned] = {}
    for expected in table["document"]:
        name = expected["file"]
        if expected["sha256"] not in contents:
            problems.append(f"{name}: no file in {folder} has its content")
            continue
        (result,) = steps.clean(contents[expected["sha256"]], name, Hints(), kit)
        if isinstance(result, Rejection):
            problems.append(f"{name}: {result.code.value} {result.message}")
            continue
        cleaned[name] = result
        problems.extend(f"{name}: {problem}" for problem in _differences(expected, result))
    problems.extend(_unmet(table["near_duplicates"], cleaned))
    return problems, len(cleaned)


def _differences(expected: Expected, result: Cleaned) -> Iterator[str]:
    wanted = {line: role for role, lines in expected["lines"].items() for line in lines}
    found = {item.block.line: str(item.verdict.reason or item.verdict.role) for item in result.verdicts}
    for line in sorted(wanted.keys() | found.keys()):
        if wanted.get(line) != found.get(line):
            yield f"line {line}: expected {wanted.get(line)}, got {found.get(line)}"
    facts = result.metadata
    title = sha256(plain_typography(facts.title)) if facts.title else None
    dateline = expected.get("dateline", {})
    for field, want, got in (
        ("title", expected.get("title_sha256"), title),
        ("author", expected.get("author"), facts.author),
        ("published", expected.get("published"), facts.published),
        ("source", expected.get("source"), facts.source),
        ("dateline", dateline.get("text"), facts.dateline),
        ("dateline place", dateline.get("place"), facts.dateline_place),
        ("dateline agency", dateline.get("agency"), facts.dateline_agency),
    ):
        if want != got:
            yield f"{field}: expected {want!r}, got {got!r}"


def _unmet(groups: list[Expected], cleaned: Mapping[str, Cleaned]) -> Iterator[str]:
    names = sorted(cleaned)
    shingles = [duplicates.shingle_hashes(cleaned[name].text) for name in names]
    if not names:
        return
    signatures = np.stack([duplicates.minhash(hashes) for hashes in shingles])
    members = duplicates.cluster(names, signatures, shingles.__getitem__, names)
    cluster = {member.doc_id: member.cluster_id for member in members}
    for group in groups:
        if len({cluster.get(file) for file in group["files"]}) != 1:
            yield f"{' and '.join(group['files'])}: not one near-duplicate cluster"
