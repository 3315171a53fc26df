"""What the trail can be narrowed to: who, what, about which row, from which day to which."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qa.audit.models import AuditEvent
from qa.disputes.models import Dispute
from qa.organizations.actors import names_of
from qa.organizations.models import Agent, Membership, Team
from qa.reviews.models import Review
from qa.trail.sentences.registry import AREAS
from transcripts.models import Interaction

FOUND: Final = 100  # rows of one kind that a text finds
LISTED: Final = 200  # who is offered
YEARS: Final = range(2000, 2200)  # days of others narrow nothing


class TrailForm(forms.Form):
    """The filters of an address."""

    who = forms.ChoiceField(required=False, label=_("Who"))
    kind = forms.ChoiceField(required=False, label=_("What"))
    about = forms.CharField(
        required=False,
        max_length=200,
        label=_("About"),
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Name or ID")}),
    )
    begin = forms.DateField(required=False, label=_("From"))
    end = forms.DateField(required=False, label=_("To"))

    def __init__(self, query: QueryDict, *, by: Membership) -> None:
        super().__init__(query)
        self.by = by
        self.fields["who"].choices = _who(by)  # type: ignore[attr-defined]
        self.fields["kind"].choices = _kinds()  # type: ignore[attr-defined]
        for name in ("begin", "end"):
            self.fields[name].widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def narrowed(self) -> QuerySet[AuditEvent]:
        """The events that fit; those of a filter that can't be read are not narrowed by it."""
        self.is_valid()
        given: dict[str, Any] = getattr(self, "cleaned_data", {})
        rows = AuditEvent.objects.visible_to(self.by)
        if who := given.get("who"):
            rows = rows.filter(actor=who)
        if kind := given.get("kind"):
            rows = rows.filter(action__in=_actions(kind))
        if about := given.get("about", "").strip():
            rows = rows.filter(_about(about, self.by))
        begin, end = given.get("begin"), given.get("end")
        if begin and begin.year in YEARS:
            rows = rows.filter(at__gte=_midnight(begin))
        if end and end.year in YEARS:
            rows = rows.filter(at__lt=_midnight(end + timedelta(days=1)))
        return rows

    @property
    def narrows(self) -> bool:
        """True if anything is filled in."""
        return any(self.data.get(name) for name in self.fields)


def _who(by: Membership) -> list[tuple[str, Any]]:
    labels = AuditEvent.objects.visible_to(by).order_by("actor").values_list("actor", flat=True)
    names = names_of(list(labels.distinct()[:LISTED]), by=by)
    named = sorted(names.items(), key=lambda one: one[1].casefold())
    return [("", _("Everybody")), *named]


def _kinds() -> list[tuple[str, Any]]:
    """Every kind of action under its area; the area as a whole first."""
    kinds: list[tuple[str, Any]] = [("", _("Everything"))]
    for name, word, entries in AREAS:
        offered: list[tuple[str, Any]] = [(name, gettext("All: %(group)s") % {"group": word})]
        offered += sorted(
            ((action, entry.said) for action, entry in entries.items()),
            key=lambda one: str(one[1]).casefold(),
        )
        kinds.append((str(word), offered))
    return kinds


def _actions(kind: str) -> Sequence[str]:
    return next((list(entries) for name, _word, entries in AREAS if name == kind), [kind])


def _about(text: str, by: Membership) -> Q:
    """The events of one row ("model:id"), or of all that a name or an id finds."""
    model, _sep, pk = text.partition(":")
    if "." in model and pk:
        return Q(target_type=model, target_id=pk)
    bare = text.replace("\0", "")
    agents = Agent.objects.visible_to(by, merged=True).found_by(bare)
    members = Membership.objects.visible_to(by, former=True).filter(user__name__icontains=bare)
    teams = Team.objects.visible_to(by).filter(name__icontains=bare)
    calls = Interaction.objects.visible_to(by).filter(external_id=bare)
    reviews = Review.objects.visible_to(by).filter(interaction__in=calls)
    disputes = Dispute.objects.visible_to(by).filter(review__interaction__in=calls)
    ids: list[str] = []
    for rows in (agents, members, teams, calls, reviews, disputes):
        ids += [str(one) for one in rows.values_list("pk", flat=True)[:FOUND]]
    return Q(target_id__in=ids) | Q(target_id=bare)


def _midnight(day: date) -> datetime:
    """The beginning of a day where the reader is."""
    return timezone.make_aware(datetime.combine(day, time()))
