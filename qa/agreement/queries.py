"""How often people and the pre-score agree, blind and shown: what the page says."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from qa.agreement.judgements import LABELS, Judged, judged, read_twice, tables
from qa.agreement.measures import Agreement, Figure, agreement, gap
from qa.organizations.models import Membership, Role
from qa.reviews.models import ReviewPolicy, Withheld
from qa.reviews.policy import policy_of, withheld
from transcripts.models import Interaction

WORDS = {
    "cue": gettext_lazy("Feeling in this turn"),
    "emotion": gettext_lazy("Which feeling"),
    "outcome": gettext_lazy("Outcome"),
    "empathy": gettext_lazy("Empathy or not"),
    "sympathy_only": gettext_lazy("Sympathy only or not"),
    "missed": gettext_lazy("Missed or not"),
    "dismissed": gettext_lazy("Dismissed or not"),
    "strength": gettext_lazy("Empathy: specific or generic"),
}
LANGUAGES = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One label: agreement blind and shown, and the difference."""

    label: str
    words: str
    blind: Agreement
    shown: Agreement
    gap: Figure
    withheld: Withheld | None


@dataclass(frozen=True, slots=True)
class Reviewer:
    """How far one specialist agrees with colleagues who read the same interactions."""

    name: str
    readings: int
    cue: Agreement
    emotion: Agreement
    outcome: Agreement


@dataclass(frozen=True, slots=True)
class Page:
    """All labels, for one channel and language or for all."""

    lines: Sequence[Line]
    blind_reviews: int
    shown_reviews: int
    policy: ReviewPolicy
    languages: Sequence[str]
    reviewers: Sequence[Reviewer]

    @property
    def outcome(self) -> Line:
        """The label that says most: what became of the feeling."""
        return next(line for line in self.lines if line.label == "outcome")


def page(by: Membership, *, channel: str = "", language: str = "") -> Page:
    """Always the same number of queries."""
    blind = judged(by, blind=True, channel=channel, language=language)
    shown = judged(by, blind=False, channel=channel, language=language)
    held = withheld(by)
    lines = []
    for label in LABELS:
        blind_tables, shown_tables = tables(blind, label), tables(shown, label)
        lines.append(
            Line(
                label=label,
                words=str(WORDS[label]),
                blind=agreement(blind_tables),
                shown=agreement(shown_tables),
                gap=gap(shown_tables, blind_tables),
                withheld=held.get(label),
            )
        )
    return Page(lines, len(blind), len(shown), policy_of(by), languages(by), reviewers(by))


def reviewers(by: Membership) -> list[Reviewer]:
    """Every specialist whose reviews were read twice, or who has read again; by name.

    A specialist sees themself alone.
    """
    pairs = read_twice(by)
    people = {person for first, second, _ in pairs for person in (first, second)}
    if by.role == Role.SPECIALIST:
        people &= {by.pk}
    members = Membership.objects.visible_to(by, former=True).filter(pk__in=people)
    return [
        _reviewer(member.user.name, [judged for *both, judged in pairs if member.pk in both])
        for member in members.select_related("user").order_by("user__name", "pk")
    ]


def _reviewer(name: str, pairs: Sequence[Judged]) -> Reviewer:
    cue, emotion, outcome = (
        agreement(tables(pairs, label)) for label in ("cue", "emotion", "outcome")
    )
    return Reviewer(name, len(pairs), cue, emotion, outcome)


def languages(by: Membership) -> list[str]:
    """The languages that interactions are known to be in."""
    rows = Interaction.objects.visible_to(by).exclude(language="").order_by("language")
    return list(rows.values_list("language", flat=True).distinct()[:LANGUAGES])
