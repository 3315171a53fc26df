"""What each notice says, made from its facts in the reader's language when it is read.

What one can be told of is an entry of SENTENCES, by the `event` of its facts. The names that a
sentence may hold are those of `Told.names`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.utils import timezone
from django.utils.dateformat import format as in_format
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from qa.core.texts import grouped
from qa.disputes.telling import NO_FEELING
from scorecards.choices import CHOICE_WORDS


@dataclass(frozen=True, slots=True)
class Told:
    """The facts of a notice, with the names of what they hold ids of."""

    facts: Mapping[str, Any]
    who: str
    opener: str = ""  # who opened the dispute that it is about
    own: bool = False  # the dispute is the reader's
    session: str = ""
    hidden: bool = False  # what was found in the conversation is not the reader's to know yet

    @property
    def names(self) -> dict[str, Any]:
        """What a sentence may name."""
        return {
            "who": self.who,
            "opener": self.opener,
            "session": self.session,
            "conversation": conversation(self.facts),
            "label": str(LABELS.get(self.facts.get("label", ""), "")),
        }


def sentence(told: Told) -> str:
    """Say what happened, in one sentence; empty for what has none."""
    event = SENTENCES.get(told.facts.get("event", ""))
    if event is None:
        return ""
    text = event(told) if callable(event) else str(event)
    return text % told.names


def detail(told: Told) -> str:
    """Say what changed by it, from what to what; empty where that says nothing more."""
    if told.hidden:
        return ""
    make = DETAILS.get(told.facts.get("event", ""))
    return make(told) if make else ""


def day_of(value: str | None) -> str:
    """Say a day or the day of a moment, with the year where that is not this one."""
    moment = parse_datetime(value) if value and "T" in value else None
    day = timezone.localtime(moment).date() if moment else parse_date(value or "")
    return day_in_words(day) if day else ""


def day_in_words(day: date) -> str:
    """Say a day as people do: "7 October", and "7 October 2024" in another year."""
    this_year = day.year == timezone.localdate().year
    return in_format(day, _("j F") if this_year else _("j F Y"))


def conversation(facts: Mapping[str, Any]) -> str:
    """Say which conversation it is: "the call of 7 October"."""
    began = facts.get("began")
    known, came = CONVERSATIONS.get(facts.get("channel", ""), CONVERSATIONS["call"])
    return str(known if began else came) % {"day": day_of(began or facts.get("came"))}


CONVERSATIONS: Final = {
    "call": (gettext_lazy("the call of %(day)s"), gettext_lazy("the call received on %(day)s")),
    "email": (
        gettext_lazy("the e-mail of %(day)s"),
        gettext_lazy("the e-mail received on %(day)s"),
    ),
    "chat": (gettext_lazy("the chat of %(day)s"), gettext_lazy("the chat received on %(day)s")),
    "video": (
        gettext_lazy("the video call of %(day)s"),
        gettext_lazy("the video call received on %(day)s"),
    ),
}


def _opened(told: Told) -> str:
    if told.facts.get("part") == "answer":
        return _("%(who)s disputed an answer in the review of %(conversation)s.")
    if told.facts.get("part") == "note":
        return _("%(who)s disputed a note on %(conversation)s.")
    return _("%(who)s disputed a moment of %(conversation)s.")


def _upheld(told: Told) -> str:
    if told.own:
        return _("%(who)s upheld your dispute about %(conversation)s.")
    return _("%(who)s upheld the dispute by %(opener)s about %(conversation)s.")


def _declined(told: Told) -> str:
    if told.own:
        return _("%(who)s declined your dispute about %(conversation)s.")
    return _("%(who)s declined the dispute by %(opener)s about %(conversation)s.")


def _begun(told: Told) -> str:
    number = int(told.facts.get("number", 1))
    text = ngettext(
        "%(who)s asked you to score %(number)s conversation for “%(session)s”.",
        "%(who)s asked you to score %(number)s conversations for “%(session)s”.",
        number,
    )
    return text.replace("%(number)s", str(number))


def _assigned(told: Told) -> str:
    number = int(told.facts.get("number", 1))
    if str(told.facts.get("by", "")).startswith("member:"):
        text = ngettext(
            "%(who)s assigned you conversations: %(number)s is waiting for you.",
            "%(who)s assigned you conversations: %(number)s are waiting for you.",
            number,
        )
    else:
        text = ngettext(
            "%(number)s conversation is assigned to you.",
            "%(number)s conversations are assigned to you.",
            number,
        )
    return text.replace("%(number)s", str(number))


def _handed_over(told: Told) -> str:
    number = int(told.facts.get("number", 0))
    if told.facts.get("merge"):
        text = ngettext(
            "The merge is undone: %(number)s conversation went back.",
            "The merge is undone: %(number)s conversations went back.",
            number,
        )
    else:
        text = ngettext(
            "You changed the agent of many conversations: %(number)s is updated.",
            "You changed the agent of many conversations: %(number)s are updated.",
            number,
        )
    return text.replace("%(number)s", grouped(number))


def _ending(told: Told) -> str:
    ends = parse_datetime(told.facts.get("ends", ""))
    text = _("Your review of %(conversation)s returns to the queue at %(time)s.")
    return text.replace("%(time)s", _clock(ends) if ends else "–")


def _clock(moment: datetime) -> str:
    return in_format(timezone.localtime(moment), "H:i")


# What the pre-score fills in, by the names that measuring agreement has for them.
LABELS: Final = {
    "cue": gettext_lazy("Feelings"),
    "emotion": gettext_lazy("Kind of feeling"),
    "outcome": gettext_lazy("Outcome"),
    "empathy": gettext_lazy("Empathy"),
    "sympathy_only": gettext_lazy("Sympathy only"),
    "missed": gettext_lazy("Missed"),
    "dismissed": gettext_lazy("Dismissed"),
    "strength": gettext_lazy("Strength of empathy"),
}
SENTENCES: Final[Mapping[str, Any]] = {
    "feedback.shared": gettext_lazy("%(who)s shared feedback on %(conversation)s."),
    "feedback.corrected": gettext_lazy("%(who)s corrected the feedback on %(conversation)s."),
    "review.corrected": gettext_lazy("%(who)s corrected your review of %(conversation)s."),
    "feedback.acknowledged": gettext_lazy("%(who)s read your feedback on %(conversation)s."),
    "feedback.answered": gettext_lazy(
        "%(who)s read your feedback on %(conversation)s and replied."
    ),
    "feedback.replied": gettext_lazy("%(who)s wrote to you about %(conversation)s."),
    "prescore.shared": gettext_lazy(
        "There are pre-scored conversations for you to read. Nobody has reviewed them yet."
    ),
    "dispute.opened": _opened,
    "dispute.upheld": _upheld,
    "dispute.declined": _declined,
    "dispute.withdrawn": gettext_lazy("%(who)s withdrew the dispute about %(conversation)s."),
    "reminder.review": gettext_lazy("You haven't read the feedback on %(conversation)s yet."),
    "reminder.dispute": gettext_lazy(
        "You haven't read the decision on your dispute about %(conversation)s yet."
    ),
    "reminder.prescore": gettext_lazy("You haven't read the pre-score of %(conversation)s yet."),
    "queue.assigned": _assigned,
    "review.lease_ending": _ending,
    "handover.done": _handed_over,
    "calibration.begun": _begun,
    "calibration.called_off": gettext_lazy(
        "%(who)s cancelled the calibration session “%(session)s”: there is nothing left to score."
    ),
    "calibration.opened": gettext_lazy(
        "The results of the calibration session “%(session)s” are open."
    ),
    "calibration.agreed": gettext_lazy(
        "%(who)s finalised the results of the calibration session “%(session)s”."
    ),
    "agreement.withheld": gettext_lazy(
        "“%(label)s” is no longer pre-filled: people and the pre-score agree too rarely."
    ),
    "agreement.restored": gettext_lazy("“%(label)s” is pre-filled again."),
}


def in_choice(value: str | None) -> str:
    """Say what became of a feeling; what is no such choice stays as it is."""
    if value == NO_FEELING:
        return _("No feeling")
    return str(CHOICE_WORDS.get(value or "", value or _("No answer")))


def changed(before: str, after: str) -> str:
    """Say what something was and what it is."""
    return _("%(before)s → %(after)s") % {"before": before, "after": after}


def _of_dispute(told: Told) -> str:
    facts = told.facts
    if facts.get("part") == "note":
        return _("The note was removed.") if "after" in facts else ""
    said = in_choice(facts.get("before"))
    if "after" in facts:
        said = changed(said, in_choice(facts["after"]))
    elif facts.get("part") == "moment":
        said = _("Scored as %(outcome)s") % {"outcome": said}
    if facts.get("question"):
        return _("“%(question)s”: %(answer)s") % {"question": facts["question"], "answer": said}
    return said


def _of_score(told: Told) -> str:
    before, after = told.facts.get("before"), told.facts.get("after")
    if before is None or after is None or round(before) == round(after):
        return ""
    values = {"before": f"{before:.0f}", "after": f"{after:.0f}"}
    return _("Score %(before)s → %(after)s") % values


def _of_calibration(told: Told) -> str:
    due = day_of(told.facts.get("due"))
    return _("Due %(day)s") % {"day": due} if due else ""


def _of_handover(told: Told) -> str:
    left = int(told.facts.get("left", 0))
    text = ngettext(
        "%(number)s couldn’t be changed, for instance because of an open dispute.",
        "%(number)s couldn’t be changed, for instance because of open disputes.",
        left,
    )
    return text % {"number": grouped(left)} if left else ""


def _of_agreement(told: Told) -> str:
    kappa, least = told.facts.get("kappa"), told.facts.get("threshold")
    if kappa is None or least is None:
        return ""
    values = {"kappa": number_format(kappa, 2), "least": number_format(least, 2)}
    return _("Kappa %(kappa)s, minimum %(least)s") % values


DETAILS: Final[Mapping[str, Callable[[Told], str]]] = {
    "dispute.opened": _of_dispute,
    "dispute.upheld": _of_dispute,
    "dispute.declined": _of_dispute,
    "feedback.corrected": _of_score,
    "handover.done": _of_handover,
    "review.corrected": _of_score,
    "calibration.begun": _of_calibration,
    "agreement.withheld": _of_agreement,
    "agreement.restored": _of_agreement,
}
