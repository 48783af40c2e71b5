"""What a person reads on a terminal: the blocks of a page with their verdicts, the names in a text."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.model import Cleaned, Judged, NamedText, Rejection, Role

_GREEN, _RED, _BOLD, _DIM, _PLAIN = "\x1b[32m", "\x1b[31m", "\x1b[1m", "\x1b[2m", "\x1b[0m"
_FIELDS = ("title", "author", "published", "dateline_place", "dateline_agency", "publisher", "source", "language")
_SIGNS = {Role.TITLE: "T", Role.BODY: "+", Role.REMOVED: "-"}
_COLOURS = {Role.TITLE: _BOLD, Role.BODY: _GREEN, Role.REMOVED: _RED}


def explain(result: Cleaned | Rejection, *, colour: bool, width: int) -> Iterator[str]:
    """Every block of a page on a line of its own: sign, line or ordinal, score, reason and rule, the features that
    weighed most, and how it begins.

    ``+`` is kept, ``-`` removed, ``T`` the title.
    """
    if isinstance(result, Rejection):
        yield f"{result.doc_id}: {result.code.value} {result.message}"
        return
    document, facts = result.document, result.metadata
    yield f"{document.doc_id}: {result.status.value}, {document.media_type.value}, {result.page_kind}, " + (
        f"confidence {result.confidence:.2f}" + (f" ({result.note})" if result.note else "")
    )
    origins = dict(facts.origins)
    for field in (
        "title",
        "author",
        "published",
        "dateline_place",
        "dateline_agency",
        "publisher",
        "source",
        "language",
    ):
        if value := getattr(facts, field):
            yield f"  {field}: {value}" + (f"  [{origins[field]}]" if field in origins else "")
    if "text" in origins:
        yield f"  text from {origins['text']}"
    weighed = result.explanations or ((),) * len(result.verdicts)
    for item, features in zip(result.verdicts, weighed, strict=True):
        yield _block(item, features, colour=colour, width=width)


def _block(item: Judged, features: tuple[str, ...], *, colour: bool, width: int) -> str:
    verdict, block = item.verdict, item.block
    why = f"{verdict.reason.value}: {verdict.rule}" if verdict.reason else verdict.rule
    why = "; ".join((why, *features))
    seen = f" {verdict.evidence.seen_on}/{verdict.evidence.site_pages}" if verdict.evidence.site_pages else ""
    head = f"{_SIGNS[verdict.role]} {block.line or block.ordinal:>4} {verdict.score:.2f}{seen}"
    text = " ".join(block.text.split())
    room = max(20, width - len(head) - len(why) - 5)
    text = text if len(text) <= room else text[: room - 1] + "…"
    if not colour:
        return f"{head}  [{why}] {text}"
    return f"{_COLOURS[verdict.role]}{head}{_PLAIN}  {_DIM}[{why}]{_PLAIN} {text}"


def mentions(named: NamedText) -> Iterator[str]:
    """Every mention on a line: offsets, surface, canonical form, id and kind, separated by tabs."""
    for mention in named.mentions:
        place = f"{mention.start}-{mention.end}"
        yield "\t".join((place, mention.surface, mention.canonical, mention.name_id, mention.kind))
