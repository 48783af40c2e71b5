"""Ten invented sites, each a template around whatever stories it is given; the same in every run."""

from __future__ import annotations

import html
import random
from collections.abc import Sequence
from dataclasses import dataclass

OUTLETS = (
    ("The Harbour Gazette", "gazette"),
    ("Northmoor Herald", "northmoor"),
    ("The Meridian", "meridian"),
    ("Silt & Stone", "silt"),
    ("Valley Wire", "valley"),
    ("Port Annick Star", "annick"),
    ("The Quarry Post", "quarry"),
    ("Larkfield Times", "larkfield"),
    ("Orbit Review", "orbit"),
    ("Saltmarsh Daily", "saltmarsh"),
)
SECTIONS = (
    "Home, Latest, World, Nation, Money, Markets, Science, Space, Health, Climate, Culture, Books, Music, "
    "Film, Food, Travel, Sport, Football, Sailing, Weather, Letters, Opinion, Video, Podcasts, Puzzles, "
    "Archive, Jobs, Events, Local, Schools"
)
SERVICES = (
    "Sign in, Subscribe, My account, Newsletters, E-paper, Search, Contact us, About us, Advertise, "
    "Privacy notice, Terms of use, Cookie settings, Accessibility, Corrections, Send a tip, Press office, "
    "RSS feeds, Site map"
)
SHARES = "Share, Email this story, Print, Copy link, Save for later, Listen to this story"
APPEALS = (
    "{name} has no owner to please. If our reporting is of use to you, consider giving a little each month.",
    "You have read this far for nothing. Keep {name} free for everyone: become a member today.",
    "Good reporting takes months and costs money. Readers pay for most of ours; will you join them?",
    "Before you go: our winter fund closes soon, and we are still short of the goal. Every gift is doubled.",
    "{name} sends the five stories that matter to your inbox each morning. It takes a minute to sign up.",
)
LEGAL = (
    "© 2024 {name} Ltd. All rights reserved. No part of this site may be reproduced without our written consent.",
    "{name} is a member of the Independent Press Council and follows its code of conduct.",
    "Registered at 4 Quay Street. This site uses cookies to remember you; see our cookie settings.",
)
SIDEBARS = ("Most read", "More from {name}", "You may also like", "Editor's picks", "Latest headlines")


@dataclass(frozen=True, slots=True)
class Story:
    """A title and its paragraphs."""

    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Blocks of a page that stand together in one element; ``is_story`` says what they are."""

    element: str
    tag: str
    texts: tuple[str, ...]
    is_story: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """One invented site: what stands on every page, and where the headlines of other stories turn."""

    name: str
    site: str
    menu: tuple[str, ...]
    shares: tuple[str, ...]
    appeal: str
    sidebar: str
    footer: tuple[str, ...]
    headlines: int


def template(number: int) -> Template:
    """The invented site of that number."""
    rng = random.Random(1000 + number)
    name, site = OUTLETS[number]
    return Template(
        name=name,
        site=f"{site}.example",
        menu=(name, *rng.sample(SECTIONS.split(", "), rng.randint(6, 16)), *rng.sample(SERVICES.split(", "), 3)),
        shares=tuple(rng.sample(SHARES.split(", "), rng.randint(1, 4))),
        appeal=rng.choice(APPEALS).format(name=name),
        sidebar=rng.choice(SIDEBARS).format(name=name),
        footer=(
            *rng.sample(SERVICES.split(", "), rng.randint(4, 9)),
            *(line.format(name=name) for line in rng.sample(LEGAL, 2)),
        ),
        headlines=rng.randint(4, 8),
    )


def page(site: Template, story: Story, others: Sequence[str], rng: random.Random) -> list[Part]:
    """The parts of one page; ``others`` are the titles that the sidebar draws from."""
    half = min(len(story.paragraphs), rng.randint(2, 4))
    return [
        Part("header", "li", site.menu),
        Part("h1", "", (story.title,), is_story=True),
        Part("div", "span", site.shares),
        Part("main", "p", story.paragraphs[:half], is_story=True),
        Part("section", "p", (site.appeal,)),
        Part("main", "p", story.paragraphs[half:], is_story=True),
        Part("aside", "li", (site.sidebar, *rng.sample(list(others), site.headlines))),
        Part("footer", "li", site.footer),
    ]


def as_text(parts: Sequence[Part]) -> str:
    """The page as a plain-text scrape, one block per line."""
    return "\n".join(text for part in parts for text in part.texts)


def as_html(parts: Sequence[Part]) -> str:
    """The page as HTML."""
    return f"<!doctype html><html><body>{''.join(map(_element, parts))}</body></html>"


def _element(part: Part) -> str:
    inner = "".join(
        f"<{part.tag}>{html.escape(text)}</{part.tag}>" if part.tag else html.escape(text) for text in part.texts
    )
    return (
        f"<{part.element}><ul>{inner}</ul></{part.element}>"
        if part.tag == "li"
        else f"<{part.element}>{inner}</{part.element}>"
    )
