"""Forms of the upload page."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Self

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext, gettext_lazy

from qa.intake import piece_forms
from qa.intake.question_forms import QuestionForm, form_of
from transcripts.formats import FORMATS, Question
from transcripts.models import Channel
from transcripts.models import UploadedFile as FileRow
from transcripts.remembered import Key

DETAILS: Final = 20  # key and value
KEY: Final = 60  # characters
VALUE: Final = 500


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


class FactsForm(forms.Form):
    """What a person says of conversations where their file does not."""

    who = forms.CharField(
        required=False,
        max_length=400,
        label=gettext_lazy("Agent"),
        widget=forms.TextInput(
            attrs={
                "list": "agents",
                "autocomplete": "off",
                "placeholder": gettext_lazy("As the file says"),
            }
        ),
    )
    team = forms.CharField(
        required=False,
        max_length=200,
        label=gettext_lazy("Team"),
        widget=forms.TextInput(attrs={"list": "teams", "autocomplete": "off"}),
    )
    started_at = forms.DateTimeField(
        required=False,
        label=gettext_lazy("Start time"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )
    details = forms.CharField(
        required=False,
        max_length=10_000,
        label=gettext_lazy("Other details"),
        widget=forms.Textarea(
            attrs={"rows": 3, "placeholder": gettext_lazy("campaign: spring sale")}
        ),
    )

    def clean_team(self) -> str:
        return " ".join(str(self.cleaned_data["team"]).split())

    def clean_details(self) -> dict[str, str]:
        """Read lines such as `campaign: spring sale`."""
        found: dict[str, str] = {}
        for line in filter(str.strip, self.cleaned_data["details"].splitlines()):
            key, colon, value = (part.strip() for part in line.partition(":"))
            if not (key and colon and value) or len(key) > KEY or len(value) > VALUE:
                raise forms.ValidationError(
                    gettext("Write one detail on each line, such as “campaign: spring sale”.")
                )
            found[key] = value
        if len(found) > DETAILS:
            raise forms.ValidationError(
                gettext("Give at most %(most)s details.") % {"most": DETAILS}
            )
        return found


class UploadForm(FactsForm):
    """Files, and what a person knows of them that they don't say themselves."""

    file = FilesField(
        label=gettext_lazy("Transcripts"),
        allow_empty_file=True,
        max_length=None,
        error_messages={"required": gettext_lazy("Choose at least one file.")},
    )
    format = forms.ChoiceField(
        required=False,
        choices=[
            ("", gettext_lazy("Recognise each file")),
            *((f.name, gettext_lazy(f.title)) for f in FORMATS.values()),
        ],
    )
    channel = forms.ChoiceField(
        required=False, choices=[("", gettext_lazy("As the file says")), *Channel.choices]
    )
    upload = forms.UUIDField(required=False)  # files of one drop are sent one by one


class AgainForm(FactsForm):
    """Answers to what a file left open, or the file once more: corrected, or as it is needed."""

    file = forms.FileField(
        label=gettext_lazy("The file"),
        required=False,
        allow_empty_file=True,
        max_length=None,
        error_messages={"required": gettext_lazy("Choose the file.")},
    )
    remember = forms.BooleanField(required=False)
    alike = forms.BooleanField(required=False)  # the same for all files that ask it
    alike_offered = forms.BooleanField(required=False)  # there were some when the row was drawn

    @property
    def for_all_alike(self) -> bool:
        """True if the answer is for all files that ask the same, be they there or still to come."""
        given = self.cleaned_data
        return bool(given["alike"] or (given["remember"] and not given["alike_offered"]))


class UnsentForm(forms.Form):
    """A file that was too large to be sent."""

    name = forms.CharField(max_length=1_000)
    size = forms.IntegerField(min_value=0, max_value=2**53)
    upload = forms.UUIDField(required=False)


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
        return any(
            asked["question"] != Question.PIECES and not asked.get("nameless")
            for asked in self.questions
        )

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
