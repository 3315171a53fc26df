"""What is said of conversations, their pre-scores, and who reviews them."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from qa.trail.entries import Entry, Value, moved
from qa.trail.values import AGENT, MEMBER, Chosen, Named, text
from transcripts.models import Channel

QUESTION: Final = Value(
    _("Question"),
    Chosen(
        {
            "format": _("the file format"),
            "channel": _("the channel"),
            "roles": _("who is who"),
            "day_first": _("the order of day and month"),
            "time_zone": _("the time zone"),
            "columns": _("the columns"),
            "pieces": _("who speaks where"),
        }
    ),
)
TURNS: Final = Value(_("Turns changed"), text)
ENGINE: Final = Value(_("Engine"), text)
DEFINITIONS: Final = Value(_("Definitions"), text)

ENTRIES: Final[Mapping[str, Entry]] = {
    "interaction.deleted": Entry(
        _("Deleted a conversation"),
        {"channel": Value(_("Channel"), Chosen(dict(Channel.choices)))},
    ),
    "answer.forgotten": Entry(_("Removed a remembered answer about files"), {"question": QUESTION}),
    "answer.remembered": Entry(
        _("Answered a question about files for good"), {"question": QUESTION}
    ),
    "definitions.put_to_use": Entry(
        _("Put another engine or other definitions to use"),
        moves=(
            ("engine_version_before", "engine_version", ENGINE),
            ("definitions_before", "definitions", DEFINITIONS),
        ),
    ),
    "file.left_out": Entry(_("Left a file out of an upload")),
    "file.put_back": Entry(_("Took a file back into an upload")),
    "interaction.agent_set": Entry(
        _("Changed the agent of a conversation"), moves=moved(Named(AGENT), _("Agent"))
    ),
    "interaction.replaced": Entry(_("Replaced a conversation with a newer version")),
    "interaction.retried": Entry(_("Started the pre-scoring of a conversation again")),
    "interaction.roles_changed": Entry(_("Changed who speaks in a conversation"), {"turns": TURNS}),
    "interaction.speakers_swapped": Entry(
        _("Swapped customer and agent of a conversation"), {"turns": TURNS}
    ),
    "prescore.acknowledged": Entry(_("Read a shared pre-score")),
    "queue.assigned": Entry(
        _("Assigned conversations for review"),
        {
            "conversations": Value(_("Conversations"), text),
            "to": Value(_("To"), Named(MEMBER)),
        },
    ),
    "rescore.begun": Entry(
        _("Began to pre-score conversations again"),
        {
            "interactions": Value(_("Conversations"), text),
            "engine_version": ENGINE,
            "definitions": DEFINITIONS,
            "since": Value(_("Since"), text),
        },
    ),
    "reviews.exported": Entry(
        _("Exported confirmed reviews"), {"reviews": Value(_("Reviews"), text)}
    ),
}
