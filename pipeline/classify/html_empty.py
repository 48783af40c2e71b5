"""Pages without main content: error pages, captchas, walls of all kinds, menus, shells."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.model import Block

# Content of fewer letters, on a page whose best blocks are doubtful, is no content. An ideograph counts as three.
_LEAST_LETTERS = 50
_DOUBTFUL = 0.4
_IDEOGRAPH = re.compile(r"[\u2e80-\ud7ff]")
_WALL = re.compile(
    r"captcha|are you (?:a )?(?:human|robot)|verify you are human|access denied|forbidden|page not found|404|"
    r"seite nicht gefunden|enable (?:javascript|cookies)|checking your browser|just a moment|unusual traffic",
    re.I,
)
_WALL_LETTERS = 1000
# What a consent dialog speaks of, each in a group of its own; prose that speaks of two of them belongs to one.
_CONSENT = re.compile(
    r"(\bcookies?\b)|(consent|zustimm|einwillig|toestemming|samtyck|samtykke|同意|동의)|"
    r"(privacy|datenschutz|privacid|confidentialit|riservatezza|vie privée|personvern|integritet|"
    r"プライバシー|개인정보)|"
    r"(partner|anbieter|partenaires|proveedores|パートナー)|"
    r"(personali[sz]|tracking|personenbezogen|données personnelles|datos personales|dati personali|personal data|"
    r"publicidad|publicité|werbung|anzeigen)|"
    r"(accept|akzeptier|aceptar|accetta|reject|ablehnen|manage)",
    re.I,
)
_CONSENT_LETTERS = 3000
_CONSENT_SHARE = 0.5
_PROSE_LETTERS = 60


def emptiness(blocks: Sequence[Block], scores: NDArray[np.float32]) -> str | None:
    """Why a page has no main content, or nothing where it seems to have some."""
    count = sum(_letters(block.text) for block in blocks)
    kept = sum(_letters(block.text) for block, value in zip(blocks, scores, strict=True) if value >= _DOUBTFUL)
    if count <= _WALL_LETTERS and any(_WALL.search(block.text) for block in blocks):
        return "error page, captcha or wall"
    if count <= _CONSENT_LETTERS and _asks_for_consent(blocks):
        return "cookie or consent wall"
    if kept < _LEAST_LETTERS:
        return "no main content: menus or a shell"
    return None


def _asks_for_consent(blocks: Sequence[Block]) -> bool:
    """Whether most prose of a page is about cookies and consent."""
    prose = [block.text for block in blocks if _letters(block.text) >= _PROSE_LETTERS]
    spoken = [{match.lastindex for match in _CONSENT.finditer(text)} for text in prose]
    about = sum(_letters(text) for text, topics in zip(prose, spoken, strict=True) if len(topics) > 1)
    named = any(topics & {1, 2} for topics in spoken)
    return named and about >= _CONSENT_SHARE * sum(map(_letters, prose))


def _letters(text: str) -> int:
    return len(text) if text.isascii() else len(text) + 2 * len(_IDEOGRAPH.findall(text))
