"""Forms of the upload page."""

from collections.abc import Mapping, Sequence
from typing import Any, Self

from django import forms
from django.core.files.uploadedfile import UploadedFile

from qa.intake import piece_forms
from qa.intake.question_forms import QuestionForm, form_of
from transcripts.formats import FORMATS, Question
from transcripts.models import Channel
from transcripts.models import UploadedFile as FileRow
from transcripts.remembered import Key


class SeveralFiles(forms.FileInput):
    """A file field of a page that takes more than one."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, empty ones too: what is wrong with each is said in its own row."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        files = data if isinstance(data, list | tuple) else [data]
        clean = super().clean
        return [clean(file, initial) for file in files] or [clean(None, initial)]


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
    who = forms.CharField(
        required=False,
        max_length=400,
        label="Agent",
        widget=forms.TextInput(
            attrs={"list": "agents", "autocomplete": "off", "placeholder": "As the file says"}
        ),
    )
    upload = forms.UUIDField(required=False)  # files of one drop are sent one by one


class AgainForm(forms.Form):
    """A file once more: corrected, or with the answers to what it left open."""

    file = forms.FileField(
        label="The file",
        required=False,
        allow_empty_file=True,
        max_length=None,
        error_messages={"required": "Choose the file."},
    )
    remember = forms.BooleanField(required=False)


class AnswersForm(forms.Form):
    """What one file leaves open: a field, or several, for each of its questions."""

    def __init__(self, questions: Sequence[Mapping[str, Any]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for asked in questions:
            self.fields |= form_of(asked).fields(asked)

    @classmethod
    def of(cls, file: FileRow, *args: Any) -> Self:
        """Make the form of one row: its ids are the row's own."""
        questions = file.summary.get("questions", [])
        return cls(questions, *args, auto_id=f"id_{file.pk.hex}_%s")

    def groups(self) -> list[dict[str, Any]]:
        """List the fields, question by question."""
        return [self._group(asked, form_of(asked)) for asked in self.questions]

    def _group(self, asked: Mapping[str, Any], form: QuestionForm) -> dict[str, Any]:
        return {
            "question": asked["question"],
            "title": form.title,
            "help": form.help,
            "fields": [self[name] for name in form.fields(asked)],
        }

    @property
    def remembers(self) -> bool:
        """True if an answer may fit other files too."""
        return any(asked["question"] != Question.PIECES for asked in self.questions)

    @property
    def other_file(self) -> bool:
        """True if an answer came with another file than the one it was for."""
        return bool((self._asked_pieces() or {}).get("other_file"))

    def pieces(self) -> list[piece_forms.PieceRow]:
        """List the pieces of a text without labels, as far as they have been told apart."""
        asked = self._asked_pieces()
        return piece_forms.rows(asked, self.data, checked=self.is_bound) if asked else []

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        asked = self._asked_pieces()
        if asked and (fault := piece_forms.fault(piece_forms.given(asked, cleaned))):
            self.add_error(None, fault)
        return cleaned

    def _asked_pieces(self) -> Mapping[str, Any] | None:
        pieces = (asked for asked in self.questions if asked["question"] == Question.PIECES)
        return next(pieces, None)

    def answers(self) -> dict[Key, Any]:
        """Collect what was answered, by question and source."""
        return {
            (asked["question"], asked["fingerprint"]): form_of(asked).answer(
                asked, self.cleaned_data
            )
            for asked in self.questions
        }
