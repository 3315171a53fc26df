"""A custom rule in one sentence."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from qa.sampling.models import Rule
from scorecards.choices import FEELINGS, Outcome

RANGES: Final = {  # both ends, the lower, the upper
    "turns": (
        gettext_lazy("with %(from)s to %(to)s turns"),
        gettext_lazy("with at least %(from)s turns"),
        gettext_lazy("with at most %(to)s turns"),
    ),
    "minutes": (
        gettext_lazy("%(from)s to %(to)s minutes long"),
        gettext_lazy("at least %(from)s minutes long"),
        gettext_lazy("at most %(to)s minutes long"),
    ),
    "score": (
        gettext_lazy("with a pre-score from %(from)s to %(to)s"),
        gettext_lazy("with a pre-score of at least %(from)s"),
        gettext_lazy("with a pre-score of at most %(to)s"),
    ),
    "certainty": (
        gettext_lazy("that the pre-score is %(from)s to %(to)s %% sure of"),
        gettext_lazy("that the pre-score is at least %(from)s %% sure of"),
        gettext_lazy("that the pre-score is at most %(to)s %% sure of"),
    ),
}
LIMITS: Final = {
    "agent": gettext_lazy("%(n)s per agent per week"),
    "team": gettext_lazy("%(n)s per team per week"),
    "day": gettext_lazy("%(n)s per day"),
    "week": gettext_lazy("%(n)s per week in total"),
}


def sentence(rule: Rule, what: str, agents: Mapping[str, str]) -> str:
    """What a custom rule picks: `what` names channels and teams."""
    named = {
        "what": ", ".join([what, *_clauses(rule.conditions, agents)]),
        "share": f"{rule.percent:g}" if rule.percent is not None else "",
        "limits": _listed([str(LIMITS[name]) % {"n": n} for name, n in rule.limits.items()]),
    }
    return _form(rule) % named


def spoken(conditions: Mapping[str, Any]) -> str:
    """The conditions by themselves, but for agents."""
    return ", ".join(_clauses(conditions, {})) or _("none")


def _form(rule: Rule) -> str:
    limited = bool(rule.limits)
    match (rule.weekly, rule.percent is not None):
        case (True, True) if limited:
            return _(
                "After each week ends, picks a random %(share)s %% of %(what)s, at most %(limits)s."
            )
        case (True, True):
            return _("After each week ends, picks a random %(share)s %% of %(what)s.")
        case (True, False):
            return _("After each week ends, picks at random from %(what)s, at most %(limits)s.")
        case (False, True) if limited:
            return _("Picks a random %(share)s %% of %(what)s, at most %(limits)s.")
        case (False, True):
            return _("Picks a random %(share)s %% of %(what)s.")
    return _("Picks %(what)s, at most %(limits)s.") if limited else _("Picks %(what)s.")


def _clauses(given: Mapping[str, Any], agents: Mapping[str, str]) -> Iterator[str]:
    if named := [agents.get(pk, _("a removed agent")) for pk in given.get("agents", ())]:
        yield _("by %(agents)s") % {"agents": _any(named)}
    if days := given.get("new_days"):
        said = ngettext(
            "from agents in their first %(n)s day", "from agents in their first %(n)s days", days
        )
        yield said % {"n": days}
    for field in given.get("metadata", ()):
        yield _("where %(key)s is %(values)s") % {
            "key": field["key"],
            "values": _any([f"“{value}”" for value in field["values"]]),
        }
    if codes := given.get("languages"):
        yield _("in the language %(codes)s") % {"codes": _any(codes)}
    if words := given.get("words"):
        yield _("in which somebody says “%(words)s”") % {"words": words}
    for name in ("turns", "minutes", "score"):
        if bounds := given.get(name):
            yield _range(name, bounds)
    if moment := _moment(given):
        yield moment


def _moment(given: Mapping[str, Any]) -> str:
    feelings, outcomes = dict(FEELINGS), dict(Outcome.choices)
    felt = _any([str(feelings[one]) for one in given.get("emotions", ())])
    became = _any([str(outcomes[one]) for one in given.get("outcomes", ())])
    sure = _range("certainty", given["certainty"]) if given.get("certainty") else ""
    named = {"feelings": felt, "outcomes": became, "sure": sure}
    if felt and became:
        said = _("with a moment of %(feelings)s whose outcome is %(outcomes)s") % named
    elif felt:
        said = _("with a moment of %(feelings)s") % named
    elif became:
        said = _("with a moment whose outcome is %(outcomes)s") % named
    else:
        said = _("with a moment") if sure else ""
    return _("%(moment)s %(sure)s") % {"moment": said, "sure": sure} if sure else said


def _range(name: str, bounds: Mapping[str, Any]) -> str:
    both, least, most = RANGES[name]
    form = both if len(bounds) == len(("from", "to")) else least if "from" in bounds else most
    return str(form) % bounds


def _any(words: Sequence[str]) -> str:
    return str(get_text_list(list(words), _("or")))


def _listed(words: Sequence[str]) -> str:
    return str(get_text_list(list(words), _("and")))
