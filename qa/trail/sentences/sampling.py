"""What is said of sampling rules, and of who does not review whom."""

import json
from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from qa.sampling import custom_words
from qa.sampling.models import Kind, Rule
from qa.sampling.waiting import Waiting
from qa.trail.entries import Entry, Names, Value
from qa.trail.values import (
    AGENT,
    MEMBER,
    TEAM,
    Chosen,
    Named,
    days,
    percent,
    probability,
    text,
    yes_no,
)
from transcripts.models import Channel


def conditions(value: Any, names: Names) -> str:
    """The conditions of a custom rule, from the text that the trail keeps."""
    return custom_words.spoken(json.loads(value or "{}"))


KIND: Final = Value(_("Rule"), Chosen(dict(Kind.choices)))
WAITING: Final = Value(_("Waiting conversations"), Chosen(dict(Waiting.choices)))
WHO: Final = {
    "member": Value(_("Reviewer"), Named(MEMBER)),
    "agent": Value(_("Agent"), Named(AGENT)),
    "team": Value(_("Team"), Named(TEAM)),
}

ENTRIES: Final[Mapping[str, Entry]] = {
    "exclusion.added": Entry(_("Excluded a reviewer from an agent or team"), WHO),
    "exclusion.removed": Entry(_("Removed an exclusion of a reviewer"), WHO),
    "rule.changed": Entry(
        _("Edited a sampling rule"),
        {
            "fields": Value(_("Changed"), text),
            "name": Value(_("Name"), text),
            "channels": Value(_("Channels"), Chosen(dict(Channel.choices), _("all"))),
            "teams": Value(_("Teams"), Named(TEAM)),
            "percent": Value(_("Share"), percent),
            "agents": Value(_("Agents"), Named(AGENT)),
            "conditions": Value(_("Conditions"), conditions),
            "drawing": Value(_("Picked"), Chosen(dict(Rule.Drawing.choices))),
            "per_team": Value(_("Maximum per team per week"), text),
            "in_week": Value(_("Maximum per week in total"), text),
            "per_day": Value(_("Maximum per day in total"), text),
            "per_week": Value(_("Conversations per week"), text),
            "below": Value(_("Confidence below"), probability),
            "days": Value(_("Period"), days),
            "priority": Value(_("Priority"), Chosen(dict(Rule.Priority.choices))),
            "assignment": Value(_("Assigned to"), Chosen(dict(Rule.Assignment.choices))),
            "specialists": Value(_("Reviewers"), Named(MEMBER)),
            "return_days": Value(_("Returns to the queue after"), days),
        },
    ),
    "rule.created": Entry(_("Created a sampling rule"), {"kind": KIND}),
    "rule.removed": Entry(_("Removed a sampling rule"), {"kind": KIND}),
    "rule.switched_off": Entry(_("Turned off a sampling rule"), {"waiting": WAITING}),
    "rule.switched_on": Entry(
        _("Turned on a sampling rule"),
        {
            "look_back": Value(_("With conversations of the last weeks"), yes_no),
            "waiting": WAITING,
            "kept": Value(_("Kept in the queue"), text),
        },
    ),
}
