"""Forms of the upload page."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Self
from zoneinfo import available_timezones

from django import forms
from django.core.files.uploadedfile import UploadedFile

from qa.intake import piece_forms
from transcripts.formats import FORMATS, Question
from transcripts.models import Channel
from transcripts.models import UploadedFile as FileRow
from transcripts.remembered import Key

ROLE_WORDS: Final = (
    ("", "Choose…"),
    ("agent", "Agent"),
    ("customer", "Customer"),
    ("bot", "Bot"),
    ("system", "System message"),
    ("unknown", "Not known"),
)
TITLES: Final = {
    Question.FORMAT: "Which format is it?",
    Question.CHANNEL: "What is it a transcript of?",
    Question.ROLES: "Who is who?",
    Question.DAY_FIRST: "What is 3/5/26 in this file?",
    Question.TIME_ZONE: "In which time zone are its times?",
    Question.COLUMNS: "Which column holds what?",
    Question.PIECES: "Who speaks where?",
}
HELP: Final = {
    Question.ROLES: "Who stays “not known” is not scored.",
    Question.FORMAT: "More than one fits.",
    Question.TIME_ZONE: "The file does not say.",
    Question.DAY_FIRST: "No date in it tells.",
    Question.PIECES: "The text has no speaker labels. Nothing is guessed: say it piece by piece.",
}
SAYS: Final = 60
MEANINGS: Final = (
    ("text", "What was said"),
    ("speaker", "Who said it"),
    ("role", "The speaker's role"),
    ("time", "When it was said"),
    ("conversation", "Which conversation it belongs to"),
)


class SeveralFiles(forms.FileInput):
    """A file field of a page that takes more than one."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, empty ones too: what is wrong with each is said in its own row."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        files = data if isinstance(data, list | tuple) else [data]
        clean = super().clean
        return [clean(one, initial) for one in files] or [clean(None, initial)]


class UploadForm(forms.Form):
    """Files, and what a person knows of them that they don't say themselves."""

    file = FilesField(
        label="Transcripts",
        allow_empty_file=True,
        max_length=None,
        error_messages={"required": "Choose at least one file."},
    )
    format = forms.ChoiceField(
        required=False,
        choices=[("", "Recognise each file"), *((f.name, f.title) for f in FORMATS.values())],
    )
    channel = forms.ChoiceField(
        required=False, choices=[("", "As the file says"), *Channel.choices]
    )
    upload = forms.UUIDField(required=False)  # files of one drop are sent one by one


class AgainForm(forms.Form):
    """A file once more: corrected, or with the answers to what it left open."""

    file = forms.FileField(
        label="The file",
        allow_empty_file=True,
        max_length=None,
        error_messages={"required": "Choose the file."},
    )
    remember = forms.BooleanField(required=False)


class ZoneField(forms.CharField):
    """A time zone by its name, such as Europe/Berlin."""

    def clean(self, value: Any) -> str:
        name = str(super().clean(value))
        if name not in available_timezones():
            raise forms.ValidationError("Choose a time zone such as Europe/Berlin.")
        return name


class AnswersForm(forms.Form):
    """What one file leaves open: a field, or several, for each of its questions."""

    def __init__(self, questions: Sequence[Mapping[str, Any]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for asked in questions:
            self.fields |= _fields(asked)

    @classmethod
    def of(cls, file: FileRow, *args: Any) -> Self:
        """The form of one row: its ids are the row's own."""
        questions = file.summary.get("questions", [])
        return cls(questions, *args, auto_id=f"id_{file.pk.hex}_%s")

    def groups(self) -> list[dict[str, Any]]:
        """The fields, question by question."""
        names = {one["question"]: list(_fields(one)) for one in self.questions}
        return [
            {
                "question": question,
                "title": TITLES[Question(question)],
                "help": HELP.get(Question(question), ""),
                "fields": [self[name] for name in fields],
            }
            for question, fields in names.items()
        ]

    @property
    def remembers(self) -> bool:
        """Whether an answer may fit other files too."""
        return any(one["question"] != Question.PIECES for one in self.questions)

    @property
    def other_file(self) -> bool:
        """Whether an answer came with another file than the one it was for."""
        return bool((self._asked_pieces() or {}).get("other_file"))

    def pieces(self) -> list[piece_forms.PieceRow]:
        """The pieces of a text without labels, as far as they have been told apart."""
        asked = self._asked_pieces()
        return piece_forms.rows(asked, self.data, checked=self.is_bound) if asked else []

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        asked = self._asked_pieces()
        if asked and (fault := piece_forms.fault(piece_forms.given(asked, cleaned))):
            self.add_error(None, fault)
        return cleaned

    def _asked_pieces(self) -> Mapping[str, Any] | None:
        return next((one for one in self.questions if one["question"] == Question.PIECES), None)

    def answers(self) -> dict[Key, Any]:
        """What was answered, by question and source."""
        return {
            (asked["question"], asked["fingerprint"]): self._answer(asked)
            for asked in self.questions
        }

    def _answer(self, asked: Mapping[str, Any]) -> Any:
        given = self.cleaned_data
        if asked["question"] == Question.ROLES:
            return [given.get(f"role-{at}") or "unknown" for at in range(asked["of"])]
        if asked["question"] == Question.COLUMNS:
            chosen = {meaning: given[f"column-{meaning}"] for meaning, _ in MEANINGS}
            return {meaning: int(at) for meaning, at in chosen.items() if at}
        if asked["question"] == Question.PIECES:
            return piece_forms.given(asked, given)
        if asked["question"] == Question.DAY_FIRST:
            return given["day_first"] == "day"
        return given[asked["question"]]


Fields = dict[str, forms.Field]


def _fields(asked: Mapping[str, Any]) -> Fields:
    return FIELDS[Question(asked["question"])](asked)


def _choice(label: str, choices: Sequence[tuple[str, str]], **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=choices, error_messages={"required": "Choose one."}, **more
    )


def _format_fields(asked: Mapping[str, Any]) -> Fields:
    choices = [(one["value"], f"{one['words']}: {one['reason']}") for one in asked["choices"]]
    return {"format": _choice("Format", choices, widget=forms.RadioSelect)}


def _channel_fields(asked: Mapping[str, Any]) -> Fields:
    return {"channel": _choice("Channel", Channel.choices, widget=forms.RadioSelect)}


def _day_fields(asked: Mapping[str, Any]) -> Fields:
    choices = [("day", "the 3rd of May: the day first"), ("month", "March 5: the month first")]
    return {"day_first": _choice("Dates", choices, widget=forms.RadioSelect)}


def _zone_fields(asked: Mapping[str, Any]) -> Fields:
    widget = forms.TextInput(attrs={"list": "time-zones", "placeholder": "Europe/Berlin"})
    return {"time_zone": ZoneField(label="Time zone", max_length=60, widget=widget)}


def _role_fields(asked: Mapping[str, Any]) -> Fields:
    return {
        f"role-{one['at']}": _choice(one["words"], ROLE_WORDS, help_text=_says(one))
        for one in asked["speakers"]
    }


def _says(speaker: Mapping[str, Any]) -> str:
    number = speaker["turns"]
    return f"{number} turn{'s' * (number != 1)}: “{speaker['says'][:SAYS]}”"


def _column_fields(asked: Mapping[str, Any]) -> Fields:
    places = [
        (str(one["at"]), f"{one['words']} ({one['example']})" if one["example"] else one["words"])
        for one in asked["columns"]
    ]
    return {
        f"column-{meaning}": _choice(
            words,
            [("", "–"), *places],
            required=meaning == "text",
            initial=str(asked["guess"].get(meaning, "")),
        )
        for meaning, words in MEANINGS
    }


FIELDS: Final = {
    Question.FORMAT: _format_fields,
    Question.CHANNEL: _channel_fields,
    Question.DAY_FIRST: _day_fields,
    Question.TIME_ZONE: _zone_fields,
    Question.ROLES: _role_fields,
    Question.COLUMNS: _column_fields,
    Question.PIECES: piece_forms.fields,
}
