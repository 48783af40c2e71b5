"""What speaks against a name whatever its family: other words it is part of, counts and units behind it, the pronoun
I, initials, links, code and quotation marks. All work on the folded copy of a text."""

from __future__ import annotations

import re

from pipeline.names.fold import Folded

_UNITS = (
    "%|percent|per cent|million|billion|trillion|thousand|hundred|dozen|people|more|other|others|further|additional|"
    "miles?|km|kms|kilomet(?:re|er)s?|met(?:re|er)s?|centimet(?:re|er)s?|cm|mm|feet|foot|ft|inch|inches|yards?|acres?|"
    "kg|kilos?|kilograms?|grams?|tons?|tonnes?|pounds?|lbs?|lit(?:re|er)s?|gallons?|mph|kph|knots|degrees?|"
    "dollars?|euros?|cents?|seconds?|minutes?|mins?|hours?|hrs?|days?|nights?|weeks?|months?|years?|decades?|centuries|"
    "times|o'clock|a\\.m\\.|p\\.m\\.|am|pm"
)
_COUNTED = (
    "of|extra|new|persons|men|women|children|kids|members|strong|pieces?|items?|doors?|rooms?|seats?|lines?|packs?|"
    "stars?|points?|goals?|games?|wins?|holes?|tracks?|songs?|episodes?|seasons?|books?|chapters?|players?|passengers?|"
    "soldiers?|students?|workers?|employees?|users?|customers?|subscribers?|viewers?|fans|cars?|trucks?|phones?|"
    "speakers?|laptops?|tablets?|watch|watches|shoes?|houses?|streets?|blocks?|floors?|pages?|countries|cities|nations|"
    "models?|variants?|editions?"
)
_UNIT = re.compile(rf"[ -](?:{_UNITS})(?!\w)")
_COUNT = re.compile(rf"[ -](?:{_COUNTED})(?!\w)")
# Further digits behind a hyphen make a score or a date; two with a leading zero number a satellite ("Gaofen-12 02").
_SCORE = re.compile(r"-(?!0\d(?![\d-]))\d")
_MONTH = re.compile(
    r" (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)(?:uary|ruary|ch|il|e|y|ust|tember|ober|ember)?(?![\w-])"
)
_PLURAL = re.compile(
    r" (?!(?:across|towards|plus|versus|thus|always|perhaps|besides|unless|whereas|sometimes|was|has|its|this)\b)"
    r"[a-z]{2,}s\b"
)
_PRONOUN_VERBS = re.compile(
    r"(?:'(?:d|m|ve|ll|re)\b| (?:am|was|had|have|do|did|think|thought|know|knew|saw|see|guess|believe|mean|meant|feel|"
    r"felt|want|wanted|would|will|could|can|may|might|must|should|shall|stopped|started|drove|love|loved|like|liked|"
    r"hope|wish|found|find|got|get|went|go|made|make|took|take|said|say|told|tell|asked|read|wrote|watched|learned|"
    r"remember|suppose|expect|never|always|also|just|still|really|don't|didn't|can't|won't|couldn't|wasn't)\b)"
)
_AFTER_LETTER_I = re.compile(r"[.,;:!?)\]\"'\n/-]|$| (?:and|or|is|has|to|&|\()")
_INITIAL = re.compile(r"\. ?[A-Z]")
_SENTENCE = re.compile(
    r"\. (?:The|It|Its|A|An|In|On|But|And|This|That|These|Those|He|She|They|We|After|Before|At|As|For|From|Both|When|"
    r"While|Then|There|However|Now)\b"
)
_TOKEN = re.compile(
    r"://|www\.|@|\\|_|^[^\w\s]*[#~/]|\w/\w[^ ]*\.\w|"
    r"\.(?:com|org|net|int|gov|edu|cn|io|html?|php|aspx?|jpe?g|png|gif|svg|webp|mp[34]|mov|pdf|txt|docx?|csv|json|xml|zip)\b"
)
_OPENING = frozenset("\"'“„«‹「『‘‚")
_CLOSING = frozenset("\"'”“»›」』’‘")
_RUN = re.compile(r"[^\s\u2e80-\u9fff\uff00-\uffef]*")
TOKEN_REACH = 300
REACH_OF_CAPITALS = 100
_SEGMENT = re.compile(r"\n| - |: | \| |(?<!\bN[oO])[.!?] ")


def bounded_before(lower: str, start: int) -> bool:
    """Whether a name can begin here: not inside a word, compound, number, path, tag or handle."""
    before = lower[start - 1 : start]
    if not before:
        return True
    if before == "-":
        return not lower[max(0, start - 2) : start - 1].isalnum()
    return not (before.isalnum() and not _is_cjk(before)) and before not in "_@#/\\=&$~.+"


def bounded_after(lower: str, end: int, *, plural: bool) -> bool:
    """Whether a name can end here; ``plural`` allows one ``s`` ("Falcon 9s")."""
    one, two = lower[end : end + 1], lower[end + 1 : end + 2]
    if not one:
        return True
    if one.isalnum() and not _is_cjk(one):
        return plural and one == "s" and not (two.isalnum() or two == "-")
    if one in "_%°@\\=+^":
        return False
    if one in ".,:":
        return not two.isdigit() and not (one in ".:" and two.isalpha())
    if one == "-":
        return not two.isalpha() and not _SCORE.match(lower, end)
    return one != "/" or not two.isalpha()


def _is_cjk(character: str) -> bool:
    return "\u2e80" <= character <= "\u9fff"


def counts_something(folded_plain: str, lower: str, end: int, *, strict: bool) -> bool:
    """Whether the number that ends here counts or measures what follows ("5 miles"), or is a date ("6 June").

    ``strict`` also asks for things that one counts but a name can well stand before ("Sentinel 5 stars").
    """
    if _UNIT.match(lower, end) or _MONTH.match(folded_plain, end):
        return True
    return strict and bool(_COUNT.match(lower, end))


def plural_follows(lower: str, end: int) -> bool:
    """Whether the next word looks like the plural of a noun."""
    return bool(_PLURAL.match(lower, end))


def may_be_pronoun(lower: str, end: int, *, roman_is_canonical: bool) -> bool:
    """Whether an ``I`` that ends here may be the pronoun: with names that are written with Roman numbers only before
    such verbs as "think", with all others unless punctuation or the like follows."""
    if _PRONOUN_VERBS.match(lower, end):
        return True
    return not roman_is_canonical and not _AFTER_LETTER_I.match(lower, end)


def is_initial(plain: str, end: int) -> bool:
    """Whether the letter that ends here may be a person's initial ("C. Torres")."""
    return bool(_INITIAL.match(plain, end)) and not _SENTENCE.match(plain, end)


def is_protected(folded: Folded, start: int, end: int) -> bool:
    """Whether the name stands in a link, path, file name, mail address, handle, tag or code, or alone in quotes."""
    return folded.in_code(start) or _fills_quotes(folded.plain, start, end) or _in_token(folded.plain, start, end)


def _in_token(plain: str, start: int, end: int) -> bool:
    """Whether the run of characters around the name, up to white space or Chinese, is a link, an address, a file."""
    before = _RUN.match(plain[max(0, start - TOKEN_REACH) : start][::-1])
    after = _RUN.match(plain, end, end + TOKEN_REACH)
    low, high = start - (before.end() if before else 0), after.end() if after else end
    return (low < start or end < high) and bool(_TOKEN.search(plain[low:high]))


def _fills_quotes(plain: str, start: int, end: int) -> bool:
    if plain[start - 1 : start] not in _OPENING or not start:
        return False
    tail = plain[end : end + 2]
    return tail[:1] in _CLOSING or (tail[:1] in (*".,!?;:",) and tail[1:] in _CLOSING)


def in_capitals(plain: str, start: int, end: int) -> bool:
    """Whether a name in capitals is so because the words around it are, as in a headline.

    The words up to the next colon, dash or full stop decide; where the name stands there alone, the whole line does.
    """
    low, high = max(0, start - REACH_OF_CAPITALS), min(len(plain), end + REACH_OF_CAPITALS)
    breaks = [match.span() for match in _SEGMENT.finditer(plain, low, high)]
    first = max((stop for _, stop in breaks if stop <= start), default=low)
    last = min((begin for begin, _ in breaks if begin >= end), default=high)
    around = plain[first:start] + plain[end:last]
    if not any(character.isalpha() for character in around):
        around = plain[plain.rfind("\n", low, start) + 1 or low : start] + plain[end:high].partition("\n")[0]
    letters = [character for character in around if character.isalpha()]
    return sum(map(str.islower, letters)) * 10 <= len(letters)
