"""From the hits of the automaton to readings: what each may be, and whether its line supports it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline.names import guards
from pipeline.names.chinese import read_chinese
from pipeline.names.fold import Folded, fold_characters
from pipeline.names.gazetteer import Entry, Gazetteer, Trust
from pipeline.names.grammar import Member, read_first, read_tail

_PROJECT = re.compile(r"\b(?:Project|PROJECT) $")
_CALLED = re.compile(r"\b(?:called|named|dubbed|known as|means|meaning) (?:the )?$")


@dataclass(frozen=True, slots=True)
class Reading:
    """A possible name; ``strong`` where its own line supports it."""

    entry: Entry
    members: tuple[Member, ...]
    start: int
    end: int
    strong: bool

    @property
    def thing(self) -> tuple[int, str]:
        """The family and the designator of the first member, empty where there is none."""
        return self.entry.number, self.members[0].way.canonical if self.members else ""

    @property
    def needs_the_same(self) -> bool:
        """Whether only the same thing elsewhere in the document can support it, not any of its family."""
        return self.entry.family.gate == "noun" or self.entry.hyphen_only


def find_readings(folded: Folded, gazetteer: Gazetteer, hits: Iterable[tuple[int, int, int]]) -> Iterator[Reading]:
    """The readings of all hits (pattern, start, end) by start, the longest first; none inside a strong one."""
    done = 0
    for pattern, start, _ in sorted(hits, key=lambda hit: (hit[1], -hit[2])):
        if start < done or not guards.bounded_before(folded.lower, start):
            continue
        for entry in gazetteer.entries[pattern]:
            reading = _read(folded, entry, start)
            if reading is None:
                continue
            yield reading
            if reading.strong:
                done = reading.end
                break


def _read(folded: Folded, entry: Entry, start: int) -> Reading | None:
    end = start + entry.size
    if not _well_cased(folded.plain[start:end], entry):
        return None
    members = _members(folded, start, end, entry)
    if members:
        end = members[-1].end + members[-1].plural
    else:
        end -= _ends_sentence(folded.plain, end)
        if not _stands_alone(folded, start, end, entry):
            return None
    name_end = members[-1].end if members else end
    if entry.context.refuses(folded.plain, start, end) or guards.is_protected(folded, start, end):
        return None
    if entry.other_word and entry.trust is Trust.SAFE and _CALLED.search(folded.plain[max(0, start - 20) : start]):
        return None
    if _hidden_by_capitals(folded, start, end, entry, members):
        return None
    return Reading(entry, members, start, name_end, _is_strong(folded, start, end, entry))


def _members(folded: Folded, start: int, end: int, entry: Entry) -> tuple[Member, ...]:
    if entry.trust >= Trust.CHINESE:
        return read_chinese(folded, start, end, entry.family)
    if not entry.index.ways:
        return ()
    first = read_first(folded, start, end, entry.family, entry.index, entry.hyphen_only)
    if first is None:
        return ()
    members = [first, *read_tail(folded, first, entry.family, entry.index)]
    while members and not _may_end(folded, members, entry):
        members.pop()
    return tuple(members)


def _may_end(folded: Folded, members: list[Member], entry: Entry) -> bool:
    """Whether the name can end with the last of its members."""
    member = members[-1]
    end, way, family = member.end, member.way, entry.family
    if not guards.bounded_after(folded.lower, end, plural=member.plural or way.notation == "digits"):
        return False
    if way.notation == "words" or folded.plain[end - 1].isdigit():
        like_a_person = " " in entry.text and " " not in family.name  # "Shen Zhou 12 points"
        strict = family.gate != "distinctive" or len(members) > 1 or like_a_person
        if _follows_a_space(folded.plain, end) and guards.counts_something(
            folded.plain, folded.lower, end, strict=strict
        ):
            return False
        if len(members) == 2 and _counts_in_a_list(folded, member, entry):
            return False
    if not folded.plain[end - 1].isalpha() or folded.plain[end - 2] not in " -":
        return True
    if folded.plain[end - 1] == "I":
        roman = family.numerals == "roman"
        noun = entry.context.noun.match(folded.plain, end)
        return bool(noun) or not guards.may_be_pronoun(folded.lower, end, roman_is_canonical=roman)
    cautious = way.notation == "code" or family.capital or family.gate != "distinctive"
    return not (cautious and guards.is_initial(folded.plain, end)) and not folded.plain.startswith(" =", end)


def _counts_in_a_list(folded: Folded, member: Member, entry: Entry) -> bool:
    """Whether the last member of a list counts what follows: "Shenzhou-12 and 20 journalists", but not "crews"."""
    bare = folded.plain[member.start].isdigit() and member.way.notation == "digits"
    return (
        bare
        and guards.plural_follows(folded.lower, member.end)
        and not entry.context.noun.match(folded.plain, member.end)
    )


def _follows_a_space(plain: str, end: int) -> bool:
    """Whether the word or number that ends here has a space before it: "Crew-4 members" counts nobody."""
    return bool(re.search(r" \w+$", plain[max(0, end - 12) : end]))


def _stands_alone(folded: Folded, start: int, end: int, entry: Entry) -> bool:
    """Whether a name without designator is one: always where its family has none, else beside a noun if it may be."""
    if entry.trust >= Trust.CHINESE or not guards.bounded_after(folded.lower, end, plural=False):
        return False
    if not entry.index.ways:
        return not re.match(r"[ -]?\d", folded.plain[end : end + 2])  # Tianhe-2 is a computer
    if not entry.family.bare or entry.trust is not Trust.SAFE:
        return False
    before = folded.plain[max(0, start - 10) : start]
    return bool(entry.context.noun.match(folded.plain, end) or _PROJECT.search(before))


def _ends_sentence(plain: str, end: int) -> bool:
    """Whether the full stop of an abbreviation ("Corp.") that ends here is that of the sentence as well."""
    return plain[end - 1] == "." and not re.match(r" ?[a-z0-9,;:)'\-]", plain[end : end + 2])


def _well_cased(written: str, entry: Entry) -> bool:
    """Whether the case of the name fits: as listed, for safe spellings also capitalised or in capitals, and in lower
    case where no such word exists."""
    family = entry.family
    if written == entry.text or entry.trust >= Trust.CHINESE:
        return True
    if entry.trust is not Trust.SAFE:
        return written.replace("-", " ") == fold_characters(entry.text).replace("-", " ")
    if family.phrase or (entry.text.isupper() and family.capital):
        return written.isupper()
    if written[:1].islower():
        no_word = family.gate == "distinctive" or not family.designators
        return no_word and not family.capital and entry.trust is Trust.SAFE
    return True


def _hidden_by_capitals(folded: Folded, start: int, end: int, entry: Entry, members: tuple[Member, ...]) -> bool:
    """Whether a headline in capitals hides what the name is: a verb (GOES), a word (CHANGE), a surname (XI)."""
    plain = folded.plain
    if not plain[start:end].isupper() or not guards.in_capitals(plain, start, end):
        return False
    if not entry.family.all_caps or entry.trust in (Trust.WEAK, Trust.LINKED):
        return True
    surname = bool(members) and plain[start:end].endswith(" XI")
    return surname and end < len(plain) and not entry.context.noun.match(plain, end)


def _is_strong(folded: Folded, start: int, end: int, entry: Entry) -> bool:
    if entry.trust is Trust.CHINESE or (entry.trust is Trust.SAFE and entry.family.gate == "distinctive"):
        return True
    if entry.family.gate == "noun" or entry.hyphen_only:
        return bool(entry.context.noun.match(folded.plain, end))
    return entry.context.has_cue(folded.plain, start, end)
