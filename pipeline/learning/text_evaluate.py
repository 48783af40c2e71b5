"""How well the story is found in flattened pages of sites never trained on, beside other methods on the same lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import py3langid

from pipeline.classify import text as classify
from pipeline.learning.scores import word_score
from pipeline.learning.text import FOLDS, SHARE, Sample, fit_models, samples
from pipeline.learning.text_baselines import BASELINES
from pipeline.learning.text_damage import damage, variants
from pipeline.learning.text_data import LabelledPage, document, folds, read_pages
from pipeline.learning.text_flatten import RENDERINGS
from pipeline.learning.text_snippets import read_snippet_pages
from pipeline.model import Evidence
from pipeline.rules import CueTable
from pipeline.settings import Policy
from pipeline.trees import Forest

OURS = "ours"
KINDS = ("news", "articles", "other")
LANGUAGES = ("en", "de", "fr", "es", "zh")
LEAST_PAGES = 10
"""A language with fewer pages stands among the others, unless it is one of ``LANGUAGES``."""
DAMAGED = ("hard-wrapped", "joined", "no-blank-lines", "broken", "cropped")


@dataclass(frozen=True, slots=True)
class Result:
    """What one method made of one page: word F1 against the main text, and lines right, wrong and missed.

    ``promised`` is the confidence of the page, where the method has one.
    """

    page: LabelledPage
    method: str
    variant: str
    f1: float
    hits: int
    extra: int
    missed: int
    promised: float = 0.0


def evaluate(corpus: Path, parts: int = FOLDS) -> str:
    """The table for ``parts`` of the five site-grouped folds: each method, rendering and kind of page."""
    pages, more = read_pages(corpus), read_snippet_pages(corpus)
    results: list[Result] = []
    for part in range(parts):
        own, known = _split(pages, part)
        _, further = _split(more, part)
        models = fit_models(samples([*variants(known, SHARE), *further]))
        results += measure(own, models)
    return render(results)


def _split(pages: Sequence[LabelledPage], part: int) -> tuple[list[LabelledPage], list[LabelledPage]]:
    """The pages of the sites in one fold, and those of all other sites."""
    inside = folds([page.site for page in pages], FOLDS) == part
    return (
        [page for page, flag in zip(pages, inside, strict=True) if flag],
        [page for page, flag in zip(pages, inside, strict=True) if not flag],
    )


def measure(pages: Sequence[LabelledPage], models: Mapping[str, Forest], baselines: bool = True) -> list[Result]:
    """Every method on every page as it is, and ours on damaged articles as well."""
    results: list[Result] = []
    for sample in samples(pages):
        results.append(_ours(sample, models, "as it is"))
        if baselines:
            results += _baselines(sample)
        if sample.page.page_type == "article":
            for kind in DAMAGED:
                results += [_ours(damaged, models, kind) for damaged in samples([damage(sample.page, kind)])]
    return results


def _ours(sample: Sample, models: Mapping[str, Forest], variant: str) -> Result:
    page = classify.score(document(sample.page), sample.segmented, models)
    judged = classify.judge(page, [Evidence()] * len(page.blocks), CueTable(()), Policy())
    keep = [item.verdict.role == "body" and not page.empty_because for item in judged]
    return _result(sample, OURS, variant, keep, page.confidence)


def _baselines(sample: Sample) -> Iterator[Result]:
    lines = [block.text for block in sample.segmented.blocks]
    for name, method in BASELINES.items():
        yield _result(sample, name, "as it is", method(lines))


def _result(sample: Sample, method: str, variant: str, keep: Sequence[bool], promised: float = 0.0) -> Result:
    chosen = np.array(keep, dtype=bool)
    text = "\n".join(block.text for block, flag in zip(sample.segmented.blocks, keep, strict=True) if flag)
    return Result(
        sample.page,
        method,
        variant,
        word_score(text, sample.page.main_text).f1,
        int((chosen & (sample.labels == 1)).sum()),
        int((chosen & (sample.labels == 0)).sum()),
        int((~chosen & (sample.labels == 1)).sum()),
        promised,
    )


def render(results: Sequence[Result]) -> str:
    """The results as text: one row for each group of pages and method.

    ``line P`` and ``line R`` count all lines of a group alike, so that a page with a table of a thousand cells counts
    as fifty others; ``page P`` and ``page R`` are the means of what each page reaches.
    """
    rows = [f"{'pages':34}{'method':14}{'variant':16}{_HEAD}"]
    for title, chosen in _groups():
        for method in (OURS, *BASELINES):
            for variant in ("as it is", *DAMAGED):
                own = [r for r in results if r.method == method and r.variant == variant and chosen(r.page)]
                if own:
                    rows.append(f"{title:34}{method:14}{variant:16}{_figures(own)}")
    return "\n".join([*rows, "", *_pairs(results), "", *_languages(results), "", *_calibration(results)])


def _groups() -> Iterator[tuple[str, Callable[[LabelledPage], bool]]]:
    for rendering in RENDERINGS:
        for title in KINDS:
            yield (
                f"{title} ({rendering})",
                lambda page, r=rendering, t=title: page.rendering == r and _kind(page) == t,  # type: ignore[misc]
            )


def _kind(page: LabelledPage) -> str:
    """One of ``KINDS``."""
    news, articles, other = KINDS
    return news if page.corpus.startswith("fundus") else articles if page.page_type == "article" else other


def _pairs(results: Sequence[Result]) -> list[str]:
    """Ours on the pages that are there in every rendering: what sets these figures apart is the rendering alone."""
    rows = [f"{'pages in both renderings':34}{'n':>5}{'':2}{'  '.join(RENDERINGS)}  difference"]
    for kind in KINDS:
        reached: dict[str, dict[str, float]] = {}
        for r in results:
            if r.method == OURS and r.variant == "as it is" and _kind(r.page) == kind:
                reached.setdefault(r.page.page_id, {})[r.page.rendering] = r.f1
        both = [[own[name] for name in RENDERINGS] for own in reached.values() if own.keys() >= set(RENDERINGS)]
        if both:
            first, second = np.mean(both, axis=0)
            rows.append(f"{kind:34}{len(both):5}{first:12.3f}{second:10.3f}{first - second:+12.4f}")
    return rows


_HEAD = f"{'n':>5}{'word F1':>9}{'line P':>8}{'line R':>8}{'page P':>8}{'page R':>8}"


def _figures(results: Sequence[Result]) -> str:
    hits, extra, missed = (np.array([getattr(r, field) for r in results]) for field in ("hits", "extra", "missed"))
    figures = [float(np.mean([r.f1 for r in results]))]
    for others in (extra, missed):
        figures.append(float(hits.sum() / max((hits + others).sum(), 1)))
    for others in (extra, missed):
        some = hits + others > 0  # a page where nothing was kept has no precision, one without a story no recall
        figures.append(float(np.mean(hits[some] / (hits + others)[some])) if some.any() else 0.0)
    return f"{len(results):5}{figures[0]:9.3f}" + "".join(f"{figure:8.3f}" for figure in figures[1:])


def _languages(results: Sequence[Result]) -> list[str]:
    """News and articles of both renderings by the language of the main text, ours beside the best baseline of each."""
    own = [r for r in results if r.variant == "as it is" and r.page.page_type == "article"]
    texts = {(r.page.corpus, r.page.page_id): r.page.main_text for r in own}
    found = {key: str(py3langid.classify(text[:3000])[0]) for key, text in texts.items()}
    pages = Counter(found.values())
    common = [name for name, _ in pages.most_common() if name in LANGUAGES or pages[name] >= LEAST_PAGES]
    rows = [f"{'news and articles by language':34}{_HEAD}{'best baseline':>24}"]
    for language in [*common, "others"]:
        inside = [r for r in own if language == (name if (name := found[_key(r)]) in common else "others")]
        if inside:
            by_method = {m: [r for r in inside if r.method == m] for m in (OURS, *BASELINES)}
            means = {m: float(np.mean([r.f1 for r in rs])) for m, rs in by_method.items() if rs and m != OURS}
            best = max(means, key=lambda method: means[method], default="")
            rows.append(f"{language:34}{_figures(by_method[OURS])}{best:>16}{means.get(best, 0.0):8.3f}")
    return rows


def _key(result: Result) -> tuple[str, str]:
    return result.page.corpus, result.page.page_id


def _calibration(results: Sequence[Result]) -> list[str]:
    """Promised against reached word F1, in tenths of the promise and of the pages."""
    own = [r for r in results if r.method == OURS and r.variant == "as it is"]
    rows = ["confidence: promised and reached word F1"]
    for low in np.arange(0, 1, 0.1):
        inside = [r for r in own if low <= r.promised < low + 0.1 or (low > 0.85 and r.promised >= 1.0)]
        if inside:
            rows.append(f"  {low:.1f}-{low + 0.1:.1f} {_promise(inside)}")
    own.sort(key=lambda r: r.promised)
    rows.append("the same by tenths of the pages, least sure first, with the share of all lost F1")
    lost = sum(1 - r.f1 for r in own)
    for number, tenth in enumerate(np.array_split(np.arange(len(own)), 10), 1):
        inside = [own[index] for index in tenth]
        if inside:
            rows.append(f"  {number:7} {_promise(inside)} {sum(1 - r.f1 for r in inside) / max(lost, 1e-9):6.2f}")
    return rows


def _promise(results: Sequence[Result]) -> str:
    promised, reached = (float(np.mean([getattr(r, field) for r in results])) for field in ("promised", "f1"))
    return f"{len(results):5} {promised:6.3f} {reached:6.3f}"
