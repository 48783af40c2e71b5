"""How much the recurrence of a block says about what it is.

The form is additive log-odds. Its figures follow logistic regressions of main content on the page's own score and the
terms below, over the recurring blocks of all sites with two or more pages in the corpora, as HTML and as text, each
block weighted by the root of its site's size; they were then rounded towards caution, so that no site should lose.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from math import log

import numpy as np
from numpy.typing import NDArray

from pipeline.model import Evidence
from pipeline.text import words as words_of

_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_CODE = re.compile(r"[{}=]|\(\)|</|;$")

_LABEL, _PHRASE = 2, 4  # words: fewer than two are a label, fewer than four a phrase
_ALONE, _SHARE, _OTHERS = 0.5, 0.6, 0.3
_COMPANY_OF_PHRASE, _COMPANY_OF_SENTENCE = 1.0, 1.8
_EVERYWHERE = 3.5
_LABELS = 0.5
_FEW = 2
_CODE_WEIGHT = 0.3  # examples of one manual repeat their first lines
_LEAST, _MOST = 0.3, 6.0

# Menus, footers and appeals come in runs; a heading or a formula of the story that recurs stands among what does not.
# Of recurring lines of four words and more that scored .6 to .8 alone, .60 were story where none of the four lines
# about them recurred, .28 beside one or two that did and .08 among four.
_NEAR = 2
_MEMBER_SHARE, _MEMBER_STORIES = 0.1, 5

# Shop pages, cards of games and lists are made of parts that recur for good reasons: there little is certain from the
# page alone, or most of what is likely would go. Then only what stands on many stories is taken.
_LEAST_CONFIDENCE = 0.65
_MOST_TAKEN = 0.4
_LIKELY = 0.4
_MANY = 8


def weigh(
    scores: NDArray[np.float32], confidence: float, evidence: Sequence[Evidence], texts: Sequence[str]
) -> tuple[Evidence, ...]:
    """The evidence on each block of a page with what it weighs.

    ``scores`` are the probabilities of main content from the page alone, ``confidence`` is the word F1 expected of
    them. A block seen on no other story weighs nothing: captions, bylines and teasers belong to one story too, and any
    bonus for what stands nowhere else let more of them in than it saved of the story.
    """
    company = _company(evidence)
    weights = np.zeros(len(evidence))
    sizes = np.array([len(text) for text in texts], dtype=np.float64)
    for place, seen in enumerate(evidence):
        if seen.seen_on > 1:
            weight = template_log_odds(seen, _length(texts[place]), company[place])
            weights[place] = weight * (_CODE_WEIGHT if _CODE.search(texts[place]) else 1.0)
    weights[weights < _LEAST] = 0.0
    if confidence < _LEAST_CONFIDENCE or _taken(scores.astype(np.float64), sizes, weights) > _MOST_TAKEN:
        weights[[seen.seen_on <= _MANY for seen in evidence]] = 0.0
    return tuple(
        replace(seen, weight=weight) if weight else seen
        for seen, weight in zip(evidence, weights.tolist(), strict=True)
    )


def template_log_odds(evidence: Evidence, words: int, company: float = 0.0) -> float:
    """Log-odds to take from a page's own log-odds that a block is main content, 0 to 6.

    It rises with the number of other stories that hold the block and with their share of the site's, and with
    ``company``, the share of the blocks about it that recur too. A block on one other story weighs little unless it
    stands in a run; single words weigh only in runs that many stories share, as stories of one format have labels in
    common ("Ingredients", "Pros"). It never falls when a block is seen on more stories of the same number.
    """
    others, rest = evidence.seen_on - 1, evidence.site_pages - 1
    if rest < 1 or others < 1:
        return 0.0
    others = min(others, rest)
    run = company * company
    if words < _LABEL:
        return min(_LABELS * run * log(others), _MOST)
    weight = _ALONE + _OTHERS * log(others) + _SHARE * log(others / rest)
    if words < _PHRASE:
        weight += run * _COMPANY_OF_PHRASE
    else:  # an appeal amid the story has no company; standing on nearly all of many stories serves as well
        share = min(1.0, others / _MANY) * others / rest
        weight += max(run * _COMPANY_OF_SENTENCE, share * share * _EVERYWHERE)
    # Many stories are evidence even where they are a small part of a giant site. Formulae that stories share have
    # few words, and a headline stands in the sidebars of a few other stories as well as on its own.
    many = log(others / _FEW) * min(1.0, (words - 2) / 6)
    return max(0.0, min(max(weight, many), _MOST))


def _company(evidence: Sequence[Evidence]) -> NDArray[np.float64]:
    """For each block, the share of the two blocks above and the two below it that recur; blocks without a letter are
    passed over. A chance hit among the stories of a large site does not count."""
    member = np.array([_recurs(seen) for seen in evidence], dtype=np.float64)
    lettered = np.flatnonzero([seen.seen_on > 0 for seen in evidence])
    count = len(lettered)
    padded = np.zeros(count + 2 * _NEAR)
    padded[_NEAR : _NEAR + count] = member[lettered]
    shifts = [shift for shift in range(2 * _NEAR + 1) if shift != _NEAR]
    result = np.zeros(len(evidence))
    result[lettered] = sum((padded[shift : shift + count] for shift in shifts), np.zeros(count)) / len(shifts)
    return result


def _recurs(seen: Evidence) -> bool:
    least = min(_MEMBER_STORIES, max(1.0, _MEMBER_SHARE * (seen.site_pages - 1)))
    return seen.seen_on - 1 >= least


def _taken(scores: NDArray[np.float64], sizes: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    """The share of a page's likely story that the weights would take from it."""
    likely = np.where(scores >= _LIKELY, sizes * scores, 0.0)
    left = scores / (scores + (1.0 - scores) * np.exp(weights)).clip(1e-12)
    after = np.where(scores >= _LIKELY, sizes * left, 0.0)
    return float((likely.sum() - after.sum()) / max(likely.sum(), 1e-9))


def _length(text: str) -> int:
    """The words of a text; of scripts that write no space between words, two characters count as a word."""
    return max(len(words_of(text)), len(_UNSPACED.findall(text)) // 2)
