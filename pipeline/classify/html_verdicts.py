"""Verdicts on the blocks of an HTML page: scores, site evidence, policy and form together, with reasons."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import structs

from pipeline.classify.html_apart import Containers
from pipeline.classify.html_context import expected_f1, word_count
from pipeline.classify.html_places import Paths
from pipeline.classify.html_reasons import Cues, Why, by_itself, why
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
_QUOTES = "\"“”„«»'‘’「『"
_QUOTING = re.compile(r"quote|aside", re.I)
_WHOLE_STORY = 3_000
_MOST = 0.7
_RUN = 4


def judge(page: Page, evidence: Sequence[Evidence], cues: Cues, policy: Policy) -> tuple[Judged, ...]:
    """The verdict on every block of a page, in order: title, body, or removed with a reason and a rule.

    ``evidence[i]`` says on how many stories of the site block ``i`` stands; ``Evidence()`` is "nothing known".
    Raises ``ValueError`` when there is not exactly one evidence per block.
    """
    if len(evidence) != len(page.blocks):
        raise ValueError(f"{len(evidence)} pieces of evidence for {len(page.blocks)} blocks")
    title = title_block(page)
    heading = block_key(page.blocks[title].text if title is not None else page.metadata.title or "")
    reasons = _Reasons(page, evidence, heading, cues)
    limit = threshold_of(page, policy)
    verdicts = [
        _verdict(page, index, reasons, index == title, limit, evidence[index], policy)
        for index in range(len(page.blocks))
    ]
    _close(page.blocks, verdicts, reasons, title)
    if page.page_kind == _ARTICLE:  # lists and manuals repeat themselves for good reasons
        _drop_echoes(page.blocks, verdicts)
    _inherit(page.blocks, verdicts)
    return tuple(Judged(block, verdict) for block, verdict in zip(page.blocks, verdicts, strict=True))


def threshold_of(page: Page, policy: Policy) -> float:
    """The score from which a block is kept: on an article the policy's; else half of the best F1 to be expected.

    Half of it is the threshold that serves F1 best on calibrated scores (Lipton, Elkan and Narayanaswamy 2014), and
    holds between a least value and the policy's. Articles are few blocks of doubt among many that are sure.
    """
    if page.page_kind == _ARTICLE:
        return policy.html_threshold
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


class _Reasons:
    """Why the blocks of a page are not its story; what nobody asks is not worked out, as most costs more than all else.

    ``scores[i]`` and ``own[i]`` are the score of block ``i`` and what it says by itself. Sure prose is not asked.
    """

    def __init__(self, page: Page, evidence: Sequence[Evidence], title_key: str, cues: Cues) -> None:
        self._blocks, self._cues = page.blocks, cues
        self._paths, self._containers = Paths(), Containers()
        self._known: dict[int, Why] = {}
        self.scores = [seen.weighed(value) for seen, value in zip(evidence, page.scores.tolist(), strict=True)]
        self.own = [
            None if self._is_prose(index) else by_itself(block, title_key) for index, block in enumerate(page.blocks)
        ]

    def _is_prose(self, index: int) -> bool:
        return self.scores[index] >= _SURE and len(self._blocks[index].text) > _LINE

    def why(self, index: int) -> Why:
        """The reason that a block has or would have."""
        known = self._known.get(index)
        if known is None:
            block, own = self._blocks[index], self.own[index]
            known = _PROSE if self._is_prose(index) else why(block, own, self._cues, self._paths)
            self._known[index] = known
        return known

    def is_apart(self, index: int, article: bool) -> bool:
        """Whether a block goes although its score speaks for it.

        Its path says so on articles alone: what is a tag or a caption there is an entry of a shop or a listing.
        """
        own, sure = self.own[index], self.scores[index] >= _SURE
        if own is not None:
            return own.rule in _NEVER or (own.apart and not sure)
        if sure or not article or self._containers.apart(self._blocks[index]) is None:
            return False
        return all(cue.position != "whole" for cue in self._cues.find(self._blocks[index].text))


def _verdict(
    page: Page, index: int, reasons: _Reasons, is_title: bool, limit: float, evidence: Evidence, policy: Policy
) -> Verdict:
    value = reasons.scores[index]
    if page.empty_because is not None:
        return Verdict(Role.REMOVED, reasons.why(index).reason, "page:empty", value, evidence)
    if is_title:
        return Verdict(Role.TITLE, None, "title", value, evidence)
    if value < limit or policy.captions or policy.comments:
        because = reasons.why(index)
        if policy.captions and because.reason is Reason.CAPTION:
            return Verdict(Role.BODY, None, "policy:captions", value, evidence)
        if policy.comments and because.reason is Reason.COMMENTS:
            return Verdict(Role.BODY, None, "policy:comments", value, evidence)
        if value < limit:
            return _removed(page, index, because, value, evidence, policy)
    if not policy.tables and page.blocks[index].kind is Kind.TABLE:
        return Verdict(Role.REMOVED, Reason.OTHER, "policy:tables", value, evidence)
    if page.page_kind == _FORUM and not policy.forum:
        return Verdict(Role.REMOVED, Reason.COMMENTS, "policy:forum", value, evidence)
    if reasons.is_apart(index, page.page_kind == _ARTICLE):
        because = reasons.why(index)
        return Verdict(Role.REMOVED, because.reason, because.rule, value, evidence)
    origin = page.blocks[index].path.partition("/")[0]
    return Verdict(Role.BODY, None, origin if ":" in origin else "model", value, evidence)


def _removed(page: Page, index: int, because: Why, value: float, evidence: Evidence, policy: Policy) -> Verdict:
    """The verdict on a block that scores too little."""
    if because.rule in _GENERIC and evidence.is_template(policy.template_share, policy.template_pages):
        return Verdict(Role.REMOVED, Reason.TEMPLATE, "site:template", value, evidence)
    if not policy.tables and page.blocks[index].kind is Kind.TABLE:
        return Verdict(Role.REMOVED, Reason.OTHER, "policy:tables", value, evidence)
    return Verdict(Role.REMOVED, because.reason, because.rule, value, evidence)


def _close(blocks: Sequence[Block], verdicts: list[Verdict], reasons: _Reasons, title: int | None) -> None:
    """A story does not begin above its title, nor go on below the line that credits its source."""
    source = _closing_line(blocks, verdicts)
    for place, verdict in enumerate(verdicts):
        above = title is not None and place < title and word_count(blocks[place].text) <= _HEAD_WORDS
        if verdict.role is Role.BODY and (above or place > source):
            because = reasons.why(place)
            reason = Reason.SECTION_LABEL if above and because.reason is Reason.OTHER else because.reason
            verdicts[place] = structs.replace(
                verdict, role=Role.REMOVED, reason=reason, rule="place:above" if above else "place:below"
            )


def _closing_line(blocks: Sequence[Block], verdicts: Sequence[Verdict]) -> int:
    """The place of a source line with a story above it and no prose below it; else the end of the page."""
    sources = [place for place, verdict in enumerate(verdicts) if verdict.rule == "form:source"]
    kept = [place for place, verdict in enumerate(verdicts) if sources and verdict.role is Role.BODY]
    for place in sources:
        above = sum(other < place for other in kept)
        below = (word_count(blocks[other].text) for other in kept if other > place)
        if above >= _STORY_BLOCKS and all(size < _PROSE_WORDS for size in below):
            return place
    return len(blocks)


def _drop_echoes(blocks: Sequence[Block], verdicts: list[Verdict]) -> None:
    """What the story says twice is kept once: a pull quote, and a story that stands whole in one block besides."""
    kept = [place for place, verdict in enumerate(verdicts) if verdict.role is Role.BODY]
    # A look at the blocks spares most pages the keys of all their text, which may be a little longer than the text.
    whole = [place for place in kept if len(blocks[place].text) > _WHOLE_STORY // 2]
    quoted = [place for place in kept if _looks_quoted(blocks[place])]
    if not whole and not quoted:
        return
    keys = {place: block_key(blocks[place].text) for place in kept}
    for place in whole:
        if len(keys[place]) > _WHOLE_STORY and _stands_elsewhere(keys, place):
            _drop(verdicts, place, "form:echo")
            del keys[place]
    paragraphs = "\n".join(key for key in keys.values() if _LONGEST_PULL_QUOTE // 2 < len(key) <= _WHOLE_STORY)
    for place in quoted:
        key = keys.get(place, "")
        if _SHORTEST_PULL_QUOTE <= len(key) <= _LONGEST_PULL_QUOTE and f"{key} " in paragraphs:
            _drop(verdicts, place, "form:pull-quote")


def _drop(verdicts: list[Verdict], place: int, rule: str) -> None:
    verdicts[place] = structs.replace(verdicts[place], role=Role.REMOVED, reason=Reason.OTHER, rule=rule)


def _looks_quoted(block: Block) -> bool:
    """Whether quotation marks, its element or a class say that a block is a quote: others repeat with good cause."""
    return block.kind is Kind.QUOTE or block.text[0] in _QUOTES or bool(_QUOTING.search(block.path))


def _stands_elsewhere(keys: Mapping[int, str], place: int) -> bool:
    """Whether most of a long block stands in the others, told by its runs of words."""
    others = {run for other, key in keys.items() if other != place for run in _runs(key)}
    own = _runs(keys[place])
    return sum(run in others for run in own) >= _MOST * len(own)


def _runs(key: str) -> list[tuple[str, ...]]:
    words = key.split()
    return list(zip(*(words[start:] for start in range(_RUN)), strict=False))


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
            verdicts[index] = structs.replace(verdict, reason=reason, rule=f"under:{reason.value}")
