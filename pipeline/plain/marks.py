"""What the form of a single line says it is: a date, a byline, a dateline, a caption, a source line, a note."""

from __future__ import annotations

import re

from pipeline.dates import find_dates, read_dateline

MARKS = ("date", "byline", "dateline", "caption", "source", "more", "note")

_NAME = r"[A-ZÀ-ÖØ-Þ][\w.'’-]*"
_BYLINE = re.compile(
    rf"(?:(?i:(?:written |story |text |report |reporting )?by|von|par|por|di|autor(?:in)?:|author:|auteur ?:|text:)"
    rf"[ \u00a0]+{_NAME}(?:[ \u00a0](?:and|und|et|y|e|&|de|van|von|der|le|la|{_NAME}),?){{0,8}}"
    rf"(?:,? (?:and|und|et|y) {_NAME}(?: {_NAME}){{0,3}})?"
    rf"(?:[,;|/·•-] ?.{{0,48}})?$)"
    rf"|(?:(?:本报|新华社|特约)?记者|作者|文|撰文|编辑|責任編輯|责任编辑)[ ]?[:：/／丨|][ ]?\S.{{0,30}}$"
)
DATE_WORDS = re.compile(
    r"(?i:min|mins|minutes?|read|reading time|lesezeit|lesedauer|minuten|lecture|de|lectura|"
    r"published|updated|posted|modified|last|first|date|on|at|am|pm|a\.m\.|p\.m\.|uhr|um|stand|veröffentlicht|"
    r"aktualisiert|erstellt|publié|mis à jour|modifié|le|à|publicado|actualizado|el|a las|hrs|h|gmt|utc|et|est|edt|"
    r"cet|cest|bst|ist|pst|pdt|mon|tue|wed|thu|fri|sat|sun|montag|dienstag|mittwoch|donnerstag|freitag|samstag|"
    r"sonntag|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|"
    r"domingo|monday|tuesday|wednesday|thursday|friday|saturday|sunday|发布时间|发布|时间|日期|更新|星期.)\b\.?|\d+h\d*|\d+|[^\w]"
)
_BESIDE_DATES = re.compile(rf"(?:[^\w]++|(?>{DATE_WORDS.pattern}))*+")
"""Signs and such words alone; none is read in two ways, so a line that fails does so at once."""
_CAPTION_START = re.compile(
    r"(?i:file (?:image|photo|picture|pic)\b|(?:photo|image|picture|pic|illustration|graphic|foto|bild|grafik|"
    r"fotografía|imagen|crédit photo|légende|(?:bild)?legende ?:|photographie|caption)"
    r"(?: (?:by|credit|courtesy|of|par|de|von|taken|shows|:))|"
    r"(?:photo|image|picture|foto|bild|imagen|crédits?|credits?|caption|图片来源|圖片來源|图|资料图|資料圖)\s?[:：/©|]|"
    r"(?:an? )?(?:undated |handout |aerial |combo |combination )+(?:file )?(?:photo|image|picture)|"
    r"(?:photo|picture|image)s? (?:taken|shows?|provided|released)\b|"
    r"this (?:undated |handout |file |aerial )*(?:photo|image|picture|photograph|illustration)\b|"
    r"(?:archivbild|archivfoto|symbolbild|symbolfoto)\b|photo d.illustration|图为|圖為|资料图片|(?:© ?|\(c\) )\w+ ?/|"
    r"© ?.{0,30}(?:images|photo|dpa|afp|getty|reuters|imago|picture alliance))"
)
_AGENCIES = (
    r"(?:AFP|AP|EPA(?:-EFE)?|EFE|Reuters|REUTERS|Getty(?: Images)?|dpa|DPA|Xinhua|ANP|ANSA|PTI|TASS|Shutterstock|"
    r"iStock|Unsplash|imago|IMAGO|Keystone|picture alliance|Alamy|Belga|LUSA|NASA|ESA|China Daily|"
    r"Handout|新华社|视觉中国)"
)
_NAME = r"[^\W\d_a-zß-öø-ÿ][\w.&'’-]*"
_NAMES = rf"{_NAME}(?: (?:(?:of|for|de|von|van) )?{_NAME}){{0,4}}"
_CREDIT_END = re.compile(
    r"[(\[（](?:(?i:photo|image|picture|foto|bild|credit|crédit|imagen|photograph|source)s?\b ?"
    r"(?:by|credit|courtesy|:|/|de|von)[^()]{1,60}"
    rf"|{_AGENCIES} ?/ ?[^()]{{2,50}}|[^()/]{{2,40}}/ ?{_AGENCIES}[^()]{{0,30}}|{_AGENCIES} [Pp]hoto"
    r"|新华社[^()（）]{0,20}[摄攝])[)\]）]$"
    r"|(?:[.。] |^)(?i:photo|foto|image|picture|credit|bild)s? ?(?:by|credit|courtesy|:|/|©)[^.]{2,60}$"
    r"|[^\s。]{1,6}[摄攝][)）]?$"
    # After the last sentence, who took the picture for whom: "(Some Agency/Some Name)", "Photo Some Paper / Name".
    rf"|[.。!?»\"”] ?[(\[（]{_NAMES} ?/ ?{_NAMES}[)\]）]$"
    rf"|[.。!?»\"”] (?:Photo|Foto|Photograph|Photographie|Bild|Image|Picture)s?:? {_NAMES}(?: ?[/|] ?{_NAMES})?\.?$"
)
_SOURCE = re.compile(
    r"(?:(?i:source|sources|quelle|quellen|fuente|fuentes|fonte|via|read the original)|来源|來源|稿源|文章来源|"
    r"新闻来源) ?[:：] ?\S.{0,100}$"
)
MORE = (
    *(f"{verb} {what}" for verb in ("read", "see", "view", "learn", "show", "load", "find out") for what in (
        "more", "the full story", "the full article", "full story", "full article", "the article"
    )),
    "continue reading", "full story", "weiterlesen", "mehr lesen", "mehr erfahren", "zum artikel", "lire la suite",
    "lire plus", "lire l'article", "lire l’article", "en savoir plus", "leer más", "ver más", "saber más",
    "seguir leyendo", "阅读全文", "阅读更多", "阅读原文", "閱讀全文", "閱讀更多", "查看全文", "查看更多", "查看详情",
    "[详细", "【详细", "...详细",
)  # fmt: skip
AFTER_MORE = " .…»>›→]】"
_NOTE = re.compile(
    r"(?i:embargo(?:ed)?\b|not for (?:release|publication) (?:before|until)|sperrfrist\b|sous embargo|"
    r"correction\b ?[:(]|"
    r"corrected (?:at|on)\b|clarification ?:|editor.s note ?:|anmerkung der redaktion|korrektur ?:|rectificatif ?:|"
    r"fe de (?:erratas|errores)|corrección ?:|更正[:：]|编者按[:：])"
)
SHORT, _LONG = 120, 600
_BRACKETS = frozenset(")]）")
_NUMERIC_DATE = re.compile(r"\d{1,2}([./-])\d{1,2}\1(?:\d\d|20\d\d)$")
_DIGIT = re.compile(r"\d")
_BYLINE_FIRST = frozenset("wstrbvpda本新特记作文撰编責责")
_SOURCE_FIRST = frozenset("sqfvr来來稿文新")
_CAPTION_FIRST = frozenset("fpigblcauhts©(图圖资資")
_NOTE_FIRST = frozenset("ensckraf更编")
"""The lower-cased first characters of what the expressions match: nearly all lines need none of them."""
_TOOK = frozenset("摄攝")
_MORE_TAILS = frozenset(phrase[-3:] for phrase in MORE)


def mark_of(text: str) -> str:
    """What the form of a line says it is, one of ``MARKS``, or an empty string."""
    first = text[:1].lower()
    if len(text) <= SHORT:
        if _is_date(text):
            return "date"
        if first in _BYLINE_FIRST and _BYLINE.match(text):
            return "byline"
        if "(" in text and (line := read_dateline(text)) is not None and line.whole:
            return "dateline"
        if first in _SOURCE_FIRST and _SOURCE.match(text):
            return "source"
    if len(text) <= _LONG and ((first in _CAPTION_FIRST and _CAPTION_START.match(text)) or _is_credit(text[-90:])):
        return "caption"
    if _is_more(text[-40:].lower().rstrip(AFTER_MORE)):
        return "more"
    if first in _NOTE_FIRST and _NOTE.match(text):
        return "note"
    return ""


def _is_more(tail: str) -> bool:
    return tail[-3:] in _MORE_TAILS and tail.endswith(MORE)


def _is_credit(tail: str) -> bool:
    """Whether a line ends in a picture credit; most lines fail the two cheap looks."""
    low = tail.lower()
    telling = "oto" in low or "image" in low or "pict" in low or "credit" in low or "bild" in low
    if tail[-1:] in _BRACKETS:
        telling = telling or "/" in low or "source" in low or not low.isascii()
    if not (telling or low[-2:-1] in _TOOK or low[-1:] in _TOOK):
        return False
    return _CREDIT_END.search(tail) is not None


def _is_date(text: str) -> bool:
    if len(text) > 90 or not _DIGIT.search(text):
        return False
    if _NUMERIC_DATE.match(text):  # whichever number is the month
        return True
    dates = find_dates(text)
    if not dates:
        return False
    rest = list(text)
    for date in dates:
        rest[date.start : date.end] = " " * (date.end - date.start)
    return _BESIDE_DATES.fullmatch("".join(rest)) is not None
