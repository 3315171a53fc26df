"""The definition pack as people read it: what counts as what, with examples and points.

Reads the pack and nothing else. Drawn by templates/scorecards/definitions.html.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from scorecards import empathy
from scorecards.empathy.pack import Index
from scorecards.in_use import EngineConfig
from scorecards.reading import Span, Stretch, cut

CUE = "This is the third time I've called about my refund."
# A reply to it for each outcome: the kind of mark, the words that carry it, the whole reply.
REPLIES = {
    "empathy_2": (
        "empathy",
        "I can imagine how tiring it must be to call three times for one refund.",
        "I can imagine how tiring it must be to call three times for one refund.",
    ),
    "empathy_1": (
        "empathy",
        "I understand your frustration.",
        "I understand your frustration. Can I have your order number?",
    ),
    "sympathy_only": (
        "sympathy",
        "I'm sorry about that.",
        "I'm sorry about that. Can I have your order number?",
    ),
    "missed": ("", "", "Can I have your order number?"),
    "dismissed": ("dismissal", "calm down", "Please calm down. What is your order number?"),
}
WEIGHTS = {"empathy_2": "empathy_specific", "empathy_1": "empathy_generic"}


@dataclass(frozen=True, slots=True)
class Feeling:
    """A value of a cue."""

    value: str
    shows: str
    example: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MarkMeaning:
    """One of the three marks on an agent's turn."""

    kind: str
    means: str
    examples: tuple[str, ...]
    not_examples: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OutcomeMeaning:
    """What a moment may come to, what that is worth, and a reply that comes to it."""

    key: str
    points: float
    reply: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Definitions:
    """A whole pack."""

    id: str
    title: str
    engine: str
    own: bool  # the organization's, not Heard's
    negative: tuple[Feeling, ...]
    positive: tuple[Feeling, ...]
    marks: tuple[MarkMeaning, ...]
    outcomes: tuple[OutcomeMeaning, ...]
    cue: tuple[Stretch, ...]
    response_turns: int
    empathy_outweighs: bool  # in a turn that both relates to the feeling and dismisses it


def read_definitions(config: EngineConfig | None = None) -> Definitions:
    """What counts as what; in Heard's own pack, unless another is given with its engine."""
    config = config or EngineConfig()
    pack = config.pack
    feelings = [
        (
            emotion.positive,
            Feeling(
                emotion.value, emotion.shows, emotion.example, _reasons(pack.cues, emotion.value)
            ),
        )
        for emotion in pack.emotions
    ]
    return Definitions(
        id=pack.id,
        title=pack.title,
        engine=config.engine,
        own=config.own,
        negative=tuple(feeling for positive, feeling in feelings if not positive),
        positive=tuple(feeling for positive, feeling in feelings if positive),
        marks=tuple(_mark(pack, kind) for kind in pack.marks),
        outcomes=tuple(_outcome(pack.weights, key) for key in REPLIES),
        cue=cut(CUE, [Span(0, len(CUE), "cue", emotion="frustration")]),
        response_turns=pack.response_turns,
        empathy_outweighs=pack.same_turn == "empathy",
    )


def _mark(pack: empathy.Pack, kind: str) -> MarkMeaning:
    told = pack.marks[kind]
    return MarkMeaning(
        kind=kind,
        means=told["means"],
        examples=tuple(told["examples"]),
        not_examples=tuple(told["not_examples"]),
        reasons=_reasons(pack.responses, kind),
    )


def _outcome(weights: Mapping[str, float], key: str) -> OutcomeMeaning:
    kind, words, reply = REPLIES[key]
    at = reply.index(words)
    spans = [Span(at, at + len(words), kind)] if words else []
    return OutcomeMeaning(key, weights[WEIGHTS.get(key, key)], cut(reply, spans))


def _reasons(index: Index, about: str) -> tuple[str, ...]:
    """What the pre-score gives as its reasons for one feeling or mark."""
    return tuple(dict.fromkeys(group.reason for group in index.groups if group.about == about))
