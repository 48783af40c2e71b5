"""Sites: what the pages of one site say about each other's blocks, and what a person says about a site.

A site profile holds, for each block of a site, on how many distinct stories it occurs. Counts are exact integers that
merge by sum, so a profile depends on the set of pages alone: not on their order, their shards or their engine. What it
says of a page is told in coarser steps, so that a site's next story changes little of it.
"""

from pipeline.sites.evidence import template_log_odds, weigh
from pipeline.sites.groups import LoosePage, group_by_recurrence
from pipeline.sites.infer import Inferred, infer_site
from pipeline.sites.keys import block_keys
from pipeline.sites.overrides import Decision, Override, Overrides, read_overrides
from pipeline.sites.profile import Profile, SiteCounts, about, count, merge
from pipeline.sites.stories import StoryPage, counted_pages, story_address

__all__ = [
    "Decision",
    "Inferred",
    "LoosePage",
    "Override",
    "Overrides",
    "Profile",
    "SiteCounts",
    "StoryPage",
    "about",
    "block_keys",
    "count",
    "counted_pages",
    "group_by_recurrence",
    "infer_site",
    "merge",
    "read_overrides",
    "story_address",
    "template_log_odds",
    "weigh",
]
