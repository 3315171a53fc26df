"""A pre-score as people read it in a terminal: each moment with the words that carry it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from scorecards.choices import CHOICE_WORDS, FITNESS_WORDS, choice_of
from scorecards.empathy import Apologies, Evidence, Moment, PreScore
from transcripts.formats import CanonicalInteraction

MAX_QUOTE: Final = 160  # characters of one quotation


class Report:
    """Writes one interaction after the other and keeps the figures for the last line."""

    def __init__(self) -> None:
        self._interactions = 0
        self._scores = 0
        self._sum = 0.0
        self._outcomes: Counter[str] = Counter()

    def on(self, file: str, interaction: CanonicalInteraction, scored: PreScore) -> str:
        """One interaction: where it came from, its score, its moments."""
        self._count(scored)
        known_as = [file, interaction.channel, interaction.external_id or ""]
        lines = [" · ".join(_plain(part) for part in known_as if part), f"  {_verdict(scored)}"]
        for number, moment in enumerate(scored.moments, start=1):
            lines += _moment(number, moment, interaction, scored)
        lines += _asides(interaction, scored)
        return "\n".join([*lines, ""])

    def summary(self) -> str:
        """The outcomes of all interactions together; empty for a single one."""
        if self._interactions < 2:
            return ""
        moments = self._outcomes.total()
        mean = f", mean score {self._sum / self._scores:.1f}" if self._scores else ""
        said = f"{self._interactions} interactions, {self._scores} scored{mean}; {moments} moments"
        shares = [f"{CHOICE_WORDS[key]} {self._outcomes[key]}" for key in CHOICE_WORDS]
        return f"{said}: {', '.join(shares)}" if moments else said

    def _count(self, scored: PreScore) -> None:
        self._interactions += 1
        self._outcomes.update(choice_of(m.outcome, m.strength) for m in scored.moments)
        if scored.score.value is not None:
            self._scores += 1
            self._sum += scored.score.value


def _verdict(scored: PreScore) -> str:
    if not scored.fitness.scorable:
        reasons = [str(FITNESS_WORDS.get(reason, reason)) for reason in scored.fitness.reasons]
        return f"Not scored: {', '.join(reasons) or 'not fit for scoring'}."
    if scored.score.value is None:
        return "No score: the customer showed no feeling, so there was no moment to answer."
    moments = "1 moment" if scored.score.moments == 1 else f"{scored.score.moments} moments"
    return f"Score {scored.score.value:.0f} of 100, from {moments}."


def _moment(
    number: int, moment: Moment, interaction: CanonicalInteraction, scored: PreScore
) -> Iterator[str]:
    word = CHOICE_WORDS[choice_of(moment.outcome, moment.strength)]
    after = ", after an apology" if moment.apology_then_empathy else ""
    yield f"  {number}. {_feeling(moment)}: {word}{after} ({moment.confidence:.0%} sure)"
    cue = scored.turns[moment.cue_turn].cue
    yield _said(moment.cue_turn, interaction, cue.evidence if cue else (), "shows it")
    for index in moment.response_turns:
        response = scored.turns[index].response
        marks = (
            ()
            if response is None
            else (
                ("empathy", response.empathy),
                ("sympathy", response.sympathy),
                ("dismissal", response.dismissal),
            )
        )
        found = [(name, mark) for name, mark in marks if mark.level]
        for name, mark in found:
            yield _said(index, interaction, mark.evidence, f"{name} {mark.confidence:.0%}")
        if not found:
            yield _said(index, interaction, (), "no sign of it")


def _feeling(moment: Moment) -> str:
    if not moment.kind_unsure:
        return moment.emotion
    return f"a feeling ({moment.presence:.0%} sure), kind unsure, perhaps {moment.emotion}"


def _said(
    index: int, interaction: CanonicalInteraction, evidence: Sequence[Evidence], why: str
) -> str:
    """One turn's words, those of the evidence where there are any."""
    turn = interaction.turns[index]
    quotes = [turn.text[span.start : span.end] for span in evidence] or [turn.text]
    quoted = " … ".join(f"“{_quotation(quote)}”" for quote in quotes)
    return f"     {_clock(turn.started_s)}turn {index + 1}, {turn.role} ({why}): {quoted}"


def _asides(interaction: CanonicalInteraction, scored: PreScore) -> Iterator[str]:
    for found in scored.volunteered:
        response = scored.turns[found.response_turn].response
        evidence = response.empathy.evidence if response else ()
        yield _said(found.response_turn, interaction, evidence, "volunteered empathy")
    if scored.apologies != Apologies():
        apologies = scored.apologies
        yield (
            f"  Apologies: {apologies.completed} followed by empathy, {apologies.bare} bare, "
            f"{apologies.repeated} repeated."
        )


def _clock(seconds: float | None) -> str:
    if seconds is None:
        return ""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes:02d}:{rest:02d} "


def _quotation(text: str) -> str:
    said = _plain(" ".join(text.split()))
    return said if len(said) <= MAX_QUOTE else f"{said[: MAX_QUOTE - 1]}…"


def _plain(text: str) -> str:
    """Text without characters that would command the terminal."""
    return "".join(character if character.isprintable() else "\ufffd" for character in text)
