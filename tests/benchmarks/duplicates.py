"""Near-duplicates measured: precision and recall on edits of real stories, time, and memory at scale.

    python -m tests.benchmarks.duplicates            10,000 edits, about half of them no near-duplicates
    python -m tests.benchmarks.duplicates 100000     time and peak memory of clustering that many documents

The truth is the exact Jaccard similarity of an edit and its story, so the figures say what bands, estimates and
components lose or add. Every edit meets its own story alone; the half-shared ones meet two, and must join neither.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from pipeline.duplicates import SIGNATURE_SIZE, Relation, canonical_order, cluster, minhash, shingle_hashes
from pipeline.duplicates.bands import EDITION, jaccard, shared
from pipeline.duplicates.excerpts import CONTAINED
from tests.conftest import SHARED

EDITS = 10_000
ROUND = 1_000


@dataclass(frozen=True, slots=True)
class Edit:
    """A changed story: ``sources`` are the stories it was made of."""

    kind: str
    text: str
    sources: tuple[int, ...]


def stories() -> list[str]:
    """Main texts of 80 to 3,000 words of the corpora."""
    texts: list[str] = []
    for name in ("wcxb_dev", "fundus_parser"):
        path = SHARED / "corpora" / f"{name}.parquet"
        if not path.exists():
            sys.exit("needs the corpora of the shared data folder (WINNOW_SHARED)")
        texts += pq.read_table(path, columns=["main_text"])["main_text"].to_pylist()
    return [text for text in texts if text and 80 <= len(text.split()) <= 3000]


def replaced(words: list[str], filler: Sequence[str], rng: random.Random) -> list[str]:
    rate = rng.uniform(0.0, 0.35)
    return [rng.choice(filler) if rng.random() < rate else word for word in words]


def cut(words: list[str], filler: Sequence[str], rng: random.Random) -> list[str]:
    return words[: max(30, round(len(words) * rng.uniform(0.3, 1.0)))]


def appended(words: list[str], filler: Sequence[str], rng: random.Random) -> list[str]:
    return words + rng.choices(filler, k=round(len(words) * rng.uniform(0.0, 1.2)))


def reordered(words: list[str], filler: Sequence[str], rng: random.Random) -> list[str]:
    size = rng.randint(8, 60)
    parts = [words[begin : begin + size] for begin in range(0, len(words), size)]
    rng.shuffle(parts)
    return [word for part in parts for word in part]


def restyled(words: list[str], filler: Sequence[str], rng: random.Random) -> list[str]:
    return [word.upper() if rng.random() < 0.3 else f"“{word}”," if rng.random() < 0.1 else word for word in words]


CHANGES: tuple[Callable[[list[str], Sequence[str], random.Random], list[str]], ...] = (
    replaced,
    cut,
    appended,
    reordered,
    restyled,
)


def edit(texts: Sequence[str], index: int, filler: Sequence[str], rng: random.Random) -> Edit:
    """One edit of a story; a third of them are half of it and half of another."""
    words = texts[index].split()
    if rng.random() < 1 / 3:
        other = rng.choice([number for number in range(len(texts)) if number != index])
        halves = words[: len(words) // 2] + texts[other].split()[-len(words) // 2 :]
        return Edit("half-shared", " ".join(halves), (index, other))
    change = rng.choice(CHANGES)
    return Edit(change.__name__, " ".join(change(words, filler, rng)), (index,))


def measure(texts: Sequence[str], edits: int) -> None:
    """Prints precision and recall over all pairs of an edit and a story it was made of."""
    rng = random.Random(20)
    filler = sorted({word for text in texts for word in text.split()})
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    spent = 0.0
    for begin in range(0, edits, ROUND):
        chosen = rng.sample(list(texts), min(ROUND, len(texts)))
        changed = [edit(chosen, index, filler, rng) for index in range(len(chosen))][: edits - begin]
        spent += judge(chosen, changed, counts)
    total = sum(counts.values(), Counter())
    print(f"{'kind':12} {'pairs':>6} {'truly':>6} {'missed':>6} {'added':>6} {'excerpts missed':>16}")
    for kind, count in sorted(counts.items()):
        print(f"{kind:12} {count['pairs']:6} {count['true']:6} {count['missed']:6} {count['added']:6}", end="")
        print(f" {count['excerpts missed']:9} of {count['excerpts']}")
    found = total["true"] - total["missed"]
    print(
        f"precision {found / (found + total['added']):.4f}   recall {found / total['true']:.4f}   at Jaccard {EDITION}"
    )
    print(f"{spent * 10_000 / total['documents']:.1f} CPU seconds per 10,000 documents, signatures included")


def judge(chosen: Sequence[str], changed: Sequence[Edit], counts: dict[str, Counter[str]]) -> float:
    """Counts how stories and their edits were joined against the exact similarity; gives the CPU seconds."""
    texts = [*chosen, *(one.text for one in changed)]
    names = [f"{number:06}" for number in range(len(texts))]
    start = time.process_time()
    hashes = [shingle_hashes(text) for text in texts]
    signatures = np.array([minhash(own) for own in hashes])
    members = cluster(names, signatures, hashes.__getitem__, [canonical_order(None, len(t)) for t in texts])
    spent = time.process_time() - start
    for number, one in enumerate(changed, len(chosen)):
        count = counts[one.kind]
        count["documents"] += 2
        for source in one.sources:
            joined = members[number].cluster_id == members[source].cluster_id
            as_excerpt = Relation.EXCERPT in (members[number].relation, members[source].relation)
            tally(count, hashes[number], hashes[source], joined=joined, as_excerpt=as_excerpt)
    return spent


def tally(
    count: Counter[str], one: NDArray[np.uint64], other: NDArray[np.uint64], *, joined: bool, as_excerpt: bool
) -> None:
    true = jaccard(one, other) >= EDITION
    contained = shared(one, other) >= CONTAINED * min(len(one), len(other))
    count["pairs"] += 1
    count["true"] += true
    count["missed"] += true and not joined
    count["added"] += joined and not true and not (contained and as_excerpt)
    count["excerpts"] += contained and not true
    count["excerpts missed"] += contained and not true and not joined


def scale(texts: Sequence[str], documents: int) -> None:
    """Prints time and peak memory for that many documents: a fifth are edits, the rest shuffled words of stories."""
    rng = random.Random(21)
    filler = sorted({word for text in texts for word in text.split()})
    signatures = np.zeros((documents, SIGNATURE_SIZE), dtype=np.uint32)
    ends = np.zeros(documents + 1, dtype=np.int64)
    start = time.process_time()
    with tempfile.TemporaryFile() as file:
        for number in range(documents):
            words = rng.choice(texts).split()
            text = " ".join(reordered(words, filler, rng) if rng.random() < 0.2 else rng.sample(words, len(words)))
            hashes = shingle_hashes(text)
            signatures[number] = minhash(hashes)
            ends[number + 1] = ends[number] + len(hashes)
            file.write(hashes.tobytes())
        signed = time.process_time()
        print(f"{documents} documents, {ends[-1]} shingles; made and signed in {signed - start:.1f} CPU seconds")
        file.flush()
        stored = np.memmap(file, dtype=np.uint64, mode="r")
        names = [f"{number:06}" for number in range(documents)]
        keys = [canonical_order(None, 0) for _ in names]
        members = cluster(names, signatures, lambda i: np.asarray(stored[ends[i] : ends[i + 1]]), keys)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(
        f"{len({member.cluster_id for member in members})} clusters in {time.process_time() - signed:.1f} CPU seconds"
    )
    print(f"peak memory {peak:.2f} GB")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        scale(stories(), int(sys.argv[1]))
    else:
        measure(stories(), EDITS)
