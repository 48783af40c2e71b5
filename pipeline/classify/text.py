"""Main content of a plain-text page: probabilities from the page alone, verdicts once its site has been asked."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate, compress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.classify import text_explain, text_stages
from pipeline.classify.html_reasons import Cues
from pipeline.classify.text_outline import Outline, outline
from pipeline.classify.text_reasons import reasons
from pipeline.classify.text_title import find_heading
from pipeline.classify.text_trim import kept_lines, spare, trim
from pipeline.model import Block, Document, Evidence, Judged, Page, Reason, Role, Segmented, Verdict
from pipeline.settings import Policy
from pipeline.trees import Forest

_FORCED = {"date": 3.0, "byline": 3.0, "dateline": 4.0, "source": 2.5, "caption": 3.5, "more": 2.5}
"""What a mark takes from the log-odds of a line: the gold standards keep none of these in the text."""
_END_SIGN = re.compile(r"(?:# ?# ?#|[-–—] ?30 ?[-–—]|[-–—]* ?(?:ENDS|ENDE|FIN) ?[-–—]*)$")
_SIGN_FIRST = frozenset("#-–— EF")
_SIGN, _MOSTLY = 40, 0.7
_LEAST_WORDS = 8
_READS_LIKE_A_STORY = 0.2
_PROMISED = (0.0, 0.663, 0.826, 0.883, 0.919, 0.942, 0.967, 0.981, 1.0)
_REACHED = (0.0, 0.642, 0.751, 0.822, 0.889, 0.912, 0.948, 0.97, 0.995)
"""What the scores of a page of another site promise, and the word F1 that such pages reach, in folds: lines that look
alike are right or wrong together, which honest scores of single lines do not tell."""
_USUAL_F1 = 0.84
"""The expected word F1 of the page to which the threshold of the policy belongs."""
_STORY, _UNNAMED = (None, "lines"), (Reason.OTHER, "lines")
_AFTER_SOURCE = 2.5
"""A source line closes a story: what it takes from the log-odds of the lines below."""


def score(document: Document, segmented: Segmented, models: Mapping[str, Forest], explain: bool = False) -> Page:
    """A page with the probability, 0 to 1, that each block is main content, from this page alone.

    ``models`` must hold the parts named in ``text_stages``. ``empty_because`` is set where nothing reads like a story.
    ``explanations`` are filled on demand, and speak for the trees: the network beside them names no features.
    """
    blocks = segmented.blocks
    if not blocks:
        return Page(blocks, np.zeros(0, dtype=np.float32), segmented.metadata, "empty", 0.0, (), "nothing to read")
    scores, rows = text_stages.predict(segmented, models)
    context = models[text_stages.CONTEXT]
    empty = _emptiness(blocks, scores)
    expected = 0.0 if empty else expected_f1([len(block.text) for block in blocks], scores)
    return Page(
        blocks=blocks,
        scores=scores,
        metadata=segmented.metadata,
        confidence=0.0 if empty else float(np.interp(expected, _PROMISED, _REACHED)),
        explanations=text_explain.strongest(context, context.leaves(rows)) if explain else (),
        empty_because=empty,
        parser=segmented.parser,
    )


def expected_f1(sizes: Sequence[int], scores: Sequence[float] | NDArray[np.floating[Any]]) -> float:
    """The best word F1 to be expected of keeping the likeliest blocks, if the scores are honest probabilities.

    ``sizes`` are the lengths of the blocks. Keeping all above half of that F1 is what reaches it (Lipton, Elkan and
    Narayanaswamy 2014).
    """
    if not len(sizes):
        return 0.0
    values, lengths = np.asarray(scores, dtype=np.float64), np.array(sizes, dtype=np.float64)
    order = (-values).argsort(kind="stable")
    lengths = lengths.take(order)
    hits, kept = (values.take(order) * lengths).cumsum(), lengths.cumsum()
    kept += hits[-1]
    hits += hits
    hits /= kept
    return float(np.maximum.reduce(hits))


def _emptiness(blocks: Sequence[Block], scores: NDArray[np.float32]) -> str | None:
    size = 0
    for index in np.flatnonzero(scores >= _READS_LIKE_A_STORY).tolist():
        text = blocks[index].text
        size += text.count(" ") + 1 + (0 if text.isascii() else sum("\u2e80" < c < "\ua000" for c in text))
        if size >= _LEAST_WORDS:
            return None
    return "no line reads like a story"


def judge(page: Page, evidence: Sequence[Evidence], cues: Cues, policy: Policy) -> tuple[Judged, ...]:
    """The verdict on every block of a page, in order: title, body, or removed with a reason and a rule.

    ``evidence[i]`` says on how many stories of the site block ``i`` stands; ``Evidence()`` is "nothing known". Cues
    name reasons and never remove. Raises ``ValueError`` when there is not exactly one evidence per block.
    """
    if len(evidence) != len(page.blocks):
        raise ValueError(f"{len(evidence)} pieces of evidence for {len(page.blocks)} blocks")
    lines = outline(page.blocks)
    weighed = _weighed(page, lines, policy.threshold)
    scores: list[float] = weighed.tolist()
    # The cut that makes most of a page is half of the F1 to be had; the usual threshold is that of a middling page.
    threshold = policy.threshold * expected_f1(lines.sizes, weighed) / _USUAL_F1
    keep = trim(lines, scores, (weighed >= threshold).tolist())
    known = _known(evidence)
    templates = {index for index in known if evidence[index].is_template(policy.template_share, policy.template_pages)}
    heading = find_heading(lines, page.metadata, keep, templates)
    keep = spare(lines, scores, keep, heading)
    for index in heading.outside:
        keep[index] = False
    # What the page says of its lines as a whole was found without the site: it takes single lines and moves no other.
    final = list(scores)
    for index in [index for index in known if evidence[index].weight]:
        final[index] = evidence[index].weighed(scores[index])
        keep[index] &= final[index] >= threshold
    why = reasons(lines, keep, heading, templates, cues)
    body, removed = Role.BODY, Role.REMOVED  # asked for once: a member of an enumeration is found slowly
    roles = [body if flag else removed for flag in keep]
    named = [_STORY if flag else why.get(index, _UNNAMED) for index, flag in enumerate(keep)]
    verdicts = list(map(Verdict, roles, *zip(*named, strict=True), final, evidence)) if named else []
    if heading.title is not None:
        verdicts[heading.title] = Verdict(Role.TITLE, None, "title", scores[heading.title], evidence[heading.title])
    return tuple(map(Judged, page.blocks, verdicts))


def _known(evidence: Sequence[Evidence]) -> list[int]:
    """The blocks of which the site knows something: mostly it knows nothing of any."""
    if evidence and not evidence[0].seen_on and not evidence[0].weight and evidence.count(evidence[0]) == len(evidence):
        return []
    return [index for index, seen in enumerate(evidence) if seen.seen_on or seen.weight]


def _weighed(page: Page, lines: Outline, threshold: float) -> NDArray[np.float64]:
    """The probability of each block, weighed with its mark and with where the story ends; the site has had its say."""
    alone = np.minimum(np.maximum(page.scores.astype(np.float64), 1e-6), 1.0 - 1e-6)  # np.clip takes five times as long
    odds: NDArray[np.float64] = np.log(alone) - np.log1p(-alone)
    for index, mark in lines.marks.items():
        odds[index] -= _FORCED.get(mark, 0.0)
    least = math.log(threshold / (1.0 - threshold))
    odds[_closing_line(lines, (odds >= least).tolist()) + 1 :] -= _AFTER_SOURCE
    return np.asarray(1.0 / (1.0 + np.exp(-odds)))


def _closing_line(lines: Outline, keep: Sequence[bool]) -> int:
    """The line that closes the story, with most of what is kept above it; the number of lines where there is none.

    It is a source line, or the sign that ends a press release (``###``, ``-30-``, ``ENDS``).
    """
    kept = kept_lines(keep)
    above = list(accumulate(compress(lines.sizes, keep)))
    start = bisect_right(above, _MOSTLY * above[-1]) if kept else 0
    first = kept[start] if start < len(kept) else len(keep)
    sources = [index for index, mark in lines.marks.items() if mark == "source" and index >= first]
    for index, text in enumerate(lines.texts[first : sources[0] if sources else len(keep)], first):
        if text[:1] in _SIGN_FIRST and len(text) <= _SIGN and _END_SIGN.match(text):
            return index
    return sources[0] if sources else len(keep)
