"""Main content of an HTML page: scores from the page alone, and verdicts once its site has been asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from msgspec import structs
from numpy.typing import NDArray

from pipeline.classify import html_context, html_page, html_paths, html_worth
from pipeline.classify.html_empty import emptiness
from pipeline.classify.html_verdicts import judge
from pipeline.classify.text_explain import strongest
from pipeline.model import THREAD, Document, Page, Segmented
from pipeline.trees import Forest

__all__ = ["explain", "judge", "score", "seen_story", "with_story"]

# The forests of the model file: each block alone, what the words of its path weigh, the block in context; the page's
# kind, and its expected F1.
ALONE = "html.alone"
PATHS = "html.paths"
CONTEXT = "html.context"
KIND = "html.kind"
CONFIDENCE = "html.confidence"
# Where the last one keeps how often a page that seems to be without main content is.
EMPTY = "empty"
CONTEXT_NAMES = (*html_context.NAMES, *html_paths.NAMES, *html_paths.BRANCH_NAMES)
KINDS = ("article", "collection", "documentation", "forum", "listing", "product", "service")
# A block that scores below this alone is not looked at again.
HOPELESS = 0.04
_LIKELY = 0.5
# What a page shows in place of a story that stands in its scripts scores no more than this.
_SET_ASIDE = 0.05


def score(document: Document, segmented: Segmented, models: Mapping[str, Forest]) -> Page:
    """A page with the probability, 0 to 1, that each block is main content, from this page alone.

    ``models`` must hold the forests named above. ``empty_because`` is set for pages without main content: error
    pages, captchas, walls and shells.
    """
    if not segmented.blocks:
        return _no_page(document, segmented, models[CONFIDENCE].extra[EMPTY][0])
    names = models[ALONE].names
    features = segmented.features[:, : len(names)]
    first = models[ALONE].probability(features)
    scores = in_context(first, _context(segmented, first, models), models[CONTEXT])
    empty = emptiness(segmented.blocks, scores)
    sure = models[CONFIDENCE]
    worth = html_worth.describe(names, features, first, scores, [block.path for block in segmented.blocks])
    return Page(
        blocks=segmented.blocks,
        scores=scores,
        metadata=segmented.metadata,
        page_kind=_kind(html_page.describe(names, features, first, scores), models[KIND]),
        confidence=float(sure.probability(worth)[0]) if empty is None else sure.extra[EMPTY][0],
        empty_because=empty,
        parser=segmented.parser,
    )


def explain(segmented: Segmented, models: Mapping[str, Forest]) -> tuple[tuple[str, ...], ...]:
    """For each block the features that moved its score furthest, strongest first, with the direction.

    For a person who looks at one page: it costs more than all the rest.
    """
    if not segmented.blocks:
        return ()
    names = models[ALONE].names
    features = segmented.features[:, : len(names)]
    first = models[ALONE].probability(features)
    rows = _context(segmented, first, models)
    alone = strongest(models[ALONE], models[ALONE].leaves(features))
    seen = iter(strongest(models[CONTEXT], models[CONTEXT].leaves(rows)))
    return tuple(next(seen) if value >= HOPELESS else told for value, told in zip(first, alone, strict=True))


def seen_story(page: Page) -> int | None:
    """How many characters of a page's visible text are likely its story; ``None`` for a page without one."""
    if page.empty_because is not None:
        return None
    return sum(len(block.text) for block, value in zip(page.blocks, page.scores, strict=True) if value >= _LIKELY)


def with_story(page: Page, document: Document, hidden: Segmented, models: Mapping[str, Forest]) -> Page:
    """A page with the blocks of a story from its scripts behind those that a reader sees, and these set aside.

    The page itself if the story does not hold up as one.
    """
    story = score(document, hidden, models)
    if story.empty_because is not None:
        return page
    own = [index for index, block in enumerate(story.blocks) if block.mark != "title"]
    start = page.blocks[-1].end + 1 if page.blocks else 0
    blocks = list(page.blocks)
    for index in own:
        text = story.blocks[index].text
        blocks.append(structs.replace(story.blocks[index], ordinal=len(blocks), start=start, end=start + len(text)))
        start += len(text) + 1
    return replace(
        story,
        # No name or date about the posts of a thread tells the model what they are.
        page_kind="forum" if story.blocks[0].path.startswith(THREAD) else story.page_kind,
        blocks=tuple(blocks),
        scores=np.concatenate([np.minimum(page.scores, _SET_ASIDE), story.scores[own]]).astype(np.float32),
        metadata=replace(page.metadata, origins=(*page.metadata.origins, *hidden.metadata.origins)),
        parser=page.parser,
    )


def _context(segmented: Segmented, first: NDArray[np.float32], models: Mapping[str, Forest]) -> NDArray[np.float32]:
    paths = [block.path for block in segmented.blocks]
    weight = html_paths.weights(models[PATHS]).get
    return context_rows(models[ALONE].names, segmented.features, first, paths, weight)


def in_context(first: NDArray[np.float32], rows: NDArray[np.float32], forest: Forest) -> NDArray[np.float32]:
    """The scores of a page's blocks among each other, given what each scored alone; the hopeless keep theirs.

    ``rows`` are those of ``context_rows``.
    """
    scores = first.copy()
    scores[first >= HOPELESS] = forest.probability(rows)
    return scores


def context_rows(
    names: Sequence[str],
    features: NDArray[np.float32],
    first: NDArray[np.float32],
    paths: Sequence[str],
    weight: Callable[[str], float | None],
) -> NDArray[np.float32]:
    """The rows of the context step for the blocks that are not hopeless, of columns ``names`` and ``CONTEXT_NAMES``.

    They are the features of each block called ``names``, the first scores around it, what the words of its path
    weigh (see ``html_paths.describe``), and where that branches off from the story. The columns of ``features``
    beyond ``names`` are the spans that ``html_context.context`` reads.
    """
    own = features[:, : len(names)]
    words = own[:, names.index("words")]
    headings = np.any(own[:, [names.index(f"leaf_h{level}") for level in range(1, 7)]] > 0, axis=1)
    size = np.maximum(words.astype(np.float64), 1.0)
    hopeful = np.flatnonzero(first >= HOPELESS)
    return np.hstack(
        [
            own[hopeful],
            html_context.context(first, words, headings, features[:, len(names) :])[hopeful],
            html_paths.describe([paths[place] for place in hopeful.tolist()], weight),
            html_paths.branches(paths, first.astype(np.float64) * size, size)[hopeful],
        ]
    )


def _kind(row: NDArray[np.float32], forest: Forest) -> str:
    """The likeliest kind: the trees of a forest over several classes take turns."""
    values = forest.value.take(forest.leaves(row))[0].reshape(-1, len(KINDS))
    return KINDS[int(values.sum(axis=0).argmax())]


def _no_page(document: Document, segmented: Segmented, confidence: float) -> Page:
    return Page(
        blocks=(),
        scores=np.zeros(0, np.float32),
        metadata=segmented.metadata,
        page_kind="empty",
        confidence=confidence,
        empty_because="no visible text" if document.source.strip() else "empty source",
        parser=segmented.parser,
    )
