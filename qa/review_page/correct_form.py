"""The form with which a submitted review is corrected: every part as it stands, and a reason."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from qa.coaching.models import CoachingNote
from qa.organizations.models import Membership
from qa.review_page.page import ReviewPage
from qa.reviews.amendments import Changes
from qa.reviews.conversation import MomentView
from qa.reviews.corrections import Correction
from qa.reviews.proposals import card_of
from scorecards import card
from scorecards.card import Question
from scorecards.card.shape import TEXT
from scorecards.choices import CHOICE_WORDS, Emotion, choice_of, outcome_of
from transcripts import typed

NO_FEELING = "no_feeling"
OUTCOMES = [*CHOICE_WORDS.items(), (NO_FEELING, _("No feeling here"))]


class CorrectForm(forms.Form):
    """Moments, answers, notes and the summary; what stays as it is is no change."""

    def __init__(
        self,
        *args: Any,
        page: ReviewPage,
        notes: Sequence[CoachingNote],
        by: Membership,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.page, self.notes, self.by = page, notes, by
        self.given = card.read_answers(page.review.answers)
        for moment in page.moments:
            self._add_moment(moment)
        self.asked = list(card.asked(card_of(page.review), self.given))
        for question in self.asked:
            self._add_answer(question)
        for note in notes:
            self._add_words(f"note-{note.pk}", note.text, _("Note"))
        self._add_words("summary", page.review.summary, _("Summary for the agent"))
        self.fields["reason"] = forms.CharField(
            max_length=2000,
            label=_("Reason (the agent and the reviewer will see it)"),
            widget=forms.Textarea(attrs={"rows": 3}),
            error_messages={"required": _("Say why. The agent and the reviewer will see it.")},
        )

    @property
    def moment_fields(self) -> list[tuple[MomentView, Any, Any]]:
        """Each moment with its field of the outcome and that of the feeling."""
        return [
            (one, self[f"outcome-{one.cue_turn}"], self[f"emotion-{one.cue_turn}"])
            for one in self.page.moments
        ]

    @property
    def answer_fields(self) -> list[Any]:
        """The fields of the questions that were asked."""
        return [self[f"answer-{question.id}"] for question in self.asked]

    @property
    def note_fields(self) -> list[tuple[Any, Any]]:
        """Each note with the field of its words."""
        return [(note, self[f"note-{note.pk}"]) for note in self.notes]

    @property
    def reason(self) -> str:
        """The reason, without personal data."""
        return self._clean(self.cleaned_data["reason"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for moment in self.page.moments:
            name = f"emotion-{moment.cue_turn}"
            chosen = data.get(f"outcome-{moment.cue_turn}")
            if chosen and chosen != NO_FEELING and not data.get(name):
                self.add_error(name, _("Choose a feeling."))
        for question in self.asked:
            name = f"answer-{question.id}"
            said = data.get(name)
            if said and not card.is_valid(question, said):
                self.add_error(name, _("The question has no such answer."))
        return data

    def changes(self) -> Changes:
        """What differs from the review as it stands."""
        notes = dict(self._changed_notes())
        turns = {note.pk: note.turn for note in self.notes}
        summary = self.cleaned_data["summary"]
        return Changes(
            parts=[*self._changed_moments(), *self._changed_answers()],
            summary=self._clean(summary) if self._differs("summary") else None,
            notes=notes,
            note_turns=[turns[pk] for pk in notes],
        )

    def _add_moment(self, moment: MomentView) -> None:
        row, found = moment.row, moment.machine
        chosen = NO_FEELING if moment.rejected else choice_of(row.outcome, row.strength)
        feeling = row.emotion or (found.emotion if found else "")
        self.fields[f"outcome-{moment.cue_turn}"] = forms.ChoiceField(
            choices=OUTCOMES, initial=chosen, label=_("Outcome")
        )
        self.fields[f"emotion-{moment.cue_turn}"] = forms.ChoiceField(
            choices=[("", _("Choose")), *Emotion.choices],
            initial=feeling,
            required=bool(feeling),
            label=_("Feeling"),
        )

    def _add_answer(self, question: Question) -> None:
        held = self.given.get(question.id)
        said: dict[str, Any] = {
            "label": question.text,
            "initial": held.value if held else "",
            "required": bool(held and held.value),
        }
        if question.options:
            words = [(value, question.word(value)) for value in question.values]
            none = [] if said["required"] else [("", _("Choose"))]
            made: forms.Field = forms.ChoiceField(choices=[*none, *words], **said)
        elif question.kind == TEXT:
            area = forms.Textarea(attrs={"rows": 2})
            made = forms.CharField(max_length=2000, widget=area, **said)
        else:
            made = forms.CharField(max_length=40, **said)
        self.fields[f"answer-{question.id}"] = made

    def _add_words(self, name: str, words: str, label: Any) -> None:
        self.fields[name] = forms.CharField(
            max_length=4000,
            required=False,
            initial=words,
            label=label,
            widget=forms.Textarea(attrs={"rows": 3}),
        )

    def _differs(self, name: str) -> bool:
        before = str(self.fields[name].initial or "").replace("\r\n", "\n").strip()
        return bool(self.cleaned_data[name].replace("\r\n", "\n").strip() != before)

    def _changed_moments(self) -> Iterator[Correction]:
        for moment in self.page.moments:
            turn = moment.cue_turn
            chosen = self.cleaned_data[f"outcome-{turn}"]
            other = chosen != self.fields[f"outcome-{turn}"].initial
            if chosen == NO_FEELING:
                if other:
                    yield Correction(cue_turn=turn)
            elif other or self._differs(f"emotion-{turn}"):
                outcome, strength = outcome_of(chosen)
                emotion = self.cleaned_data[f"emotion-{turn}"]
                values = {"emotion": emotion, "outcome": outcome, "strength": strength}
                yield Correction(cue_turn=turn, moment=values)

    def _changed_answers(self) -> Iterator[Correction]:
        for question in self.asked:
            name = f"answer-{question.id}"
            if self._differs(name):
                said = self.cleaned_data[name]
                words = self._clean(said) if question.kind == TEXT else said
                yield Correction(question=question.id, answer=words)

    def _changed_notes(self) -> Iterator[tuple[UUID, str]]:
        for note in self.notes:
            if self._differs(f"note-{note.pk}"):
                yield note.pk, self._clean(self.cleaned_data[f"note-{note.pk}"])

    def _clean(self, text: str) -> str:
        words = text.strip()
        return typed.redacted(words, self.page.interaction, by=self.by) if words else ""
