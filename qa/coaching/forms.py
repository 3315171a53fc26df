"""What an agent may answer to a review, and what managers set for feedback."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qa.coaching.models import FeedbackPolicy
from qa.reviews import dispute_window

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


class FeedbackPolicyForm(forms.Form):
    """How long agents may object, what they are shown unasked, when they are reminded."""

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
    def values_of(cls, policy: FeedbackPolicy, *, dispute_days: int) -> dict[str, Any]:
        """What the form starts with."""
        percent = round(100 * policy.share_from) if policy.share_from else SHARED_BY_DEFAULT
        return {
            "dispute_days": dispute_days,
            "share": "none" if policy.share_from is None else "sure",
            "share_percent": percent,
            "remind_days": policy.remind_days,
        }

    def chosen(self) -> dict[str, Any]:
        """The values as the action takes them."""
        data = self.cleaned_data
        return {
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
