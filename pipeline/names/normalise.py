"""The front door: find the names of a text, decide which readings hold, write the canonical forms."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.model import Mention, NamedText
from pipeline.names.context import window
from pipeline.names.fold import Folded, fold
from pipeline.names.gazetteer import Gazetteer, Trust
from pipeline.names.guards import in_capitals
from pipeline.names.readings import Reading, find_readings

# A name can bring the cue for another ("European Space Administration" becomes an agency): such a text is read again.
ROUNDS = 3
GLOSS = 40  # characters within which a second name of the same thing explains the first


@dataclass(frozen=True, slots=True)
class Change:
    """A name found in a text: ``start`` and ``end`` in the text, what its author wrote, what it becomes, what it is."""

    start: int
    end: int
    surface: str
    written: str
    canonical: str
    name_id: str
    kind: str


def normalise(text: str, gazetteer: Gazetteer) -> NamedText:
    """The text with every known name in its canonical form, and the mentions with their offsets into that text.

    A mention's ``surface`` is what stood in ``text``: put back in the place of each mention, the surfaces give
    ``text`` again, byte for byte. Doing it again changes nothing, and a text without a change comes back as the same
    object.
    """
    mentions: tuple[Mention, ...] = ()
    for _ in range(ROUNDS):
        changes, doubtful = _find(text, gazetteer)
        before = text
        text, mentions = _apply(text, _beside(changes, mentions, text))
        if text == before:
            return NamedText(before, mentions)
        if not doubtful:
            break
    return NamedText(text, mentions)


def _beside(changes: list[Change], mentions: tuple[Mention, ...], text: str) -> list[Change]:
    """The changes of a further round beside the mentions of the rounds before, which stay as they are."""
    if not mentions:
        return changes
    taken = [mention.end for mention in mentions]
    kept = [
        Change(one.start, one.end, one.surface, text[one.start : one.end], one.canonical, one.name_id, one.kind)
        for one in mentions
    ]
    for change in changes:
        place = bisect_right(taken, change.start)
        if place == len(mentions) or change.end <= mentions[place].start:
            kept.append(change)
    return sorted(kept, key=lambda change: change.start)


def find_changes(text: str, gazetteer: Gazetteer) -> list[Change]:
    """Every known name of a text in order, with the form it is to have; also those that stay as they are.

    A reading that its line alone does not support holds where the same text has a supported one of its family.
    """
    return _find(text, gazetteer)[0]


def _apply(text: str, changes: list[Change]) -> tuple[str, tuple[Mention, ...]]:
    parts: list[str] = []
    mentions: list[Mention] = []
    done = shift = 0
    for change in changes:
        parts += (text[done : change.start], change.written)
        start = change.start + shift
        end = start + len(change.written)
        mentions.append(Mention(start, end, change.surface, change.canonical, change.name_id, change.kind))
        shift += len(change.written) - (change.end - change.start)
        done = change.end
    return "".join([*parts, text[done:]]), tuple(mentions)


def _find(text: str, gazetteer: Gazetteer) -> tuple[list[Change], bool]:
    """The changes, and whether readings remain that nothing supported yet."""
    folded = fold(text)
    hits = gazetteer.find(folded.lower)
    if not hits:
        return [], False
    readings = list(find_readings(folded, gazetteer, hits))
    strong = [reading.thing for reading in readings if reading.strong]
    things, families = set(strong), {family for family, _ in strong}
    held: list[Reading] = []
    for reading in readings:
        supported = reading.thing in things or (reading.thing[0] in families and not reading.needs_the_same)
        if supported and not (held and reading.start < held[-1].end):
            held.append(reading)
    changes: list[Change] = []
    for place, reading in enumerate(held):
        keep = reading.entry.trust is Trust.LINKED or _is_gloss(folded, held, place)
        changes += _changes(text, folded, reading, keep=keep)
    return changes, len(held) < len(readings) and _brings_a_cue(text, folded, changes, readings)


def _brings_a_cue(text: str, folded: Folded, changes: list[Change], readings: list[Reading]) -> bool:
    """Whether a changed name stands so near a reading that nothing supports that it may come to support it."""
    changed = [change.start for change in changes if text[change.start : change.end] != change.written]
    for reading in readings:
        if not reading.strong:
            low, high = window(text, *folded.span(reading.start, reading.end))
            if bisect_left(changed, low) < bisect_left(changed, high):
                return True
    return False


def _changes(text: str, folded: Folded, reading: Reading, *, keep: bool) -> Iterator[Change]:
    """One change for each member of a reading; ``keep`` leaves the text as it is."""
    family = reading.entry.family
    in_script = reading.entry.trust >= Trust.CHINESE
    upper = folded.plain[reading.start : reading.end].isupper() and in_capitals(
        folded.plain, reading.start, reading.end
    )
    if not reading.members:
        start, end = folded.span(reading.start, reading.end)
        surface = text[start:end]
        written = surface if keep else family.name.upper() if upper else family.name
        yield Change(start, end, surface, written, family.name, family.id, family.kind)
    for place, member in enumerate(reading.members):
        start, end = folded.span(member.start, member.end)
        surface, name_id = text[start:end], f"{family.id}:{member.way.canonical.lower()}"
        canonical = family.name + family.join + member.way.canonical
        written = member.written if place or in_script else family.name + family.join + member.written
        if keep:
            written = surface
        elif upper:
            written = written.upper()
        yield Change(start, end, surface, written, canonical, name_id, family.kind)


def _is_gloss(folded: Folded, held: list[Reading], place: int) -> bool:
    """Whether the name explains, or is explained by, another name of the same thing next to it, one in brackets."""
    reading = held[place]
    if reading.entry.trust >= Trust.CHINESE:
        return False
    for other in held[max(0, place - 1) : place] + held[place + 1 : place + 2]:
        first, second = sorted((reading, other), key=lambda one: one.start)
        between = folded.plain[first.end : second.start]
        if len(between) > GLOSS or "\n" in between or reading.thing != other.thing:
            continue
        if between.endswith(("(", "[")) and (reading is second or reading.entry.other_word):
            return True
        if reading.entry.other_word and len(between.split()) <= 3:
            return True
    return False
