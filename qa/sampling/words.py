"""Each rule in a sentence, and where its picks go in another."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from qa.sampling.models import Kind, Rule
from transcripts.models import Channel

# What is offered when a rule is added: in general words.
OFFERED = {
    Kind.SHARE: "A share of all conversations at random, the same for every agent and channel. "
    "The only honest basis for figures about everybody.",
    Kind.NUMBER: "A fixed number of every agent's conversations each week, drawn at random when "
    "the week is over.",
    Kind.MISSED_ANGER: "A customer was angry, and no reply answered the feeling.",
    Kind.DISMISSED: "A reply belittled, blamed or brushed off what the customer felt.",
    Kind.LOW_CONFIDENCE: "The pre-score is not sure of a moment: a person's word teaches "
    "most here.",
    Kind.DISPUTED: "The agent disputed a review lately.",
    Kind.NEW_AGENT: "The agent is new: the first days after their first conversation.",
    Kind.UNFIT: "The pre-score could not judge it, mostly because the speakers look swapped.",
}
CHANNELS = {
    Channel.CALL: "calls",
    Channel.EMAIL: "e-mails",
    Channel.CHAT: "chats",
    Channel.VIDEO: "video meetings",
}


def sentence(rule: Rule, teams: Mapping[UUID, str]) -> str:
    """What the rule picks."""
    of = _what(rule, teams)
    match rule.kind:
        case Kind.SHARE:
            return (
                f"Picks {rule.percent:g} % of {of} at random, the same share of every agent "
                "on every channel."
            )
        case Kind.NUMBER:
            return (
                f"Picks {rule.per_week} of every agent's {of.removeprefix('all ')} each week at "
                "random, when the week is over."
            )
    return f"Picks {of} {_which(rule)}{_cap(rule)}."


def goes_to(rule: Rule, members: Mapping[UUID, str]) -> str:
    """Where its picks go."""
    people = _listed(
        [members[specialist] for specialist in rule.specialists if specialist in members], "and"
    )
    if rule.assignment == Rule.Assignment.SHARED or not people:
        return "They wait in the shared queue."
    how = (
        "in turn" if rule.assignment == Rule.Assignment.TURNS else "whoever has the fewest waiting"
    )
    days = f"{rule.return_days} day{'s' * (rule.return_days != 1)}"
    return f"They go to {people}, {how}; what is not begun in {days} goes back to everyone."


def _which(rule: Rule) -> str:
    days = f"{rule.days} day{'s' * (rule.days != 1)}"
    return {
        Kind.MISSED_ANGER: "in which a customer was angry and no reply answered it",
        Kind.DISMISSED: "in which a reply dismissed what the customer felt",
        Kind.LOW_CONFIDENCE: f"with a moment that the pre-score is less than "
        f"{(rule.below or 0) * 100:g} % sure of",
        Kind.DISPUTED: f"of agents who disputed a review in the {days} before",
        Kind.NEW_AGENT: f"of agents in their first {days}",
        Kind.UNFIT: "that the pre-score could not judge",
    }[Kind(rule.kind)]


def _cap(rule: Rule) -> str:
    return f", at most {rule.per_week} of an agent a week" if rule.per_week else ""


def _what(rule: Rule, teams: Mapping[UUID, str]) -> str:
    channels = [CHANNELS[Channel(channel)] for channel in rule.channels]
    what = _listed(channels, "and") if channels else "conversations"
    names = _listed([teams[team] for team in rule.teams if team in teams], "and")
    return f"all {what}{f' of {names}' if names else ''}"


def _listed(words: Sequence[str], joint: str) -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {joint} {words[-1]}"
