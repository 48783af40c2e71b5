"""The report of a release: one self-contained page that says what was kept, what was removed, and why.

Everything that came from a document is escaped: what was ``&lt;script&gt;`` in a page is text here, too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from pipeline.model import Rejection

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --keep: #2a7d46; --drop: #b3382c; --bar: #4a78c2; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { margin-bottom: .2rem } h2 { margin-top: 2.2rem; border-bottom: 1px solid var(--line) }
table { border-collapse: collapse; width: 100% } td, th { text-align: left; padding: .25rem .6rem; vertical-align: top }
tr { border-bottom: 1px solid var(--line) } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums }
.bar { background: var(--bar); height: .7rem; border-radius: 2px; min-width: 1px }
details { border-bottom: 1px solid var(--line); padding: .3rem 0 } summary { cursor: pointer }
.meta { opacity: .7; font-size: 13px } .tiles { display: flex; flex-wrap: wrap; gap: 1rem; margin: 1rem 0 }
.tile { border: 1px solid var(--line); border-radius: 6px; padding: .5rem 1rem }
.tile b { font-size: 1.5rem; display: block }
p.keep { border-left: 3px solid var(--keep); padding-left: .6rem; margin: .4rem 0 }
p.drop { border-left: 3px solid var(--drop); padding-left: .6rem; margin: .4rem 0; opacity: .8 }
.why { font-size: 12px; color: var(--drop) } code { font-size: 13px }
"""
_END = "\0"
_LONGEST = 400  # characters of a removed block that are shown
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shown:
    """A document of the release's table with its removed blocks."""

    document: Row
    removed: list[Row]


def page(manifest: Mapping[str, Any], shown: Sequence[Shown], rejections: Sequence[Rejection]) -> str:
    """The report as HTML; ``shown`` are the documents to show block by block."""
    parts = [
        "<!doctype html><html lang=en><head><meta charset=utf-8><meta name=viewport content='width=device-width'>",
        f"<title>Winnow release {escape(manifest['release'])}</title><style>{_STYLE}</style></head><body>",
        f"<h1>Release {escape(manifest['release'])}</h1>",
        f"<p class=meta>winnow-pipeline {escape(manifest['pipeline_version'])}, "
        f"configuration <code>{escape(manifest['config_digest'])}</code></p>",
        _tiles(manifest),
        _reasons(manifest["removed_by_reason"]),
        _rejections(rejections),
        _sites(shown),
        _documents(shown, manifest["documents"]["clean"] + manifest["documents"]["empty"]),
        "</body></html>\n",
    ]
    return "\n".join(part for part in parts if part)


def _tiles(manifest: Mapping[str, Any]) -> str:
    facts = {"inputs": manifest["inputs"], **manifest["documents"]}
    facts |= {
        name.replace("_", " "): manifest[name] for name in ("removed_blocks", "mentions", "near_duplicate_clusters")
    }
    tiles = (f"<div class=tile><b>{value:,}</b>{escape(name)}</div>" for name, value in facts.items())
    return f"<div class=tiles>{''.join(tiles)}</div>"


def _reasons(reasons: Mapping[str, int]) -> str:
    if not reasons:
        return ""
    most = max(reasons.values())
    lines = (
        f"<tr><td>{escape(reason)}</td><td class=n>{count:,}</td>"
        f"<td style='width:60%'><div class=bar style='width:{100 * count / most:.1f}%'></div></td></tr>"
        for reason, count in reasons.items()
    )
    return f"<h2>Removed blocks by reason</h2><table>{''.join(lines)}</table>"


def _rejections(rejections: Sequence[Rejection]) -> str:
    if not rejections:
        return ""
    lines = (
        f"<tr><td>{escape(item.doc_id)}</td><td><code>{item.code.value}</code></td><td>{escape(item.message)}</td></tr>"
        for item in rejections[:500]
    )
    more = f"<p class=meta>the first 500 of {len(rejections):,}</p>" if len(rejections) > 500 else ""
    return f"<h2>Not cleaned</h2><table><tr><th>input<th>code<th>why</tr>{''.join(lines)}</table>{more}"


def _sites(shown: Sequence[Shown]) -> str:
    pages: Counter[str] = Counter()
    kept: Counter[str] = Counter()
    raw: Counter[str] = Counter()
    for item in shown:
        site = item.document["site"] or "(unknown)"
        pages[site] += 1
        kept[site] += len(item.document["text"])
        raw[site] += len(item.document["text"]) + sum(len(block["text"]) for block in item.removed)
    lines = (
        f"<tr><td>{escape(site)}</td><td class=n>{count:,}</td>"
        f"<td class=n>{100 * kept[site] / max(1, raw[site]):.0f} %</td></tr>"
        for site, count in sorted(pages.items())
    )
    head = "<tr><th>site<th class=n>pages<th class=n>of the visible text kept</tr>"
    return f"<h2>Sites of the documents below</h2><table>{head}{''.join(lines)}</table>"


def _documents(shown: Sequence[Shown], total: int) -> str:
    note = f"<p class=meta>{len(shown):,} of {total:,} documents</p>"
    return "<h2>Documents</h2>" + note + "".join(_document(item) for item in shown)


def _document(item: Shown) -> str:
    facts = item.document
    about = [facts["site"], facts["published"], facts["author"], facts["page_kind"], facts["status"]]
    about.append(f"confidence {facts['confidence']:.2f}")
    kept = _escaped([line for line in (facts["text"] or "").split("\n\n") if line])
    removed = zip(_escaped(list(map(_text, item.removed))), _escaped(list(map(_why, item.removed))), strict=True)
    lines = [f"<p class=keep>{line}</p>" for line in kept]
    lines += [f"<p class=drop>{text} <span class=why>{why}</span></p>" for text, why in removed]
    return (
        f"<details><summary><b>{escape(facts['title'] or facts['doc_id'])}</b> "
        f"<span class=meta>{escape(' · '.join(filter(None, about)))} · "
        f"{len(item.removed)} blocks removed</span></summary>"
        f"<p class=meta>{escape(facts['doc_id'])}</p>{''.join(lines)}</details>"
    )


def _escaped(texts: Sequence[str]) -> list[str]:
    """Each text escaped: all at once, which takes a fraction of the time."""
    found = escape(_END.join(texts)).split(_END)
    return found if len(found) == len(texts) else list(map(escape, texts))  # none, or one that holds the sign itself


def _text(block: Row) -> str:
    text: str = block["text"]
    return text if len(text) <= _LONGEST else text[:_LONGEST] + " …"


def _why(block: Row) -> str:
    seen = f", on about {block['seen_on']} of {block['site_pages']} pages" if block["site_pages"] else ""
    return f"{block['reason']} ({block['rule']}, score {block['score']:.2f}{seen})"
