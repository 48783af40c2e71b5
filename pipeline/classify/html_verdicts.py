"""Verdicts on the blocks of an HTML page: scores, site evidence, policy and form together, with reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from pipeline.classify.html_context import expected_f1, word_count
from pipeline.classify.html_places import Paths
from pipeline.classify.html_reasons import Cues, Why, why
from pipeline.model import Block, Evidence, Judged, Kind, Page, Reason, Role, Verdict
from pipeline.settings import Policy
from pipeline.text import block_key

# Lines that are by their form no prose of the story never stay; other blocks that say what they are stay only when
# the model is this sure.
_NEVER = frozenset(("form:byline", "form:date", "form:source", "form:dateline", "form:advertisement", "form:credit"))
_SURE = 0.8
LEAST = 0.2
# A label speaks for what is built under it and has no better reason of its own.
_LABEL_WORDS = 8
_SPEAKING = frozenset(
    (
        Reason.RELATED,
        Reason.SIDEBAR_HEADLINES,
        Reason.DONATION_APPEAL,
        Reason.NEWSLETTER,
        Reason.SUBSCRIPTION,
        Reason.TAGS,
        Reason.COMMENTS,
        Reason.AUTHOR_BIO,
    )
)
_GENERIC = frozenset(("model", "form:links", "form:headline", "form:label"))
_FORUM = "forum"
_ARTICLE = "article"
_LEAST_TITLE = 8
# Sure prose needs no reason to go; asking all the same would cost more than all the rest.
_PROSE = Why(Reason.OTHER, "model")
_LINE = 100
_HEAD_WORDS = 10
_STORY_BLOCKS = 3
_PROSE_WORDS = 40
_SHORTEST_PULL_QUOTE = 35
_LONGEST_PULL_QUOTE = 300


def judge(page: Page, evidence: Sequence[Evidence], cues: Cues, policy: Policy) -> tuple[Judged, ...]:
    """The verdict on every block of a page, in order: title, body, or removed with a reason and a rule.

    ``evidence[i]`` says on how many stories of the site block ``i`` stands; ``Evidence()`` is "nothing known".
    Raises ``ValueError`` when there is not exactly one evidence per block.
    """
    if len(evidence) != len(page.blocks):
        raise ValueError(f"{len(evidence)} pieces of evidence for {len(page.blocks)} blocks")
    title = title_block(page)
    heading = block_key(page.blocks[title].text if title is not None else page.metadata.title or "")
    paths = Paths()
    scores = page.scores.tolist()
    reasons = [
        _PROSE if value >= _SURE and len(block.text) > _LINE else why(block, heading, cues, paths)
        for block, value in zip(page.blocks, scores, strict=True)
    ]
    rules = _Rules(page.empty_because is not None, page.page_kind == _FORUM, threshold_of(page, policy), policy)
    verdicts = [
        rules.verdict(block, because, value, known)
        for block, because, value, known in zip(page.blocks, reasons, scores, evidence, strict=True)
    ]
    if title is not None and page.empty_because is None:
        verdicts[title] = Verdict(Role.TITLE, None, "title", scores[title], evidence[title])
    _close(page.blocks, verdicts, reasons, title)
    if page.page_kind == _ARTICLE:  # lists and manuals repeat themselves for good reasons
        _drop_pull_quotes(page.blocks, verdicts)
    _inherit(page.blocks, verdicts)
    return tuple(Judged(block, verdict) for block, verdict in zip(page.blocks, verdicts, strict=True))


def threshold_of(page: Page, policy: Policy) -> float:
    """The score from which a block is kept: half of the best F1 to be expected, within limits.

    That is the threshold that serves F1 best on calibrated scores (Lipton, Elkan and Narayanaswamy 2014).
    """
    words = np.array([word_count(block.text) for block in page.blocks], np.float64)
    return min(max(expected_f1(page.scores.astype(np.float64), words)[1], LEAST), policy.html_threshold)


def title_block(page: Page) -> int | None:
    """The heading that says the page's declared title, else its only h1."""
    first = [index for index, block in enumerate(page.blocks) if block.mark == "title"]
    declared = block_key(page.metadata.title or "")
    for index in first:
        key = block_key(page.blocks[index].text)
        if declared and _is_long(key) and (key in declared or declared in key):
            return index
    if len(first) == 1 and _is_long(page.blocks[first[0]].text):
        return first[0]
    for index, block in enumerate(page.blocks):
        if block.kind is Kind.HEADING and declared and block_key(block.text) == declared:
            return index
    return None


def _is_long(text: str) -> bool:
    return len(text) > _LEAST_TITLE or word_count(text) >= _LEAST_TITLE // 2


@dataclass(frozen=True, slots=True)
class _Rules:
    """What the blocks of one page are judged by, each for itself."""

    empty: bool
    forum: bool
    limit: float
    policy: Policy

    def verdict(self, block: Block, because: Why, value: float, evidence: Evidence) -> Verdict:
        reason, rule = self._removal(block, because, value, evidence)
        return Verdict(Role.BODY if reason is None else Role.REMOVED, reason, rule, value, evidence)

    def _removal(self, block: Block, because: Why, value: float, evidence: Evidence) -> tuple[Reason | None, str]:
        """Why a block goes, or nothing where it stays, and the rule that says so."""
        reason, rule, policy = because.reason, because.rule, self.policy
        if self.empty:
            return reason, "page:empty"
        if value < self.limit and rule in _GENERIC and _is_template(evidence, policy):
            return Reason.TEMPLATE, "site:template"
        if policy.captions and reason is Reason.CAPTION:
            return None, "policy:captions"
        if policy.comments and reason is Reason.COMMENTS:
            return None, "policy:comments"
        if not policy.tables and block.kind is Kind.TABLE:
            return Reason.OTHER, "policy:tables"
        if value < self.limit:
            return reason, rule
        if self.forum and not policy.forum:
            return Reason.COMMENTS, "policy:forum"
        if rule in _NEVER:
            return reason, rule
        if because.apart and value < _SURE and not (self.forum and reason is Reason.COMMENTS):
            return reason, rule
        return None, "model"


def _is_template(evidence: Evidence, policy: Policy) -> bool:
    return (
        evidence.seen_on > 1
        and evidence.site_pages >= policy.template_pages
        and evidence.seen_on >= policy.template_share * evidence.site_pages
    )


def _close(blocks: Sequence[Block], verdicts: list[Verdict], reasons: Sequence[Why], title: int | None) -> None:
    """A story does not begin above its title, nor go on below the line that credits its source."""
    source = _closing_line(blocks, verdicts)
    for place, verdict in enumerate(verdicts):
        if verdict.role is not Role.BODY:
            continue
        above = title is not None and place < title and word_count(blocks[place].text) <= _HEAD_WORDS
        if above or place > source:
            because = reasons[place]
            reason = Reason.SECTION_LABEL if above and because.reason is Reason.OTHER else because.reason
            verdicts[place] = replace(
                verdict, role=Role.REMOVED, reason=reason, rule="place:above" if above else "place:below"
            )


def _closing_line(blocks: Sequence[Block], verdicts: Sequence[Verdict]) -> int:
    """The place of a source line with a story above it and no prose below it; else the end of the page."""
    kept = [place for place, verdict in enumerate(verdicts) if verdict.role is Role.BODY]
    for place, verdict in enumerate(verdicts):
        above = sum(other < place for other in kept) if verdict.rule == "form:source" else 0
        below = (word_count(blocks[other].text) for other in kept if other > place)
        if above >= _STORY_BLOCKS and all(size < _PROSE_WORDS for size in below):
            return place
    return len(blocks)


def _drop_pull_quotes(blocks: Sequence[Block], verdicts: list[Verdict]) -> None:
    """A short block that stands word for word in a paragraph of the story is shown twice, and kept once."""
    kept = [place for place, verdict in enumerate(verdicts) if verdict.role is Role.BODY]
    keys = {place: block_key(blocks[place].text) for place in kept}
    whole = "\n".join(key for key in keys.values() if len(key) > _LONGEST_PULL_QUOTE // 2)
    for place, key in keys.items():
        if _SHORTEST_PULL_QUOTE <= len(key) <= _LONGEST_PULL_QUOTE and f"{key} " in whole:
            verdicts[place] = replace(verdicts[place], role=Role.REMOVED, reason=Reason.OTHER, rule="form:pull-quote")


def _inherit(blocks: Sequence[Block], verdicts: list[Verdict]) -> None:
    """What stands under a speaking label, in the same container, shares its reason when it has none of its own."""
    reason: Reason | None = None
    scope = ""
    for index, block in enumerate(blocks):
        verdict = verdicts[index]
        if verdict.keep:
            reason = None
        elif verdict.reason in _SPEAKING and len(block.text.split()) <= _LABEL_WORDS:
            reason, scope = verdict.reason, block.path.rpartition("/")[0]
        elif reason is not None and not block.path.startswith(scope):
            reason = None
        elif reason is not None and verdict.rule in _GENERIC:
            verdicts[index] = replace(verdict, reason=reason, rule=f"under:{reason.value}")
