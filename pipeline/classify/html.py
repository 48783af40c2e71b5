"""Main content of an HTML page: scores from the page alone, and verdicts once its site has been asked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.classify import html_page
from pipeline.classify.html_context import context
from pipeline.classify.html_verdicts import judge
from pipeline.model import Block, Document, Page, Segmented
from pipeline.trees import Forest

__all__ = ["judge", "score"]

# The forests of the model file: each block alone, then in context; the page's kind, and its expected F1.
ALONE = "html.alone"
CONTEXT = "html.context"
KIND = "html.kind"
CONFIDENCE = "html.confidence"
KINDS = ("article", "collection", "documentation", "forum", "listing", "product", "service")
# A block that scores below this alone is not looked at again.
HOPELESS = 0.04
# Content of fewer letters, on a page whose best blocks are doubtful, is no content. An ideograph counts as three.
_LEAST_LETTERS = 50
_DOUBTFUL = 0.4
_IDEOGRAPH = re.compile(r"[\u2e80-\ud7ff]")
_WALL = re.compile(
    r"captcha|are you (?:a )?(?:human|robot)|verify you are human|access denied|forbidden|page not found|404|"
    r"seite nicht gefunden|enable (?:javascript|cookies)|checking your browser|just a moment|unusual traffic",
    re.I,
)
_WALL_LETTERS = 1000


def score(document: Document, segmented: Segmented, models: Mapping[str, Forest]) -> Page:
    """A page with the probability, 0 to 1, that each block is main content, from this page alone.

    ``models`` must hold the forest ``html.blocks``. ``empty_because`` is set for pages without main content: error
    pages, captchas, walls and shells.
    """
    if not segmented.blocks:
        return _no_page(document, segmented)
    names = models[ALONE].names
    features = segmented.features[:, : len(names)]
    first = models[ALONE].probability(features)
    scores = in_context(names, segmented.features, first, models[CONTEXT])
    row = html_page.describe(names, features, first, scores)
    return Page(
        blocks=segmented.blocks,
        scores=scores,
        metadata=segmented.metadata,
        page_kind=_kind(row, models[KIND]),
        confidence=float(models[CONFIDENCE].probability(row)[0]),
        explanations=tuple(() for _ in segmented.blocks),
        empty_because=_emptiness(segmented.blocks, scores, document),
        parser=segmented.parser,
    )


def in_context(
    names: Sequence[str], features: NDArray[np.float32], first: NDArray[np.float32], forest: Forest
) -> NDArray[np.float32]:
    """The scores of a page's blocks among each other, given what each scored alone; the hopeless keep theirs."""
    hopeful = first >= HOPELESS
    scores = first.copy()
    scores[hopeful] = forest.probability(context_rows(names, features, first)[hopeful])
    return scores


def context_rows(
    names: Sequence[str], features: NDArray[np.float32], first: NDArray[np.float32]
) -> NDArray[np.float32]:
    """The rows of the context step: the features of each block called ``names``, and the first scores around it.

    The columns of ``features`` beyond ``names`` are the spans that ``html_context.context`` reads.
    """
    own = features[:, : len(names)]
    headings = np.any(own[:, [names.index(f"leaf_h{level}") for level in range(1, 7)]] > 0, axis=1)
    return np.hstack([own, context(first, own[:, names.index("words")], headings, features[:, len(names) :])])


def _kind(row: NDArray[np.float32], forest: Forest) -> str:
    """The likeliest kind: the trees of a forest over several classes take turns."""
    values = forest.value.take(forest.leaves(row))[0].reshape(-1, len(KINDS))
    return KINDS[int(values.sum(axis=0).argmax())]


def _no_page(document: Document, segmented: Segmented) -> Page:
    return Page(
        blocks=(),
        scores=np.zeros(0, np.float32),
        metadata=segmented.metadata,
        page_kind="empty",
        confidence=1.0,
        empty_because="no visible text" if document.source.strip() else "empty source",
        parser=segmented.parser,
    )


def _emptiness(blocks: Sequence[Block], scores: NDArray[np.float32], document: Document) -> str | None:
    count = sum(_letters(block.text) for block in blocks)
    kept = sum(_letters(block.text) for block, value in zip(blocks, scores, strict=True) if value >= _DOUBTFUL)
    if count <= _WALL_LETTERS and any(_WALL.search(block.text) for block in blocks):
        return "error page, captcha or wall"
    if kept < _LEAST_LETTERS:
        return "no main content: menus or a shell"
    return None


def _letters(text: str) -> int:
    return len(text) if text.isascii() else len(text) + 2 * len(_IDEOGRAPH.findall(text))
