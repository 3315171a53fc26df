"""The words of a dispute, and of its decision."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qa.disputes.acknowledgements import KINDS, STATES
from qa.disputes.models import Dispute
from qa.disputes.objections import Objection, Part, choices_for
from qa.disputes.proposing import NO_FEELING
from qa.organizations.access import MANAGERS
from qa.organizations.models import Membership
from qa.reviews.corrections import Correction
from qa.reviews.models import Review
from qa.reviews.proposals import card_of
from scorecards.card import Question, is_valid
from scorecards.choices import CHOICES, Emotion, outcome_of


class OpenForm(forms.Form):
    """What is not right, in the agent's own words."""

    target = forms.CharField(max_length=120, widget=forms.HiddenInput)
    words = forms.CharField(
        max_length=2000,
        label=_("Why? What should it be?"),
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Say what you disagree with.")},
    )
    proposed = forms.ChoiceField(required=False, label=_("What should it be?"))
    field_order = ("target", "proposed", "words")

    def __init__(self, *args: Any, review: Review, target: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = choices_for(review, target)
        if choices:
            self.fields["proposed"].choices = [  # type: ignore[attr-defined]
                ("", _("No proposal")),
                *choices,
            ]
        else:
            del self.fields["proposed"]


class SeveralForm(forms.Form):
    """Objections to several parts: which, why, and what should stand there instead."""

    def __init__(self, *args: Any, parts: Sequence[Part], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts = [part for part in parts if not part.pending]
        for place, part in enumerate(self.parts):
            self.fields[f"chosen-{place}"] = forms.BooleanField(required=False)
            self.fields[f"words-{place}"] = forms.CharField(
                required=False,
                max_length=2000,
                label=_("Why?"),
                widget=forms.Textarea(attrs={"rows": 2}),
            )
            self.fields[f"proposed-{place}"] = forms.ChoiceField(
                required=False,
                choices=[("", _("No proposal")), *part.choices],
                label=_("What should it be?"),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for place in range(len(self.parts)):
            said = str(cleaned.get(f"words-{place}") or "").strip()
            if cleaned.get(f"chosen-{place}") and not said:
                self.add_error(f"words-{place}", _("Say what you disagree with."))
        return cleaned

    def objections(self) -> list[Objection]:
        """What was chosen."""
        given = self.cleaned_data
        return [
            Objection(part.target, given[f"words-{place}"], given[f"proposed-{place}"])
            for place, part in enumerate(self.parts)
            if given.get(f"chosen-{place}")
        ]

    @property
    def rows(self) -> list[tuple[Part, Any, Any, Any]]:
        """Each part with its three fields."""
        return [
            (part, self[f"chosen-{place}"], self[f"words-{place}"], self[f"proposed-{place}"])
            for place, part in enumerate(self.parts)
        ]


class ReadingForm(forms.Form):
    """Which feedback, and read or not; what is not known counts as the first."""

    kind = forms.ChoiceField(required=False)
    state = forms.ChoiceField(choices=list(STATES.items()), required=False)

    def __init__(self, *args: Any, by: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A pre-score that was shared is nobody's feedback: managers alone follow it.
        own = {key: word for key, word in KINDS.items() if key != "prescores"}
        self.kinds = KINDS if by.role in MANAGERS else own
        self.fields["kind"] = forms.ChoiceField(choices=list(self.kinds.items()), required=False)

    def chosen(self) -> dict[str, str]:
        """The valid choices."""
        self.is_valid()
        return {
            "kind": self.cleaned_data.get("kind") or "reviews",
            "state": self.cleaned_data.get("state") or "waiting",
        }


class DecideForm(forms.Form):
    """Uphold with what holds instead, or decline; a reason either way."""

    reason = forms.CharField(
        max_length=2000,
        label=_("Reason (the agent and the reviewer will see it)"),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Give a reason. The agent and the reviewer will see it.")},
    )

    def __init__(self, *args: Any, dispute: Dispute, upheld: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dispute, self.upheld = dispute, upheld
        self.initial.update({"choice": dispute.proposed, "answer": dispute.proposed})
        if dispute.kind == Dispute.Kind.MOMENT:
            choices = [(key, key) for key in (*CHOICES, NO_FEELING)]
            missing = {"required": _("Choose the correct outcome.")}
            self.fields["choice"] = forms.ChoiceField(
                choices=choices, required=upheld, error_messages=missing
            )
            self.fields["emotion"] = forms.ChoiceField(choices=Emotion.choices, required=False)
        elif dispute.kind == Dispute.Kind.ANSWER:
            missing = {"required": _("Choose the correct answer.")}
            self.fields["answer"] = forms.CharField(
                max_length=2000, required=upheld, error_messages=missing
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen = cleaned.get("choice")
        question, said = self.question, cleaned.get("answer")
        if question and said and not is_valid(question, said):
            self.add_error("answer", _("The question has no such answer."))
        if self.upheld and chosen and chosen != NO_FEELING and not cleaned.get("emotion"):
            self.add_error("emotion", _("Choose a feeling."))
        return cleaned

    @property
    def question(self) -> Question | None:
        """The question whose answer is disputed, if one is."""
        if self.dispute.kind != Dispute.Kind.ANSWER:
            return None
        return card_of(self.dispute.review).question(self.dispute.key)

    @property
    def answer_words(self) -> list[tuple[str, str]]:
        """The answers that can be chosen instead; none where it is a number or free text."""
        question = self.question
        return [(value, question.word(value)) for value in question.values] if question else []

    def correction(self) -> Correction | None:
        """What holds instead; None where nothing but a note goes."""
        if self.dispute.kind == Dispute.Kind.ANSWER:
            return Correction(question=self.dispute.key, answer=self.cleaned_data["answer"])
        if self.dispute.kind == Dispute.Kind.NOTE:
            return None
        choice = self.cleaned_data["choice"]
        if choice == NO_FEELING:
            return Correction(cue_turn=int(self.dispute.key))
        outcome, strength = outcome_of(choice)
        emotion = self.cleaned_data["emotion"]
        moment = {"emotion": emotion, "outcome": outcome, "strength": strength}
        return Correction(cue_turn=int(self.dispute.key), moment=moment)
