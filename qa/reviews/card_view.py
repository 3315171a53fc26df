"""The scorecard of a review as its templates draw it: to be answered, or to be read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from qa.reviews.models import AnswerReason
from scorecards import card
from scorecards.card import NA, Answer, Option, Proposal, Question

NOTHING: Answer = Answer("")


@dataclass(frozen=True, slots=True)
class QuestionView:
    """One question: what is answered, what is proposed, what is still missing."""

    question: Question
    answer: Answer
    proposal: Proposal | None
    lacks: str  # "answer", "cause", "reason" or nothing
    asked: bool

    @property
    def id(self) -> str:
        return self.question.id

    @property
    def value(self) -> str:
        """What a person has said; nothing while a proposal waits for them."""
        return "" if self.lacks == "answer" else self.answer.value

    @property
    def options(self) -> list[tuple[Option, str]]:
        """Every answer that can be chosen, each with the key that sets it."""
        keys = {"yes": "y", "no": "n", NA: "0"}
        chosen = [*self.question.options]
        if self.question.na:
            chosen.append(Option(NA, _("N/A"), 0))
        return [(option, keys.get(option.value, option.value)) for option in chosen]

    @property
    def proposes(self) -> bool:
        """True if a proposal waits to be confirmed or changed."""
        return self.proposal is not None and self.lacks == "answer"

    @property
    def changed(self) -> bool:
        """True if the person says otherwise than was proposed."""
        return bool(self.value and self.answer.proposed and self.answer.proposed != self.value)

    @property
    def asks_cause(self) -> bool:
        return bool(self.question.causes) and card.is_low(self.question, self.value)

    @property
    def asks_reason(self) -> bool:
        return self.lacks == "reason" or self.changed

    @property
    def word(self) -> str:
        """The answer in words."""
        return self.question.word(self.value)

    @property
    def proposed_word(self) -> str:
        """What is proposed, or was, in words."""
        proposed = self.proposal.value if self.proposal else self.answer.proposed
        return self.question.word(proposed)

    @property
    def reason_word(self) -> str:
        """Why the person says otherwise, in words."""
        known = dict(AnswerReason.choices)
        return str(known.get(self.answer.reason, ""))

    @property
    def points(self) -> float | None:
        """What the answer brings, 0…100."""
        return card.points(self.question, self.value)

    @property
    def failed(self) -> bool:
        return bool(self.question.critical) and self.points == 0


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section with what it has come to so far."""

    title: str
    questions: Sequence[QuestionView]
    weight: float
    score: float | None
    failed: bool

    @property
    def points(self) -> float | None:
        """What it adds to the card, of its weight."""
        return None if self.score is None else self.score * self.weight / 100

    @property
    def changed(self) -> int:
        return sum(question.changed for question in self.questions if question.asked)


class CardView:
    """What the templates ask for; reads nothing by itself."""

    def __init__(
        self,
        body: Mapping[str, Any],
        answers: Mapping[str, Any],
        *,
        weights: Mapping[str, float],
        proposals: Mapping[str, Proposal] | None = None,
        moments: Sequence[tuple[str, int]] = (),
    ) -> None:
        self.card = card.read(body)
        self.answers = card.read_answers(answers)
        self.weights = weights
        self.proposals = proposals or {}
        self.moments = moments

    @cached_property
    def standing(self) -> dict[str, Answer]:
        """The answers as they stand: what nobody has answered yet counts as proposed."""
        found = dict(self.answers)
        for pk, proposal in self.proposals.items():
            question = self.card.question(pk)
            if question and card.missing(question, found.get(pk), proposal.value) == "answer":
                found[pk] = Answer(proposal.value)
        return found

    @cached_property
    def scores(self) -> card.Scores:
        """The score as it stands; a critical question fails nothing by what nobody confirmed."""
        counted = {
            pk: said for pk, said in self.standing.items() if not self._unconfirmed(pk, said)
        }
        return card.score(self.card, counted, self.moments, self.weights)

    def _unconfirmed(self, pk: str, said: Answer) -> bool:
        """True if a critical question would fail by a proposal whose moments nobody confirmed."""
        question, proposal = self.card.question(pk), self.proposals.get(pk)
        if question is None or proposal is None or proposal.settled or not question.critical:
            return False
        return said is not self.answers.get(pk) and card.points(question, said.value) == 0

    @cached_property
    def breakdown(self) -> card.Breakdown:
        """How the score as it stands comes about."""
        return card.breakdown(self.card, self.standing, self.moments, self.weights)

    @cached_property
    def questions(self) -> dict[str, QuestionView]:
        """Every question by its id, in order."""
        shown = {question.id for question in card.asked(self.card, self.standing)}
        return {
            question.id: self._view(question, question.id in shown)
            for question in self.card.questions
        }

    @cached_property
    def sections(self) -> list[SectionView]:
        """The sections with their questions."""
        pairs = zip(self.card.sections, self.scores.sections, strict=True)
        return [
            SectionView(
                title=section.title,
                questions=[self.questions[question.id] for question in section.questions],
                weight=section.weight,
                score=scored.score,
                failed=scored.failed,
            )
            for section, scored in pairs
        ]

    @cached_property
    def unfinished(self) -> int:
        """How many questions keep the review from being submitted."""
        return sum(question.asked and bool(question.lacks) for question in self.questions.values())

    @property
    def proposed(self) -> int:
        """How many proposals wait to be confirmed."""
        return sum(question.asked and question.proposes for question in self.questions.values())

    @property
    def changed(self) -> int:
        """On how many questions the person says otherwise than was proposed."""
        return sum(question.asked and question.changed for question in self.questions.values())

    @property
    def failed(self) -> list[QuestionView]:
        """The critical questions that were failed, as it stands."""
        return [self.questions[pk] for pk in self.scores.failed]

    def redrawn(self, answered: Sequence[str], *, bound: bool) -> list[QuestionView]:
        """What looks otherwise after these were answered, or after a moment was decided."""
        ids = set(answered)
        if bound:
            ids |= {question.id for question in self.card.questions if question.bound}
        ids |= {dependent.id for pk in tuple(ids) for dependent in self.card.dependents(pk)}
        return [view for pk, view in self.questions.items() if pk in ids]

    def _view(self, question: Question, asked: bool) -> QuestionView:
        answer, proposal = self.answers.get(question.id), self.proposals.get(question.id)
        lacks = card.missing(question, answer, proposal.value if proposal else "")
        return QuestionView(question, answer or NOTHING, proposal, lacks, asked)
