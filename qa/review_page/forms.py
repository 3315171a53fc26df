"""Shape and range of what the review page sends."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qa.reviews.models import OFFERED
from scorecards import card
from scorecards.card import Answer, Card
from scorecards.choices import CHOICES, Emotion, outcome_of

OUTCOMES = [(key, key) for key in CHOICES]
ANSWER, CAUSE, REASON = "q-", "c-", "r-"


class TurnField(forms.IntegerField):
    """A turn's place in the transcript, or a character's in a turn."""

    def __init__(self, *, required: bool = True) -> None:
        super().__init__(required=required, min_value=0, max_value=1_000_000)


class PlaceForm(forms.Form):
    """Where the page stands: the moment in the panel, or the turn where one is being added."""

    moment = TurnField(required=False)
    add = TurnField(required=False)
    note = TurnField(required=False)

    def place(self) -> dict[str, int | None]:
        """The numbers that were understood."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) for name in self.fields}


class StepForm(forms.Form):
    """Every change names the revision that the page showed."""

    revision = forms.IntegerField(min_value=0, max_value=2_000_000_000)


class LockForm(StepForm):
    """Lock a blind reading; `sure` answers the question that an empty one asks."""

    sure = forms.BooleanField(required=False)


class MomentForm(StepForm):
    """A change of one moment, which goes by the turn of its cue."""

    cue_turn = TurnField()


class ValuesForm(MomentForm):
    """What a moment is settled as."""

    emotion = forms.ChoiceField(
        choices=Emotion.choices,
        error_messages={
            "required": _("Choose a feeling."),
            "invalid_choice": _("The scoring guide has no such feeling."),
        },
    )
    choice = forms.ChoiceField(
        choices=OUTCOMES,
        error_messages={
            "required": _("Choose an outcome."),
            "invalid_choice": _("The scoring guide has no such outcome."),
        },
    )
    reason = forms.ChoiceField(
        choices=[(reason.value, reason.label) for reason in OFFERED], required=False
    )

    def values(self) -> dict[str, Any]:
        """The moment's three values as the actions take them."""
        outcome, strength = outcome_of(self.cleaned_data["choice"])
        emotion = self.cleaned_data["emotion"]
        return {"emotion": emotion, "outcome": outcome, "strength": strength}


class NoteForm(StepForm):
    """A coaching note on a turn, or on the characters from start to end of it, its quote."""

    turn = TurnField()
    start = TurnField(required=False)
    end = TurnField(required=False)
    quote = forms.CharField(required=False, strip=False)
    kind = forms.CharField(max_length=20, error_messages={"required": _("Choose a type of note.")})
    text = forms.CharField(max_length=4000, error_messages={"required": _("Write the note first.")})


class SummaryForm(forms.Form):
    """The summary for the agent, and what stood there when the page was drawn."""

    summary = forms.CharField(max_length=4000, required=False)
    summary_was = forms.CharField(max_length=8000, required=False, strip=False)

    def instead_of(self) -> str | None:
        """What its writer saw; None if they did not say."""
        return self.cleaned_data["summary_was"] if "summary_was" in self.data else None


class SubmitForm(SummaryForm, StepForm):
    """A review to be submitted."""


class NoteDraftForm(forms.Form):
    """A note while it is being written; `was` is what was kept of it before."""

    turn = TurnField()
    start = TurnField(required=False)
    end = TurnField(required=False)
    quote = forms.CharField(required=False, strip=False)
    kind = forms.CharField(max_length=20, required=False)
    text = forms.CharField(max_length=4000, required=False)
    was = forms.CharField(max_length=8000, required=False, strip=False)


class AnswersForm(StepForm):
    """Answers to the questions; those that are missing stay as they are."""

    def __init__(self, *args: Any, of: Card, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.of = of
        for question in of.questions:
            for prefix, longest in ((ANSWER, 2000), (CAUSE, 200), (REASON, 30)):
                self.fields[f"{prefix}{question.id}"] = forms.CharField(
                    required=False, max_length=longest
                )

    def answers(self) -> dict[str, Answer]:
        """{question id: answer} of the questions that were sent and can be answered with that."""
        return {
            pk: Answer(value, self._sent(CAUSE, pk), self._sent(REASON, pk))
            for pk, value in self._values().items()
            if not value or card.is_valid(self._question(pk), value)
        }

    @property
    def unfit(self) -> list[str]:
        """The texts of the questions that can't be answered with what was sent."""
        return [
            self._question(pk).text
            for pk, value in self._values().items()
            if value and not card.is_valid(self._question(pk), value)
        ]

    def _values(self) -> dict[str, str]:
        sent = (
            question.id for question in self.of.questions if f"{ANSWER}{question.id}" in self.data
        )
        return {pk: self._sent(ANSWER, pk) for pk in sent}

    def _sent(self, prefix: str, pk: str) -> str:
        return str(self.cleaned_data.get(f"{prefix}{pk}", ""))

    def _question(self, pk: str) -> card.Question:
        found = self.of.question(pk)
        assert found is not None  # noqa: S101  the ids come from the card
        return found


class ConfirmForm(StepForm):
    """Which proposal is confirmed; none named means all."""

    question = forms.CharField(required=False, max_length=60)
