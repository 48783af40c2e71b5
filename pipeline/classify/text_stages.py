"""The two stages of the line classifier over the parts of its model, as training and cleaning both run them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from pipeline import glyphs
from pipeline.classify import text_context
from pipeline.classify.text_net import read_net
from pipeline.glyphs import Glyphs
from pipeline.model import Segmented
from pipeline.trees import Forest

WORDS, ALONE, CONTEXT = "text-words", "text-alone", "text-context"
VECTORS, NET = "text-vectors", "text-net"
NET_SHARE = 0.5
"""Of the log-odds of a line that the network doubts; the trees have the rest. In a fold the trees alone are .007 of
word F1 behind the two together, the network alone .004."""
_SURE, _SUREST = 2.0, 4.0
"""Log-odds: of what the network is surer of the trees are not asked, which saves most of their time. Of lines of other
sites that it is surer of than the second it is right about as often as for these."""
_OF_SURE = 0.85
"""The trees are less sure of such lines than the network."""
_FEW = 25
"""Lines: of a shorter page, where the network has little to look at, the trees are asked of every line."""
LEXICAL_NAMES = ("lexical_mean", "lexical_sum", "lexical_low", "lexical_high")

Floats = NDArray[np.float32]


def lexical_features(page: Glyphs, weights: Floats) -> Floats:
    """How the words of each line speak for the story: mean, sum, lowest and highest weight.

    ``weights`` holds a log-odds for each of the ``1 << BUCKET_BITS`` word buckets.
    """
    values = weights.take(page.buckets)
    out = np.zeros((len(LEXICAL_NAMES), len(page.starts)), dtype=np.float32)
    mean, total, low, high = out
    total[:] = page.per_line_of_words(values)
    np.divide(total, np.maximum(page.word_counts, 1), out=mean)
    np.minimum.at(low, page.word_lines, values)
    np.maximum.at(high, page.word_lines, values)
    return out.T


def alone_rows(segmented: Segmented, page: Glyphs, weights: Floats) -> Floats:
    """The rows of the first stage: the features of each line, and what its words say."""
    return np.concatenate([segmented.features, lexical_features(page, weights)], axis=1)


def context_rows(rows: Floats, names: tuple[str, ...], alone: Floats, page: Glyphs) -> Floats:
    """The rows of the second stage: those of the first, and the neighbourhood."""
    return np.concatenate([rows, text_context.context_features(rows, names, alone, page)], axis=1)


def predict(segmented: Segmented, models: Mapping[str, Forest]) -> tuple[Floats, Floats]:
    """The probability of main content for each block, and the rows of the second stage."""
    page = glyphs.read([block.text for block in segmented.blocks])
    first, second = models[ALONE], models[CONTEXT]
    rows = alone_rows(segmented, page, models[WORDS].value)
    alone = first.probability(rows)
    full = context_rows(rows, first.names, alone, page)
    net = read_net(models[VECTORS], models[NET]).odds(full, alone, page)
    net = np.minimum(np.maximum(net, -_SUREST), _SUREST)
    doubtful = (np.abs(net) < (_SURE if len(net) >= _FEW else np.inf)).nonzero()[0]
    odds = np.float64(_OF_SURE) * net
    trees = second.margin(full.T.take(doubtful, axis=1).T)
    odds[doubtful] = (1.0 - NET_SHARE) * trees + NET_SHARE * net.take(doubtful)
    return (1.0 / (1.0 + np.exp(-odds))).astype(np.float32), full
