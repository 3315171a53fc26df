"""Shape and range of what the queue and the review page send."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict

from qa.reviews.models import OFFERED
from qa.reviews.page import CHOICES
from qa.reviews.queries import WHOSE, Which
from scorecards import card
from scorecards.models import Emotion
from transcripts.models import Channel, Unfit

OUTCOMES = [(key, key) for key in CHOICES]


class TurnField(forms.IntegerField):
    """A turn's place in the transcript, or a character's in a turn."""

    def __init__(self, *, required: bool = True) -> None:
        super().__init__(required=required, min_value=0, max_value=1_000_000)


class QueueForm(forms.Form):
    """Filters of the queue; one that means nothing is left out."""

    channel = forms.ChoiceField(choices=Channel.choices, required=False)
    team = forms.UUIDField(required=False)
    outcome = forms.ChoiceField(choices=[*OUTCOMES, ("empathy", "empathy")], required=False)
    scorable = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")], required=False)
    reason = forms.ChoiceField(choices=Unfit.choices, required=False)
    whose = forms.ChoiceField(choices=[(one, one) for one in WHOSE], required=False)

    def which(self) -> Which:
        """The filters that were understood."""
        self.is_valid()
        return Which(**{name: value for name, value in self.cleaned_data.items() if value})


class TakeForm(forms.Form):
    """Which interaction to take; none named means the next one."""

    interaction = forms.UUIDField(required=False)


class AssignForm(forms.Form):
    """Which conversations are to wait for whom, and from which list they were chosen."""

    to = forms.UUIDField(required=False)  # nobody: for everyone
    back = forms.ChoiceField(choices=[("queue", "queue"), ("interactions", "interactions")])
    query = forms.CharField(max_length=2000, required=False)
    interaction = forms.TypedMultipleChoiceField(coerce=UUID, required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        chosen = data.getlist("interaction")
        self.fields["interaction"].choices = [(one, one) for one in chosen if _is_uuid(one)]  # type: ignore[attr-defined]


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


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


class MomentForm(StepForm):
    """A change of one moment, which goes by the turn of its cue."""

    cue_turn = TurnField()


class ValuesForm(MomentForm):
    """What a moment is settled as."""

    emotion = forms.ChoiceField(
        choices=Emotion.choices,
        error_messages={
            "required": "Choose the feeling.",
            "invalid_choice": "There is no such feeling in the codebook.",
        },
    )
    choice = forms.ChoiceField(
        choices=OUTCOMES,
        error_messages={
            "required": "Choose what became of the feeling.",
            "invalid_choice": "There is no such outcome in the codebook.",
        },
    )
    reason = forms.ChoiceField(choices=[(one.value, one.label) for one in OFFERED], required=False)

    def values(self) -> dict[str, Any]:
        """The moment's three values as the actions take them."""
        choice: str = self.cleaned_data["choice"]
        relates = choice.startswith("empathy_")
        return {
            "emotion": self.cleaned_data["emotion"],
            "outcome": "empathy" if relates else choice,
            "strength": int(choice[-1]) if relates else 0,
        }


class NoteForm(StepForm):
    """A coaching note on a turn, or on the characters from start to end of it."""

    turn = TurnField()
    start = TurnField(required=False)
    end = TurnField(required=False)
    kind = forms.CharField(max_length=20, error_messages={"required": "Choose a kind of note."})
    text = forms.CharField(max_length=4000, error_messages={"required": "Write the note first."})


class SummaryForm(StepForm):
    """The summary for the agent."""

    summary = forms.CharField(max_length=4000, required=False)


class AnswersForm(StepForm):
    """Answers to the scorecard's questions; those that are missing stay as they are."""

    def __init__(self, *args: Any, body: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ids = [question["id"] for question in card.questions(body)]
        for one in self.ids:
            choices = [(value, value) for value in card.ANSWERS]
            self.fields[f"q-{one}"] = forms.ChoiceField(choices=choices, required=False)

    def answers(self) -> dict[str, str]:
        """{question id: answer} of the questions that were answered."""
        found = ((one, self.cleaned_data[f"q-{one}"]) for one in self.ids)
        return {one: value for one, value in found if value}
