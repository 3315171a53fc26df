"""Forms of the upload page."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from transcripts.formats import FORMATS
from transcripts.models import Channel


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
