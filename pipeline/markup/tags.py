"""What tags and the words of their attributes say: the tables of the segmentation."""

from __future__ import annotations

import re

from pipeline.model import Kind
from pipeline.remember import remembered


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def word_set(text: str) -> frozenset[str]:
    """The words of a text as a set: how the tables of this package are written."""
    return frozenset(text.split())


INLINE = word_set(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img input ins kbd label mark nobr o:p picture q "
    "rb rp rt ruby s samp small source span strike strong sub sup time track tt u var wbr"
)
VOID = word_set("area base basefont br col embed frame hr img input link meta param source track wbr")
BOLD = word_set("b strong")
ITALIC = word_set("em i cite")

# Tags that a block or one of its ancestors may have; each is a bit of the tag mask.
TAGS = _words(
    "p div section article main aside header footer nav ul ol li dl dt dd table tr td th caption figure figcaption "
    "blockquote pre h1 h2 h3 h4 h5 h6 form button select label a details summary noscript dialog address"
)
TAG_BIT = {tag: 1 << index for index, tag in enumerate(TAGS)}
HEADINGS = word_set("h1 h2 h3 h4 h5 h6")

KINDS = {
    **dict.fromkeys(HEADINGS, Kind.HEADING),
    **dict.fromkeys(("p",), Kind.PARAGRAPH),
    **dict.fromkeys(("li", "dd", "dt"), Kind.ITEM),
    **dict.fromkeys(("blockquote", "q"), Kind.QUOTE),
    **dict.fromkeys(("table", "tr", "td", "th"), Kind.TABLE),
    **dict.fromkeys(("pre", "xmp", "listing"), Kind.CODE),
    **dict.fromkeys(("figcaption", "caption"), Kind.CAPTION),
}

# Words in ids, classes and roles; each family is a bit of the attribute mask.
FAMILIES: dict[str, str] = {
    "body": "articlebody articlecontent articletext bodytext storybody storytext entrycontent postcontent "
    "postbody maincontent articlepage richtext prose wysiwyg bodycopy markdown mw parser redactor rte "
    "copy",
    "content": "article content story post entry body text main page paragraph blog news inhalt contenido contenu "
    "artikel",
    "comment": "comment comments commentlist disqus respond reply replies discussion remark kommentar kommentare "
    "commento",
    "navigation": "nav navigation navbar menu submenu breadcrumb breadcrumbs pagination pager paging toc crumbs "
    "menubar "
    "dropdown megamenu tabs tab prev previous next",
    "header": "header masthead topbar logo brand branding banner top toolbar",
    "footer": "footer foot copyright colophon bottom imprint legal disclaimer footnote",
    "sidebar": "sidebar aside rail secondary complementary widget widgets side col right",
    "related": "related recommend recommended recommendations recirc more popular trending mostread latest also "
    "outbrain taboola readmore suggested similar recent onward further crosslink mehr",
    "share": "share sharing social facebook twitter follow sharebar whatsapp addthis sharedaddy socials pinterest",
    "ad": "ad ads advert adverts advertisement advertising sponsor sponsored dfp gpt adsense promo promotion "
    "anzeige werbung promoted commercial campaign",
    "subscribe": "newsletter subscribe subscription signup paywall regwall donate donation membership register cta "
    "login signin optin mailing premium offer",
    "caption": "caption credit credits figcaption photographer legend",
    "media": "image images img photo photos picture gallery slideshow media video player figure thumbnail thumb "
    "carousel slider slide audio podcast embed",
    "author": "author authors byline bylines bio contributor contributors writer autor profile avatar vcard auteur by",
    "date": "date time datetime published timestamp updated dateline posted datum pubdate",
    "meta": "meta info metadata details data",
    "title": "title headline heading subject name",
    "tag": "tag tags category categories topic topics kicker eyebrow label labels keywords tagged section",
    "consent": "onetrust ot didomi usercentrics cookiebot borlabs cky cmplz truste tarteaucitron iubenda "
    "cookielaw cookie cookies consent gdpr modal popup overlay dialog cmp privacy notice toast alert interstitial",
    "deck": "deck dek standfirst subtitle subheadline summary intro introduction lead lede teaser excerpt "
    "description abstract chapo subhead sub vorspann",
    "product": "product products price sku cart shop basket rating ratings buy stock woocommerce checkout specs "
    "specifications",
    "review": "review reviews testimonial testimonials",
    "forum": "message messages thread threads topictitle postbody messagetext bbwrapper bbcode forum answer "
    "answers question usertext",
    "listing": "list lists grid item items card cards tile tiles feed listing listings row loop archive results result",
    "form": "form search input field button btn filter filters sort options",
    "reference": "reference references reflist citation citations footnotes endnotes bibliography navbox infobox "
    "sources editsection hatnote",
    "screenreader": "sr skip hidden visually screenreader assistive offscreen invisible",
    "faq": "faq faqs accordion question collapse panel",
    "feature": "feature features hero section block module component container wrapper",
    "user": "user username member signature sig rank reputation joined",
}
FAMILY_BIT = {family: 1 << index for index, family in enumerate(FAMILIES)}
WORD_BITS: dict[str, int] = {}
for _family, _members in FAMILIES.items():
    for _word in _members.split():
        WORD_BITS[_word] = WORD_BITS.get(_word, 0) | FAMILY_BIT[_family]

HIDDEN = 1 << len(FAMILIES)
ARTICLE_BODY = 1 << (len(FAMILIES) + 1)
MASK_NAMES = (*FAMILIES, "hidden", "articlebody")

# Attributes that are read: some hide an element by their value, of the others the words speak. A serialiser writes no
# other quotes around values than these, and none inside.
_READ = re.compile(r' (class|id|role|itemprop|data-testid|data-component|style|hidden|aria-hidden)="([^"]*)"')
_HIDING = {
    "style": re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I),
    "hidden": re.compile(""),
    "aria-hidden": re.compile("^true\\Z"),
}
_BODY_PROPERTIES = ("articlebody", "text")
_CLASS = re.compile(r' class="([^"]*)"')
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_LOWER_WORD = re.compile("[a-z]+")
_LABEL_CLASSES = 3
_LABEL_ID = 40


@remembered
def read_tag(inside: str) -> tuple[int, str]:
    """Of what stands inside a start tag: the families its attributes speak for, and ``#id.class`` for the path."""
    mask = 0
    label = identity = ""
    for key, value in _READ.findall(inside):
        if key in _HIDING:
            mask |= HIDDEN if _HIDING[key].search(value) else 0
            continue
        parts = value.split()
        for part in parts:
            mask |= _families(part)
        if key == "class":
            label = "".join(["." + part for part in parts[:_LABEL_CLASSES]])
        elif key == "id":
            identity = "#" + value[:_LABEL_ID]
        elif key == "itemprop" and value.lower() in _BODY_PROPERTIES:
            mask |= ARTICLE_BODY
    return mask, identity + label


@remembered
def inline_families(inside: str) -> int:
    """The families that the class of an inline element speaks for, by what stands inside its start tag."""
    match = _CLASS.search(inside)
    mask = 0
    for part in match[1].split() if match else ():
        mask |= _families(part)
    return mask


@remembered
def _families(part: str) -> int:
    """The families of the words of a class name, and of all of it without the hyphens."""
    lowered = part.lower()
    joined = lowered.replace("-", "").replace("_", "")
    mask = WORD_BITS.get(joined, 0)
    if part == joined and joined.isalpha() and joined.isascii():  # one word, and looked up
        return mask
    for word in _LOWER_WORD.findall(part) if part == lowered else _WORD.findall(part):
        mask |= WORD_BITS.get(word.lower(), 0)
    return mask
