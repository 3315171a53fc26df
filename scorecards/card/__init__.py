"""Scorecards: their shape, their faults, answers, proposals and the scoring rule. Pure."""

from scorecards.card.answers import (
    Answer,
    Answers,
    asked,
    is_low,
    is_valid,
    missing,
    points,
    read_answers,
    unfinished,
)
from scorecards.card.breakdown import Breakdown, breakdown
from scorecards.card.differences import condition_in_words, differences, figure_in_words
from scorecards.card.faults import in_words, publish_faults, shape_faults
from scorecards.card.figures import FIGURES, Facts, MomentFact, Proposal, propose
from scorecards.card.scoring import Scores, range_in_words, rule_in_words, score
from scorecards.card.shape import CRITICAL, KINDS, NA, Card, Option, Question, Section, read
from scorecards.card.starters import EMPATHY, EMPTY, GENERAL, STARTERS

__all__ = [
    "CRITICAL",
    "EMPATHY",
    "EMPTY",
    "FIGURES",
    "GENERAL",
    "KINDS",
    "NA",
    "STARTERS",
    "Answer",
    "Answers",
    "Breakdown",
    "Card",
    "Facts",
    "MomentFact",
    "Option",
    "Proposal",
    "Question",
    "Scores",
    "Section",
    "asked",
    "breakdown",
    "condition_in_words",
    "differences",
    "figure_in_words",
    "in_words",
    "is_low",
    "is_valid",
    "missing",
    "points",
    "propose",
    "publish_faults",
    "range_in_words",
    "read",
    "read_answers",
    "rule_in_words",
    "score",
    "shape_faults",
    "unfinished",
]  # fmt: skip
