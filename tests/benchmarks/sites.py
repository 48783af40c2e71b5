"""What a site's own pages add: the same pages cleaned alone and with the profile of their site.

    python -m tests.benchmarks.sites CACHE

Two measurements. *Real*: word F1 on every site with three or more pages in the corpora, as HTML and as plain text.
*Invented*: stories of the corpora inside ten invented templates each, so that every story stands on ten sites, with
pages among them that were fetched twice; which blocks of the template go and which of the story are lost.

The models are trained anew without any page of the sites that are measured: all with two pages or more, as the
weights of evidence were learnt there, and by turns two quarters of the others, which give the stories. They are kept
in the folder CACHE.
"""

from __future__ import annotations

import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from pipeline import duplicates, sites, steps, trees
from pipeline.learning import html as learn_html
from pipeline.learning import text as learn_text
from pipeline.learning.scores import word_score
from pipeline.learning.text_data import read_pages
from pipeline.model import Document, Evidence, Hints, MediaType, Page, Role
from pipeline.store import seeds
from pipeline.text import block_key, sha256
from tests.benchmarks import templates
from tests.conftest import SHARED

CORPORA = SHARED / "corpora"
NAMES = ("wcxb_dev", "fundus_parser")
OTHERS = ("trafilatura_eval",)  # pages that only teach
STORIES = 200
QUARTERS = 4
TURNS = 2  # this many quarters of the small sites give stories to the invented ones, each unseen by models of its own
LEAST_PAGES = 3


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A page with the text that is wanted of it, or the keys of its story's blocks; ``turn`` says which models have
    not seen it."""

    document: Document
    wanted: str = ""
    story: frozenset[str] = frozenset()
    turn: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """A page as it looks alone."""

    case: Case
    document: Document
    page: Page
    keys: NDArray[np.uint64]
    shingles: NDArray[np.uint64]


def site_of_pages() -> dict[str, str]:
    """The site of every page of the corpora by its id."""
    return {
        row["id"]: row["site"]
        for name in NAMES
        for row in pq.read_table(CORPORA / f"{name}.parquet", columns=["id", "site"]).to_pylist()
    }


def quarter(site: str) -> int:
    return int(sha256(site)[:8], 16) % QUARTERS


def document(name: str, site: str, source: str, media_type: MediaType) -> Document:
    return Document(name, name, media_type, "utf-8", "", source, hints=Hints(site=site))


def real_html(measured: set[str]) -> Iterator[Case]:
    for name in NAMES:
        for row in pq.read_table(CORPORA / f"{name}.parquet").to_pylist():
            if row["site"] in measured:
                source = row["html"].decode("utf-8", "replace")
                yield Case(document(row["id"], row["site"], source, MediaType.HTML), row["main_text"])


def real_text(measured: set[str], site_of: dict[str, str]) -> Iterator[Case]:
    for page in read_pages(CORPORA):
        if site_of[page.page_id] in measured:
            site = f"{site_of[page.page_id]} {page.rendering}"
            yield Case(document(page.page_id, site, "\n".join(page.lines), MediaType.TEXT), page.main_text)


def stories(site_of: dict[str, str], small: set[str]) -> list[tuple[templates.Story, int]]:
    """Articles of small sites with their titles, and the turn of the models that have not seen them."""
    found = {}
    for page in read_pages(CORPORA):
        site = site_of[page.page_id]
        if page.page_type != "article" or not page.title or site not in small or quarter(site) >= TURNS:
            continue
        paragraphs = tuple(line.strip() for line in page.main_text.split("\n") if block_key(line))
        if 4 <= len(paragraphs) <= 90 and block_key(page.title) not in map(block_key, paragraphs):
            found[page.title] = (templates.Story(page.title, paragraphs), quarter(site))
    return [found[title] for title in sorted(found)][:STORIES]


def invented(told: Sequence[tuple[templates.Story, int]], media_type: MediaType) -> Iterator[Case]:
    """Every story on every invented site; one page in ten is fetched twice with another sidebar."""
    rng = random.Random(5)
    for number in range(len(templates.OUTLETS)):
        site = templates.template(number)
        for index, (story, turn) in enumerate(told):
            titles = [other.title for other, _ in told if other is not story]
            for fetch in range(2 if index % 10 == number else 1):
                parts = templates.page(site, story, titles, rng)
                source = templates.as_text(parts) if media_type is MediaType.TEXT else templates.as_html(parts)
                own = frozenset(block_key(text) for part in parts if part.is_story for text in part.texts)
                name = f"{site.site}/{index:03}-{fetch}"
                yield Case(document(name, site.site, source, media_type), story=own, turn=turn)


def kits(cache: Path, site_of: dict[str, str], small: set[str]) -> list[steps.Kit]:
    """For each turn the kit whose models have seen no page of its quarter of the ``small`` sites, nor of the others."""
    base = seeds.load_kit(seeds.Options())
    found = []
    for turn in range(TURNS):
        seen = {site for site in small if quarter(site) != turn}
        html, text = train(cache, turn, seen, site_of)
        found.append(replace(base, html_models=trees.load(html), text_models=trees.load(text)))
    return found


def train(cache: Path, turn: int, seen: set[str], site_of: dict[str, str]) -> tuple[bytes, bytes]:
    """The models for HTML and text of a turn, from the cache where they are there."""
    html, text = (cache / f"{kind}{turn}.npz" for kind in ("html", "text"))
    if not html.exists():
        folder = cache / f"train{turn}"
        folder.mkdir(parents=True, exist_ok=True)
        measured = pa.array(sorted(set(site_of.values()) - seen))
        for name in (*NAMES, *OTHERS):
            table = pq.read_table(CORPORA / f"{name}.parquet")
            pq.write_table(table.filter(pc.invert(pc.is_in(table["site"], measured))), folder / f"{name}.parquet")
        learn_html.train([folder], html)
    if not text.exists():
        pages = [page for page in read_pages(CORPORA) if site_of[page.page_id] in seen]
        text.write_bytes(trees.dump(learn_text.fit_models(learn_text.samples(pages))))
    return html.read_bytes(), text.read_bytes()


def read(cases: Iterable[Case], turns: Sequence[steps.Kit]) -> dict[str, list[Read]]:
    """The pages by site, each looked at alone."""
    found: dict[str, list[Read]] = defaultdict(list)
    for case in cases:
        kit = turns[case.turn]
        located, page = steps.read_page(case.document, kit)
        texts = [block.text for block in page.blocks]
        story = "\n".join(text for text, score in zip(texts, page.scores, strict=True) if score >= kit.policy.threshold)
        keys = sites.block_keys(texts, [block.path for block in page.blocks])
        found[case.document.hints.site or ""].append(Read(case, located, page, keys, duplicates.shingle_hashes(story)))
    return found


def profile(by_site: dict[str, list[Read]]) -> sites.Profile:
    """The profile of all sites, stories counted once."""
    pages = [(site, one) for site, members in by_site.items() for one in members]
    names = [f"{site} {one.document.doc_id}" for site, one in pages]
    members = duplicates.cluster(
        names,
        np.array([duplicates.minhash(one.shingles) for _, one in pages]),
        lambda index: pages[index][1].shingles,
        [()] * len(pages),
    )
    found = {member.doc_id: member for member in members}
    counted = sites.counted_pages(
        sites.StoryPage(name, site, found[name].cluster_id, found[name].relation is duplicates.Relation.EXCERPT)
        for name, (site, _) in zip(names, pages, strict=True)
    )
    return sites.count((site, name in counted, one.keys) for name, (site, one) in zip(names, pages, strict=True))


def cleaned(one: Read, evidence: Sequence[Evidence], kit: steps.Kit) -> steps.Decided:
    return steps.decide(one.document, one.page, evidence, kit)


def measure_real(title: str, by_site: dict[str, list[Read]], kit: steps.Kit) -> None:
    """Prints the mean word F1 of each site alone and with its profile."""
    known = profile(by_site)
    rows = []
    for site, members in sorted(by_site.items()):
        scores = [
            [
                word_score(cleaned(one, seen, kit).text, one.case.wanted).f1
                for seen in ((), known.evidence(site, one.keys))
            ]
            for one in members
        ]
        alone, together = np.mean(scores, axis=0)
        rows.append((site, len(members), alone, together))
    print(f"\n{title}: word F1 alone, with the site, gain")
    for site, pages, alone, together in rows:
        print(f"  {site:36} {pages:3} pages  {alone:.3f}  {together:.3f}  {together - alone:+.3f}")
    gains = np.array([together - alone for *_, alone, together in rows])
    means = np.mean([row[2:] for row in rows], axis=0)
    print(f"  {len(rows)} sites: {means[0]:.4f} -> {means[1]:.4f}; fell by more than .005: {(gains < -0.005).sum()}")


def measure_invented(title: str, by_site: dict[str, list[Read]], kit: steps.Kit) -> None:
    """Prints how much of the templates goes and how much of the stories is lost, alone and with the site."""
    known = profile(by_site)
    counts: Counter[str] = Counter()
    for site, members in by_site.items():
        for one in members:
            tally(counts, one, known.evidence(site, one.keys), kit)
    print(f"\n{title}: {counts['pages']} pages, {counts['template']} template blocks, {counts['story']} story blocks")
    for how in ("alone", "with the site"):
        removed = counts[f"template removed {how}"] / counts["template"]
        lost = counts[f"story lost {how}"] / counts["story"]
        print(f"  {how:13}  template removed {removed:.4f}  story lost {lost:.4f}")
    print(f"  story blocks that the site lost {counts['lost by the site'] / counts['story']:.5f}")


def tally(counts: Counter[str], one: Read, evidence: Sequence[Evidence], kit: steps.Kit) -> None:
    alone, together = (cleaned(one, seen, kit).judged for seen in ((), evidence))
    counts["pages"] += 1
    for first, second in zip(alone, together, strict=True):
        is_story = block_key(first.block.text) in one.case.story
        gone = [found.verdict.role is Role.REMOVED for found in (first, second)]
        counts["story" if is_story else "template"] += 1
        for how, removed in zip(("alone", "with the site"), gone, strict=True):
            counts[f"{'story lost' if is_story else 'template removed'} {how}"] += removed
        counts["lost by the site"] += is_story and gone[1] and not gone[0]


def main(cache: Path) -> None:
    if not CORPORA.exists():
        sys.exit("needs the corpora of the shared data folder (WINNOW_SHARED)")
    site_of = site_of_pages()
    sizes = Counter(site_of.values())
    small = {site for site, pages in sizes.items() if pages == 1}
    measured = {site for site, pages in sizes.items() if pages >= LEAST_PAGES}
    turns = kits(cache, site_of, small)
    told = stories(site_of, small)
    print(f"{len(measured)} sites of three pages or more; {len(told)} stories for the invented sites")
    measure_real("Real, HTML", read(real_html(measured), turns), turns[0])
    measure_real("Real, plain text", read(real_text(measured, site_of), turns), turns[0])
    for media_type in MediaType:
        measure_invented(f"Invented, {media_type.value}", read(invented(told, media_type), turns), turns[0])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
