"""Who speaks in each piece of a text without labels: the fields of the answer, and their rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, ngettext

from transcripts.formats.pieces import JOINED, LEFT_OUT

SPEAKERS: Final[tuple[tuple[str, str | Promise], ...]] = (
    ("customer", gettext_lazy("Customer")),
    ("agent", gettext_lazy("Agent")),
    ("unknown", gettext_lazy("Someone else")),
)
OTHERS: Final[tuple[tuple[str, str | Promise], ...]] = (
    (JOINED, gettext_lazy("Join to above")),
    (LEFT_OUT, gettext_lazy("Leave out")),
)
WHO: Final = (*SPEAKERS, *OTHERS)
ALTERNATE: Final = "alternate"
SAME: Final = "same"
REST: Final = (
    ("", gettext_lazy("ask me about them")),
    (ALTERNATE, gettext_lazy("customer and agent take turns")),
    (SAME, gettext_lazy("the previous speaker continues")),
)
NAMED: Final = 12  # pieces named in a refusal
_OTHER: Final = {"customer": "agent", "agent": "customer"}


@dataclass(frozen=True, slots=True)
class PieceRow:
    """One piece as it stands in the form: its words, and who was said to speak."""

    field: str
    number: int
    text: str
    who: str
    missing: bool

    @property
    def choices(self) -> Sequence[tuple[str, str | Promise]]:
        """Speakers to choose from; the first piece has none before it to be joined to."""
        return [choice for choice in WHO if self.number > 1 or choice[0] != JOINED]


def fields(asked: Mapping[str, Any]) -> dict[str, forms.Field]:
    """Make a field for each piece, and one for those about which nothing was chosen."""
    named: dict[str, forms.Field] = {
        _name(at): forms.ChoiceField(choices=WHO, required=False)
        for at in range(len(asked["pieces"]))
    }
    return {
        **named,
        "rest": forms.ChoiceField(label=gettext_lazy("The others"), choices=REST, required=False),
    }


def rows(asked: Mapping[str, Any], sent: Mapping[str, Any], *, checked: bool) -> list[PieceRow]:
    """List all pieces, with what was sent for each; `checked` marks those that lack an answer."""
    given = [str(sent.get(_name(at)) or "") for at in range(len(asked["pieces"]))]
    missing = set(unanswered(given, str(sent.get("rest") or ""))) if checked else set()
    return [
        PieceRow(_name(at), at + 1, text, given[at], at + 1 in missing)
        for at, text in enumerate(asked["pieces"])
    ]


def given(asked: Mapping[str, Any], cleaned: Mapping[str, Any]) -> list[str]:
    """Say who speaks in each piece; empty where that is still open."""
    chosen = [cleaned.get(_name(at)) or "" for at in range(len(asked["pieces"]))]
    return _filled(chosen, cleaned.get("rest") or "")


def fault(told: Sequence[str]) -> str:
    """Say what is still wrong with the answer, in a sentence; empty if nothing is."""
    if missing := unanswered(told):
        shown = ", ".join(str(number) for number in missing[:NAMED])
        if (more := len(missing) - NAMED) > 0:
            return ngettext(
                "Choose a speaker for each piece, or leave it out. "
                "Still open: %(pieces)s and %(more)s more.",
                "Choose a speaker for each piece, or leave it out. "
                "Still open: %(pieces)s and %(more)s more.",
                more,
            ) % {"pieces": shown, "more": more}
        return gettext(
            "Choose a speaker for each piece, or leave it out. Still open: %(pieces)s."
        ) % {"pieces": shown}
    if not any(who in dict(SPEAKERS) for who in told):
        return gettext("Choose a speaker for at least one piece.")
    return ""


def unanswered(told: Sequence[str], rest: str = "") -> list[int]:
    """Number the pieces that nobody has told; the first has none before it to be joined to."""
    filled = _filled(told, rest)
    return [n for n, who in enumerate(filled, start=1) if not who or (n == 1 and who == JOINED)]


def _filled(chosen: Sequence[str], rest: str) -> list[str]:
    """Put in a speaker where nothing was chosen, as the person said that the others go."""
    filled: list[str] = []
    before = ""
    for who in chosen:
        goes_on = {ALTERNATE: _OTHER.get(before, ""), SAME: before}.get(rest, "")
        filled.append(who or goes_on)
        if filled[-1] in (dict(SPEAKERS) if rest == SAME else _OTHER):
            before = filled[-1]
    return filled


def _name(at: int) -> str:
    return f"piece-{at}"
