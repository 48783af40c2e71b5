"""Lines that give themselves away by their form, in HTML and in flattened pages: contacts, networks, counts, posts."""

from __future__ import annotations

import re

from ahocorasick_rs import AhoCorasick

from pipeline.remember import remembered


def _words(text: str) -> list[str]:
    return text.split()


_EMAIL = re.compile(r"[\w.+-]@\w+\.")
_HIDDEN_EMAIL = re.compile(r"\[email", re.I)
_CONTACT = re.compile(
    r"\W*(?:phone|fax|tel|telefon|e-?mail|address|adresse)\b.{0,4}[:\d]|"
    r"\d{4,5} [^\W\d_][\w .-]{2,25}$|(?:suite|ste\.?|floor|p\.?o\.? box)\W* ?#?\d|"
    r"\d{1,5} (?:[\w.'-]+ ){1,4}(?:st|street|ave|avenue|rd|road|blvd|boulevard|dr|drive|"
    r"ln|lane|way|place|plaza|court|ct)\b",
    re.I,
)
_NUMBER = re.compile(r"\d{3}(?:[ .-]\d{3}|\d\d)")
_TELEPHONE_OR_ZIP = re.compile(
    r"(?<!\d)(?:\+\d{1,3}[ .-]?)?\(?\d{2,5}\)?[ ./-]{1,2}\d{3,4}[ .-]\d{3,7}\b|\b[A-Z]{2},? \d{5}(?:-\d{4})?\b", re.I
)
_STOREY = re.compile(r"\b\d(?:st|nd|rd|th) floor\b", re.I)
_CONTACT_LENGTH = 160
_NETWORKS_LENGTH = 120
_BREAKS = re.compile(r"[,:|/•·()]")
NETWORKS = frozenset(
    _words("""
facebook twitter x instagram youtube tiktok telegram whatsapp linkedin pinterest reddit tumblr
bluesky mastodon threads flipboard messenger discord xing vk weibo snapchat
""")
)
_BETWEEN_NETWORKS = frozenset(
    _words("""
on icon icons via in opens new window link and follow us our page click to share a the subscribe
feed rss
""")
)
_OF_NETWORKS = NETWORKS | _BETWEEN_NETWORKS
_FIRST_WORD = re.compile(r"\W*(\w+)")
_READING_TIME = re.compile(
    r"\W*(?:(?:reading|read) time|lesezeit|lesedauer|temps de lecture|lectura)?\W*(?:\d+ ?)?"
    r"(?:min(?:ute)?n?s?\.?|mins?)(?: (?:read|lesezeit|de lecture|de lectura))?\W*$",
    re.I,
)
_WORD = re.compile(r"\w")
_LETTER = re.compile(r"[^\W\d_]")
_CALL = re.compile(
    r"(?:view|learn|get|start|book|read|watch|try|download|explore|see|find|contact|join|shop|browse|discover|request|"
    r"schedule|apply|search|visit|show|check out|sign up|talk to)\b",
    re.I,
)
_CALL_WORDS = 4
_CODE = re.compile(r"[{}]|[a-z]_[a-z]|^/\w+(?:[/-]\w+)+$|^\w+=\S+$")
_CLAIM = re.compile(r"\(c\) ?(?:19|20)\d\d|copyright (?:©|\(c\)|(?:19|20)\d\d)|all rights reserved", re.I)
_GROUPING = re.compile(
    r"\W*by (?:[\w&]+ ){0,3}?(?:industry|role|size|use case|type|product|category|department|topic|brand|service|"
    r"solution|material|price|activity|region|country|state|date|subject|season|occasion|location|manufacturer)s?\b",
    re.I,
)
_COMPANY = re.compile(r"\b(?:Ltd|LLC|Inc|GmbH|Limited|Corp|Corporation|PLC|S\.A|SAS|AG|B\.V|Pty)\.?$")
_COMPANY_ENDS = tuple(
    name + dot
    for name in _words("Ltd LLC Inc GmbH Limited Corp Corporation PLC S.A SAS AG B.V Pty")
    for dot in ("", ".")
)
COMPANY_LETTERS = frozenset(end[-1] for end in _COMPANY_ENDS)
_CREDIT = re.compile(
    r"(?:bildrechte|bildquelle|bild|fotos?|photos?|photograph|image|credit|crédits?|getty|reuters|imago|"
    r"picture alliance)"
    r"(?: (?:by|credit))?\s?[:|/]|©\s?[^\d\s]|(?:getty images|picture alliance|imago images)\b",
    re.I,
)
_CREDIT_LETTERS = frozenset("bBfFpPiIİıcCgGrR©")  # whatever the case, as regular expressions see it
_CREDIT_LENGTH = 90
_PRICE = re.compile(
    r"\W{0,2}(?:(?:from|ab|à partir de|desde|only|now|was|msrp|save)\W{1,2})?(?:[$€£¥]\s?\d[\d.,]*|"
    r"\d[\d.,]*\s?(?:[$€£¥]|(?:USD|EUR|GBP|CHF)\b))(?: ?/? ?\w+){0,2}\W*$|[$€£¥]$",
    re.I,
)
_BIO_WORDS = _words("""
professor reporter writer editor journalist author founder director correspondent fellow expert specialist contributor
researcher analyst manager faculty columnist blogger consultant creator
""")
BIO_STEMS = (*_BIO_WORDS, "freelance", "ceo")
_BIO = re.compile(
    r"[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]*){0,3},? (?:is|writes|covers|works as|has been) (?:[\w'’-]+ ){0,6}"
    rf"(?:{'|'.join(_BIO_WORDS)}|co-founder|freelancer?|CEO)\b"
)
_MONEY = ("$", "€", "£", "¥", "USD", "EUR", "GBP", "CHF")
_SAYS_WHO = re.compile(r" (?:is|writes|covers|works|has) ")
_SIGN = re.compile(r"[\d@\[{}_|·•»/=:$€£¥]")
_TELLING_WORD = re.compile(r"\b(?:min|lesezeit|floor|suite|box|read)", re.I)
_ROW = re.compile(r" (?:[|·•»]|&bull;|\|\|) ")
MENU = frozenset(
    _words("""
home blog news about contact search archive archives feed rss videos shop store help faq login menu
""")
)
_ENTRY = 6
_NUMBERED = re.compile(r"(?:[*+-] )?\d{1,2}(?:\.\d{1,2})*\.? \S")
_POST = re.compile(
    r"(?:posts|messages|threads|topics|reputation|reaction score|likes(?: received)?|best answers|location|karma|"
    r"blog entries|registered|joined|from|thanks):|(?:joined|registered|member since):? .{0,20}\d{4}$|"
    r"(?:joined|reputation|level \d+|\d[\d,.]*k? (?:posts|topics|messages))$|\d[\d,.]* posts\b|"
    r"(?:(?:new|senior|junior|notable|active|regular|well-known|full|valued|distinguished) )?"
    r"(?:member|moderator|administrator|super moderator|guest|newbie)s?$|"
    r"(?:over )?(?:an?|\d+) (?:year|month|week|day|hour)s? ago$|(?:reply|quote|like|report|offline|online|"
    r"add to quote|see less|see more|last edited|last reply|permalink|find)$|"
    r"(?:\d+ repl(?:y|ies)|\d+ likes?|#\d+)$|last edited by\b|reactions:|log in to reply|reply with quote|"
    r"you may not (?:post|edit|reply)|(?:\[\w+\]|bb|html) code is |smilies are |"
    r"[\w. -]{2,30} (?:says|said|writes|wrote|schrieb|sagt|dit|dijo)(?: on .*)?:$",
    re.I,
)
POST_STEMS = (
    *_words("""
post message thread topic reputation reaction likes answers location karma blog regist join from: thank since level
member moder admin guest newbie reply replies quote report offline online edited permalink find # smil like
"""),
    *("add to", "see more", "see less", "may not", "code is", " ago"),
    *(" says", " said", " writes", " wrote", " schrieb", " sagt", " dit", " dijo"),
)
"""What stands in the lines of posts, if not a date and a time of day."""
_POST_AUTOMATON = AhoCorasick([*POST_STEMS, "19", "20"])
_POSTED = re.compile(r"\S.{0,30}\b(?:19|20)\d\d\b,? (?:at )?\d\d?:\d\d ?(?:[ap]m)? #?\d+$", re.I)
_BULLETS = "*+-•· "
_POST_LENGTH = 60
_COUNTS = frozenset(
    (
        "members",
        "member",
        "guests",
        "guest",
        "posts",
        "reply",
        "quote",
        "like",
        "online",
        "offline",
        "see more",
        "see less",
        "find",
    )
)


def is_contact(text: str) -> bool:
    """Whether a line is an address, a telephone number or a place to write to."""
    return len(text) <= _CONTACT_LENGTH and (
        (_CONTACT.match(text) is not None)
        or ("@" in text and _EMAIL.search(text) is not None)
        or ("[" in text and _HIDDEN_EMAIL.search(text) is not None)
        or (_NUMBER.search(text) is not None and _TELEPHONE_OR_ZIP.search(text) is not None)
        or ("loor" in text.lower() and _STOREY.search(text) is not None)
    )


@remembered
def is_networks(text: str) -> bool:
    """Whether a line names social networks and little else."""
    if len(text) > _NETWORKS_LENGTH:
        return False
    lowered = text.lower()
    first = _FIRST_WORD.match(lowered)
    if first is None or first[1] not in _OF_NETWORKS or NETWORKS.isdisjoint(_BREAKS.sub(" ", lowered).split()):
        return False
    words = re.findall(r"\w+", lowered)
    named = sum(word in NETWORKS for word in words)
    return named > 0 and all(word in _OF_NETWORKS for word in words)


def is_reading_time(text: str) -> bool:
    """Whether a line says how long the story takes to read, and nothing else."""
    return _READING_TIME.match(text) is not None


def is_wordless(text: str) -> bool:
    """Whether a line holds neither a letter nor a digit."""
    return _WORD.search(text) is None


def is_odd(text: str) -> bool:
    """Whether a line holds more than words: only then can it be an address, a count, a sign, a row or a template."""
    if _SIGN.search(text) is not None:
        return True
    lowered = text.lower()
    if lowered.partition(" ")[0] in MENU:
        return True
    if not lowered[:1].isalnum() and is_wordless(text):
        return True
    may_tell = (
        "min" in lowered
        or "read" in lowered
        or "box" in lowered
        or "floor" in lowered
        or "suite" in lowered
        or "lesezeit" in lowered
        or not text.isascii()
    )
    return may_tell and _TELLING_WORD.search(text) is not None


def is_number(text: str) -> bool:
    """Whether a line holds digits and signs but not a letter."""
    return _LETTER.search(text) is None and not is_wordless(text)


def is_grouping(text: str) -> bool:
    """Whether a line says by what a menu or a shop is grouped: it looks like a byline and is none."""
    return _GROUPING.match(text) is not None


def is_company(text: str) -> bool:
    """Whether a line is the name of a company with its legal form."""
    return (
        text[-1:] in COMPANY_LETTERS
        and len(text) <= _POST_LENGTH
        and text.endswith(_COMPANY_ENDS)
        and _COMPANY.search(text) is not None
    )


def is_credit(text: str) -> bool:
    """Whether a line says whose a picture is."""
    return text[:1] in _CREDIT_LETTERS and len(text) <= _CREDIT_LENGTH and _CREDIT.match(text) is not None


def is_price(text: str) -> bool:
    """Whether a line is a price, with a word or two about it at most."""
    return len(text) <= _POST_LENGTH and has_money(text) and _PRICE.match(text) is not None


def has_money(text: str) -> bool:
    """Whether a text holds the sign or the code of a currency; none of the lines of one that does not is a price."""
    return any(sign in text for sign in _MONEY)


def is_bio(text: str) -> bool:
    """Whether a line introduces the person who wrote the story."""
    return "A" <= text[:1] <= "Z" and _SAYS_WHO.search(text) is not None and _BIO.match(text) is not None


def is_claim(text: str) -> bool:
    """Whether a line claims copyright."""
    if "©" in text:
        return True
    if text.isascii():
        lowered = text.lower()
        if "copyright" not in lowered and "(c)" not in lowered and "all rights" not in lowered:
            return False
    return _CLAIM.search(text) is not None


def is_code(text: str) -> bool:
    """Whether a line is a template or a technical name that a browser would have hidden."""
    return _CODE.search(text) is not None and len(text) <= _POST_LENGTH


def is_row(text: str) -> bool:
    """Whether a line is a row of short entries with signs between, as menus and footers write them."""
    menu = text.lower().split()
    if len(menu) > 1 and all(word in MENU for word in menu):
        return True
    parts = _ROW.split(text)
    return len(parts) > 2 and all(len(part.split()) <= _ENTRY for part in parts)


def is_numbered(text: str) -> bool:
    """Whether a line begins with a number as the entries of tables of contents do."""
    return _NUMBERED.match(text) is not None


def is_label(text: str) -> bool:
    """Whether a line is a word or two without a sign after them."""
    return len(text.split()) <= 2 and text[-1].isalnum()


def is_call(text: str) -> bool:
    """Whether a line of a few words asks the reader to go elsewhere, as the label of a button does."""
    return (
        len(text.split()) <= _CALL_WORDS
        and _CALL.match(text) is not None
        and text[0].isupper()
        and text[-1] not in ".?:"
    )


def is_post_line(text: str) -> bool:
    """Whether a line is of the kind that stands at the head or the foot of a post in a forum."""
    if len(text) > _POST_LENGTH and text[0] not in _BULLETS:
        return False
    bare = text.lstrip(_BULLETS)
    if len(bare) > _POST_LENGTH or (
        _POST.match(bare) is None and (":" not in bare or _POSTED.match(bare) is None)  # no time of day without a colon
    ):
        return False
    return bool(_POST_AUTOMATON.find_matches_as_indexes(bare.lower()))


def is_strong_post_line(text: str) -> bool:
    """Whether such a line stands nowhere else than in forums and under comments."""
    return is_post_line(text) and text.lower() not in _COUNTS and not text.endswith(" ago")
