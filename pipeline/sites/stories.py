"""Which pages of a site carry the same story, so that a story is counted once and never looks like a template.

Two pages do when they are near-duplicates of each other or when their addresses differ in nothing but how the page is
shown: the AMP, print and mobile versions, the pages of a long story, the same address fetched again.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

_SHOWN_HOSTS = re.compile(r"^(?:www\d?|amp|m|mobile|print)\.")
_SHOWN_STEPS = re.compile(r"/(?:amp|print|print-view|printable|full|(?:page|seite|pagina|pagine)[/_-]?\d{1,3})(?=/|$)")
_SHOWN_ENDS = re.compile(r"(?:\.amp|\.print|[._-](?:page|seite)[._-]?\d{1,3})(?=\.[a-z]+$|$)|/index\.[a-z]+$")
_PAGE_PARAMETERS = re.compile(r"^(?:page|paged|pagina|seite|pg|page_?n(?:um(?:ber)?|o)?|start_?page)$")
_SHOWN_PARAMETERS = re.compile(r"^(?:amp|outputtype|output|print|printable|view|mode|display)$")
_SHOWN_VALUES = re.compile(r"^(?:|1|true|yes|amp|amphtml|print|printable|full|all|mobile|desktop)$")
_TRACKING = re.compile(
    r"^(?:utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|cmp|cmpid|ref|ref_src|share|smid|ns_\w+|at_\w+|xtor|wt_mc)$"
)

# A page that holds more stories than this as excerpts is a digest or an archive: they stay stories of their own.
_MOST_PARTS = 8


@dataclass(frozen=True, slots=True)
class StoryPage:
    """What decides which story a page counts for: ``cluster_id`` of its near-duplicates, whether it is an excerpt of
    the cluster's canonical member, and its address where one is known."""

    doc_id: str
    site: str
    cluster_id: str
    is_excerpt: bool = False
    url: str = ""


def counted_pages(pages: Iterable[StoryPage]) -> frozenset[str]:
    """The document ids of the pages that are counted in their site's profile: the least of each (site, story).

    Stories are the connected components of pages that share a cluster or an address. Copies on other sites count
    there. The result does not depend on the order of ``pages``.
    """
    by_site: dict[str, list[StoryPage]] = defaultdict(list)
    for page in pages:
        by_site[page.site].append(page)
    return frozenset(doc_id for members in by_site.values() for doc_id in _counted_of_site(members))


def _counted_of_site(pages: list[StoryPage]) -> Iterable[str]:
    parts: dict[str, int] = defaultdict(int)
    for page in pages:
        parts[page.cluster_id] += page.is_excerpt
    leader: dict[str, str] = {}

    def find(name: str) -> str:
        while leader.setdefault(name, name) != name:
            leader[name] = name = leader[leader[name]]
        return name

    for page in pages:
        of_digest = page.is_excerpt and parts[page.cluster_id] > _MOST_PARTS
        links = [] if of_digest else [f"cluster {page.cluster_id}"]
        if page.url:
            links.append(f"address {story_address(page.url)}")
        for link in links:
            leader[find(link)] = find(f"page {page.doc_id}")
    least: dict[str, str] = {}
    for page in sorted(pages, key=lambda page: page.doc_id):
        least.setdefault(find(f"page {page.doc_id}"), page.doc_id)
    return least.values()


def story_address(url: str) -> str:
    """An address without scheme, fragment, tracking and whatever only says how the page is shown or which part of it.

    A number alone is never dropped: it names a story more often than a page of one. What is no address stays itself.
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:  # such as a broken IPv6 address
        return url
    host = _SHOWN_HOSTS.sub("", parts.netloc.casefold().rpartition("@")[2])
    path = _SHOWN_ENDS.sub("", _SHOWN_STEPS.sub("", parts.path)).rstrip("/")
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if _names(name, value)]
    return f"{host}{path}?{urlencode(sorted(query))}" if query else f"{host}{path}"


def _names(parameter: str, value: str) -> bool:
    """Whether a query parameter says which story is meant."""
    parameter, value = parameter.casefold(), value.casefold()
    if _TRACKING.match(parameter):
        return False
    if _SHOWN_PARAMETERS.match(parameter) and _SHOWN_VALUES.match(value):
        return False
    return not (_PAGE_PARAMETERS.match(parameter) and value.isdigit() and len(value) <= 3)
