"""The three marks on an agent's turn: sympathy, empathy, dismissal."""

from collections.abc import Sequence
from dataclasses import dataclass

from scorecards.empathy.matching import Hit, find, merged, without
from scorecards.empathy.model import Cue, Evidence, Mark, Response
from scorecards.empathy.pack import MARKS, Context, Pack
from scorecards.empathy.particulars import particulars, stems
from scorecards.empathy.text import Prepared

ABSENT = "absent"


@dataclass(frozen=True)
class CustomerContext:
    """What the customer said shortly before: the agent's words are judged as an answer to it."""

    turns: tuple[Prepared, ...] = ()
    cues: tuple[Cue | None, ...] = ()

    def shows(self, context: Context) -> bool:
        """True if the customer said or showed what the pack calls by this name."""
        if any(cue is not None and cue.emotion in context.emotions for cue in self.cues):
            return True
        return any(find(context.index, turn) for turn in self.turns)

    @property
    def feeling(self) -> str:
        return "cue" if any(cue is not None for cue in self.cues) else "plain"


def find_response(text: Prepared, heard: CustomerContext, pack: Pack) -> Response:
    """The marks of one agent's turn, given what the customer said before it."""
    hits = find(pack.responses, text)
    if hits:
        hits = _applicable(hits, text, heard, pack)
    marks = {mark: [hit for hit in hits if hit.group.about == mark] for mark in MARKS}
    sympathy = _mark("sympathy", marks["sympathy"], heard, pack)
    return Response(
        sympathy=sympathy,
        empathy=_empathy(marks["empathy"], text, heard, pack),
        dismissal=_mark("dismissal", marks["dismissal"], heard, pack),
        apology=sympathy.level > 0 and any(hit.group.apology for hit in marks["sympathy"]),
    )


def _applicable(hits: list[Hit], text: Prepared, heard: CustomerContext, pack: Pack) -> list[Hit]:
    neutral = [hit for hit in find(pack.neutral_responses, text) if _fits(hit, heard, pack)]
    hits = without(hits, neutral) if neutral else hits
    return [hit for hit in unquoted(hits, text) if _fits(hit, heard, pack)]


def unquoted(hits: list[Hit], text: Prepared) -> list[Hit]:
    """The hits that stand outside quotation marks."""
    quotes = text.quotes
    if not quotes:
        return hits
    return [h for h in hits if not any(a <= h.start and h.end <= b for a, b in quotes)]


def _fits(hit: Hit, heard: CustomerContext, pack: Pack) -> bool:
    """True if the customer's side allows this group to count."""
    wanted, unwanted = hit.group.when_customer, hit.group.unless_customer
    if wanted and not heard.shows(pack.contexts[wanted]):
        return False
    return not (unwanted and heard.shows(pack.contexts[unwanted]))


def _total(hits: Sequence[Hit]) -> float:
    return sum({hit.group.name: hit.group.points for hit in hits}.values())


def _top(hits: Sequence[Hit]) -> str:
    return max(hits, key=lambda hit: hit.group.points).group.name


def _mark(mark: str, hits: Sequence[Hit], heard: CustomerContext, pack: Pack) -> Mark:
    if not hits or _total(hits) < pack.thresholds[mark]:
        return _none(mark, hits, heard, pack)
    rule = _top(hits)
    confidence = pack.calibration.confidence(f"{mark}:1", rule)
    return Mark(1, confidence, tuple(Evidence(*span) for span in merged(hits)), rule)


def _none(mark: str, hits: Sequence[Hit], heard: CustomerContext, pack: Pack) -> Mark:
    rule = f"{'weak' if hits else ABSENT}|{heard.feeling}"
    return Mark(0, pack.calibration.confidence(f"{mark}:0", rule), (), rule)


def _empathy(hits: Sequence[Hit], text: Prepared, heard: CustomerContext, pack: Pack) -> Mark:
    """Level 1 for the words alone, 2 where this customer's particulars stand with them."""
    if not hits or _total(hits) < pack.thresholds["empathy"]:
        return _none("empathy", hits, heard, pack)
    said = frozenset().union(*(stems(turn.words, pack) for turn in heard.turns))
    best, spans = 0.0, []
    for start, end, reason in merged(hits):
        points, reach = particulars(text, start, end, said, pack)
        specific = points >= pack.thresholds["specific"]
        spans.append(Evidence(start, reach if specific else end, reason))
        best = max(best, points)
    already = any(hit.group.level > 1 for hit in hits)
    level = 2 if already or best >= pack.thresholds["specific"] else 1
    rule = _top(hits)
    confidence = pack.calibration.confidence(f"empathy:{level}", rule)
    return Mark(level, confidence, _apart(spans), rule)


def _apart(spans: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Spans that grew over their neighbours are joined."""
    joined: list[Evidence] = []
    for span in spans:
        if joined and span.start < joined[-1].end:
            last = joined[-1]
            joined[-1] = Evidence(last.start, max(last.end, span.end), last.reason)
        else:
            joined.append(span)
    return tuple(joined)
