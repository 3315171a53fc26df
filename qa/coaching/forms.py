"""What an agent may answer to a review, and what managers set for feedback."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qa.coaching.models import CoachingNote, FeedbackPolicy
from qa.coaching.note_search import agents_of
from qa.organizations.models import Agent, Membership
from qa.reviews import dispute_window, recall
from transcripts.filters import DAYS, DayInput

SHARING = (
    ("none", _("Reviews only")),
    ("sure", _("Reviews and confident pre-scores, marked as not reviewed by a person")),
)
SHARED_BY_DEFAULT = 90  # per cent, where sharing is switched on


class AcknowledgeForm(forms.Form):
    """An answer is welcome, never needed."""

    answer = forms.CharField(
        required=False,
        max_length=2000,
        label=_("Your reply"),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": _("Please keep your reply under 2,000 characters.")},
    )


class NoteSearchForm(forms.Form):
    """Words, an agent and days; what is not valid is left out."""

    q = forms.CharField(
        required=False,
        max_length=200,
        label=_("Words"),
        widget=forms.TextInput(
            attrs={"type": "search", "data-search": "", "placeholder": _("Search notes")}
        ),
    )
    agent = forms.ChoiceField(required=False, label=_("Agent"))
    since = forms.DateField(required=False, label=_("From"), validators=DAYS, widget=DayInput)
    until = forms.DateField(required=False, label=_("To"), validators=DAYS, widget=DayInput)

    def __init__(self, *args: Any, by: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        agents = [(str(pk), name) for pk, name in agents_of(by)]
        self.fields["agent"] = forms.ChoiceField(
            choices=[("", _("All agents")), *agents], required=False, label=_("Agent")
        )

    def chosen(self) -> dict[str, Any]:
        """What was understood, as the search takes it."""
        self.is_valid()
        data = getattr(self, "cleaned_data", {})
        wanted = data.get("agent")
        agent = Agent.objects.visible_to(self.by).filter(pk=wanted).first() if wanted else None
        days = {name: data.get(name) for name in ("since", "until")}
        return {"words": data.get("q") or "", "agent": agent, **days}


class NoteTemplateForm(forms.Form):
    """A template of notes."""

    name = forms.CharField(
        max_length=60, label=_("Name"), help_text=_("Reviewers find the template by this name.")
    )
    kind = forms.ChoiceField(choices=CoachingNote.Kind.choices, label=_("Type of note"))
    text = forms.CharField(
        max_length=2000, label=_("Text"), widget=forms.Textarea(attrs={"rows": 4})
    )


class FeedbackPolicyForm(forms.Form):
    """How long agents may object, what they are shown unasked, when they are reminded."""

    recall_minutes = forms.IntegerField(
        min_value=0,
        max_value=recall.MOST_MINUTES,
        label=_("Time to take a review back (minutes)"),
        help_text=_(
            "How long a reviewer can reopen a submitted review, unless the agent has read it. "
            "0 turns this off."
        ),
    )
    dispute_days = forms.IntegerField(
        min_value=dispute_window.LEAST_DAYS,
        max_value=dispute_window.MOST_DAYS,
        label=_("Dispute period (days)"),
        help_text=_("Agents can dispute for this many days after a review. 0 turns disputes off."),
    )
    share = forms.TypedChoiceField(
        choices=SHARING,
        coerce=lambda chosen: chosen == "sure",
        widget=forms.RadioSelect,
        label=_("What agents see about their own conversations"),
        error_messages={"required": _("Choose what agents see.")},
    )
    share_percent = forms.IntegerField(
        min_value=50,
        max_value=99,
        label=_("Minimum confidence (%)"),
        help_text=_("Every moment of the conversation must reach this confidence."),
    )
    remind_days = forms.IntegerField(
        min_value=0,
        max_value=90,
        label=_("Remind agents after (days)"),
        help_text=_("About feedback and decisions they haven’t read. 0 turns reminders off."),
    )

    @classmethod
    def values_of(
        cls, policy: FeedbackPolicy, *, dispute_days: int, recall_minutes: int
    ) -> dict[str, Any]:
        """What the form starts with."""
        percent = round(100 * policy.share_from) if policy.share_from else SHARED_BY_DEFAULT
        return {
            "recall_minutes": recall_minutes,
            "dispute_days": dispute_days,
            "share": "none" if policy.share_from is None else "sure",
            "share_percent": percent,
            "remind_days": policy.remind_days,
        }

    def chosen(self) -> dict[str, Any]:
        """The values as the action takes them."""
        data = self.cleaned_data
        return {
            "recall_minutes": data["recall_minutes"],
            "dispute_days": data["dispute_days"],
            "share_from": data["share_percent"] / 100 if data["share"] else None,
            "remind_days": data["remind_days"],
        }


class ReplyForm(forms.Form):
    """One message of a thread."""

    agent = forms.UUIDField()
    note = forms.UUIDField(required=False)
    text = forms.CharField(
        max_length=2000, error_messages={"required": _("Write something first.")}
    )
