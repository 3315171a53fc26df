"""Each question that a file may leave open, as people meet it: its words, its fields, its answer.

What is asked, and when, is in questions.py. `asked` is a question as the file's row keeps it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, TypeAlias, cast
from zoneinfo import available_timezones

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, ngettext

from qa.intake import piece_forms
from transcripts.formats import Question
from transcripts.models import Channel

Asked: TypeAlias = Mapping[str, Any]
Fields: TypeAlias = dict[str, forms.Field]

SAYS: Final = 60
ROLES: Final = (
    ("", gettext_lazy("Choose…")),
    ("agent", gettext_lazy("Agent")),
    ("customer", gettext_lazy("Customer")),
    ("bot", gettext_lazy("Bot")),
    ("system", gettext_lazy("System message")),
    ("unknown", gettext_lazy("Unknown")),
)
MEANINGS: Final = (
    ("text", gettext_lazy("What was said")),
    ("speaker", gettext_lazy("Who said it")),
    ("role", gettext_lazy("The speaker's role")),
    ("time", gettext_lazy("When it was said")),
    ("conversation", gettext_lazy("Which conversation it belongs to")),
    ("agent_name", gettext_lazy("The agent's name")),
    ("agent_id", gettext_lazy("The agent's ID")),
)


def _value(asked: Asked, given: Mapping[str, Any]) -> Any:
    """Take the answer from a question's only field."""
    return given[asked["question"]]


@dataclass(frozen=True, slots=True)
class QuestionForm:
    """The words of a question, the fields in which a person answers it, the answer they hold."""

    name: str | Promise  # where its answers are listed
    title: str | Promise
    left_open: str | Promise  # said of a file where nobody could be asked
    fields: Callable[[Asked], Fields]
    answer: Callable[[Asked, Mapping[str, Any]], Any] = _value
    help: str | Promise = ""


@cache
def zones() -> list[str]:
    """Every time zone that a file may be in, by its name; systems write old names too."""
    return sorted(available_timezones())


class ZoneField(forms.CharField):
    """A time zone by its name, such as Europe/Berlin."""

    def clean(self, value: Any) -> str:
        name = str(super().clean(value))
        if name not in zones():
            raise forms.ValidationError(gettext("Choose a time zone such as Europe/Berlin."))
        return name


def _choice(
    label: str | Promise, choices: Sequence[tuple[str, str | Promise]], **more: Any
) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=cast(str, label),
        choices=choices,
        error_messages={"required": gettext_lazy("Choose one.")},
        **more,
    )


def _format_fields(asked: Asked) -> Fields:
    said = gettext("%(format)s: %(reason)s")
    choices = [
        (choice["value"], said % {"format": choice["words"], "reason": choice["reason"]})
        for choice in asked["choices"]
    ]
    return {"format": _choice(gettext_lazy("Format"), choices, widget=forms.RadioSelect)}


def _channel_fields(asked: Asked) -> Fields:
    return {"channel": _choice(gettext_lazy("Channel"), Channel.choices, widget=forms.RadioSelect)}


def _day_fields(asked: Asked) -> Fields:
    choices = [
        ("day", gettext_lazy("3 May: the day comes first")),
        ("month", gettext_lazy("March 5: the month comes first")),
    ]
    return {"day_first": _choice(gettext_lazy("Dates"), choices, widget=forms.RadioSelect)}


def _day_first(asked: Asked, given: Mapping[str, Any]) -> bool:
    return bool(given["day_first"] == "day")


def _zone_fields(asked: Asked) -> Fields:
    widget = forms.TextInput(attrs={"list": "time-zones", "placeholder": "Europe/Berlin"})
    return {"time_zone": ZoneField(label=gettext_lazy("Time zone"), max_length=60, widget=widget)}


def _role_fields(asked: Asked) -> Fields:
    return {
        f"role-{speaker['at']}": _choice(speaker["words"], ROLES, help_text=_says(speaker))
        for speaker in asked["speakers"]
    }


def _says(speaker: Mapping[str, Any]) -> str:
    words = ngettext("%(n)s turn: “%(says)s”", "%(n)s turns: “%(says)s”", speaker["turns"])
    return words % {"n": speaker["turns"], "says": speaker["says"][:SAYS]}


def _roles(asked: Asked, given: Mapping[str, Any]) -> list[str]:
    return [given.get(f"role-{at}") or "unknown" for at in range(asked["of"])]


def _column_fields(asked: Asked) -> Fields:
    places = [(str(column["at"]), _column_words(column)) for column in asked["columns"]]
    return {
        f"column-{meaning}": _choice(
            words,
            [("", "–"), *places],
            required=meaning == "text",
            initial=str(asked["guess"].get(meaning, "")),
        )
        for meaning, words in MEANINGS
    }


def _column_words(column: Mapping[str, Any]) -> str:
    words, example = column["words"], column["example"]
    return f"{words} ({example})" if example else words


def _columns(asked: Asked, given: Mapping[str, Any]) -> dict[str, int]:
    chosen = {meaning: given[f"column-{meaning}"] for meaning, _ in MEANINGS}
    return {meaning: int(at) for meaning, at in chosen.items() if at}


QUESTION_FORMS: Final[Mapping[str, QuestionForm]] = {
    Question.FORMAT: QuestionForm(
        name=gettext_lazy("Format"),
        title=gettext_lazy("Which format is it?"),
        help=gettext_lazy("More than one fits."),
        left_open=gettext_lazy("It may also be in another format; the likeliest one was used."),
        fields=_format_fields,
    ),
    Question.CHANNEL: QuestionForm(
        name=gettext_lazy("Channel"),
        title=gettext_lazy("What kind of conversation is it?"),
        left_open=gettext_lazy("The file does not say what it is a transcript of."),
        fields=_channel_fields,
    ),
    Question.ROLES: QuestionForm(
        name=gettext_lazy("Speakers"),
        title=gettext_lazy("Who is who?"),
        help=gettext_lazy("Speakers left as “Unknown” aren't scored."),
        left_open=gettext_lazy("It isn't known who is the agent and who is the customer."),
        fields=_role_fields,
        answer=_roles,
    ),
    Question.DAY_FIRST: QuestionForm(
        name=gettext_lazy("Order of day and month"),
        title=gettext_lazy("Which date is 3/5/26 in this file?"),
        help=gettext_lazy("None of its dates makes it clear."),
        left_open=gettext_lazy("It isn't known whether its dates begin with the day or the month."),
        fields=_day_fields,
        answer=_day_first,
    ),
    Question.TIME_ZONE: QuestionForm(
        name=gettext_lazy("Time zone"),
        title=gettext_lazy("Which time zone are its times in?"),
        help=gettext_lazy("The file doesn't say."),
        left_open=gettext_lazy("The time zone of its times is not known."),
        fields=_zone_fields,
    ),
    Question.COLUMNS: QuestionForm(
        name=gettext_lazy("Columns"),
        title=gettext_lazy("What is in each column?"),
        left_open=gettext_lazy("It isn't known what its columns hold."),
        fields=_column_fields,
        answer=_columns,
    ),
    Question.PIECES: QuestionForm(
        name=gettext_lazy("Speakers"),
        title=gettext_lazy("Who says what?"),
        help=gettext_lazy(
            "The text has no speaker labels, and Heard doesn't guess. "
            "Choose a speaker for each piece."
        ),
        left_open=gettext_lazy("It isn't known who speaks in it."),
        fields=piece_forms.fields,
        answer=piece_forms.given,
    ),
}


def form_of(asked: Asked) -> QuestionForm:
    """Find the form of a question that a row keeps."""
    return QUESTION_FORMS[asked["question"]]
