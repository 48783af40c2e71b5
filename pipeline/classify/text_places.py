"""What a removed line of a flattened page most likely is, by form and place, where no group and no cue speaks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar

from pipeline.classify import forms
from pipeline.classify.html_reasons import is_byline
from pipeline.classify.text_lines import Lines
from pipeline.classify.text_signs import BIO, BYLINE, CJK, CLAIM, CODE, CREDIT, DIGIT, LETTER, MENU, MINUTES, ROW, WORD
from pipeline.classify.text_title import Heading
from pipeline.classify.text_zones import Why, is_priced
from pipeline.model import Block, Reason

_NOT_IN_NAMES = """
home blog news about contact recent latest in the this of and for to on all our more your article
"""
_NO_NAMES = frozenset(_NOT_IN_NAMES.split())
T = TypeVar("T")
_MENU_LINE = 4
_HEADLINE, _HEADLINE_WORDS, _LONG_HEADLINE = 40, 22, 45
_AFTER_STORY, _FAR, _LONG_ENTRY = 12, 60, 6
"""What stands so near below a story is related to it; so far below it, a short line is a menu's."""
_SENTENCE_WORDS = 8
_NEAR_HEAD = 6
_SECTION_WORDS = 3
_LEGAL_REACH = 4
_TAGS_BELOW, _TAGS_REACH = 12, 40
_PRICED, _PRICED_WORDS, _ADDRESS = 3, 8, 2
_PAGE_NUMBER = re.compile(r"\d{1,3}$")
# The reasons of many lines, by names that are found faster than the members of an enumeration.
_AUTHOR_BIO = Reason.AUTHOR_BIO
_BYLINE = Reason.BYLINE
_CAPTION = Reason.CAPTION
_LEGAL = Reason.LEGAL
_NAVIGATION = Reason.NAVIGATION
_OTHER = Reason.OTHER
_RELATED = Reason.RELATED
_SECTION_LABEL = Reason.SECTION_LABEL
_SIDEBAR_HEADLINES = Reason.SIDEBAR_HEADLINES
_TAGS = Reason.TAGS
_TEASER = Reason.TEASER


def by_form(lines: Lines, index: int) -> Why | None:
    """What a line is by its form alone, where that says no more than what it is not."""
    if not lines.likely_forms[index]:
        return None
    text = lines.texts[index]
    found = _form(lines, index, text, lines.signs[index])
    return found if found is not None and forms.is_odd(text) else None


def _form(lines: Lines, index: int, text: str, signs: int) -> Why | None:
    if not signs & WORD and forms.is_wordless(text):
        return _OTHER, "form:no-words"
    if signs & MINUTES and forms.is_reading_time(text):
        return _OTHER, "form:reading-time"
    if lines.contacts[index]:
        return _OTHER, "form:contact"
    if signs & CODE and forms.is_code(text):
        return _OTHER, "form:code"
    if signs & (ROW | MENU) and forms.is_row(text):
        return _NAVIGATION, "form:row"
    if not signs & LETTER and forms.is_number(text):
        return (_NAVIGATION, "form:page") if _in_sequence(lines, index) else (_OTHER, "form:number")
    if signs & DIGIT and forms.is_numbered(text):
        near = [lines.texts[place] for place in (index - 1, index + 1) if 0 <= place < len(lines.texts)]
        return (_NAVIGATION, "form:numbered") if any(map(forms.is_numbered, near)) else None
    return None


def by_place(lines: Lines, index: int, heading: Heading) -> Why:
    """What a line most likely is where nothing but its place and length speaks."""
    text, size, entry = lines.texts[index], lines.sizes[index], lines.entries[index]
    if size <= _PRICED_WORDS and not entry and lines.has_prices and True in _about(lines.prices, index, _PRICED):
        return _OTHER, "place:price"
    if size <= _MENU_LINE and lines.has_contacts and _about(lines.contacts, index, _ADDRESS).count(True) > 1:
        return _OTHER, "place:contact"
    if lines.likely_wordings[index] and (own := by_wording(lines, index, heading)):
        return own
    if index < heading.first:
        return _above_story(lines, index, heading.title if heading.title is not None else heading.first)
    if index < heading.last:
        return (_NAVIGATION, "form:call") if forms.is_call(text) else (_OTHER, "place:inside")
    if size >= _SENTENCE_WORDS and _claimed(lines, index):
        return _LEGAL, "place:legal"
    sentence = lines.sentences[index]
    if size <= _MENU_LINE and len(text) < _HEADLINE:
        return (_OTHER if sentence else _NAVIGATION), "place:below-story"
    if size <= (_LONG_HEADLINE if entry else _HEADLINE_WORDS) and not sentence:
        far = index - heading.last
        near = far <= _AFTER_STORY
        if size <= _LONG_ENTRY and ((entry and not near) or far > _FAR):
            return _NAVIGATION, "place:far-below"
        return _RELATED if near else _SIDEBAR_HEADLINES, "place:below-story"
    return _abstract(lines, index) or (_OTHER, "place:below-story")


def by_wording(lines: Lines, index: int, heading: Heading) -> Why | None:
    """What a line says it is in words that any site uses: a byline, a bio, the owner of a picture or of the page."""
    text, signs = lines.texts[index], lines.signs[index]
    if signs & (BYLINE | CJK) and is_byline(text):
        return _BYLINE, "form:byline"
    if signs & BIO and forms.is_bio(text):
        return _AUTHOR_BIO, "form:bio"
    if signs & CLAIM and index > heading.last and forms.is_claim(text):
        return _LEGAL, "form:claim"
    sentence = lines.sentences[index]
    if (signs & (CREDIT | CLAIM) and forms.is_credit(text)) or (sentence and _is_credited(lines, index + 1)):
        return _CAPTION, "form:credit"
    if index > heading.last and forms.is_company(text):
        return _LEGAL, "form:company"
    if not sentence and lines.is_alike(index):
        return _NAVIGATION, "form:alike"
    if not lines.entries[index] or index - heading.last > _TAGS_REACH:
        return None
    first = index
    while first > heading.last and lines.entries[first] and lines.sizes[first] <= _MENU_LINE:
        first -= 1
    if first < index and 0 <= first - heading.last < _TAGS_BELOW and lines.sentences[first]:
        return _TAGS, "place:entries-below-story"
    return None


def _is_credited(lines: Lines, index: int) -> bool:
    """Whether there is such a line and it says whose a picture is."""
    return (
        index < len(lines.texts) and lines.signs[index] & (CREDIT | CLAIM) != 0 and forms.is_credit(lines.texts[index])
    )


def _claimed(lines: Lines, index: int) -> bool:
    """Whether copyright is claimed beside a line."""
    near = range(max(index - _LEGAL_REACH, 0), min(index + _LEGAL_REACH + 1, len(lines.texts)))
    return any(lines.signs[place] & CLAIM and forms.is_claim(lines.texts[place]) for place in near)


def _above_story(lines: Lines, index: int, head: int) -> Why:
    """What a line above the story is: a byline, a label right above the title, else part of a menu."""
    text, size = lines.texts[index], lines.sizes[index]
    if index > head - 3 and _is_name(text) and _beside_head_mark(lines.blocks, index):
        return _BYLINE, "place:name"
    if size >= _SENTENCE_WORDS and lines.sentences[index]:
        return (
            (_OTHER, "place:deck")
            if head - index <= _NEAR_HEAD
            else _abstract(lines, index) or (_NAVIGATION, "place:above-title")
        )
    if index < head and size <= _HEADLINE_WORDS:
        label = head - index <= 2 and size <= _SECTION_WORDS and not lines.entries[index]
        if label and not any(c.isdigit() for c in text) and (index < 2 or not in_menu(lines, index - 1, _MENU_LINE)):
            return _SECTION_LABEL, "place:above-title"
        return _NAVIGATION, "place:above-title"
    return (_NAVIGATION if size <= _MENU_LINE else _OTHER), "place:above-story"


def _abstract(lines: Lines, index: int) -> Why | None:
    """A teaser, where a sentence stands right below what reads like a headline."""
    if not lines.sentences[index]:
        return None
    near = range(index - 1, max(index - 4, -1), -1)
    above = next((place for place in near if not forms.is_wordless(lines.texts[place])), None)
    if above is None or lines.sentences[above]:
        return None
    return (_TEASER, "place:below-headline") if _MENU_LINE <= lines.words[above] <= _HEADLINE_WORDS else None


def in_menu(lines: Lines, index: int, most: int) -> bool:
    """Whether a line of at most ``most`` words stands among lines as short as those of a menu."""
    if len(lines.texts[index].strip("*+-• ").split()) > most:
        return False
    about = range(max(index - 3, 0), min(index + 4, len(lines.texts)))
    short = sum(lines.words[place] <= _MENU_LINE and lines.texts[place][-1] not in ".!?:" for place in about)
    return short >= len(about) - 1 and len(about) > 4 and not any(is_priced(lines, place) for place in about)


def _in_sequence(lines: Lines, index: int) -> bool:
    """Whether a line is a number, and the line above or below the one before or after it: a list of pages."""
    if not _PAGE_NUMBER.match(lines.texts[index]):
        return False
    number = int(lines.texts[index])
    above = lines.texts[index - 1] if index else ""
    below = lines.texts[index + 1] if index + 1 < len(lines.texts) else ""
    return above == str(number - 1) or below == str(number + 1)


def _is_name(text: str) -> bool:
    """Two to five capitalised words, or two to four Chinese characters."""
    parts = text.split()
    if 2 <= len(parts) <= 5:
        return all(part[0].isupper() and part.lower() not in _NO_NAMES for part in parts) and not any(
            c.isdigit() for c in text
        )
    return 2 <= len(text) <= 4 and all("\u4e00" <= c <= "\u9fff" for c in text)


def _beside_head_mark(blocks: Sequence[Block], index: int) -> bool:
    about = blocks[max(index - 2, 0) : index + 3]
    return any(block.mark in {"byline", "date", "dateline"} for block in about)


def _about(items: Sequence[T], index: int, reach: int) -> Sequence[T]:
    return items[max(index - reach, 0) : index + reach + 1]
