"""Shape and range of a custom rule: its conditions, its limits, and how it draws."""

import re
from collections.abc import Iterator
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa.organizations.models import Agent
from qa.sampling.conditions import RANGES
from qa.sampling.forms import RuleForm, values_of
from qa.sampling.models import Kind, Rule
from qa.tenancy.base import Actor
from scorecards.choices import FEELINGS, Outcome

AGENTS: Final = 5000
LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
MOST_FIELDS: Final = 10
MOST_VALUES: Final = 50
GROUPS: Final = (
    ("", ("name",)),
    (
        gettext_lazy("Which conversations"),
        (
            "channels", "teams", "agents", "new_days", "metadata", "languages", "words",
            "turns_from", "turns_to", "minutes_from", "minutes_to",
        ),
    ),
    (
        gettext_lazy("What the pre-score says"),
        (
            "score_from", "score_to", "emotions", "outcomes", "certainty_from", "certainty_to",
        ),
    ),
    (
        gettext_lazy("How many"),
        ("drawing", "percent", "per_week", "per_team", "in_week", "per_day"),
    ),
    (
        gettext_lazy("Who reviews them"),
        ("priority", "assignment", "specialists", "return_days"),
    ),
)  # fmt: skip
LIMITS: Final = ("percent", "per_week", "per_team", "in_week", "per_day")
# What a custom rule can start from: the kinds whose condition can be said with conditions.
PRESETS: Final[dict[str, dict[str, Any]]] = {
    Kind.SHARE: {"percent": 5},
    Kind.NUMBER: {"drawing": Rule.Drawing.WEEK, "per_week": 3},
    Kind.MISSED_ANGER: {"emotions": ["anger"], "outcomes": [Outcome.MISSED]},
    Kind.DISMISSED: {"outcomes": [Outcome.DISMISSED]},
    Kind.LOW_CONFIDENCE: {"certainty_to": 60},
    Kind.NEW_AGENT: {"new_days": 30},
}


def _number(label: Any, most: int, least: int = 0) -> Any:
    return forms.IntegerField(min_value=least, max_value=most, required=False, label=label)


class CustomRuleForm(RuleForm):
    """Conditions that must all hold, with limits; of one with several values any will do."""

    agents = forms.MultipleChoiceField(
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        label=gettext_lazy("Agents"),
        help_text=gettext_lazy("Choose none for all agents."),
    )
    new_days = _number(gettext_lazy("New agents: first seen within (days)"), 365, 1)
    metadata = forms.CharField(
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        label=gettext_lazy("Metadata"),
        help_text=gettext_lazy(
            "One field per line, such as “queue = returns, refunds”. Any of its values will do."
        ),
    )
    languages = forms.CharField(
        required=False,
        max_length=200,
        label=gettext_lazy("Languages"),
        help_text=gettext_lazy("Codes such as “en, de”. Leave empty for all languages."),
    )
    words = forms.CharField(required=False, max_length=200, label=gettext_lazy("Words said"))
    turns_from = _number(gettext_lazy("Turns, at least"), 100_000)
    turns_to = _number(gettext_lazy("Turns, at most"), 100_000)
    minutes_from = _number(gettext_lazy("Minutes, at least"), 10_000)
    minutes_to = _number(gettext_lazy("Minutes, at most"), 10_000)
    score_from = _number(gettext_lazy("Pre-score, at least"), 100)
    score_to = _number(gettext_lazy("Pre-score, at most"), 100)
    emotions = forms.MultipleChoiceField(
        choices=FEELINGS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("Has a moment with one of these feelings"),
    )
    outcomes = forms.MultipleChoiceField(
        choices=Outcome.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("with one of these outcomes"),
    )
    certainty_from = _number(gettext_lazy("and a certainty of at least (%)"), 100)
    certainty_to = _number(gettext_lazy("and a certainty of at most (%)"), 100)
    drawing = forms.ChoiceField(
        choices=Rule.Drawing.choices,
        initial=Rule.Drawing.ARRIVAL,
        widget=forms.RadioSelect,
        label=gettext_lazy("Pick"),
        help_text=gettext_lazy(
            "At the end of the week, each conversation that fits has a fair chance within the "
            "limits. As they arrive, the first ones come first."
        ),
    )
    per_team = _number(gettext_lazy("Maximum per team per week"), 10_000, 1)
    in_week = _number(gettext_lazy("Maximum per week in total"), 30_000, 1)
    per_day = _number(gettext_lazy("Maximum per day in total"), 30_000, 1)

    def __init__(self, *args: Any, membership: Actor, kind: str = "", **kwargs: Any) -> None:
        super().__init__(*args, kind=Kind.COMPOSED, membership=membership, **kwargs)
        agents = Agent.objects.visible_to(membership).order_by("name", "id")
        self._choose("agents", agents.values_list("id", "name")[:AGENTS])

    def _keep_what_concerns(self, kind: str) -> None:
        del self.fields["below"], self.fields["days"]
        self.fields["percent"].label = _("Share of what fits, drawn at random (%)")
        self.fields["percent"].initial, self.fields["percent"].required = None, False
        self.fields["per_week"].label = _("Maximum per agent per week")
        self.fields["per_week"].required = False

    @property
    def groups(self) -> Iterator[tuple[Any, list[forms.BoundField]]]:
        """The fields under their headings."""
        for title, names in GROUPS:
            yield title, [self[name] for name in names if name in self.fields]

    def clean_words(self) -> str:
        words: str = self.cleaned_data["words"]
        if words and not any(letter.isalnum() for letter in words):
            raise forms.ValidationError(_("Enter at least one word. This can never be found."))
        return words

    def clean_languages(self) -> list[str]:
        codes = [code.strip() for code in self.cleaned_data["languages"].split(",") if code.strip()]
        wrong = next((code for code in codes if not LANGUAGE.fullmatch(code)), None)
        if wrong is not None:
            raise forms.ValidationError(
                _("“%(code)s” isn't a language code. Use codes such as en or pt-BR.")
                % {"code": wrong}
            )
        return codes

    def clean_metadata(self) -> list[dict[str, Any]]:
        fields = [
            _field(line) for line in self.cleaned_data["metadata"].splitlines() if line.strip()
        ]
        keys = [field["key"] for field in fields]
        twice = next((key for key in keys if keys.count(key) > 1), None)
        if twice is not None:
            raise forms.ValidationError(
                _("“%(key)s” is named twice. Put its values on one line, separated by commas.")
                % {"key": twice}
            )
        if len(fields) > MOST_FIELDS:
            raise forms.ValidationError(
                _("Use at most %(n)s metadata fields.") % {"n": MOST_FIELDS}
            )
        return fields

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in RANGES:
            least, most = cleaned.get(f"{name}_from"), cleaned.get(f"{name}_to")
            if least is not None and most is not None and least > most:
                self.add_error(
                    f"{name}_to", _("The highest value is below the lowest, so nothing can match.")
                )
        weekly = cleaned.get("drawing") == Rule.Drawing.WEEK
        if weekly and not any(cleaned.get(name) for name in LIMITS) and not self.errors:
            self.add_error("drawing", _("Set a share or a maximum to draw at the end of the week."))
        if cleaned.get("minutes_to") == 0 or cleaned.get("turns_to") == 0:
            self.add_error(None, _("No conversation is that short, so nothing can match."))
        return cleaned

    def values(self) -> dict[str, Any]:
        """The rule's values, its conditions as they are kept."""
        kept = dict(self.cleaned_data)
        conditions = {
            name: kept.pop(name, None)
            for name in ("agents", "new_days", "metadata", "languages", "words")
        }
        conditions |= {name: kept.pop(name) for name in ("emotions", "outcomes")}
        for name in RANGES:
            bounds = {side: kept.pop(f"{name}_{side}") for side in ("from", "to")}
            conditions[name] = {side: n for side, n in bounds.items() if n is not None}
        return {**kept, "conditions": {name: value for name, value in conditions.items() if value}}


def _field(line: str) -> dict[str, Any]:
    key, equals, said = line.partition("=")
    values = [value.strip() for value in said.split(",") if value.strip()]
    if not equals or not key.strip() or not values or len(values) > MOST_VALUES:
        raise forms.ValidationError(
            _("“%(line)s” can't be read. Write each field as key = value.") % {"line": line.strip()}
        )
    return {"key": key.strip(), "values": values}


def custom_values_of(rule: Rule) -> dict[str, Any]:
    """A custom rule's values as its form shows them."""
    given = rule.conditions
    names = ("agents", "new_days", "words", "emotions", "outcomes")
    found = {**values_of(rule), **{name: given.get(name) for name in names}}
    found |= {name: getattr(rule, name) for name in ("drawing", "per_team", "in_week", "per_day")}
    found["languages"] = ", ".join(given.get("languages", ()))
    found["metadata"] = "\n".join(
        f"{field['key']} = {', '.join(field['values'])}" for field in given.get("metadata", ())
    )
    for name in RANGES:
        for side in ("from", "to"):
            found[f"{name}_{side}"] = given.get(name, {}).get(side)
    return found


def form_of(kind: str) -> type[RuleForm]:
    """The form for rules of this kind."""
    return CustomRuleForm if kind == Kind.COMPOSED else RuleForm


def initial_of(rule: Rule) -> dict[str, Any]:
    """A rule's values as its form shows them."""
    return custom_values_of(rule) if rule.kind == Kind.COMPOSED else values_of(rule)
