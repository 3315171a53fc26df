"""What pages of any kind can be narrowed to, read from the address: days, agent, team, channel."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, timedelta, tzinfo
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa.organizations.calendar import Calendar, calendar_of
from qa.organizations.models import Membership, Team
from transcripts.models import Channel, handled_by

NOBODY = "none"  # in a filter: no agent, or no team, is named


DAYS = [MinValueValidator(date(1990, 1, 1)), MaxValueValidator(date(2200, 1, 1))]


@dataclass(frozen=True, slots=True)
class ScopeFilter:
    """Which interactions: every condition that is not empty must hold.

    Days are those of `zone`, the organization's (see qa/organizations/calendar.py), both in.
    """

    start: date | None = None
    end: date | None = None
    agent: str = ""
    team: str = ""
    channel: str = ""
    zone: tzinfo = UTC

    def condition(self, interaction: str = "") -> Q:
        """The conditions as a filter; the prefix leads to the interaction's fields.

        An agent's are all those that they took part in.
        """
        found = self.around(interaction)
        if self.team:
            wanted = None if self.team == NOBODY else UUID(self.team)
            found &= _is(f"{interaction}team", wanted)
        if self.agent == NOBODY:
            found &= _is(f"{interaction}agent", None)
        elif self.agent:
            found &= handled_by([UUID(self.agent)], interaction)
        return found

    def whose(self) -> Iterator[tuple[str, UUID | None]]:
        """What is asked for of "agent" and "team"; None is nobody, or no team."""
        for name in ("agent", "team"):
            if value := getattr(self, name):
                yield name, None if value == NOBODY else UUID(value)

    def around(self, interaction: str = "") -> Q:
        """The conditions but for agent and team, which a moment has of its own."""
        found = Q()
        if self.start:
            begin = Calendar(self.zone).midnight(self.start)
            found &= Q(**{f"{interaction}started_at__gte": begin})
        if self.end:
            after = Calendar(self.zone).midnight(self.end + timedelta(days=1))
            found &= Q(**{f"{interaction}started_at__lt": after})
        if self.channel:
            found &= Q(**{f"{interaction}channel": self.channel})
        return found


def _is(field: str, value: UUID | None) -> Q:
    return Q(**{f"{field}__isnull": True} if value is None else {f"{field}_id": value})


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ScopeForm(forms.Form):
    """From, to, team and channel. What is not valid is named and left out."""

    team = forms.ChoiceField(required=False)
    channel = forms.ChoiceField(
        required=False, choices=[("", gettext_lazy("All channels")), *Channel.choices]
    )

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.calendar = calendar_of(membership)
        for name, label in (("from", _("From")), ("to", _("To"))):
            self.fields[name] = forms.DateField(
                required=False, widget=DayInput, label=label, validators=DAYS
            )
        teams = Team.objects.visible_to(membership).order_by("name").values_list("id", "name")
        self.choose("team", _("All teams"), teams, _("No team"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("from"), cleaned.get("to")
        if start and end and start > end:
            raise ValidationError(_("The end date is before the start date."))
        return cleaned

    def choose(self, name: str, every: str, rows: Any, none: str) -> None:
        """Give a field its choices: any, each of the rows, or none of them."""
        choices = [("", every), *((str(pk), label) for pk, label in rows), (NOBODY, none)]
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def value(self, name: str) -> Any:
        """What was asked for, where it was valid; else nothing."""
        if name in {"from", "to"} and self.non_field_errors():
            return None
        return self.cleaned_data.get(name) or ""

    def narrowed(self, *names: str) -> dict[str, Any]:
        """The days, and the values of these fields, as a `ScopeFilter` takes them."""
        self.is_valid()
        found = {name: self.value(name) for name in ("team", "channel", *names)}
        days = {"start": self.value("from") or None, "end": self.value("to") or None}
        return {**days, "zone": self.calendar.zone, **found}

    @property
    def faults(self) -> list[str]:
        """What could not be used, in sentences."""
        said = []
        for name, messages in self.errors.items():
            label = "" if name == "__all__" else f"{self.fields[name].label or name.capitalize()}: "
            said += [f"{label}{message}" for message in messages]
        return said
