"""Each question that a file may leave open, as people meet it: its words, its fields, its answer.

What is asked, and when, is in questions.py. `asked` is a question as the file's row keeps it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias
from zoneinfo import available_timezones

from django import forms

from qa.intake import piece_forms
from transcripts.formats import Question
from transcripts.models import Channel

Asked: TypeAlias = Mapping[str, Any]
Fields: TypeAlias = dict[str, forms.Field]

SAYS: Final = 60
ROLES: Final = (
    ("", "Choose…"),
    ("agent", "Agent"),
    ("customer", "Customer"),
    ("bot", "Bot"),
    ("system", "System message"),
    ("unknown", "Not known"),
)
MEANINGS: Final = (
    ("text", "What was said"),
    ("speaker", "Who said it"),
    ("role", "The speaker's role"),
    ("time", "When it was said"),
    ("conversation", "Which conversation it belongs to"),
    ("agent_name", "The agent's name"),
    ("agent_id", "The agent's id"),
)


def _value(asked: Asked, given: Mapping[str, Any]) -> Any:
    """Take the answer from a question's only field."""
    return given[asked["question"]]


@dataclass(frozen=True, slots=True)
class QuestionForm:
    """The words of a question, the fields in which a person answers it, the answer they hold."""

    name: str  # where its answers are listed
    title: str
    left_open: str  # said of a file where nobody could be asked
    fields: Callable[[Asked], Fields]
    answer: Callable[[Asked, Mapping[str, Any]], Any] = _value
    help: str = ""


class ZoneField(forms.CharField):
    """A time zone by its name, such as Europe/Berlin."""

    def clean(self, value: Any) -> str:
        name = str(super().clean(value))
        if name not in available_timezones():
            raise forms.ValidationError("Choose a time zone such as Europe/Berlin.")
        return name


def _choice(label: str, choices: Sequence[tuple[str, str]], **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=choices, error_messages={"required": "Choose one."}, **more
    )


def _format_fields(asked: Asked) -> Fields:
    choices = [
        (choice["value"], f"{choice['words']}: {choice['reason']}") for choice in asked["choices"]
    ]
    return {"format": _choice("Format", choices, widget=forms.RadioSelect)}


def _channel_fields(asked: Asked) -> Fields:
    return {"channel": _choice("Channel", Channel.choices, widget=forms.RadioSelect)}


def _day_fields(asked: Asked) -> Fields:
    choices = [("day", "the 3rd of May: the day first"), ("month", "March 5: the month first")]
    return {"day_first": _choice("Dates", choices, widget=forms.RadioSelect)}


def _day_first(asked: Asked, given: Mapping[str, Any]) -> bool:
    return bool(given["day_first"] == "day")


def _zone_fields(asked: Asked) -> Fields:
    widget = forms.TextInput(attrs={"list": "time-zones", "placeholder": "Europe/Berlin"})
    return {"time_zone": ZoneField(label="Time zone", max_length=60, widget=widget)}


def _role_fields(asked: Asked) -> Fields:
    return {
        f"role-{speaker['at']}": _choice(speaker["words"], ROLES, help_text=_says(speaker))
        for speaker in asked["speakers"]
    }


def _says(speaker: Mapping[str, Any]) -> str:
    number = speaker["turns"]
    return f"{number} turn{'s' * (number != 1)}: “{speaker['says'][:SAYS]}”"


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
        name="Format",
        title="Which format is it?",
        help="More than one fits.",
        left_open="It may be of another format too; the likeliest was taken.",
        fields=_format_fields,
    ),
    Question.CHANNEL: QuestionForm(
        name="Channel",
        title="What is it a transcript of?",
        left_open="The file does not say what it is a transcript of.",
        fields=_channel_fields,
    ),
    Question.ROLES: QuestionForm(
        name="Speakers",
        title="Who is who?",
        help="Who stays “not known” is not scored.",
        left_open="Who is agent and who is customer is not known.",
        fields=_role_fields,
        answer=_roles,
    ),
    Question.DAY_FIRST: QuestionForm(
        name="Order of day and month",
        title="What is 3/5/26 in this file?",
        help="No date in it tells.",
        left_open="Whether its dates begin with the day or the month is not known.",
        fields=_day_fields,
        answer=_day_first,
    ),
    Question.TIME_ZONE: QuestionForm(
        name="Time zone",
        title="In which time zone are its times?",
        help="The file does not say.",
        left_open="The time zone of its times is not known.",
        fields=_zone_fields,
    ),
    Question.COLUMNS: QuestionForm(
        name="Columns",
        title="Which column holds what?",
        left_open="What its columns hold is not known.",
        fields=_column_fields,
        answer=_columns,
    ),
    Question.PIECES: QuestionForm(
        name="Speakers",
        title="Who speaks where?",
        help="The text has no speaker labels. Nothing is guessed: say it piece by piece.",
        left_open="Who speaks in it is not known.",
        fields=piece_forms.fields,
        answer=piece_forms.given,
    ),
}


def form_of(asked: Asked) -> QuestionForm:
    """Find the form of a question that a row keeps."""
    return QUESTION_FORMS[asked["question"]]
