"""How much the recurrence of a block says about what it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import exp, lgamma, log, log1p

import numpy as np
from numpy.typing import NDArray

from pipeline.model import Evidence
from pipeline.text import words as words_of

_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")

# Beta-binomial rates at which a block recurs on the other stories of its site, by class. The parameters are
# exp(first + second * ln(1 + words)). Fitted by maximum likelihood, sites weighted by the root of their lines, on the
# lines of all sites of the corpora with two or more pages and on random subsets of their pages.
_TEMPLATE = ((-0.75, -0.80), (-2.09, 0.12))
_STORY = ((0.17, -1.80), (-0.54, 0.59))

# In words. The fit saw few longer lines; below two words its rates cross and recurrence would speak for the story.
_SHORTEST, _LONGEST = 2, 60
_MOST = 6.0
# A lone word is a label that stories of one format share ("Ingredients", "Pros") as often as an entry of a menu, and
# in scrapes with a line per text node a piece of a sentence.
_LABEL = 0.3


def template_log_odds(evidence: Evidence, words: int) -> float:
    """Log-odds to take from a page's own log-odds that a block is main content: positive speaks for the template.

    It is the log-likelihood ratio of ``seen_on`` of ``site_pages`` between template and story blocks of that many
    words, made cautious: one other story weighs at most 3 for a line of few words and 1 for a long one, and each
    further story adds as much, up to 6. It never falls when a block is seen on more stories of the same number. A
    block seen on no other story weighs nothing: captions, bylines and teasers belong to one story too, and on news
    sites any bonus for what stands nowhere else let more of them in than it saved of the story.
    """
    others, rest = evidence.seen_on - 1, evidence.site_pages - 1
    if rest < 1 or others < 1:
        return 0.0
    others = min(others, rest)
    ratio = _log_likelihood(others, rest, words, _TEMPLATE) - _log_likelihood(others, rest, words, _STORY)
    # Many stories are evidence even where they are a small part of a giant site, which the fit has not seen: at most
    # twelve pages of a site are at hand. Formulae that stories share have few words.
    many = log(others) * min(1.0, max(0.0, (words - 2) / 6))
    allowed = others * min(3.0, max(1.0, 3.0 - words / 15))
    return max(0.0, min(max(ratio, many), allowed, _MOST)) * (_LABEL if words < _SHORTEST else 1.0)


def weigh(scores: NDArray[np.float32], evidence: Sequence[Evidence], texts: Sequence[str]) -> NDArray[np.float32]:
    """The probability that each block of a page is main content, shape (blocks,), once its site is known.

    ``scores`` are the probabilities from the page alone; log-odds add up, as the page's own features and recurrence
    say different things of a block.
    """
    own = np.clip(scores.astype(np.float64), 1e-6, 1 - 1e-6)
    odds = np.log(own / (1 - own)) - template_weights(evidence, texts)
    return (1 / (1 + np.exp(-odds))).astype(np.float32)


def template_weights(evidence: Sequence[Evidence], texts: Sequence[str]) -> NDArray[np.float32]:
    """``template_log_odds`` of each block of a page, shape (blocks,); of scripts that write no space between words, two
    characters count as a word."""
    weights = np.zeros(len(texts), dtype=np.float32)
    found: dict[tuple[int, int, int], float] = {}  # many blocks of a page are of one length and seen equally often
    for place, (seen, text) in enumerate(zip(evidence, texts, strict=True)):
        if seen.seen_on < 2 or seen.site_pages < 2:  # seen on no other story: weighs nothing, whatever its length
            continue
        words = _length(text)
        facts = seen.seen_on, seen.site_pages, words
        if facts not in found:
            found[facts] = template_log_odds(seen, words)
        weights[place] = found[facts]
    return weights


def _length(text: str) -> int:
    unspaced = len(_UNSPACED.findall(text))
    return max(len(words_of(text)), unspaced // 2)


def _log_likelihood(seen: int, of: int, words: int, rates: tuple[tuple[float, float], tuple[float, float]]) -> float:
    """Of a beta-binomial distribution, without the binomial coefficient, which cancels in a ratio."""
    size = log1p(min(max(words, _SHORTEST), _LONGEST))
    a, b = (exp(level + slope * size) for level, slope in rates)
    return _log_beta(seen + a, of - seen + b) - _log_beta(a, b)


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)
