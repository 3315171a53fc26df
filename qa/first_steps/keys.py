"""What the keyboard does, for help. The keys of the review page are told there too, under ?."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qa.organizations.access import REVIEWERS
from qa.organizations.models import Membership

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Group:
    """Keys that work in one place: each a tuple of keys, with what they do."""

    title: Text
    note: Text
    keys: tuple[tuple[tuple[str, ...], Text], ...]
    reviewers: bool = False  # for those who review only


ANYWHERE: Final = Group(
    _("Everywhere"),
    _("These work on every page, unless you are typing into a field."),
    (
        (("?",), _("show the keys of this page")),
        (("g", "q"), _("go to the queue")),
        (("g", "i"), _("go to the conversations")),
        (("/",), _("search on this page")),
        (("Ctrl", "K"), _("find a page, an agent or a conversation")),
        (("Tab",), _("move to the next link, button or field")),
    ),
)
QUEUE: Final = Group(
    _("In the queue"),
    "",
    ((("t",), _("start the next review, or continue yours")),),
    reviewers=True,
)
LISTS: Final = Group(
    _("In the queue and the list of conversations"),
    "",
    (
        (("j", "k"), _("next and previous row")),
        (("x",), _("select the row, or not")),
        (("a",), _("select all on this page, or none")),
        (("Enter",), _("open the row")),
        (("p",), _("show the row beside the list, or close it; the space bar does too")),
        (("e",), _("export what is selected as CSV")),
        (("d",), _("more or less space between rows")),
    ),
    reviewers=True,
)
MOMENTS: Final = Group(
    _("In a review: moments"),
    _("Each key does what the button of the same name does."),
    (
        (("j", "k"), _("next and previous moment")),
        (("J", "K"), _("next and previous turn of the customer, to add a moment there")),
        (("a",), _("accept what the pre-score says")),
        (("A",), _("accept everything that is not decided yet")),
        (
            ("1", "2", "3", "4", "5"),
            _("set the outcome; then a digit says why it differs from the pre-score"),
        ),
        (("e",), _("choose another feeling")),
        (("x",), _("no feeling here")),
        (("u",), _("undo the last step")),
        (("c",), _("in a blind review: lock your review and compare it with the pre-score")),
    ),
    reviewers=True,
)
REST: Final = Group(
    _("In a review: notes, questions, submit"),
    "",
    (
        (("n",), _("write a note on the selected words, or on the reply")),
        (("⇧", "←", "→"), _("extend or shrink the selection; Esc clears it")),
        (("Ctrl", "Enter"), _("save the note you are writing")),
        (("q",), _("go to the next question")),
        (("y", "n"), _("on a question: yes, no")),
        (("0",), _("on a question: not applicable")),
        (("p",), _("confirm every answer that is proposed")),
        (("s",), _("submit and start the next review")),
        (("?",), _("show all keys")),
    ),
    reviewers=True,
)


def groups_for(member: Membership) -> tuple[Group, ...]:
    """The keys that this member can use."""
    reviews = member.role in REVIEWERS
    return tuple(
        group for group in (ANYWHERE, QUEUE, LISTS, MOMENTS, REST) if reviews or not group.reviewers
    )
