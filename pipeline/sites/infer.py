"""The site of a text scrape that comes without URL or folder, where its own lines give it away."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.text import block_key, words

_FOOTER_SHARE = 4  # the footer is looked for in the last quarter of the lines ...
_FOOTER_LINES = 12  # ... and in at least so many, as a short page is little else
_OWNER_WORDS = 6
_NOTICE = re.compile(r"^\W*(?:(?:copyright|\(c\)|©|ⓒ)\W*)+", re.IGNORECASE)
_SYMBOL_OR_YEAR = re.compile(r"\(c\)|©|ⓒ|\b(?:19|20)\d\d\b", re.IGNORECASE)  # "Copyright, trademarks" is a menu entry
_NOTICE_AFTER_YEAR = re.compile(r"^\W*(?:19|20)\d\d\W{0,3}(?:\(c\)|©|ⓒ)\W*", re.IGNORECASE)
_YEARS = re.compile(r"\b(?:19|20)\d\d\b(?:\s*[-–—/]\s*(?:(?:19|20)?\d\d|present|now|today)\b)?")
_TAIL = re.compile(
    r"\b(?:all rights? reserved|alle rechte|tous droits|todos los derechos|tutti i diritti|todos os direitos|"
    r"wszelkie prawa|alla rättigheter|alle rettigheter|tüm hakları|všechna práva|"
    r"impressum|datenschutz|privacy|terms|powered by|a division of|part of)\b.*|[|•·].*|\.\s.*",
    re.IGNORECASE,
)
_LEGAL_FORM = re.compile(
    r"[\s,]+(?:incorporated|inc|llc|ltd|limited|pty|pte|ab|corp|corporation|co|company|gmbh|ag|plc|s\.?a|s\.?r\.?l|s\.?p\.?a|b\.?v)\.?$",
    re.IGNORECASE,
)
_HOST = re.compile(
    r"\b(?:www\.|[\w.+-]+@)((?:[a-z0-9-]+\.)+(?:[a-z]{2}|com|org|net|edu|gov|info|int|news|press|media))\b",
    re.IGNORECASE,
)
# Notices and addresses that stand on other outlets' pages: who supplied the copy, and where the mail is hosted.
_SUPPLIER = re.compile(
    r"ap|(?:the )?associated press|(?:thomson )?reuters|afp|agence france presse|dpa|ansa|efe|xinhua|tass|"
    r"kyodo(?: news)?|bloomberg|getty images|upi|united press international|pa media|press association"
)
_NO_HOST = re.compile(
    r"example\.\w+|gmail\.com|googlemail\.com|outlook\.com|hotmail\.com|yahoo\.com|icloud\.com|gmx\.\w+|web\.de"
)


@dataclass(frozen=True, slots=True)
class Inferred:
    """A site that no address names: ``site`` is ``~`` and a name that its pages yield, so that the table shows it was
    inferred; ``origin`` is where it was found (``footer``, ``publisher`` or ``contact``)."""

    site: str
    origin: str


def infer_site(lines: Sequence[str], publisher: str | None = None) -> Inferred | None:
    """The site that a page's lines name, or None where the evidence is not strong.

    In this order: the owner in the last copyright notice of the footer, unless it is a news agency; the ``publisher``
    that the page declares of itself; the host of a web or mail address in the footer, when there is only one.
    """
    filled = [line for line in lines if line.strip()]
    footer = filled[-max(_FOOTER_LINES, len(filled) // _FOOTER_SHARE) :]
    for line in reversed(footer):
        owner = _owner(line)
        if owner and not _SUPPLIER.fullmatch(owner):
            return Inferred(f"~{owner}", "footer")
    if publisher and (name := block_key(publisher)) and not _SUPPLIER.fullmatch(name):
        return Inferred(f"~{name}", "publisher")
    hosts = {host.casefold().removeprefix("www.") for line in footer for host in _HOST.findall(line)}
    hosts = {host for host in hosts if not _NO_HOST.fullmatch(host)}
    return Inferred(f"~{hosts.pop()}", "contact") if len(hosts) == 1 else None


def _owner(line: str) -> str:
    """The owner in a copyright notice, as bare words; empty where the line is none or names none."""
    if not _SYMBOL_OR_YEAR.search(line):
        return ""
    for notice in (_NOTICE, _NOTICE_AFTER_YEAR):
        rest, found = notice.subn("", line.strip(), count=1)
        if found:
            break
    else:
        return ""
    rest = _TAIL.sub("", _YEARS.sub(" ", rest).strip(" .,;:-–—©|")).strip(" .,;:-–—|()")
    rest = re.sub(r"^(?:copyright|by|the)\s+", "", _LEGAL_FORM.sub("", rest), flags=re.IGNORECASE)
    name = block_key(rest)
    return name if 0 < len(words(name)) <= _OWNER_WORDS else ""
