"""Clusters kept from run to run are those of a run that compares everything."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import duplicates
from pipeline.duplicates import standing
from pipeline.engine import batch, laid
from pipeline.engine.stages import NAMES
from pipeline.store import packed, rows

WORDS = [first + second for first in "bdfgklmnprst" for second in ("ala", "ero", "ino", "ouk", "uth", "yne")]


def text(number: int) -> str:
    """One of endlessly many texts: every other is a story of its own, the rest editions, excerpts, copies, nothing."""
    numbers = random.Random(number)
    words = random.Random(number // 8).choices(WORDS, k=120)
    match number % 8:
        case 0 | 1 | 2 | 3:
            return " ".join(numbers.choices(WORDS, k=90))
        case 4:
            return " ".join(words)
        case 5:
            begin = numbers.randrange(60)
            return " ".join([*words[:begin], *numbers.choices(WORDS, k=12), *words[begin:]])
        case 6:
            return " ".join([*numbers.choices(WORDS, k=6), *words[20:75]])
        case _:
            return " ".join(words) if numbers.random() < 0.8 else ""


def row(doc_id: str, content: str) -> dict[str, object]:
    shingles = duplicates.shingle_hashes(content)
    published = f"2024-05-{len(content) % 3 + 1:02}" if len(content) % 5 else None
    order = duplicates.canonical_order(published, len(content))
    return {
        "doc_id": doc_id,
        "order": order,
        "identity": duplicates.identity(order, doc_id),
        "cluster_id": duplicates.cluster_id(doc_id),
        "print": duplicates.text_print(shingles) if content else None,
        "size": len(shingles) if content else None,
        "signature": duplicates.minhash(shingles).tobytes() if content else None,
        "shingles": packed.SHINGLES.pack(shingles) if content else None,
    }


def from_scratch(corpus: Mapping[str, str]) -> list[dict[str, object]]:
    """The clusters as comparing everything with everything gives them."""
    made = [row(doc_id, content) for doc_id, content in sorted(corpus.items()) if content]
    members = duplicates.cluster(
        [str(one["doc_id"]) for one in made],
        np.array([np.frombuffer(one["signature"], dtype=np.uint32) for one in made]).reshape(  # type: ignore[call-overload]
            -1, duplicates.SIGNATURE_SIZE
        ),
        [packed.SHINGLES.unpack(one["shingles"]) for one in made].__getitem__,  # type: ignore[arg-type]
        [str(one["order"]) for one in made],
    )
    return [
        {
            "cluster_id": member.cluster_id,
            "doc_id": member.doc_id,
            "is_canonical": member.is_canonical,
            "similarity": np.float32(member.similarity),
            "relation": member.relation.value,
        }
        for member in members
    ]


def clustered(folder: Path, corpus: Mapping[str, str], night: int) -> list[dict[str, object]]:
    """The clusters as the engine finds them, in two shards, with what it remembers in the folder."""
    files = []
    for shard in range(2):
        files.append(folder / f"names-{night}-{shard}.parquet")
        mine = [row(doc_id, content) for doc_id, content in corpus.items() if int(doc_id) % 2 == shard]
        rows.write(files[-1], NAMES, mine)
    batch.cluster(files, folder / f"cluster{night}.parquet")
    return list(rows.read(folder / f"cluster{night}.parquet"))


numbers = st.integers(0, 160)


@settings(max_examples=40, deadline=None)
@given(
    first=st.sets(numbers, min_size=1),
    nights=st.lists(st.sets(numbers, max_size=4), max_size=3),
    many=st.sampled_from((1, 20)),
    held=st.sampled_from((0, 20_000, laid._HELD)),
    pairs=st.sampled_from((1, 5, standing._PAIRS)),
)
def test_what_is_remembered_changes_no_cluster(
    first: set[int], nights: list[set[int]], many: int, held: int, pairs: int
) -> None:
    """Each night some documents come, go where they were there, or change; ``many`` says how few are few, ``held`` how
    many bytes may lie in memory, ``pairs`` how many of them are looked at together."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(laid, "_MANY", many)
        patch.setattr(standing, "_FEW", many)
        patch.setattr(laid, "_HELD", held)
        for limit in ("_TEXTS", "_PAIRS", "_AT_ONCE"):
            patch.setattr(standing, limit, pairs)
        follow(first, nights)


def follow(first: set[int], nights: list[set[int]]) -> None:
    corpus = {str(number): text(number) for number in first}
    with tempfile.TemporaryDirectory() as folder:
        assert clustered(Path(folder), corpus, 0) == from_scratch(corpus)
        for night, changes in enumerate(nights, start=1):
            for number in changes:
                if number % 3 == 0 and len(corpus) > 1:
                    corpus.pop(str(number), None)
                else:
                    corpus[str(number)] = text(number + night if number % 3 == 1 else number)
            assert clustered(Path(folder), corpus, night) == from_scratch(corpus)


def test_a_large_corpus_with_few_new_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few new ones among many are compared with the others only: an edition, an excerpt, what holds one, a story, a
    copy of one that goes."""
    late = {5: "5", 6: "6", 12: "12", 8000: "17", 20: "1020"}
    corpus = {str(number): text(number) for number in range(800) if number not in late or number == 20}
    with tempfile.TemporaryDirectory() as folder:
        clustered(Path(folder), corpus, 0)
        monkeypatch.delattr(standing, "_unite_by_band")  # what compares all is not to be asked any more
        monkeypatch.delattr(standing, "_all_contained")
        for night, (number, name) in enumerate(late.items(), start=1):
            corpus.pop(str(number), None)
            corpus[name] = text(number)
            assert clustered(Path(folder), corpus, night) == from_scratch(corpus)


@pytest.mark.parametrize("names", [("3", "7"), ("7", "3")])
def test_of_two_that_hold_as_much_the_first_in_order_counts(
    names: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = random.Random(5)
    excerpt = numbers.choices(WORDS, k=60)
    corpus = {name: " ".join([*excerpt, *numbers.choices(WORDS, k=70)]) for name in names}
    monkeypatch.setattr(laid, "_MANY", 1)
    monkeypatch.setattr(standing, "_FEW", 1)
    with tempfile.TemporaryDirectory() as folder:
        clustered(Path(folder), corpus, 0)
        corpus["5"] = " ".join(excerpt)
        assert clustered(Path(folder), corpus, 1) == from_scratch(corpus)


def test_what_another_version_remembers_is_left_alone() -> None:
    corpus = {str(number): text(number) for number in range(20)}
    with tempfile.TemporaryDirectory() as folder:
        clustered(Path(folder), corpus, 0)
        (memory,) = Path(folder).glob("*.memory.parquet")
        told = rows.read_table(memory).drop_columns(["similarity"])
        rows.write(memory, told.schema, [told])
        assert clustered(Path(folder), corpus, 1) == from_scratch(corpus)
