"""Two calibrations in the demo: one that is agreed on, one that waits for its readers."""

from collections.abc import Iterable, Mapping
from typing import Final

from qa import pipeline
from qa.calibration import actions as calibration
from qa.calibration.compare import MomentRow, Row
from qa.calibration.models import Item, Session
from qa.calibration.progress import next_reading
from qa.calibration.results import SessionPage
from qa.core.errors import Refused
from qa.organizations.models import Membership, Role
from qa.reviews import actions as reviews
from qa.reviews import answers
from qa.reviews.models import Review
from qa.reviews.proposals import card_of
from qa.tenancy.base import System
from scorecards import card
from scorecards.card import Answer, Question
from transcripts.models import Interaction

Moment = tuple[str, str, int]  # feeling, what became of it, how strong

# What most see in each conversation, by the turn; then who sees what otherwise (None: nothing).
SEEN: Final[Mapping[str, Mapping[int, Moment]]] = {
    "email-3002": {
        0: ("sadness", "sympathy_only", 0),
        2: ("frustration", "sympathy_only", 0),
        6: ("relief", "missed", 0),
    },
    "chat-4013": {
        1: ("suspicion", "empathy", 1),
        3: ("frustration", "sympathy_only", 0),
        7: ("anger", "empathy", 2),
        11: ("relief", "missed", 0),
    },
    "chat-4009": {
        1: ("disappointment", "empathy", 1),
        3: ("disappointment", "empathy", 1),
        9: ("happiness", "empathy", 1),
    },
    "email-3007": {
        0: ("happiness", "empathy", 1),
        2: ("sadness", "sympathy_only", 0),
        4: ("relief", "empathy", 2),
    },
}
OTHERWISE: Final[Mapping[tuple[str, str], Mapping[int, Moment | None]]] = {
    ("Dana", "email-3002"): {4: ("fear", "missed", 0)},
    ("Samir", "email-3002"): {0: ("sadness", "empathy", 1), 6: None},
    ("Mona", "email-3002"): {2: ("anger", "sympathy_only", 0)},
    ("Dana", "chat-4013"): {11: None},
    ("Samir", "chat-4013"): {1: ("suspicion", "missed", 0), 7: ("frustration", "empathy", 2)},
    ("Samir", "chat-4009"): {9: ("happiness", "empathy", 2)},
}
ANSWERED: Final[Mapping[tuple[str, str], Mapping[str, str]]] = {
    ("Dana", "email-3002"): dict.fromkeys(("most_met", "specific_once", "no_bare_apology"), "no"),
    ("Samir", "email-3002"): dict.fromkeys(("specific_once", "own_words"), "no"),
    ("Mona", "email-3002"): dict.fromkeys(("most_met", "specific_once", "no_bare_apology"), "no"),
    ("Dana", "chat-4013"): {"most_met": "no"},
    ("Mona", "chat-4013"): {"no_bare_apology": "no"},
}
REMARKS: Final[Mapping[tuple[str, str], str]] = {
    (
        "Samir",
        "email-3002",
    ): "Condolences do accept the grief. I was not sure that is a sorry only.",
}
# What is said of which conversation and part, by whom.
SAID: Final = (
    ("email-3002", "moment:0", "Samir", "“Please accept our condolences” takes her side of it."),
    (
        "email-3002",
        "moment:0",
        "Dana",
        "It is what anyone writes. Nothing in it is about hearing it again with each letter.",
    ),
    ("email-3002", "moment:0", "Mona", "The codebook keeps regret on our side. Sympathy only."),
    ("chat-4013", "moment:7", "Mona", "“So you ARE charging me twice” is anger, not frustration."),
)
# Where nobody has a majority, or the discussion went the other way.
SETTLED: Final[Mapping[tuple[str, str], tuple[str, str]]] = {
    ("email-3002", "moment:4"): ("none", ""),
    ("email-3002", "moment:6"): ("missed", "relief"),
}


def calibrate_some(*, by: System) -> None:
    """Let three read two conversations and agree; and begin to read two others."""
    members = Membership.objects.visible_to(by).select_related("user", "organization")
    people = list(members.exclude(role__in=[Role.AGENT, Role.ADMIN]).order_by("user__name"))
    manager = next(person for person in people if person.role == Role.MANAGER)
    session = _begin("Sorry, or more than sorry?", ("email-3002", "chat-4013"), people, manager)
    if session is not None:
        for person in people:
            _read(session, person)
        _agree(session, people, manager)
    waiting = _begin("Good news, and a lost coat", ("chat-4009", "email-3007"), people, manager)
    if waiting is not None:
        _read(waiting, next(person for person in people if _name(person) == "Samir"))


def _begin(
    name: str, ids: Iterable[str], people: Iterable[Membership], manager: Membership
) -> Session | None:
    """None where a visitor has read one of the conversations, or one has failed."""
    rows = Interaction.objects.visible_to(manager).filter(source="demo")
    known = dict(rows.filter(external_id__in=ids, revision=0).values_list("external_id", "pk"))
    if any(pk not in known for pk in ids):
        return None
    try:
        return calibration.begin(
            by=manager,
            name=name,
            interactions=[known[pk] for pk in ids],
            members=[person.pk for person in people],
        )
    except Refused:
        return None


def _read(session: Session, by: Membership) -> None:
    while (review := next_reading(session, by=by)) is not None:
        key = (_name(by), review.interaction.external_id or "")
        seen = {**SEEN[key[1]], **OTHERWISE.get(key, {})}
        for turn, moment in seen.items():
            if moment is not None:
                emotion, outcome, strength = moment
                reviews.add_moment(
                    review,
                    by=by,
                    cue_turn=turn,
                    emotion=emotion,
                    outcome=outcome,
                    strength=strength,
                )
        _answer(review, ANSWERED.get(key, {}), by)
        if key in REMARKS:
            reviews.write_summary(review, by=by, text=REMARKS[key])
        pipeline.confirm(review, by=by)


def _answer(review: Review, instead: Mapping[str, str], by: Membership) -> None:
    questions = [
        question for question in card_of(review).questions if question.kind != card.shape.TEXT
    ]
    said = {
        question.id: _said(question, instead.get(question.id, question.values[0]))
        for question in questions
    }
    answers.answer_all(review, by=by, answers=said)


def _said(question: Question, value: str) -> Answer:
    low = bool(question.causes) and card.is_low(question, value)
    return Answer(value, question.causes[0] if low else "")


def _agree(session: Session, people: Iterable[Membership], manager: Membership) -> None:
    names = {_name(person): person for person in people}
    items = Item.objects.visible_to(manager).filter(session=session)
    by_id = {
        item.interaction.external_id: item
        for item in items.select_related("interaction", "session")
    }
    for external_id, target, name, words in SAID:
        calibration.say(by_id[external_id], by=names[name], text=words, target=target)
    session.refresh_from_db()
    for compared in SessionPage(session, by=manager).compared:
        known = compared.item.interaction.external_id or ""
        held = {row.target: SETTLED.get((known, row.target), _most(row)) for row in compared.rows}
        calibration.record_consensus(compared.item, by=manager, held=held)
    calibration.agree(session, by=manager)


def _most(row: Row) -> tuple[str, str]:
    return row.most, row.emotion if isinstance(row, MomentRow) and row.most != "none" else ""


def _name(member: Membership) -> str:
    return member.user.name.split()[0]
