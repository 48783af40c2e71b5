"""Near-duplicates: signatures, clusters, relations, and their independence of order."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.duplicates import (
    SIGNATURE_SIZE,
    Membership,
    Relation,
    canonical_order,
    cluster,
    excerpts,
    shingle_hashes,
    signature,
)
from pipeline.duplicates.shingles import minhash

VOCABULARY = [first + second for first in "bdfgklmnprst" for second in ("ala", "ero", "ino", "ouk", "uth", "yne")]


def story(seed: int, length: int = 200) -> list[str]:
    """Words of an invented story; two seeds share next to nothing."""
    return random.Random(seed).choices(VOCABULARY, k=length)


def edited(words: Sequence[str], share: float, seed: int = 0) -> list[str]:
    """The words with one run replaced, so long that about ``share`` of the shingles remain."""
    changed = round(len(words) * (1 - share))
    return [*story(seed + 10_000, changed), *words[changed:]]


def clustered(texts: dict[str, str], *, published: dict[str, str] | None = None) -> dict[str, Membership]:
    hashes = [shingle_hashes(text) for text in texts.values()]
    members = cluster(
        list(texts),
        np.array([signature(text) for text in texts.values()], dtype=np.uint32).reshape(-1, SIGNATURE_SIZE),
        hashes.__getitem__,
        [canonical_order((published or {}).get(name), len(text)) for name, text in texts.items()],
    )
    return {member.doc_id: member for member in members}


def groups(members: dict[str, Membership]) -> set[frozenset[str]]:
    by_cluster: dict[str, set[str]] = {}
    for member in members.values():
        by_cluster.setdefault(member.cluster_id, set()).add(member.doc_id)
    return {frozenset(names) for names in by_cluster.values()}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The probe landed on Monday.", "the PROBE landed – on Monday"),
        ("Crews rest.  Work resumes at dawn.", "Crews rest.\n\nWork resumes at dawn."),
        ("ﬁrst light was seen", "first light was seen"),
        ("火星探测器已发射。", "火星 探测器 已发射"),
        ("‘It’s the crews’ day’", "'It's the crews' day'"),
    ],
    ids=["case and punctuation", "white space", "compatibility forms", "unspaced script", "form of apostrophes"],
)
def test_layout_does_not_count(one: str, other: str) -> None:
    assert np.array_equal(shingle_hashes(one), shingle_hashes(other))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("-- !", 0),
        ("one", 1),
        ("one two", 1),
        ("one two three", 1),
        ("one two three four", 2),
        ("月球采样", 2),
    ],
)
def test_number_of_shingles(text: str, count: int) -> None:
    assert len(shingle_hashes(text)) == count


def test_an_apostrophe_within_a_word_is_part_of_it() -> None:
    assert not np.array_equal(shingle_hashes("we're all here"), shingle_hashes("we re all here"))
    assert np.array_equal(shingle_hashes("'we''re' all here '"), shingle_hashes("we re all here"))


def test_order_of_words_counts() -> None:
    assert not set(shingle_hashes("alpha beta gamma").tolist()) & set(shingle_hashes("gamma beta alpha").tolist())


def test_hashes_are_the_same_on_every_machine() -> None:
    assert shingle_hashes("a pinned sentence").tolist() == [2769790205]
    assert signature("a pinned sentence")[:3].tolist() == [1076479061, 2773359551, 4126344629]


@given(st.lists(st.sampled_from(VOCABULARY), max_size=60), st.lists(st.sampled_from(VOCABULARY), max_size=60))
def test_signature_of_a_union_is_the_least_of_both(one: list[str], other: list[str]) -> None:
    """The law that makes MinHash mergeable; the two parts share no shingle across their border."""
    first, second = shingle_hashes(" ".join(one)), shingle_hashes(" ".join(other))
    assert np.array_equal(minhash(np.union1d(first, second)), np.minimum(minhash(first), minhash(second)))


def test_signature_estimates_jaccard() -> None:
    one, other = " ".join(story(1, 600)), " ".join(edited(story(1, 600), 0.75))
    both = len(np.intersect1d(shingle_hashes(one), shingle_hashes(other)))
    true = both / len(np.union1d(shingle_hashes(one), shingle_hashes(other)))
    assert abs((signature(one) == signature(other)).mean() - true) < 0.15


RELATIONS = {
    "copy": (" ".join(story(1)).upper(), Relation.SAME),
    "edition": (" ".join(edited(story(1), 0.85)), Relation.EDITION),
    "excerpt": (" ".join(story(1)[20:80]), Relation.EXCERPT),
}


@pytest.mark.parametrize(("text", "relation"), RELATIONS.values(), ids=RELATIONS)
def test_relation_to_the_canonical_member(text: str, relation: Relation) -> None:
    members = clustered({"a/first": " ".join(story(1)), "b/second": text})
    assert members["a/first"].is_canonical
    assert members["b/second"].relation is relation
    assert members["b/second"].cluster_id == members["a/first"].cluster_id
    assert 0.6 <= members["b/second"].similarity <= 1.0


UNRELATED = {
    "half shared": " ".join(edited(story(1), 0.5)),
    "another story": " ".join(story(2)),
    "a short formula": " ".join(story(1)[:12]),
    "nothing": "",
}


@pytest.mark.parametrize("text", UNRELATED.values(), ids=UNRELATED)
def test_what_is_no_near_duplicate(text: str) -> None:
    assert len(groups(clustered({"a": " ".join(story(1)), "b": text}))) == 2


def test_empty_documents_are_not_copies_of_each_other() -> None:
    assert len(groups(clustered({"a": "", "b": "", "c": "..."}))) == 3


def test_no_documents() -> None:
    assert clustered({}) == {}


@pytest.mark.parametrize(
    ("published", "canonical"),
    [
        ({"short": "2024-05-02", "long": "2024-05-03"}, "short"),
        ({"short": "2024-05-02T23:00:00Z", "long": "2024-05-02T01:00:00Z"}, "long"),
        ({"long": "2024-05-03"}, "long"),
        ({"short": "--05-02"}, "long"),
        ({}, "long"),
    ],
    ids=["earliest day", "same day, longer", "dated before undated", "no year is no date", "no dates, longer"],
)
def test_canonical_member(published: dict[str, str], canonical: str) -> None:
    texts = {"short": " ".join(story(1)[:180]), "long": " ".join(story(1))}
    members = clustered(texts, published=published)
    assert [name for name, member in members.items() if member.is_canonical] == [canonical]


def test_an_excerpt_is_never_canonical_however_early() -> None:
    texts = {"teaser": " ".join(story(1)[:60]), "story": " ".join(story(1))}
    members = clustered(texts, published={"teaser": "2024-01-01", "story": "2024-01-02"})
    assert members["story"].is_canonical
    assert members["teaser"].relation is Relation.EXCERPT


def test_an_excerpt_of_an_excerpt_belongs_to_the_whole() -> None:
    whole = story(1, 600)
    members = clustered({"a": " ".join(whole[:40]), "b": " ".join(whole[:150]), "c": " ".join(whole)})
    assert len(groups(members)) == 1
    assert members["a"].similarity == 1.0


def test_excerpts_carry_their_own_copies_along() -> None:
    part = " ".join(story(1)[:60])
    members = clustered({"a": part, "b": part.upper(), "c": " ".join(story(1))})
    assert [members[name].relation for name in "abc"] == [Relation.EXCERPT, Relation.EXCERPT, Relation.SAME]


CORPUS = {
    f"{seed}-{share}": " ".join(edited(story(seed), share, seed)[: 60 if share == 1.0 else None])
    for seed in range(8)
    for share in (0.5, 0.75, 0.8, 0.9, 1.0)
} | {f"{seed}": " ".join(story(seed)) for seed in range(12)}


@settings(max_examples=20)
@given(st.permutations(list(CORPUS)))
def test_clusters_do_not_depend_on_order(names: list[str]) -> None:
    assert clustered({name: CORPUS[name] for name in names}) == clustered(CORPUS)


def test_a_foreign_document_changes_no_other_cluster() -> None:
    before = clustered(CORPUS)
    after = clustered(CORPUS | {"new": " ".join(story(99))})
    assert {name: member for name, member in after.items() if name != "new"} == before


def test_each_cluster_has_one_canonical_member_with_similarity_one() -> None:
    members = clustered(CORPUS)
    assert len(members) == len(CORPUS)
    for names in groups(members):
        heads = [members[name] for name in names if members[name].is_canonical]
        assert len(heads) == 1
        assert heads[0].similarity == 1.0


def test_a_large_group_of_editions_is_one_cluster() -> None:
    base = story(5, 300)
    texts = {f"{index:03}": " ".join([*base[:280], *story(index + 50, 20)]) for index in range(150)}
    assert len(groups(clustered(texts))) == 1


def drawn(numbers: np.random.Generator, count: int) -> list[np.ndarray]:
    """Shingle sets of which many are parts of others, with a little beside."""
    everything = numbers.integers(0, 2**32, 2_000, dtype=np.uint32)
    found = [numbers.choice(everything, 150)]
    while len(found) < count:
        part = numbers.choice(found[numbers.integers(len(found))], numbers.integers(20, 150))
        beside = numbers.choice(everything, numbers.integers(0, 40))
        found.append(np.concatenate([part, beside]) if numbers.random() < 0.6 else numbers.choice(everything, 100))
    return [np.unique(values) for values in found]


@pytest.mark.parametrize("at_a_time", [1, 50, 1_000, 100_000])
@pytest.mark.parametrize("seed", range(3))
def test_no_excerpt_is_missed_however_little_is_held_at_a_time(
    seed: int, at_a_time: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for limit in ("_BLOCK", "_MOST_KEYS", "_MOST_FINDS"):
        monkeypatch.setattr(excerpts, limit, at_a_time)
    sets = drawn(np.random.default_rng(seed), 60)
    wanted: dict[int, tuple[float, int]] = {}
    for one, own in enumerate(sets):
        held = {other: len(np.intersect1d(own, sets[other])) / len(own) for other in range(len(sets))}
        larger = [(share, -other) for other, share in held.items() if len(sets[other]) > len(own)]
        share, other = max(larger, default=(0.0, 0))
        if share >= excerpts.CONTAINED and len(own) >= excerpts.SHORTEST:
            wanted[one] = share, -other
    assert len(wanted) > 10
    sizes = np.array([len(one) for one in sets], dtype=np.int64)
    assert excerpts.containers(range(len(sets)), sizes, lambda number: sets[number]) == wanted


def test_frequencies_are_bounds_up_to_fifteen() -> None:
    """Of shingles in one byte of the table, counted together and one after the other, more often than it can hold."""
    frequency = excerpts._Frequencies(1)
    both = np.array([6, 7], dtype=np.uint32)
    frequency.add(both.repeat(9))
    frequency.add(both[:1])
    assert frequency.of(both).tolist() == [10, 9]
    frequency.add(both.repeat(200))
    frequency.add(both)
    assert frequency.of(np.array([5, 6, 7, 8], dtype=np.uint32)).tolist() == [0, 15, 15, 0]


def test_lengths_must_agree() -> None:
    with pytest.raises(ValueError, match="differ in length"):
        cluster(["a"], np.zeros((2, SIGNATURE_SIZE), dtype=np.uint32), lambda _: np.zeros(0, dtype=np.uint32), [()])
