"""Finding a pack's phrases in a prepared text."""

from collections.abc import Sequence
from dataclasses import dataclass

from scorecards.empathy.pack import Group, Index
from scorecards.empathy.phrases import Phrase
from scorecards.empathy.text import Prepared, spans_of

MOST_HITS = 12  # of one phrase in one turn; more would add nothing


@dataclass(frozen=True, slots=True)
class Hit:
    """One group found at a half-open range."""

    group: Group
    start: int
    end: int


def find(index: Index, text: Prepared) -> list[Hit]:
    """All hits of all groups, by place. A phrase negated before it does not count where the
    group minds negation."""
    hits: list[Hit] = []
    tried: set[int] = set()
    for key in text.keys & index.by_key.keys():
        for number, phrase in index.by_key[key]:
            if id(phrase) in tried:
                continue
            tried.add(id(phrase))
            hits += _hits_of(index.groups[number], phrase, text)
    for number, phrase in index.always:
        hits += _hits_of(index.groups[number], phrase, text)
    hits.sort(key=lambda hit: (hit.start, -hit.end, hit.group.name))
    return hits


def _hits_of(group: Group, phrase: Phrase, text: Prepared) -> list[Hit]:
    found: list[Hit] = []
    pattern, at_start = phrase.pattern, phrase.at_start
    for start, end in spans_of(pattern, text.low):
        if at_start and not text.starts_sentence(start):
            continue
        if group.negation and text.negated(start):
            continue
        found.append(Hit(group, start, end))
        if len(found) == MOST_HITS:
            break
    return found


def without(hits: Sequence[Hit], neutral: Sequence[Hit], *, about: bool = True) -> list[Hit]:
    """The hits that no neutral hit overlaps; with `about`, a neutral of the same mark."""
    return [
        hit
        for hit in hits
        if not any(
            n.start < hit.end
            and hit.start < n.end
            and (not about or n.group.about == hit.group.about)
            for n in neutral
        )
    ]


def merged(hits: Sequence[Hit]) -> list[tuple[int, int, str]]:
    """Ranges for the evidence: overlapping hits become one, with the reason of the weightiest."""
    spans: list[tuple[int, int, str, float]] = []
    for hit in sorted(hits, key=lambda h: (h.start, h.end)):
        if spans and hit.start < spans[-1][1]:
            start, end, reason, points = spans[-1]
            heavier = hit.group.points > points
            reason, points = (hit.group.reason, hit.group.points) if heavier else (reason, points)
            spans[-1] = (start, max(end, hit.end), reason, points)
        else:
            spans.append((hit.start, hit.end, hit.group.reason, hit.group.points))
    return [(start, end, reason) for start, end, reason, _ in spans]
