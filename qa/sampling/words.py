"""Each rule in a sentence, and where its picks go in another."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils.formats import number_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from qa.sampling import custom_words
from qa.sampling.models import Kind, Rule
from transcripts.models import Channel

# What is offered when a rule is added: in general words.
OFFERED = {
    Kind.COMPOSED: gettext_lazy(
        "Put together your own: by channel, team, agent, metadata, score, feelings, words, length "
        "or language, with limits."
    ),
    Kind.SHARE: gettext_lazy(
        "A random share of all conversations, the same for every agent and channel. "
        "The only fair basis for figures about everyone."
    ),
    Kind.NUMBER: gettext_lazy(
        "A fixed number of conversations per agent per week, drawn at random when the week ends."
    ),
    Kind.MISSED_ANGER: gettext_lazy("A customer was angry, and no reply acknowledged it."),
    Kind.DISMISSED: gettext_lazy(
        "A reply belittled the customer's feeling, blamed them for it or brushed it off."
    ),
    Kind.LOW_CONFIDENCE: gettext_lazy(
        "The pre-score isn't sure about a moment: this is where a human review adds most."
    ),
    Kind.DISPUTED: gettext_lazy("The agent has recently disputed a review."),
    Kind.NEW_AGENT: gettext_lazy(
        "The agent is new: the first days after their first conversation."
    ),
    Kind.UNFIT: gettext_lazy(
        "The pre-score couldn't score it, usually because the speakers look swapped."
    ),
}
CHANNELS = {
    Channel.CALL: gettext_lazy("calls"),
    Channel.EMAIL: gettext_lazy("e-mails"),
    Channel.CHAT: gettext_lazy("chats"),
    Channel.VIDEO: gettext_lazy("video meetings"),
}


def sentence(rule: Rule, teams: Mapping[UUID, str], agents: Mapping[str, str] | None = None) -> str:
    """What the rule picks."""
    if rule.kind == Kind.COMPOSED:
        return custom_words.sentence(rule, _what(rule, teams), agents or {})
    named = {"what": _what(rule, teams), "n": rule.per_week or 0}
    match rule.kind:
        case Kind.SHARE:
            return _(
                "Picks a random %(share)s %% of %(what)s, the same share for every agent and "
                "channel."
            ) % {**named, "share": f"{rule.percent:g}"}
        case Kind.NUMBER:
            return (
                _("Picks %(n)s per agent at random from %(what)s each week, after the week ends.")
                % named
            )
    if not rule.per_week:
        return _("Picks %(what)s %(which)s.") % {**named, "which": _which(rule)}
    return _("Picks %(what)s %(which)s, at most %(n)s per agent per week.") % {
        **named,
        "which": _which(rule),
    }


def goes_to(rule: Rule, members: Mapping[UUID, str]) -> str:
    """Where its picks go."""
    people = _listed(
        [members[specialist] for specialist in rule.specialists if specialist in members]
    )
    if rule.assignment == Rule.Assignment.SHARED or not people:
        return _("They wait in the shared queue.")
    if rule.assignment == Rule.Assignment.TURNS:
        said = ngettext(
            "They are assigned to %(people)s in turn. Any not started within %(n)s day "
            "go back to the shared queue.",
            "They are assigned to %(people)s in turn. Any not started within %(n)s days "
            "go back to the shared queue.",
            rule.return_days,
        )
    else:
        said = ngettext(
            "They are assigned to whoever is least busy: %(people)s. Any not started within "
            "%(n)s day go back to the shared queue.",
            "They are assigned to whoever is least busy: %(people)s. Any not started within "
            "%(n)s days go back to the shared queue.",
            rule.return_days,
        )
    return said % {"people": people, "n": rule.return_days}


def _which(rule: Rule) -> str:
    days = rule.days or 0
    match rule.kind:
        case Kind.MISSED_ANGER:
            return _("where a customer was angry and no reply acknowledged it")
        case Kind.DISMISSED:
            return _("where a reply dismissed the customer's feeling")
        case Kind.LOW_CONFIDENCE:
            return _("with a moment the pre-score is less than %(share)s %% sure of") % {
                "share": number_format(f"{(rule.below or 0) * 100:g}")
            }
        case Kind.DISPUTED:
            return ngettext(
                "from agents who disputed a review in the last %(n)s day",
                "from agents who disputed a review in the last %(n)s days",
                days,
            ) % {"n": days}
        case Kind.NEW_AGENT:
            return ngettext(
                "from agents in their first %(n)s day",
                "from agents in their first %(n)s days",
                days,
            ) % {"n": days}
    return _("the pre-score couldn't score")


def _what(rule: Rule, teams: Mapping[UUID, str]) -> str:
    channels = [str(CHANNELS[Channel(channel)]) for channel in rule.channels]
    what = _listed(channels) if channels else _("conversations")
    names = _listed([teams[team] for team in rule.teams if team in teams])
    if not names:
        return _("all %(what)s") % {"what": what}
    return _("all %(what)s from %(teams)s") % {"what": what, "teams": names}


def _listed(words: Sequence[str]) -> str:
    return str(get_text_list(list(words), _("and")))
