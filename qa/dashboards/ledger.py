"""Apologies and volunteered empathy by agent and by team."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any, Final

from django.db.models import Case, Count, F, When
from django.urls import reverse
from django.utils.translation import gettext_lazy

from qa.core.rates import rate
from qa.dashboards import sheets
from qa.dashboards.gestures import GestureFilter, visible_gestures
from qa.dashboards.scope import Scope
from qa.dashboards.sheets import NUMBER, SHARE, Cell, Column, Sheet, Whose
from qa.organizations.models import Agent, Membership, Team
from scorecards.choices import APOLOGIES, VOLUNTEERED, GestureKind
from transcripts.filters import NOBODY

COLUMNS: Final = (
    Column(gettext_lazy("Apologies"), NUMBER),
    Column(gettext_lazy("Came with empathy"), SHARE),
    Column(gettext_lazy("Bare"), NUMBER),
    Column(gettext_lazy("Repeated"), NUMBER),
    Column(gettext_lazy("Volunteered empathy"), NUMBER),
    Column(gettext_lazy("Of it specific"), NUMBER),
)


def ledger_sheets(by: Membership, scope: Scope) -> list[Sheet]:
    """Both tables; an empty one is left out."""
    made = (agents_ledger(by, scope), teams_ledger(by, scope))
    return [sheet for sheet in made if sheet.rows]


def agents_ledger(by: Membership, scope: Scope) -> Sheet:
    """By agent: in a conversation of several, by whoever said it."""
    counts = _counts(by, scope, "agent")
    rows = Agent.objects.visible_to(by).filter(pk__in=[pk for pk in counts if pk])
    named: dict[Any, tuple[str, str]] = {
        pk: (name, team or "") for pk, name, team in rows.values_list("pk", "name", "team__name")
    }
    return _sheet(by, scope, sheets.by_agent("ledger"), counts, named)


def teams_ledger(by: Membership, scope: Scope) -> Sheet:
    """By team."""
    counts = _counts(by, scope, "team")
    rows = Team.objects.visible_to(by).filter(pk__in=[pk for pk in counts if pk])
    named: dict[Any, tuple[str, str]] = {
        pk: (name, "") for pk, name in rows.values_list("pk", "name")
    }
    return _sheet(by, scope, sheets.by_team("ledger"), counts, named)


def _counts(by: Membership, scope: Scope, name: str) -> dict[Any, Counter[str]]:
    narrowed = (scope.agent, scope.team, scope.channel)
    filters = GestureFilter(scope.start, scope.end, *narrowed, scope.calendar.zone)
    own = When(participation__isnull=True, then=F(f"interaction__{name}"))
    told = visible_gestures(by, filters).order_by()
    whose = Case(own, default=F(f"participation__{name}"))
    found: dict[Any, Counter[str]] = defaultdict(Counter)
    groups = told.values_list(whose, "kind").annotate(total=Count("pk"))
    for one, kind, total in groups:
        found[one][kind] += total
    return found


def _sheet(
    by: Membership,
    scope: Scope,
    whose: Whose,
    counts: Mapping[Any, Counter[str]],
    named: Mapping[Any, tuple[str, str]],
) -> Sheet:
    slug, nobody = by.organization.slug, (whose.nobody, "")
    order = sorted(counts, key=lambda pk: (pk is None, named.get(pk, nobody)[0].casefold()))
    rows = []
    for pk in order:
        called, sub = named.get(pk, nobody)
        page = reverse(whose.field, kwargs={"slug": slug, "pk": pk}) if pk in named else ""
        opened = f"{reverse('gestures', kwargs={'slug': slug})}?"
        opened += scope.query(**{whose.field: str(pk or NOBODY)})
        rows.append([Cell(called, page, sub), *_cells(counts[pk], opened)])
    return Sheet(whose.name, whose.title, [Column(whose.label), *COLUMNS], rows)


def _cells(counts: Counter[str], opened: str) -> list[Cell]:
    apologies = sum(counts[kind] for kind in APOLOGIES)
    volunteered = sum(counts[kind] for kind in VOLUNTEERED)
    completed = rate(counts[GestureKind.COMPLETED], apologies)
    return [
        sheets.count(apologies, f"{opened}&kind=apologies"),
        sheets.share(completed, f"{opened}&kind={GestureKind.COMPLETED}"),
        sheets.count(counts[GestureKind.BARE], f"{opened}&kind={GestureKind.BARE}"),
        sheets.count(counts[GestureKind.REPEATED], f"{opened}&kind={GestureKind.REPEATED}"),
        sheets.count(volunteered, f"{opened}&kind=volunteered"),
        sheets.count(counts[GestureKind.SPECIFIC], f"{opened}&kind={GestureKind.SPECIFIC}"),
    ]
