"""Clusters of near-duplicates, and what each member is to the one that stands for it.

Two documents meet when the Jaccard similarity of their shingle sets is at least ``EDITION``; clusters are the
connected components of that relation, and a whole cluster joins a larger one as excerpts when its canonical member
is contained in the other's. The result depends on the set of documents alone, not on their order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from pipeline.duplicates.bands import EDITION, components, jaccard
from pipeline.duplicates.excerpts import containers, last
from pipeline.hashes import of_bytes
from pipeline.runs import shared
from pipeline.text import sha256

_LONGEST = 10**11
Load = Callable[[int], NDArray[np.uint32]]


class Relation(StrEnum):
    """What a member is to the canonical member of its cluster."""

    SAME = "same"  # the same shingles: nothing but case, punctuation and layout differs
    EDITION = "edition"  # a Jaccard similarity of .6 or more, to it or along a chain of members
    EXCERPT = "excerpt"  # at least .75 of its shingles stand in a larger document


@dataclass(frozen=True, slots=True)
class Membership:
    """One document in its cluster; a document without near-duplicates is a cluster of its own.

    ``similarity`` to the canonical member, 0 to 1: for an excerpt the share of its own shingles found there, else
    the Jaccard similarity. Along a chain of editions it can be below .6.
    """

    cluster_id: str
    doc_id: str
    is_canonical: bool
    similarity: float
    relation: Relation


def canonical_order(published: str | None, body_length: int) -> str:
    """The sort key by which the least member of a cluster is canonical: earliest known day of publication, then the
    longest body, up to 10**11 characters; documents without a full date come after all that have one. The least
    document id decides between equals."""
    day = published[:10] if published and len(published) >= 10 and published[:4].isdigit() else "9999-99-99"
    return f"{day} {_LONGEST - body_length:012}"


def cluster_id(doc_id: str) -> str:
    """The name of the cluster whose canonical member is the given document."""
    return sha256(doc_id)[:16]


def identity(order_key: str, doc_id: str) -> int:
    """A 64-bit hash of a document and what sorts it: two that are equal come before and after the same others."""
    return of_bytes(f"{order_key}\x1f{doc_id}".encode("utf-8", "surrogatepass"))


def cluster(
    doc_ids: Sequence[str],
    signatures: NDArray[np.uint32],
    shingles: Load,
    order_keys: Sequence[str],
) -> list[Membership]:
    """The cluster of every document, sorted by document id; independent of the order of the arguments.

    ``signatures`` has shape (documents, 128); ``shingles(i)`` gives the sorted shingle hashes of document ``i`` and
    is called a few times for each; the least of ``order_keys`` (then of ``doc_ids``) in a cluster is canonical, but
    an excerpt never is. A cluster's id is a hash of its canonical document's id.
    """
    if not len(doc_ids) == len(signatures) == len(order_keys):
        raise ValueError("doc_ids, signatures and order_keys differ in length")
    order = sorted(range(len(doc_ids)), key=lambda index: (order_keys[index], doc_ids[index]))

    def load(rank: int) -> NDArray[np.uint32]:
        return shingles(order[rank])

    roots = components(np.asarray(signatures)[order], load)
    candidates = sorted(set(roots))
    holders = containers(candidates, np.array([len(load(candidate)) for candidate in candidates], dtype=np.int64), load)
    members = []
    for rank, root in enumerate(roots):
        head = last(root, holders)
        relation, similarity = _relation(load, rank, head, is_excerpt=head != root)
        members.append(
            Membership(cluster_id(doc_ids[order[head]]), doc_ids[order[rank]], rank == head, similarity, relation)
        )
    return sorted(members, key=lambda member: member.doc_id)


def _relation(load: Load, rank: int, head: int, *, is_excerpt: bool) -> tuple[Relation, float]:
    if rank == head:
        return Relation.SAME, 1.0
    own, canonical = load(rank), load(head)
    if is_excerpt:
        return Relation.EXCERPT, shared(own, canonical) / len(own)
    similarity = jaccard(own, canonical)
    return (Relation.SAME if similarity == 1.0 else Relation.EDITION), similarity


__all__ = ["EDITION", "Membership", "Relation", "canonical_order", "cluster", "cluster_id", "identity"]
