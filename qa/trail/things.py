"""Every kind of row that an event can be about: how it is found, named, and where it is shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa.calibration.models import Comment, Item, Session
from qa.coaching.models import (
    Acknowledgement,
    CoachingNote,
    FeedbackPolicy,
    FeedbackReply,
    NoteTemplate,
    SharedPreScore,
)
from qa.dashboards.models import CoverageTarget
from qa.disputes.models import DecisionRead, Dispute
from qa.inbox.sentences import LABELS, day_in_words
from qa.notices.models import NoticeChoice
from qa.organizations.models import Agent, ApiKey, Invitation, Membership, Organization, Team
from qa.reviews.models import Review, ReviewPolicy, Withheld
from qa.sampling.models import Exclusion, Rule
from qa.tenancy.base import Actor
from scorecards.models import Scorecard
from transcripts.models import Interaction, RememberedAnswer, SavedView, UploadedFile

Link = tuple[str, Any]  # the name of an address, and the id in it or nothing


@dataclass(frozen=True, slots=True)
class Thing:
    """One kind of row: its word, what it is called, where it is shown, whose conversation it is."""

    word: Promise
    rows: Callable[[Actor], QuerySet[Any]]
    text: Callable[[Any], str]
    link: Callable[[Any], Link | None]
    conversation: Callable[[Any], Any] = lambda row: None


def called(interaction: Interaction) -> str:
    """A conversation by its id; one without an id by its kind and day."""
    if interaction.external_id:
        return interaction.external_id
    values = {
        "channel": interaction.get_channel_display(),
        "day": day_in_words(timezone.localtime(interaction.started_at).date()),
    }
    return _("%(channel)s of %(day)s") % values


def _members(by: Actor) -> QuerySet[Membership]:
    return Membership.objects.visible_to(by, former=True).select_related("user")


def _agents(by: Actor) -> QuerySet[Agent]:
    return Agent.objects.visible_to(by, merged=True)


def _of(model: Any, *related: str) -> Callable[[Actor], QuerySet[Any]]:
    return lambda by: model.objects.visible_to(by).select_related(*related)


def _to(name: str) -> Callable[[Any], Link]:
    """The page of the row itself."""
    return lambda row: (name, row.pk)


def _page(name: str) -> Callable[[Any], Link]:
    """A page that has no id in its address."""
    return lambda row: (name, None)


def _words(text: Promise) -> Callable[[Any], str]:
    return lambda row: str(text)


def _about(text: Promise, path: str) -> dict[str, Any]:
    """A row of a conversation, which `path` leads to: named by it, and shown there."""

    def conversation(row: Any) -> Interaction:
        for name in path.split("."):
            row = getattr(row, name)
        found: Interaction = row
        return found

    return {
        "text": lambda row: str(text) % {"conversation": called(conversation(row))},
        "link": lambda row: ("interaction", conversation(row).pk),
        "conversation": lambda row: conversation(row).pk,
    }


REVIEW_OF: Final = gettext_lazy("Review of %(conversation)s")
POLICY: Final = gettext_lazy("Rules for reviews")
THINGS: Final[Mapping[str, Thing]] = {
    "organizations.agent": Thing(
        gettext_lazy("Agent"),
        _agents,
        lambda row: str(row.name),
        lambda row: ("settings-agent", row.merged_into_id or row.pk),
    ),
    "organizations.team": Thing(
        gettext_lazy("Team"), _of(Team), lambda row: str(row.name), _to("settings-team")
    ),
    "organizations.membership": Thing(
        gettext_lazy("Member"),
        _members,
        lambda row: str(row.user.name),
        lambda row: None if row.ended_at else ("settings-member", row.pk),
    ),
    "organizations.invitation": Thing(
        gettext_lazy("Invitation"),
        _of(Invitation),
        lambda row: str(row.name or row.email),
        _page("settings-members"),
    ),
    "organizations.apikey": Thing(
        gettext_lazy("API key"), _of(ApiKey), lambda row: str(row.name), _page("settings-keys")
    ),
    "organizations.organization": Thing(
        gettext_lazy("Organization"),
        _of(Organization),
        lambda row: str(row.name),
        _page("settings"),
    ),
    "transcripts.interaction": Thing(
        gettext_lazy("Conversation"),
        _of(Interaction),
        called,
        _to("interaction"),
        lambda row: row.pk,
    ),
    "transcripts.rememberedanswer": Thing(
        gettext_lazy("Remembered answer"),
        _of(RememberedAnswer),
        _words(gettext_lazy("Remembered answer")),
        _page("upload"),
    ),
    "transcripts.uploadedfile": Thing(
        gettext_lazy("Uploaded file"),
        _of(UploadedFile),
        lambda row: str(row.name),
        _page("upload"),
    ),
    "transcripts.savedview": Thing(
        gettext_lazy("Saved view"),
        _of(SavedView),
        lambda row: str(row.name),
        _page("interactions"),
    ),
    "reviews.review": Thing(
        gettext_lazy("Review"),
        _of(Review, "interaction"),
        **_about(REVIEW_OF, "interaction"),
    ),
    "reviews.reviewpolicy": Thing(
        POLICY, _of(ReviewPolicy), _words(POLICY), _page("agreement-policy")
    ),
    "dashboards.coveragetarget": Thing(
        gettext_lazy("Coverage target"),
        _of(CoverageTarget),
        _words(gettext_lazy("Coverage target")),
        _page("reviewers"),
    ),
    "reviews.withheld": Thing(
        gettext_lazy("Pre-fill"),
        _of(Withheld),
        lambda row: str(LABELS.get(row.label, row.label)),
        _page("agreement"),
    ),
    "coaching.coachingnote": Thing(
        gettext_lazy("Coaching note"),
        _of(CoachingNote, "review__interaction"),
        **_about(gettext_lazy("Note on %(conversation)s"), "review.interaction"),
    ),
    "coaching.notetemplate": Thing(
        gettext_lazy("Note template"),
        _of(NoteTemplate),
        lambda row: str(row.name),
        _to("settings-note-template"),
    ),
    "coaching.acknowledgement": Thing(
        gettext_lazy("Feedback"),
        _of(Acknowledgement, "review__interaction"),
        **_about(gettext_lazy("Feedback on %(conversation)s"), "review.interaction"),
    ),
    "coaching.feedbackreply": Thing(
        gettext_lazy("Reply"),
        _of(FeedbackReply, "review__interaction"),
        **_about(gettext_lazy("Reply about %(conversation)s"), "review.interaction"),
    ),
    "coaching.sharedprescore": Thing(
        gettext_lazy("Shared pre-score"),
        _of(SharedPreScore, "interaction"),
        **_about(gettext_lazy("Pre-score of %(conversation)s"), "interaction"),
    ),
    "coaching.feedbackpolicy": Thing(
        gettext_lazy("Rules for feedback"),
        _of(FeedbackPolicy),
        _words(gettext_lazy("Rules for feedback")),
        _page("settings-feedback"),
    ),
    "disputes.dispute": Thing(
        gettext_lazy("Dispute"),
        _of(Dispute, "review__interaction"),
        **{
            **_about(gettext_lazy("Dispute about %(conversation)s"), "review.interaction"),
            "link": _to("dispute"),
        },
    ),
    "disputes.decisionread": Thing(
        gettext_lazy("Decision on a dispute"),
        _of(DecisionRead, "dispute__review__interaction"),
        **_about(gettext_lazy("Dispute about %(conversation)s"), "dispute.review.interaction"),
    ),
    "scorecards.scorecard": Thing(
        gettext_lazy("Scorecard"), _of(Scorecard), lambda row: str(row.name), _to("scorecard")
    ),
    "sampling.rule": Thing(
        gettext_lazy("Sampling rule"), _of(Rule), lambda row: str(row.name), _to("sampling-rule")
    ),
    "sampling.exclusion": Thing(
        gettext_lazy("Exclusion"),
        _of(Exclusion),
        _words(gettext_lazy("Exclusion")),
        _page("sampling-exclusions"),
    ),
    "calibration.session": Thing(
        gettext_lazy("Calibration session"),
        _of(Session),
        lambda row: str(row.name),
        _to("calibration"),
    ),
    "calibration.item": Thing(
        gettext_lazy("Conversation of a calibration"),
        _of(Item, "session"),
        lambda row: str(row.session.name),
        lambda row: ("calibration", row.session_id),
    ),
    "calibration.comment": Thing(
        gettext_lazy("Comment"),
        _of(Comment, "item__session"),
        lambda row: str(row.item.session.name),
        lambda row: ("calibration", row.item.session_id),
    ),
    "notices.noticechoice": Thing(
        gettext_lazy("Notices by e-mail"),
        _of(NoticeChoice),
        _words(gettext_lazy("Notices by e-mail")),
        lambda row: None,
    ),
}
