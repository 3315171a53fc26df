"""Shape and range of what the pages of calibration send."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa.calibration.compare import Compared, MomentRow, QuestionRow
from qa.calibration.models import NO_FEELING
from qa.organizations.models import Membership
from scorecards import card
from scorecards.choices import CHOICE_WORDS, Emotion
from transcripts.models import Channel, Interaction

MOMENTS = [
    ("", gettext_lazy("Not decided")),
    *CHOICE_WORDS.items(),
    (NO_FEELING, gettext_lazy("No feeling")),
]
STATUSES = [
    (Interaction.Status.PRESCORED, gettext_lazy("Not reviewed yet")),
    (Interaction.Status.REVIEWED, gettext_lazy("Reviewed")),
]


class ChooseForm(forms.Form):
    """Which conversations are offered; what means nothing is left out."""

    channel = forms.ChoiceField(choices=Channel.choices, required=False)
    status = forms.ChoiceField(
        choices=STATUSES,
        required=False,
    )
    q = forms.CharField(max_length=200, required=False)

    def chosen(self) -> dict[str, str]:
        """What was understood."""
        self.full_clean()
        kept = getattr(self, "cleaned_data", {})
        return {name: kept.get(name) or "" for name in self.fields}


class BeginForm(forms.Form):
    """A new session. Conversations and people are ticked in lists of their own."""

    name = forms.CharField(
        max_length=120,
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("Reviewers see this name."),
        error_messages={"required": gettext_lazy("Give the session a name.")},
    )
    due = forms.DateField(
        required=False,
        label=gettext_lazy("Due date"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Reviewers see it. Scoring doesn't close automatically."),
    )
    interactions = forms.TypedMultipleChoiceField(
        coerce=UUID,
        error_messages={
            "required": gettext_lazy("Choose at least one conversation."),
            "invalid_choice": gettext_lazy("One of these conversations isn't available."),
        },
    )
    members = forms.TypedMultipleChoiceField(
        coerce=UUID,
        error_messages={
            "required": gettext_lazy("Choose at least two reviewers."),
            "invalid_choice": gettext_lazy("One of these people can't be chosen."),
        },
    )

    def __init__(
        self,
        *args: Any,
        offered: Sequence[Interaction],
        people: Sequence[Membership],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        conversations: Any = self.fields["interactions"]
        conversations.choices = [(str(interaction.pk), "") for interaction in offered]
        members: Any = self.fields["members"]
        members.choices = [(str(person.pk), person.user.name) for person in people]


class SayForm(forms.Form):
    """Words in a discussion."""

    text = forms.CharField(
        max_length=2000, error_messages={"required": gettext_lazy("Write something first.")}
    )
    target = forms.CharField(max_length=120, required=False)

    def __init__(self, *args: Any, compared: Compared, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {"", *(row.target for row in compared.rows)}

    def clean_target(self) -> str:
        """A moment or question of this conversation."""
        target: str = self.cleaned_data["target"]
        if target not in self.known:
            raise forms.ValidationError(_("There is no such moment or question."))
        return target


class HoldForm(forms.Form):
    """What holds of each moment and question; what is left empty is not recorded."""

    def __init__(self, data: Any = None, *, compared: Compared) -> None:
        super().__init__(data, prefix="hold")
        self.compared = compared
        for moment in compared.moments:
            self._add(moment.target, moment.value, MOMENTS, _("Outcome"))
            feelings = [("", "–"), *Emotion.choices]
            self._add(f"{moment.target}:feeling", moment.feeling, feelings, _("Feeling"))
        for row in compared.questions:
            options = [("", _("Not decided")), *row.options] if row.options else []
            self._add(row.target, row.value, options, row.question.text)

    def _add(self, name: str, initial: str, choices: Sequence[Any], label: str) -> None:
        field: forms.Field = (
            forms.ChoiceField(
                choices=choices,
                required=False,
                error_messages={"invalid_choice": _("There is no such answer.")},
            )
            if choices
            else forms.CharField(max_length=200, required=False)
        )
        field.initial, field.label = initial, label
        field.widget.attrs["form"] = "hold"
        self.fields[name] = field

    def clean(self) -> dict[str, Any]:
        """A feeling belongs to every moment; an answer must be one of the question's."""
        given = self.cleaned_data
        for moment in self.compared.moments:
            feeling = f"{moment.target}:feeling"
            if given.get(moment.target) not in {"", None, NO_FEELING} and not given.get(feeling):
                self.add_error(feeling, _("Choose a feeling."))
        for row in self.compared.questions:
            value = given.get(row.target)
            if value and not card.is_valid(row.question, value):
                self.add_error(row.target, _("That isn't a valid answer to this question."))
        return given

    def held(self) -> dict[str, tuple[str, str]]:
        """{target: (value, feeling)} of what is recorded."""
        found = {}
        for row in self.compared.rows:
            value = self.cleaned_data.get(row.target)
            feeling = self.cleaned_data.get(f"{row.target}:feeling") or ""
            if value:
                found[row.target] = (value, "" if value == NO_FEELING else feeling)
        return found

    def moments(self) -> list[tuple[MomentRow, Any, Any]]:
        """Each moment with its two fields."""
        return [
            (moment, self[moment.target], self[f"{moment.target}:feeling"])
            for moment in self.compared.moments
        ]

    def questions(self) -> list[tuple[QuestionRow, Any]]:
        """Each question with its field."""
        return [(question, self[question.target]) for question in self.compared.questions]
