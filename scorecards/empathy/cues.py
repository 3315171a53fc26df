"""Does a customer's turn show a feeling, and which one?

Each group of the pack found in the turn gives its points to its emotion, once. The emotion with
the most points is the candidate; the others count in part towards the threshold, because two weak
signs of different feelings are still a sign that there is one.
"""

import re
from collections.abc import Sequence

from scorecards.empathy.matching import Hit, find, merged, without
from scorecards.empathy.model import NO_CUE, Cue, Evidence
from scorecards.empathy.pack import Group, Pack
from scorecards.empathy.text import Prepared

_SHOUTED = re.compile(r"\b[A-Z]{3,}\b")
_ANY_WORD = re.compile(r"\b[A-Za-z]{2,}\b")
_EXCLAIMING = re.compile(r"!{2,}|!(?=[^!]{1,200}!)")
_INSISTING = re.compile(r"\?{2,}|\?!|!\?")
_SIGNAL_REASONS = {"shouting": "shouting", "exclaiming": "exclamations", "insisting": "insists"}
_HOT = "frustration"  # where tone alone speaks
_SHOUT_WORDS = 2


def find_cue(text: Prepared, pack: Pack) -> Cue | None:
    """The main feeling of a customer's turn with its evidence, or None."""
    hits = _hits(text, pack)
    points = _points(hits)
    signals = _signals(text, pack)
    if not points and not signals:
        return None
    emotion = _leading(points, pack)
    if emotion is None or emotion not in pack.positive:
        emotion = emotion or _HOT
        extra = sum(hit.group.points for hit in signals)
        points[emotion] = points.get(emotion, 0.0) + extra
        hits = [*hits, *signals]
    rest = sum(value for name, value in points.items() if name not in {emotion, NO_CUE})
    total = points[emotion] + pack.thresholds["rest"] * rest + points.get(NO_CUE, 0.0)
    if total < pack.thresholds["cue"]:
        return None
    mine = [hit for hit in hits if hit.group.about == emotion or hit in signals]
    rule = _rule(mine, total, pack)
    spans = tuple(Evidence(*span) for span in merged(mine))
    return Cue(
        emotion,
        pack.calibration.confidence(f"emotion:{emotion}", rule),
        spans,
        rule,
        pack.calibration.confidence("cue:1", rule),
    )


def _hits(text: Prepared, pack: Pack) -> list[Hit]:
    hits = find(pack.cues, text)
    if hits:
        neutral = find(pack.neutral_cues, text)
        hits = without(hits, neutral, about=False) if neutral else hits
    return hits + _emoji(text, pack) if not text.text.isascii() else hits


def _emoji(text: Prepared, pack: Pack) -> list[Hit]:
    found: dict[str, Hit] = {}
    for at, sign in enumerate(text.low):
        if sign in pack.emoji and sign not in found:
            found[sign] = Hit(pack.cues.groups[pack.emoji[sign]], at, at + 1)
    return list(found.values())


def _points(hits: Sequence[Hit]) -> dict[str, float]:
    groups = {hit.group.name: hit.group for hit in hits}
    points: dict[str, float] = {}
    for group in groups.values():
        points[group.about] = points.get(group.about, 0.0) + group.points
    return points


def _leading(points: dict[str, float], pack: Pack) -> str | None:
    """The emotion with the most points; the pack's order decides between equals."""
    order = [emotion.value for emotion in pack.emotions if emotion.value in points]
    order = [value for value in order if value != NO_CUE]
    return max(order, key=lambda value: points[value]) if order else None


def _signals(text: Prepared, pack: Pack) -> list[Hit]:
    """Tone that punctuation and capitals carry."""
    found: list[Hit] = []
    shouted = [m for m in _SHOUTED.finditer(text.text) if not text.low[m.start()].isspace()]
    if len(shouted) >= _SHOUT_WORDS and _is_shouting(text.text, shouted):
        found.append(_signal("shouting", pack, *shouted[0].span()))
    for name, pattern in (("exclaiming", _EXCLAIMING), ("insisting", _INSISTING)):
        match = pattern.search(text.low)
        if match is not None:
            found.append(_signal(name, pack, *match.span()))
    return [hit for hit in found if hit.group.points > 0]


def _is_shouting(text: str, shouted: Sequence[re.Match[str]]) -> bool:
    """A run of capitals, not two abbreviations in a long message."""
    long = sum(1 for match in shouted if match.end() - match.start() > 3)
    return long >= _SHOUT_WORDS and 6 * len(shouted) >= len(_ANY_WORD.findall(text))


def _signal(name: str, pack: Pack, start: int, end: int) -> Hit:
    reason, points = _SIGNAL_REASONS[name], pack.signals[name]
    group = Group(f"tone.{name}", "tone", reason, points, 1, False, False, "", "", ())
    return Hit(group, start, end)


def _rule(hits: Sequence[Hit], total: float, pack: Pack) -> str:
    """What the confidence of a cue goes by: its weightiest group, and how clear the turn is."""
    top = max(hits, key=lambda hit: hit.group.points, default=None)
    margin = total - pack.thresholds["cue"]
    clear = "clear" if margin >= 1.0 else "likely" if margin >= 0.4 else "faint"
    return f"{top.group.name if top else 'mixed'}|{clear}"
